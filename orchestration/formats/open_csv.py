"""The figures as CSV for programs (RFC 4180): commas, points, lines that end in CR LF, texts quoted; an empty text is quoted, a missing
number is not."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.files import remove
from orchestration.sql import text

NUMBERS = ("DOUBLE", "BIGINT")
"""Types of numbers; all else is quoted."""
NEVER_MISSING = ("categorie_soort", "categorie")
"""Texts of which an empty one is empty, and not missing."""


def types(con: duckdb.DuckDBPyConnection, parquet: Path) -> dict[str, str]:
    """The type of each column."""
    return {name: kind for name, kind, *_ in con.execute(f"describe from read_parquet({text(parquet)})").fetchall()}


def plain(column: str) -> str:
    """A number as text, without a nought behind the point."""
    return rf"regexp_replace({column}::varchar, '\.0$', '')"


def content(con: duckdb.DuckDBPyConnection, parquet: Path) -> bytes:
    """The file of what stands in a Parquet file."""
    columns = types(con, parquet)
    quoted = ", ".join(c for c, kind in columns.items() if kind not in NUMBERS)
    numbers = ", ".join(f"{plain(c)} as {c}" for c, kind in columns.items() if kind in NUMBERS)
    scratch = parquet.with_suffix(".csv")
    con.execute(
        f"""copy (select * replace ({numbers}) from read_parquet({text(parquet)}))
        to {text(scratch)} (format csv, header, delimiter ',', quote '"', escape '"', force_quote ({quoted}))"""
    )
    try:
        return scratch.read_bytes().replace(b"\n", b"\r\n")
    finally:
        remove(scratch)


def rows(path: Path, columns: Mapping[str, str]) -> str:
    """What stands in the file, as a query; ``columns`` with their types."""
    texts = ", ".join(text(c) for c in columns if c in NEVER_MISSING)
    kinds = ", ".join(f"{text(c)}: {text(kind)}" for c, kind in columns.items())
    return f"""from read_csv({text(path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
        columns = {{{kinds}}}, nullstr = '', force_not_null = [{texts}])"""
