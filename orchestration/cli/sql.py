"""``vt sql``: a question to a release, read-only."""

import csv
import json
import sys
from typing import Annotated

import duckdb
import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import err, out
from orchestration.errors import UserError
from orchestration.language import say
from orchestration.release import store
from orchestration.settings import Settings


class QueryError(UserError):
    """The question is not one that DuckDB can answer."""


def sql(
    query: Annotated[str, typer.Argument(help="One select on facts, marts or kwaliteit.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV, with a header.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON: a list of rows.")] = False,
    release: Annotated[str, typer.Option(help="Id of a release.")] = "current",
) -> None:
    """Ask a release: [bold]vt sql "from marts.dim_vergelijkbaarheid"[/bold]. It is opened read-only; no other file is read or written.

    Which table answers which question: docs/question-table-query.md.
    """
    if as_csv and as_json:
        raise QueryError(say("--csv or --json, not both."))
    settings = Settings()
    folder = settings.releases / store.read(settings, release)["release"]
    sealed: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "threads": str(settings.threads),
        "memory_limit": settings.geheugen,
    }
    try:
        with duckdb.connect(str(folder / store.DATABASE), read_only=True, config=sealed) as con:
            found = con.execute(query)
            names, rows = [d[0] for d in found.description or []], found.fetchall()
    except duckdb.Error as error:
        where = say('The tables: vt sql "show all tables"; or docs/marts.md.')
        raise QueryError(f"{str(error).strip()}\n{where}") from None
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
    elif as_json:
        print(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, default=str))
    else:
        table = Table(*names)
        for row in rows:
            table.add_row(*("" if value is None else escape(str(value)) for value in row))
        out.print(table)
        err.print(say("{count} rows of release {release}", count=len(rows), release=folder.name), markup=False)
