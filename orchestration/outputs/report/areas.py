"""The areas of the report: gemeenten of the region, which wijk a buurt is in, and where areas lie on a map of tiles."""

from typing import Final

from orchestration import seeds
from orchestration.intake.contract import DISTRICTS

_TILES: Final = {
    **{"GM0363": (1, 0), "GM0384": (2, 0), "GM0362": (1, 1), "GM0437": (2, 1), "GM0358": (0, 2), "GM0451": (1, 2)},
    **{"B": (0, 0), "N": (2, 0), "F": (0, 1), "E": (1, 1), "A": (2, 1), "M": (3, 1), "K": (1, 2), "T": (2, 2), "S": (3, 2)},
}
WIDE: Final = 4
"""Tiles side by side, where nobody set down where areas lie."""


def tiles() -> dict[str, tuple[int, int]]:
    """Column and row of each gemeente and stadsdeel: about where they lie, where that was set down; else side by side, in their order."""
    found = dict[str, tuple[int, int]]()
    for codes in (list(gemeenten()), [r["stadsdeel_code"] for r in seeds.rows(DISTRICTS)]):
        known = all(code in _TILES for code in codes)
        found |= {code: _TILES[code] if known else (at % WIDE, at // WIDE) for at, code in enumerate(codes)}
    return found


def divided() -> str:
    """The gemeente that has stadsdelen; empty where none has."""
    return next((r["gemeente_code"] for r in seeds.rows(DISTRICTS)), "")


def without_district() -> str:
    """Where a report from the divided gemeente counts that names no stadsdeel, as a sentence; empty where there is no such place."""
    place = next((r["stadsdeel"] for r in seeds.rows(DISTRICTS) if r["bij_onbekend"] == "true"), "")
    return f"Meldingen uit {gemeenten()[divided()]} zonder bekend stadsdeel tellen bij {place}." if place else ""


def gemeenten() -> dict[str, str]:
    """Code → name of the gemeenten of the region."""
    return {r["gemeente_code"]: r["gemeente"] for r in seeds.rows("areas/gemeenten.csv") if r["in_regio_van"]}


def wijk_of(year: str) -> dict[str, str]:
    """Code of a buurt → code of its wijk, in the newest division that began before the end of a year."""
    rows = seeds.rows("areas/buurten.csv")
    division = max((r["indeling"] for r in rows if r["indeling"][:4] <= year), default="")
    return {r["buurt_code"]: r["wijk_code"] for r in rows if r["indeling"] == division}
