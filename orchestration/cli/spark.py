"""``vt spark``: the same models on Apache Spark, held to what DuckDB makes of the same history."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from orchestration.cli.console import out, steps
from orchestration.language import say


def spark(
    memory: Annotated[str, typer.Option(help="Memory of Spark's Java, as 4g.")] = "4g",
    folder: Annotated[Path | None, typer.Option(help="Existing folder for what both engines make; default the temporary one.")] = None,
    klein: Annotated[bool, typer.Option("--klein", help="For a small history: Spark does without what pays on a large one.")] = False,
) -> None:
    """Build the history of the data folder on DuckDB and on Apache Spark, and hold every table of the one to that of the other.

    Of a folder of several organisations: the figures of all, made of the facts in their releases, without checks.
    The data folder is read and never written. Ends in 1 when a table differs in more than last bits of doubles, or a check of dbt
    fails on Spark. An extra: [bold]make spark[/bold] installs it (docs/spark.md).
    """
    from dataclasses import replace

    from orchestration.settings import Settings
    from orchestration.spark.run import SMALL, Size, compare
    from orchestration.spark.together import compare_all, is_of_all

    settings, size = Settings(), replace(SMALL if klein else Size(), memory=memory)
    with steps() as progress:
        found = (compare_all if is_of_all(settings) else compare)(settings, progress, size, folder)
    table = Table(say("table"), say("rows"), "Spark", say("last bits"), say("different"))
    for held in found.tables:
        spark_rows = say("missing") if held.rows_spark is None else f"{held.rows_spark:,}"
        different = held.columns or f"{held.different:,}"
        table.add_row(held.table, f"{held.rows:,}", spark_rows, f"{held.unequal:,}", different, style=None if held.agrees else "bold")
    out.print(table)
    for line in found.failed:
        out.print(line, markup=False)
    equal = sum(h.agrees and not h.unequal for h in found.tables)
    near = sum(h.agrees and h.unequal > 0 for h in found.tables)
    out.print(
        say(
            "{count} tables: {equal} equal to the last bit, {near} but for the last bits of doubles, {other} different.",
            count=len(found.tables),
            equal=equal,
            near=near,
            other=len(found.tables) - equal - near,
        )
    )
    outcomes = ", ".join(f"{status} {count}" for status, count in sorted(found.checks.items()))
    out.print(say("dbt on Spark: {outcomes}", outcomes=outcomes))
    out.print(say("DuckDB {duck} s, Spark {spark} s", duck=f"{found.duckdb_s:.0f}", spark=f"{found.spark_s:.0f}"))
    raise typer.Exit(0 if found.agrees else 1)
