"""One check of a run and how it ended, whatever it was done with."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Controle:
    """The outcome of one check: counts and reasons, never a value of the data. A row of ``kwaliteit.controles``."""

    naam: str
    uitgevoerd_met: str
    """dbt or great_expectations"""
    onderwerp: str
    """the table that it looks at"""
    uitkomst: str
    """geslaagd, gewaarschuwd, gefaald or niet_uitgevoerd"""
    ernst: str
    """blokkeert or waarschuwt"""
    aantal: int | None
    """rows that fail"""
    toelichting: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
