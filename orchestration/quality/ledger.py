"""The ledger of known data failures: what is in it, up to its count and day, neither blocks nor alerts.

The file is ``expectations/bekende_fouten.yaml`` (or ``VT_BEKENDE_FOUTEN``). It serves checks of every kind: dbt's tests, expectations, and
the warnings of intake. Entries that say too much are reported too.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestration import files
from orchestration.errors import UserError
from orchestration.language import later, say
from orchestration.settings import Settings
from orchestration.transform.controle import BEKEND, NIET_TE_BEOORDELEN, Controle

FAILS = {"gefaald", "gewaarschuwd"}


class LedgerError(UserError):
    """The ledger cannot be read; the message says where."""


class KnownFailure(BaseModel):
    """One entry. ``bereik`` holds numbers of deliveries, or says that all are meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    controle: str
    bereik: Literal["alles"] | list[int]
    reden: str = Field(min_length=10)
    eigenaar: str = Field(min_length=1)
    aanvaard_tot: int = Field(ge=1)
    vervalt: date

    def holds(self, day: date) -> bool:
        return day <= self.vervalt

    def covers(self, leveringen: Iterable[int]) -> bool:
        """Whether a run that took in these deliveries is within its scope."""
        return self.bereik == "alles" or set(leveringen) <= set(self.bereik)

    def told(self, explanation: str) -> str:
        """The explanation of a check that this accepts."""
        return say(
            "{explanation}; accepted up to {most}, up to and including {day}, by {who}: {why}",
            explanation=explanation,
            most=self.aanvaard_tot,
            day=self.vervalt,
            who=self.eigenaar,
            why=self.reden,
        )


def load(settings: Settings) -> list[KnownFailure]:
    """The entries of the ledger. Raises ``LedgerError`` when an entry is not as it should be or a check has two."""
    return read(settings.bekende_fouten)


def read(path: Path) -> list[KnownFailure]:
    """The entries of one file. Raises ``LedgerError`` for one of any other shape."""
    entries = []
    for place, raw in enumerate(_listed(path), 1):
        try:
            entries.append(KnownFailure.model_validate(raw))
        except ValidationError as error:
            raise _wrong(path, say("entry {place} is not as it should be: {problem}", place=place, problem=_told(error))) from None
    names = [e.controle for e in entries]
    if double := {n for n in names if names.count(n) > 1}:
        raise _wrong(path, say("it has more than one entry for {names}; make it one", names=", ".join(sorted(double))))
    return entries


def _wrong(path: Path, what: str) -> LedgerError:
    return LedgerError(
        say(
            "The ledger of known failures {file}: {what}. Mend it (docs/runbooks/bekende_fouten.md), and try it with vt check.",
            file=path,
            what=what,
        )
    )


