"""dbt's own messages with the values out: what went wrong in the code is shown whole, what was met in the data is not."""

import re

OF_CODE = re.compile(r"\b(Binder|Catalog|Parser|Syntax|Compilation|Dependency|Parsing|Not implemented) Error\b")
"""Kinds of error that speak of the SQL alone. Whatever else DuckDB reports may quote a value."""

HEADING = re.compile(r"\A\s*(?:Runtime|Database|Compilation) Error in .*\n")
"""The line with which dbt names the node, which whoever shows the message names already."""

EXCERPT = re.compile(r"\n\s*LINE \d+: ")
"""Where DuckDB begins to quote the SQL, as it was compiled from the code."""

QUOTED = re.compile(r"""["'`].*["'`]""", re.DOTALL)
NUMBER = re.compile(r"\b\d[\d.,:/-]*")


def without_values(message: str) -> str:
    """A message of dbt as it stands where it speaks of code; else what is quoted in it, and every number, made unreadable.

    From the first quote to the last: a value may hold quotes itself.
    """
    said = HEADING.sub("", message).strip()
    if OF_CODE.search(message):
        return said
    about, *excerpt = EXCERPT.split(said, maxsplit=1)
    code = EXCERPT.search(said)
    return NUMBER.sub("#", QUOTED.sub("'…'", about)) + (code[0] + excerpt[0] if code else "")


def in_one_line(message: str, limit: int = 300) -> str:
    """``without_values`` for a sentence: the part before the SQL that DuckDB quotes, in one line."""
    text = " ".join(EXCERPT.split(without_values(message))[0].split())
    return text if len(text) <= limit else f"{text[:limit]}…"
