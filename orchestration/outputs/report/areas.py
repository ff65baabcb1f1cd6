"""The areas of the report: gemeenten of the region, which wijk a buurt is in, and where areas lie on a map of tiles."""

from typing import Final

from orchestration import seeds
from orchestration.seeds import SEEDS

TILES: Final = {
    **{"GM0363": (1, 0), "GM0384": (2, 0), "GM0362": (1, 1), "GM0437": (2, 1), "GM0358": (0, 2), "GM0451": (1, 2)},
    **{"B": (0, 0), "N": (2, 0), "F": (0, 1), "E": (1, 1), "A": (2, 1), "M": (3, 1), "K": (1, 2), "T": (2, 2), "S": (3, 2)},
}
"""Column and row of gemeenten and stadsdelen: about where they lie."""


def gemeenten() -> dict[str, str]:
    """Code → name of the gemeenten of the region."""
    return {r["gemeente_code"]: r["gemeente"] for r in seeds.rows(SEEDS / "areas/gemeenten.csv") if r["in_regio_van"]}


def wijk_of(year: str) -> dict[str, str]:
    """Code of a buurt → code of its wijk, in the newest division that began before the end of a year."""
    rows = seeds.rows(SEEDS / "areas/buurten.csv")
    division = max(r["indeling"] for r in rows if r["indeling"][:4] <= year)
    return {r["buurt_code"]: r["wijk_code"] for r in rows if r["indeling"] == division}
