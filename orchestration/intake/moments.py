"""Moments as the contract writes them: ISO 8601 with offset, in a file and in the manifest."""

import re
from datetime import datetime

PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
"""A regular expression, for Python and DuckDB: seconds and up to nine decimals may be there, the minutes of the offset too."""

_MOMENT = re.compile(PATTERN)


def parse(text: str) -> datetime | None:
    """The moment, or None where ``text`` is none. What is finer than a microsecond is cut off."""
    try:
        return datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:  # a day that does not exist
        return None


def read_sql(raw: str) -> str:
    """SQL for what ``parse`` gives, of the column ``raw``: null where it is no moment.

    DuckDB wants the seconds that ISO 8601 lets out, and a point where it allows a comma; it cuts off as Python does.
    """
    whole = f"replace(case when substr({raw}, 17, 1) = ':' then {raw} else left({raw}, 16) || ':00' || substr({raw}, 17) end, ',', '.')"
    return f"case when regexp_full_match({raw}, '{PATTERN}') then try_cast({whole} as timestamptz) end"
