"""What leaves with a release (``publiek/``): the newest vintage once more, or on its day a new one; audited as it lies on disk.

What was published is kept in ``VT_HOME/publicatie``: the ledger, and a folder for each vintage. A vintage counts from the moment that
readers see the first release that has it (``keep``); until then a night makes it anew.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from orchestration import code_version
from orchestration.disclosure import ledger, publish, report, vintage
from orchestration.disclosure.attacker import NotProvenError
from orchestration.disclosure.audit import Report
from orchestration.disclosure.calendar import Planned, due, read_calendar
from orchestration.disclosure.cells import RelationError
from orchestration.disclosure.joint import Before
from orchestration.disclosure.rules import FOLDER as SEEDS
from orchestration.disclosure.rules import PARAMETERS, RULES, Parameters, Rule, read_parameters, read_rules
from orchestration.disclosure.vintage import Vintage, VintageError
from orchestration.disclosure.whole import Publication, opened
from orchestration.duck import TIME_ZONE
from orchestration.errors import UserError
from orchestration.files import make_folder
from orchestration.formats.edition import Edition, read_description
from orchestration.language import say
from orchestration.settings import Omgeving, Settings
from orchestration.transform import catalogue
from orchestration.transform.steps import write_json

FOLDER = Path("publiek")
WITHIN = Path("intern") / "publicatie"
"""Beside it in the release, for who may read the true figures: these, the rules, and the page of the audit."""
TRUTH, PAGE, AUDITED, PLANNED = "waarheid.duckdb", "audit.html", "audit.json", "jaargang.json"
MADE_OF = (TRUTH, RULES, PARAMETERS, PLANNED)
"""What a vintage was made of, which never changes; its audit is done again when more is in print."""


A_YEAR = timedelta(days=365)
"""After this a vintage is out of date where the calendar, when it was made, announced no next one."""


class AuditError(UserError):
    """What would leave tells too much, or is not what it should be: there is no release. The message names figures, never values."""


def root(settings: Settings) -> Path:
    """Where what was published is kept: a folder that is only added to."""
    return settings.root / "publicatie"


def prepare(settings: Settings, database: Path, release: Mapping[str, Any]) -> dict[str, Any] | None:
    """Put what leaves into the release folder that is being written, two levels above its ``database``; what ``release.json`` says of it.

    ``release`` has its id and peildatum. None when nothing was published before and the calendar announces nothing yet. Raises
    ``AuditError``, and ``RuleError``, ``VintageError`` or ``PublicationLedgerError`` for what cannot be followed or trusted.
    """
    folder, kept = database.parent.parent, root(settings)
    peildatum = date.fromisoformat(release["peildatum"])
    published, due_now = vintage.vintages(kept), planned(settings, peildatum)
    if due_now is None and not published:
        return None
    entries = ledger.append(kept / vintage.LEDGER, ledger.of_print())
    try:
        if due_now is None:
            return _once_more(kept, published, folder, entries)
        edition = edition_of(settings, due_now, release)
        return make(due_now, database, folder, entries, release["release"], before(kept, published, entries), edition)
    except (RelationError, NotProvenError) as error:  # what nobody could prove does not leave
        raise AuditError(say("The audit of what leaves came to no end: {why}", why=error)) from error


def planned(settings: Settings, peildatum: date) -> Planned | None:
    """The vintage that a release of this peildatum must publish. Raises as ``prepare``."""
    return due(decided(settings), {v.name for v in vintage.vintages(root(settings))}, peildatum)


def hold_published(settings: Settings) -> list[Vintage]:
    """What was published, each file held to the ledger. Raises ``VintageError`` or ``PublicationLedgerError``."""
    found = vintage.vintages(root(settings))
    for one in found:
        vintage.files(root(settings), one)
    return found


PROPOSAL = "voorstel"
"""How the owner of the limits is called while nobody has decided on them."""


def decided(settings: Settings) -> list[Planned]:
    """The calendar; in productie empty while the limits that protect people are a proposal, or nobody has said under which licence."""
    proposed = read_parameters(SEEDS / PARAMETERS).owner.startswith(PROPOSAL)
    described = read_description(settings.publicatiegegevens)  # in every environment: a fault in it is told before its day
    if settings.omgeving is Omgeving.PRODUCTIE and (proposed or described.is_placeholder):
        return []
    return read_calendar(settings.publicatiekalender)


def edition_of(settings: Settings, planned: Planned, release: Mapping[str, Any]) -> Edition:
    """What the files of a vintage say of themselves. Raises ``DescriptionError``."""
    days = planned.day.isoformat(), planned.until.isoformat(), release["peildatum"]
    following = [p.day for p in decided(settings) if p.day > planned.day]
    missed = min(following, default=planned.day + A_YEAR)
    stale = "" if settings.omgeving is Omgeving.ONTWIKKELING else missed.isoformat()  # where nothing is due, nothing is missed
    return Edition(read_description(settings.publicatiegegevens), planned.name, *days, stale)


def before(kept: Path, published: Sequence[Vintage], entries: list[ledger.Entry]) -> Before | None:
    """What readers have already, for what is made beside it: of the true figures and the rules kept with each vintage, oldest first."""
    known = None
    for one in published:
        vintage.files(kept, one)
        folder = kept / vintage.VINTAGES / one.name
        with _kept(folder / vintage.WITHIN, entries) as publication:
            known = Before.of(publication, folder, known)
    return known


def make(
    planned: Planned, database: Path, folder: Path, entries: list[ledger.Entry], release: str, known: Before | None, edition: Edition
) -> dict[str, Any]:
    """Protect the figures in ``database`` beside what is ``known``, write them below ``folder``, audit what was written. As ``prepare``."""
    within = make_folder(folder / WITHIN)
    for seed in (RULES, PARAMETERS):
        shutil.copyfile(SEEDS / seed, within / seed)
    rules, parameters = _rules(within)
    with opened(database) as con:
        publication = Publication.of(con, rules, parameters, entries, until=planned.until)
        publication.write(publication.protect(before=known), folder / FOLDER, edition)
        publication.keep(within / TRUTH)
        found = publication.audit(folder / FOLDER, before=known)
    dates = {"publicatiedatum": planned.day.isoformat(), "tot_en_met": planned.until.isoformat()}
    write_json(within / PLANNED, {"jaargang": planned.name} | dates)
    return _judged(found, within, release, parameters, _looked_at(folder, entries)) | {"nieuw": True, "regels": _checksum(within)}


def _once_more(kept: Path, published: Sequence[Vintage], folder: Path, entries: list[ledger.Entry]) -> dict[str, Any]:
    """The newest vintage byte for byte; audited again when more is known than at the last time: more print, another audit."""
    *earlier, newest = published
    vintage.repeat(kept, folder / FOLDER)
    own, within = kept / vintage.VINTAGES / newest.name / vintage.WITHIN, folder / WITHIN
    shutil.copytree(own, within)
    told: dict[str, Any] = json.loads((within / AUDITED).read_text())
    looked_at = _looked_at(folder, entries)
    if told.pop("van") != looked_at:
        known = before(kept, earlier, entries)
        with _kept(within, entries) as publication:
            found = publication.audit(folder / FOLDER, before=known)
        told = _judged(found, within, newest.release, publication.system.parameters, looked_at)
        for name in (PAGE, AUDITED):
            shutil.copyfile(within / name, own / name)
    return told | {"nieuw": False, "regels": _checksum(within)}


@contextmanager
def _kept(within: Path, entries: list[ledger.Entry]) -> Iterator[Publication]:
    """A vintage as it was made: of the true figures and the rules that lie with it."""
    rules, parameters = _rules(within)
    until = date.fromisoformat(json.loads((within / PLANNED).read_text())["tot_en_met"])
    with opened(within / TRUTH) as con:
        yield Publication.of_kept(con, rules, parameters, entries, until)


def _judged(found: Report, within: Path, release: str, parameters: Parameters, looked_at: str) -> dict[str, Any]:
    """The page of an audit, and what ``release.json`` says of it; raises ``AuditError`` when it did not pass."""
    if not found.passed:
        raise AuditError(found.sentence())
    (within / PAGE).write_text(report.render(found, parameters, release), encoding="utf-8")
    told: dict[str, Any] = json.loads((within / PLANNED).read_text()) | {
        "doelen": found.targets,
        "kleinste_breedte": found.narrowest,
        "getoond": round(found.shown, 4),
        "getoond_vanaf_drempel": round(found.shown_large, 4),
    }
    write_json(within / AUDITED, told | {"van": looked_at})
    return told


def _rules(folder: Path) -> tuple[list[Rule], Parameters]:
    """The rules and parameters that lie in a folder."""
    known = catalogue.indicators()
    breakdowns = {code: i.uitsplitsingen for code, i in known.items()}
    kinds = {code: i.soort for code, i in known.items()}
    return read_rules(breakdowns, folder / RULES, kinds), read_parameters(folder / PARAMETERS)


def _checksum(within: Path) -> str:
    """Of the rules and parameters."""
    return hashlib.sha256(b"".join((within / name).read_bytes() for name in (RULES, PARAMETERS))).hexdigest()


def _looked_at(folder: Path, entries: list[ledger.Entry]) -> str:
    """A checksum of all that an audit depends on: the files, all that was in print, the code of the audit."""
    print_only = [e for e in entries if e.kind == ledger.PRINT]
    parts = [(folder / FOLDER / name).read_bytes() for name in publish.FILES]
    parts += ["".join(str(e) for e in print_only).encode(), code_version.fingerprint(("orchestration/disclosure/*.py",)).encode()]
    return hashlib.sha256(b"".join(hashlib.sha256(p).digest() for p in parts)).hexdigest()


def today() -> date:
    """The day on which something is published: that of the clock, whatever the calendar hoped."""
    return datetime.now(ZoneInfo(TIME_ZONE)).date()


def first_told(settings: Settings, content: Mapping[str, Any]) -> str:
    """The vintage that a release would publish for the first time, or nothing.

    Raises ``VintageError`` when another release has published that vintage since.
    """
    told = content.get("publiek")
    if not told or not told["nieuw"]:
        return ""
    name: str = told["jaargang"]
    there = {v.name: v for v in vintage.vintages(root(settings))}
    if name in there and there[name].release != content["release"]:
        raise VintageError(
            say(
                "Release {release} would publish vintage {name}, and {other} did."
                " What was published stays: choose that release, or a later one.",
                release=content["release"],
                name=name,
                other=there[name].release,
            )
        )
    return "" if name in there else name


def keep(settings: Settings, content: Mapping[str, Any]) -> None:
    """Before readers see a release: what it publishes for the first time is published from now on, and never changes."""
    if name := first_told(settings, content):
        folder, told = settings.releases / content["release"], content["publiek"]
        vintage.freeze(root(settings), name, today(), content["release"], told["regels"], folder / FOLDER, folder / WITHIN, MADE_OF)
