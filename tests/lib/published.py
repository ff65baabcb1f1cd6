"""The rows of what leaves as they stand in files of text."""

import duckdb

from orchestration.disclosure import publish
from orchestration.formats.open_csv import NUMBERS


def as_cells(table: duckdb.DuckDBPyRelation, missing: str = "''") -> duckdb.DuckDBPyRelation:
    """Numbers as they are, a truth in Dutch, days as the standard writes them; what is missing as ``missing``."""
    kinds = dict(zip(table.columns, map(str, table.types), strict=True))
    assert [c for c, kind in kinds.items() if kind in NUMBERS] == list(publish.NUMBERS)
    told = {c: f"if({c}, 'ja', 'nee')" if kind == "BOOLEAN" else f"coalesce({c}::varchar, {missing})" for c, kind in kinds.items()}
    return table.select(", ".join(c if c in publish.NUMBERS else f"{told[c]} as {c}" for c in publish.COLUMNS))
