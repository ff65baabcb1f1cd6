"""`mf` on a release, asking nobody on the network; a query that would give a figure of half a period, or of everything twice, is completed.

Without this a year that is running is what its months come to so far, a stock by year is that of the last month, and a metric by breakdown
that is not grouped by its categories adds them up, also where a report is in more than one.
"""

from typing import Any

import click
from dbt_metricflow.cli import main

ENDED = {"quarter": "kwartaal_om", "year": "jaar_om"}
CATEGORY = "cijfer__categorie"


def completed(asked: dict[str, Any]) -> dict[str, Any]:
    """What is asked of `mf query`, without running periods, and by category where the metric is."""
    group_by, where = list(asked["group_by"] or ()), list(asked["where"] or ())
    for grain, ended in ENDED.items():
        if any(name.lower().endswith(f"__{grain}") for name in group_by):
            where.append(f"{{{{ Dimension('periode__{ended}') }}}}")
    if "periode__halfjaar" in group_by:
        where.append("{{ Dimension('periode__halfjaar_om') }}")
    if any("_naar_" in name for name in asked["metrics"] or ()) and not any(name.startswith(CATEGORY) for name in group_by):
        group_by.append(CATEGORY)
    return asked | {"group_by": group_by or None, "where": where}


class Nobody:
    """In place of who `mf` asks, at each call and without a switch, whether there is a newer one."""

    def check(self, package: str, version: str) -> None:
        return None


def started(**asked: Any) -> Any:
    """`mf query`, of what is completed."""
    return answer(**completed(asked))


if __name__ == "__main__":
    main.UpdateChecker = Nobody
    query: click.Command = main.cli.commands["query"]
    answer = query.callback
    query.callback = started
    main.cli(prog_name="vt metrics")
