"""Asks MetricFlow many questions in one process, in its own environment: JSON in, CSV out.

An answer is the number of its question, period, area, category and figure; what a question does not name is empty.
"""

import csv
import json
import os
import sys
from pathlib import Path

METRICS = Path(os.environ["DBT_PROJECT_DIR"])
sys.path.insert(0, str(METRICS))

from metricflow.engine.metricflow_engine import MetricFlowQueryRequest  # noqa: E402
from mf import CATEGORY, completed  # noqa: E402
from mf import main as of_mf  # noqa: E402


def main() -> None:
    asked = of_mf.CLIConfiguration()
    asked.setup(METRICS, METRICS, configure_file_logging=False)
    writer = csv.writer(sys.stdout)
    for number, question in enumerate(json.load(sys.stdin)):
        by = [name for name in (question["period"], question["area"], question["category"]) if name]
        whole = completed({"metrics": [question["metric"]], "group_by": by, "where": question["where"]})
        request = MetricFlowQueryRequest.create(
            metric_names=whole["metrics"], group_by_names=whole["group_by"], where_constraints=whole["where"] or None
        )
        answer = asked.mf.query(request).result_df
        assert answer is not None
        wanted = (question["period"], question["area"], question["category"] or CATEGORY, question["metric"])
        places = [answer.column_names.index(name) if name in answer.column_names else None for name in wanted]
        writer.writerows([number, *("" if place is None else row[place] for place in places)] for row in answer.rows)


if __name__ == "__main__":
    main()
