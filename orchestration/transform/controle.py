"""One check of a run and how it ended, whatever it was done with."""

from dataclasses import asdict, dataclass
from typing import Any

NIET_TE_BEOORDELEN = "niet_te_beoordelen"
"""The outcome of a check whose history is still too short."""


BEKEND = "bekend"
"""The outcome of a check that fails no worse than the ledger of known failures accepts."""


@dataclass(frozen=True)
class Controle:
    """The outcome of one check: counts and reasons, never a value of the data. A row of ``kwaliteit.controles``."""

    naam: str
    uitgevoerd_met: str
    """dbt, great_expectations, intake or audit"""
    onderwerp: str
    """the table that it looks at"""
    uitkomst: str
    """geslaagd, gewaarschuwd, gefaald, bekend, niet_te_beoordelen or niet_uitgevoerd"""
    ernst: str
    """blokkeert or waarschuwt"""
    aantal: int | None
    """rows that fail"""
    toelichting: str
    gemeten: float | None = None
    """what was measured, where it is a number"""
    grens: str = ""
    """between which numbers that should have been"""
    niet_aanvaard: bool = False
    """the ledger of known failures knows it, and it is worse than accepted or accepted no longer"""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
