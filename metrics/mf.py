"""`mf` on a release, asking nobody on the network; a query that would give a figure of half a period, or of everything twice, is completed.

Without this a year that is running is what its months come to so far, a stock by year is that of the last month, and a metric by breakdown
that is not grouped by its categories adds them up, also where a report is in more than one.
"""

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import click


class Nobody:
    """In place of who `mf` asks, at each call and without a switch, whether there is a newer one."""

    def check(self, package: str, version: str) -> None:
        return None


sys.modules["update_checker"] = ModuleType("update_checker")
sys.modules["update_checker"].UpdateChecker = Nobody  # type: ignore[attr-defined]

from dbt_metricflow.cli import main  # noqa: E402

WHOLE = {"quarter": "kwartaal_heel", "year": "jaar_heel"}
CATEGORY = "cijfer__categorie"
HALF_YEAR = "periode__halfjaar"


def stocks_of_manifest() -> set[str]:
    """The metrics that are stocks: of a period that is not one of time to MetricFlow it would give the last month of all."""
    manifest = json.loads((Path(__file__).parent / "target" / "semantic_manifest.json").read_text(encoding="utf-8"))
    return {m["name"] for m in manifest["metrics"] if (m["type_params"]["measure"] or {}).get("name") == "stand"}


def completed(asked: dict[str, Any]) -> dict[str, Any]:
    """What is asked of `mf query`, of whole periods alone, and by category where the metric is."""
    group_by, where = list(asked["group_by"] or ()), list(asked["where"] or ())
    for grain, whole in WHOLE.items():
        if any(name.lower().endswith(f"__{grain}") for name in group_by):
            where.append(f"{{{{ Dimension('periode__{whole}') }}}}")
    if HALF_YEAR in group_by:
        if stocks := sorted(set(asked["metrics"] or ()) & stocks_of_manifest()):
            raise click.UsageError(f"{', '.join(stocks)}: a stock has no half-year here; ask for the second and the fourth quarter.")
        where.append("{{ Dimension('periode__halfjaar_heel') }}")
    if any("_naar_" in name for name in asked["metrics"] or ()) and not any(name.startswith(CATEGORY) for name in group_by):
        group_by.append(CATEGORY)
    return asked | {"group_by": group_by or None, "where": where}


def started(**asked: Any) -> Any:
    """`mf query`, of what is completed."""
    return answer(**completed(asked))


if __name__ == "__main__":
    query: click.Command = main.cli.commands["query"]
    answer = query.callback
    query.callback = started
    main.cli(prog_name="vt metrics")
