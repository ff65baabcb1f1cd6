"""The one rule for texts in files that are opened in a spreadsheet: none is taken for a formula."""

from collections.abc import Iterable

from orchestration.sql import text

BEGINNINGS = "=+-@\t\r"
"""A spreadsheet works out a cell that begins so."""
MARK = "'"
"""Put before it, the cell is text."""


def as_text(value: object) -> object:
    """A cell that cannot be taken for a formula. A number stays one."""
    return MARK + value if isinstance(value, str) and value.startswith(tuple(BEGINNINGS)) else value


def formulas(columns: Iterable[str]) -> str:
    """The condition, in SQL, that one of the columns of text would be taken for a formula."""
    return " or ".join(f"contains({text(BEGINNINGS)}, left(nullif({c}, ''), 1))" for c in columns)


def as_texts(columns: Iterable[str]) -> str:
    """For ``select * replace``, in SQL: the columns of text with ``MARK`` before what would be taken for a formula."""
    return ", ".join(f"if({formulas([c])}, {text(MARK)} || {c}, {c}) as {c}" for c in columns)
