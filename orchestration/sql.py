"""Values within SQL, for statements that take no parameters: attach, copy, set, a path in a view."""

from collections.abc import Iterable


def text(value: object) -> str:
    """``value`` as a literal: a name or a path may hold an apostrophe."""
    return "'" + str(value).replace("'", "''") + "'"


def listed(values: Iterable[object]) -> str:
    """The values as literals with commas between."""
    return ", ".join(text(v) for v in values)
