"""Periods as the report names them: a head of a column, and a phrase in a sentence."""

from typing import Literal

from babel.dates import get_month_names

MONTHS_IN_YEAR, QUARTERS_IN_YEAR = 12, 4


def label(period: str) -> str:
    """``2024``, ``1e halfjaar 2024``, ``2e kw. 2024``, ``dec 2024`` for 2024, 2024-H1, 2024-Q2, 2024-12."""
    year, _, part = period.partition("-")
    if not part:
        return year
    if part[0] == "H":
        return f"{part[1]}e halfjaar {year}"
    if part[0] == "Q":
        return f"{part[1]}e kw. {year}"
    return f"{_month(part, 'abbreviated')} {year}"


def phrase(period: str, is_stock: bool = False) -> str:
    """``in 2024``, ``in het 2e kwartaal van 2024``, ``in december 2024``; of a stock ``eind december 2024``."""
    year, _, part = period.partition("-")
    if not part:
        return f"{'eind' if is_stock else 'in'} {year}"
    if part[0] == "H":
        return f"in het {part[1]}e halfjaar van {year}"
    if part[0] == "Q":
        return f"in het {part[1]}e kwartaal van {year}"
    return f"{'eind' if is_stock else 'in'} {_month(part)} {year}"


def since(phrased: str) -> str:
    """A phrase after another preposition (``sinds``, ``met``, ``van``): without ``in``, but still at the end of a month."""
    return phrased.removeprefix("in ")


def _month(number: str, width: Literal["wide", "abbreviated"] = "wide") -> str:
    return str(get_month_names(width, locale="nl")[int(number)]).removesuffix(".")


def years(last: int, count: int) -> tuple[str, ...]:
    """The ``count`` years up to ``last``."""
    return tuple(str(year) for year in range(last - count + 1, last + 1))


def halves(year: int, half: int, count: int) -> tuple[str, ...]:
    """The same half of ``count`` years."""
    return tuple(f"{y}-H{half}" for y in years(year, count))


def quarters(year: int, quarter: int, count: int) -> tuple[str, ...]:
    """The ``count`` quarters up to this one."""
    last = year * QUARTERS_IN_YEAR + quarter - 1
    return tuple(f"{n // QUARTERS_IN_YEAR}-Q{n % QUARTERS_IN_YEAR + 1}" for n in range(last - count + 1, last + 1))


def months(year: int, month: int, count: int) -> tuple[str, ...]:
    """The ``count`` months up to this one."""
    last = year * MONTHS_IN_YEAR + month - 1
    return tuple(f"{n // MONTHS_IN_YEAR}-{n % MONTHS_IN_YEAR + 1:02}" for n in range(last - count + 1, last + 1))
