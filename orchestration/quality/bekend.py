"""The ledger of known data failures: what is in it, up to its count and day, neither blocks nor alerts.

The file is ``expectations/bekende_fouten.yaml`` (or ``VT_BEKENDE_FOUTEN``). It serves checks of every kind: dbt's tests, expectations, and
the warnings of intake. Entries that say too much are reported too.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestration.build.controle import BEKEND, NIET_TE_BEOORDELEN, Controle
from orchestration.errors import GebruikersFout
from orchestration.settings import Settings

FAALT = {"gefaald", "gewaarschuwd"}


class GrootboekFout(GebruikersFout):
    """The ledger cannot be read; the message says where."""


class BekendeFout(BaseModel):
    """One entry. ``bereik`` holds numbers of deliveries, or says that all are meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    controle: str
    bereik: Literal["alles"] | list[int]
    reden: str = Field(min_length=10)
    eigenaar: str = Field(min_length=1)
    aanvaard_tot: int = Field(ge=1)
    vervalt: date

    def geldt(self, dag: date) -> bool:
        return dag <= self.vervalt

    def gaat_over(self, leveringen: Iterable[int]) -> bool:
        """Whether a run that took in these deliveries is within its scope."""
        return self.bereik == "alles" or set(leveringen) <= set(self.bereik)

    @property
    def tekst(self) -> str:
        return f"aanvaard tot {self.aanvaard_tot}, tot en met {self.vervalt}, door {self.eigenaar}: {self.reden}"


def load(settings: Settings) -> list[BekendeFout]:
    """The entries of the ledger. Raises ``GrootboekFout`` when an entry is not as it should be or a check has two."""
    return read(settings.bekende_fouten)


def read(path: Path) -> list[BekendeFout]:
    """The entries of one file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = [BekendeFout.model_validate(e) for e in (content or {}).get("fouten") or []]
    except (OSError, yaml.YAMLError, AttributeError) as error:
        raise GrootboekFout(
            f"The ledger of known failures {path} cannot be read ({type(error).__name__}). Mend it, then try again."
        ) from None
    except ValidationError as error:
        problem = error.errors()[0]
        place = f"{problem['loc'][0] if problem['loc'] else 'entry'}: {problem['msg']}"
        raise GrootboekFout(f"{path}: an entry is not as it should be ({place}).") from None
    names = [e.controle for e in entries]
    if double := {n for n in names if names.count(n) > 1}:
        raise GrootboekFout(f"{path}: more than one entry for {', '.join(sorted(double))}; make it one.")
    return entries


def within(entries: Iterable[BekendeFout], leveringen: Iterable[int]) -> list[BekendeFout]:
    """The entries that are about a run that took in these deliveries."""
    numbers = tuple(leveringen)
    return [e for e in entries if e.gaat_over(numbers)]


def for_dbt(entries: Iterable[BekendeFout], dag: date) -> str:
    """What dbt's tests are told (``dbt_project/macros/bekende_fouten.sql``): name of the test → rows accepted, as JSON."""
    return json.dumps({e.controle: e.aanvaard_tot for e in entries if e.geldt(dag)})


def settle(entries: Iterable[BekendeFout], controle: Controle, dag: date) -> Controle:
    """The check as it is, or as a known failure when the ledger accepts it.

    What is worse than accepted, or accepted no longer, stays what it was and says so.
    """
    entry = next((e for e in entries if e.controle == controle.naam), None)
    if entry is None or controle.uitkomst not in FAALT:
        return controle
    if not entry.geldt(dag):
        return replace(controle, toelichting=f"{controle.toelichting}; was een bekende fout, verlopen op {entry.vervalt}")
    if controle.aantal is not None and controle.aantal > entry.aanvaard_tot:
        return replace(
            controle, toelichting=f"{controle.toelichting}; erger dan de bekende fout ({controle.aantal} > {entry.aanvaard_tot})"
        )
    return replace(controle, uitkomst=BEKEND, toelichting=f"{controle.toelichting}; {entry.tekst}")


def settle_report(entries: Iterable[BekendeFout], report: dict[str, Any], dag: date) -> dict[str, Any]:
    """dbt's report (``BuildReport`` as a dict) with its failures settled. The macro let the accepted ones pass as warnings."""
    entries = list(entries)
    settled = []
    for f in report["gefaald"]:
        if f["soort"] == "controle":
            c = settle(entries, Controle(f["naam"], "dbt", "", f["uitkomst"], "", f["aantal"], f["toelichting"]), dag)
            settled.append({**f, "uitkomst": c.uitkomst, "toelichting": c.toelichting})
        else:
            settled.append(f)
    return report | {"gefaald": settled}


def reports(entries: Iterable[BekendeFout], controles: Iterable[Controle], dag: date) -> dict[str, str]:
    """Name of the check → what is to be said about its entry: expired, no longer needed, or about a check that there is not."""
    by_name = {c.naam: c for c in controles}
    found = {}
    for e in entries:
        check = by_name.get(e.controle)
        if check is None:
            found[e.controle] = f"bekende fout {e.controle}: er is geen controle van die naam; verwijder of verbeter de regel"
        elif not e.geldt(dag):
            found[e.controle] = (
                f"bekende fout {e.controle}: verlopen op {e.vervalt}; los haar op of laat haar opnieuw aanvaarden ({e.eigenaar})"
            )
        elif check.uitkomst not in {*FAALT, BEKEND, NIET_TE_BEOORDELEN, "niet_uitgevoerd"}:
            found[e.controle] = f"bekende fout {e.controle}: niet meer nodig, de controle slaagt; verwijder de regel"
    return found