def _listed(path: Path) -> list[Any]:
    """What stands under ``fouten:``."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise _wrong(path, say("it cannot be read ({why})", why=files.why(error))) from None
    except UnicodeDecodeError:
        raise _wrong(path, say("it is not text in UTF-8")) from None
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a day that does not exist
        mark = getattr(error, "problem_mark", None)
        what = say("it is not YAML, at line {line}", line=mark.line + 1) if mark else say("it is not YAML")
        if re.search(r"^fouten:\s*\[\s*\]", text, re.MULTILINE):
            what += "; " + say("take `[]` away behind `fouten:`")
        raise _wrong(path, what) from None
    if not isinstance(content, dict) or list(content) != ["fouten"]:
        what = _shape(content)
        raise _wrong(path, say("{what}; the file begins with `fouten:`, and every entry stands under that", what=what))
    found = content["fouten"] or []
    if not isinstance(found, list):
        raise _wrong(path, say("what stands under `fouten:` is no list: each entry begins with `- controle:`"))
    return found


def _shape(content: object) -> str:
    """What a file is that is not the one list that it should be."""
    match content:
        case None:
            return say("it is empty: it has no list `fouten:`")
        case list():
            return say("it has no list `fouten:`: the entries stand at the top")
        case dict() if "fouten" in content:
            others = ", ".join(str(name) for name in content if name != "fouten")
            return say("beside `fouten:` it has {names}", names=others)
        case _:
            return say("it has no list `fouten:`")


FIELDS = {
    "controle": later("{field} is no name of a check"),
    "bereik": later("{field} is neither `alles` nor a list of numbers of deliveries"),
    "reden": later("{field} is no text of ten characters or more"),
    "eigenaar": later("{field} is empty or no text"),
    "aanvaard_tot": later("{field} is no whole number of 1 or more"),
    "vervalt": later("{field} is no day, such as 2026-12-31"),
}
"""Field of an entry → what is told when it is wrong."""


def _told(error: ValidationError) -> str:
    """The first thing that is wrong with an entry, by field."""
    problem = error.errors()[0]
    field = str(problem["loc"][0]) if problem["loc"] else ""
    match problem["type"]:
        case "model_type":
            return say("it has no fields; it begins with `- controle:`, and the other fields stand under that")
        case "missing":
            return say("it has no {field}", field=field)
        case "extra_forbidden":
            return say("it has {field}, which is no field of an entry", field=field)
        case _:
            return say(FIELDS.get(field, "{field}"), field=field)


def within(entries: Iterable[KnownFailure], leveringen: Iterable[int]) -> list[KnownFailure]:
    """The entries that are about a run that took in these deliveries."""
    numbers = tuple(leveringen)
    return [e for e in entries if e.covers(numbers)]


def for_dbt(entries: Iterable[KnownFailure], day: date) -> str:
    """What dbt's tests are told (``dbt_project/macros/bekende_fouten.sql``): name of the test → rows accepted, as JSON."""
    return json.dumps({e.controle: e.aanvaard_tot for e in entries if e.holds(day)})


def settle(entries: Iterable[KnownFailure], controle: Controle, day: date) -> Controle:
    """The check as it is, or as a known failure when the ledger accepts it.

    What is worse than accepted, or accepted no longer, stays what it was and says so.
    """
    entry = next((e for e in entries if e.controle == controle.naam), None)
    if entry is None or controle.uitkomst not in FAILS:
        return controle
    if not entry.holds(day):
        text = say("{explanation}; was a known failure, expired on {day}", explanation=controle.toelichting, day=entry.vervalt)
        return replace(controle, toelichting=text, niet_aanvaard=True)
    if controle.aantal is not None and controle.aantal > entry.aanvaard_tot:
        text = say(
            "{explanation}; worse than the known failure ({count} > {most})",
            explanation=controle.toelichting,
            count=controle.aantal,
            most=entry.aanvaard_tot,
        )
        return replace(controle, toelichting=text, niet_aanvaard=True)
    return replace(controle, uitkomst=BEKEND, toelichting=entry.told(controle.toelichting))


def settle_report(entries: Iterable[KnownFailure], report: dict[str, Any], day: date) -> dict[str, Any]:
    """dbt's report (``BuildReport`` as a dict) with its failures settled. The macro let the accepted ones pass as warnings."""
    entries = list(entries)
    settled = []
    for f in report["gefaald"]:
        if f["soort"] == "controle":
            c = settle(entries, Controle(f["naam"], "dbt", "", f["uitkomst"], "", f["aantal"], f["toelichting"]), day)
            settled.append({**f, "uitkomst": c.uitkomst, "toelichting": c.toelichting})
        else:
            settled.append(f)
    return report | {"gefaald": settled}


def reports(entries: Iterable[KnownFailure], controles: Iterable[Controle], day: date) -> dict[str, str]:
    """Name of the check → what is to be said about its entry: expired, no longer needed, or about a check that there is not."""
    by_name = {c.naam: c for c in controles}
    found = {}
    for e in entries:
        check = by_name.get(e.controle)
        if check is None:
            found[e.controle] = say("known failure {name}: there is no check of that name; remove or correct the entry", name=e.controle)
        elif not e.holds(day):
            found[e.controle] = say(
                "known failure {name}: expired on {day}; mend it or have it accepted anew ({who})",
                name=e.controle,
                day=e.vervalt,
                who=e.eigenaar,
            )
        elif check.uitkomst not in {*FAILS, BEKEND, NIET_TE_BEOORDELEN, "niet_uitgevoerd"}:
            found[e.controle] = say("known failure {name}: no longer needed, the check passes; remove the entry", name=e.controle)
    return found
