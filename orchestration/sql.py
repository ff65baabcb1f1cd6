"""Values within SQL, for statements that take no parameters: attach, copy, set, a path in a view."""

from collections.abc import Iterable
from datetime import date


def text(value: object) -> str:
    """``value`` as a literal: a name or a path may hold an apostrophe."""
    return "'" + str(value).replace("'", "''") + "'"


def literal(value: object) -> str:
    """``value`` by its kind: a day, a number, or else text."""
    if isinstance(value, date):
        return f"date '{value}'"
    return str(value) if isinstance(value, int | float) else text(value)


def listed(values: Iterable[object]) -> str:
    """The values as literals with commas between; of none ``null``, so that ``in (…)`` is SQL and holds for nothing."""
    return ", ".join(literal(v) for v in values) or "null"
