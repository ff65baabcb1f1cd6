"""The register: what happened, one file per event, in order, never changed.

An event file is written whole or not at all, and holds the checksum of the one before, so that a file that was changed or taken away shows.
The last one is anchored outside the register: ``landing/register.json`` says how many events there are and what the checksum of the last
is, the folder of each delivery (``landing.store``) and each ``release.json`` what it was when they were made. A register that is gone,
older than what lies beside it, or edited at its end is not believed.

The event ``levering_opgenomen`` is the moment at which a delivery counts. What is about to be put in place before its event is written
stands in a plan (``plan``); what the plan names and no event does are remains of a run that was cut off. Nothing else is ever removed.
Events hold numbers, counts, names of files and fields, and reasons; never the content of a row.
"""

import getpass
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from orchestration.code_version import code_version
from orchestration.errors import UserError
from orchestration.files import make_folder, write_new, write_over
from orchestration.language import later, say
from orchestration.settings import Settings

TAKEN_IN, REFUSED, ALREADY_TAKEN_IN = "levering_opgenomen", "levering_geweigerd", "levering_al_opgenomen"
SETTLED = "weigering_afgedaan"
"""A person closed a refusal for which no good delivery will come: ``nummer``, or ``naam`` of one without, ``door``, ``reden``."""
ACCEPTED, RELEASED = "levering_geaccepteerd", "release_vrijgegeven"
PINNED, LET_GO = "release_vastgezet", "release_losgelaten"
REWRITTEN, FORGOTTEN, WITHDRAWN = "landing_herschreven", "vergeten", "levering_ingetrokken"
"""Events after which deliveries stand in other folders: ``inhoud["leveringen"]`` gives, by number, what is different of them, and
``inhoud["archieven"]`` the new name of each archive file, or null where it was destroyed. ``levering_ingetrokken`` also takes deliveries
out: ``inhoud["uit"]``, their numbers."""
SEALED, DESTROYED = "landing_verzegeld", "ruwe_regels_vernietigd"
"""Events after which files of deliveries have other seals: ``inhoud["zegels"]`` by number and folder; a file whose seal is null is gone."""
CBS_MADE, CBS_HANDED_OVER = "cbs_gemaakt", "cbs_overhandigd"
"""A delivery for CBS was made (``halfjaar``, ``nummer``, ``vervangt``, ``release``, ``records``, ``sha256``), and a person took it to hand
it over (``halfjaar``, ``nummer``, ``door``)."""
REFERENCE_ACCEPTED, REFERENCE_WITHDRAWN = "referentie_aanvaard", "referentie_ingetrokken"
"""A person let reference data count (``reference.accepted``): ``voorstel``, ``bronnen``, ``bestanden`` with their checksums, ``door``,
``reden``; or ended that: ``nummer`` of the event."""

ANCHOR = "register.json"
"""In ``landing/`` and in the folder of each delivery: how many events the register had, and the checksum of the last."""
PLAN = ".voornemen.json"
FORM = 2
"""Written in each event since the register is anchored; events of before have no ``vorm``."""


class RegisterError(UserError):
    """The register on disk is not whole."""


NOT_OURS = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, IsADirectoryError, NotADirectoryError)
"""What reading a file raises that is not as this module wrote it: no JSON, other JSON, a folder."""


@dataclass(frozen=True)
class Event:
    """One event. ``inhoud`` holds what belongs to its kind."""

    volgnummer: int
    soort: str
    op: datetime
    wie: str
    code_versie: str
    inhoud: dict[str, Any]


@dataclass(frozen=True)
class Anchor:
    """Where the register stood: the number of events, and the checksum of the last (empty when there was none)."""

    gebeurtenissen: int
    sha256: str

    def as_bytes(self) -> bytes:
        return (json.dumps({"gebeurtenissen": self.gebeurtenissen, "sha256": self.sha256}) + "\n").encode()

    @staticmethod
    def read(path: Path) -> "Anchor":
        """Raises ``ValueError`` when the file does not hold an anchor, to the byte, or is a link."""
        try:
            content = path.read_bytes()
            raw = json.loads(content)
            anchor = Anchor(int(raw["gebeurtenissen"]), str(raw["sha256"]))
        except NOT_OURS as error:
            raise ValueError(str(path)) from error
        if path.is_symlink() or content != anchor.as_bytes():
            raise ValueError(str(path))
        return anchor


@dataclass(frozen=True)
class Seal:
    """What the register has of a file on disk: its checksum, its bytes, and the rows in it (None for an archive)."""

    sha256: str
    bytes: int
    rijen: int | None = None


Seals = dict[str, dict[str, Seal]]
"""By folder (``landing``, ``vault``, ``quarantine``) and path within the delivery."""


@dataclass(frozen=True)
class Plan:
    """What was about to be put in place: names of folders of deliveries, and of archive files."""

    mappen: frozenset[str] = frozenset()
    archieven: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Levering:
    """A delivery that was taken in."""

    nummer: int
    soort: str
    peildatum: date
    aangemaakt_op: datetime
    verwerkt_op: datetime
    contract_versie: str
    code_versie: str
    map: str
    """Name of its folder in landing, vault and quarantine."""
    archief: str | None
    vingerafdruk: dict[str, Any]
    tellingen: dict[str, dict[str, int]]
    waarschuwingen: tuple[dict[str, Any], ...]
    bestanden: dict[str, str]
    """Name of the file of each entity that was delivered."""
    poging: int
    """How many times this number was offered, this time included."""
    zegels: Seals | None = None
    """Of every file of the delivery; None when it was taken in by code that did not seal (``landing.verify`` does so then)."""
    verankerd: bool = False
    """Its folder says where the register stood (it was not sealed afterwards)."""


def who() -> str:
    """The name of the user that runs this; in a container a user may be no more than a number."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # KeyError until Python 3.12
        return f"uid {os.getuid()}"


class Register:
    """The events on disk, read anew each time: several processes may look while one writes."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.register
        self.anchor = settings.landing / ANCHOR

    def events(self, *kinds: str) -> list[Event]:
        """Every event in order, or those of the kinds named. Raises ``RegisterError`` when a file was changed or is missing."""
        return [e for e in self._read() if not kinds or e.soort in kinds]

    def record(self, soort: str, inhoud: dict[str, Any]) -> Event:
        """Add an event; it is on disk when this returns. The caller holds the intake's lock."""
        self._read()
        make_folder(self.folder)
        paths = self._paths()
        last = paths[-1].read_bytes() if paths else b""
        event = Event(len(paths) + 1, soort, datetime.now(UTC), who(), code_version(), inhoud)
        record = {
            "volgnummer": event.volgnummer,
            "soort": event.soort,
            "op": event.op.isoformat(),
            "wie": event.wie,
            "code_versie": event.code_versie,
            "vorm": FORM,
            "vorige": hashlib.sha256(last).hexdigest(),
            "inhoud": inhoud,
        }
        content = (json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n").encode()
        write_new(self.folder / f"{event.volgnummer:08d}-{soort}.json", content)
        make_folder(self.anchor.parent)
        write_over(self.anchor, Anchor(event.volgnummer, hashlib.sha256(content).hexdigest()).as_bytes())
        self.drop_plan()
        return event

    def plan(self, mappen: Iterable[str] = (), archieven: Iterable[str] = ()) -> None:
        """Write down what is put in place before the next event tells of it; that event, or ``landing.sweep``, ends the plan."""
        make_folder(self.folder)
        write_over(self.folder / PLAN, json.dumps({"mappen": sorted(mappen), "archieven": sorted(archieven)}).encode())

    def planned(self) -> Plan:
        """What a run that was cut off had planned; empty when there is none."""
        path = self.folder / PLAN
        if not path.exists():
            return Plan()
        try:
            raw = json.loads(path.read_bytes())
            return Plan(frozenset(raw["mappen"]), frozenset(raw["archieven"]))
        except NOT_OURS:
            damaged = say("{path} is damaged: it says what a run that was cut off was about to put in place.", path=path)
            raise RegisterError(f"{damaged} {say(ADVICE)}") from None

    def drop_plan(self) -> None:
        """End the plan."""
        (self.folder / PLAN).unlink(missing_ok=True)

    def position(self) -> Anchor:
        """Where the register stands now."""
        self._read()
        paths = self._paths()
        return Anchor(len(paths), hashlib.sha256(paths[-1].read_bytes()).hexdigest() if paths else "")

    def holds(self, anchor: Anchor) -> bool:
        """Whether the register, as it is now, went on from where it stood then."""
        paths = self._paths()
        if anchor.gebeurtenissen == 0:
            return True
        if anchor.gebeurtenissen > len(paths):
            return False
        return hashlib.sha256(paths[anchor.gebeurtenissen - 1].read_bytes()).hexdigest() == anchor.sha256

    @property
    def next_number(self) -> int:
        """The number of the next event."""
        return len(self._paths()) + 1

    def leveringen(self, tot: int | None = None) -> list[Levering]:
        """The deliveries taken in, by number, as they stand now; up to and including ``tot``."""
        offered: dict[int, int] = {}
        found: dict[int, Levering] = {}
        for event in self._read():
            number = event.inhoud.get("nummer")
            if event.soort in {TAKEN_IN, REFUSED} and number:
                offered[number] = offered.get(number, 0) + 1
            if event.soort == TAKEN_IN:
                found[event.inhoud["nummer"]] = make_levering(event, offered[event.inhoud["nummer"]])
            for out in event.inhoud["uit"] if event.soort == WITHDRAWN else ():
                del found[out]
            if event.soort in {REWRITTEN, FORGOTTEN, WITHDRAWN}:
                for key, changed in event.inhoud["leveringen"].items():
                    found[int(key)] = _rewritten(found[int(key)], changed, event)
            if event.soort in {SEALED, DESTROYED}:
                for key, seals in event.inhoud.get("zegels", {}).items():
                    if int(key) in found:
                        found[int(key)] = _sealed(found[int(key)], seals)
        archives = self.archives()
        present = [replace(d, archief=archives.get(d.archief or "")) for d in found.values()]
        return sorted((d for d in present if tot is None or d.nummer <= tot), key=lambda d: d.nummer)

    def folders(self) -> frozenset[str]:
        """Every name that a folder of a delivery ever had; those that ``leveringen`` does not give any more are superseded."""
        found = set()
        for event in self._read():
            if event.soort == TAKEN_IN:
                found.add(event.inhoud["map"])
            if event.soort in {REWRITTEN, FORGOTTEN, WITHDRAWN}:
                found |= {changed["map"] for changed in event.inhoud["leveringen"].values()}
        return frozenset(found)

    def archive_names(self) -> frozenset[str]:
        """Every name that an archive file ever had."""
        found = set()
        for event in self._read():
            found |= {event.inhoud.get("archief"), *event.inhoud.get("archieven", {}).values()}
        return frozenset(name for name in found if name)

    def destroyed_raw_lines(self, nummer: int) -> frozenset[str]:
        """Names of files of raw lines of a delivery that were told to be gone."""
        events = [e.inhoud.get("zegels", {}).get(str(nummer), {}).get("quarantine", {}) for e in self._read() if e.soort == DESTROYED]
        return frozenset(name for files in events for name, seal in files.items() if seal is None)

    def archive_seals(self) -> dict[str, Seal]:
        """By the name that an archive file has now: its seal. One that was archived by code that did not seal has none."""
        found: dict[str, Seal] = {}
        for event in self._read():
            found |= {name: Seal(**seal) for name, seal in event.inhoud.get("archiefzegels", {}).items()}
        present = set(self.archives().values())
        return {name: seal for name, seal in found.items() if name in present}

    def archives(self) -> dict[str, str]:
        """By the name that an archive file had when it was made: its name now. Files that were destroyed are left out."""
        names: dict[str, str] = {}
        for event in self._read():
            if event.inhoud.get("archief"):
                names[event.inhoud["archief"]] = event.inhoud["archief"]
            for old, new in event.inhoud.get("archieven", {}).items():
                first = next((k for k, v in names.items() if v == old), None)
                if first and new:
                    names[first] = new
                elif first:
                    del names[first]
        return names

    def unarchived_by_forgetting(self) -> frozenset[int]:
        """Numbers of deliveries that the archive does not hold because they hold who or what was forgotten."""
        of_file: dict[str, int] = {}
        found: set[int] = set()
        for event in self._read():
            if event.soort == TAKEN_IN:
                found.discard(event.inhoud["nummer"])
                if event.inhoud.get("archief"):
                    of_file[event.inhoud["archief"]] = event.inhoud["nummer"]
                else:
                    found.add(event.inhoud["nummer"])
            for old, new in event.inhoud.get("archieven", {}).items():
                number = of_file.pop(old, None)
                if number is not None and new:
                    of_file[new] = number
                elif number is not None:
                    found.add(number)
        return frozenset(found)

    def forgotten(self, *, only_asked: bool = False) -> dict[str, set[str]]:
        """By kind of number: what was destroyed and must stay out, as hashes that only the forget key makes (``landing.forgotten``).

        With ``only_asked`` only what someone asked to be forgotten, without what is past its term of keeping.
        """
        found: dict[str, set[str]] = {}
        for event in self.events(FORGOTTEN):
            for name in ("vergeetlijst",) if only_asked else ("vergeetlijst", "bewaarlijst"):
                for kind, hashes in event.inhoud.get(name, {}).items():
                    found.setdefault(kind, set()).update(hashes)
        return found

    def left_out_with_parent(self) -> dict[str, set[str]]:
        """By kind of number: what deliveries brought that was left out because it hung on what was destroyed.

        What hangs on such a number stays out too, as long as it does not stand; the number itself does not: it may come again under
        another parent (the first was a typing error). Hashes as in ``forgotten``.
        """
        by_delivery: dict[int, list[dict[str, list[str]]]] = {}
        for event in self._read():
            for out in event.inhoud["uit"] if event.soort == WITHDRAWN else ():
                by_delivery.pop(out, None)
            if event.soort != FORGOTTEN and event.inhoud.get("vergeetlijst"):
                number = event.inhoud["nummer"] if event.soort == TAKEN_IN else 0
                by_delivery.setdefault(number, []).append(event.inhoud["vergeetlijst"])
        found: dict[str, set[str]] = {}
        for listed in (kinds for lists in by_delivery.values() for kinds in lists):
            for kind, hashes in listed.items():
                found.setdefault(kind, set()).update(hashes)
        return found

    def last_taken_in(self) -> Levering | None:
        """The delivery taken in with the highest number; its peildatum is that of the warehouse."""
        deliveries = self.leveringen()
        return deliveries[-1] if deliveries else None

    def key_fingerprint(self) -> str | None:
        """Fingerprint of the key that the landing was made with; None before the first delivery."""
        found = [e.inhoud["sleutel"] for e in self._read() if e.inhoud.get("sleutel")]
        return found[-1] if found else None

    def _paths(self) -> list[Path]:
        return sorted(p for p in self.folder.glob("*.json") if not p.name.startswith(".")) if self.folder.is_dir() else []

    def _read(self) -> list[Event]:
        anchor = self._anchor()  # before the events: another process may be adding one
        paths = self._paths()
        events, anchored = [], False
        for event, form in _chain(paths):
            anchored |= form >= FORM and event.volgnummer < len(paths)
            events.append(event)
        if anchor is None:
            if anchored and not self.anchor.exists():
                gone = say("{path} is missing: it says where the register ends.", path=self.anchor)
                raise RegisterError(f"{gone} {say(ADVICE)}")
        elif len(events) < anchor.gebeurtenissen:
            short = say(
                "The register in {folder} has {count} events, and {anchor} says that there were {known}: it is gone, older than the "
                "landing, or its end was removed.",
                folder=self.folder,
                count=len(events),
                anchor=self.anchor,
                known=anchor.gebeurtenissen,
            )
            raise RegisterError(f"{short} {say(ADVICE)}")
        elif not self.holds(anchor):
            other = say(
                "The register is not whole: event {number} in {folder} is not the one that {anchor} knows; it was changed, or comes from "
                "elsewhere.",
                number=anchor.gebeurtenissen,
                folder=self.folder,
                anchor=self.anchor,
            )
            raise RegisterError(f"{other} {say(ADVICE)}")
        return events

    def _anchor(self) -> Anchor | None:
        try:
            return Anchor.read(self.anchor)
        except FileNotFoundError:
            return None
        except ValueError:
            damaged = say("{path} is damaged: it says where the register ends.", path=self.anchor)
            raise RegisterError(f"{damaged} {say(ADVICE)}") from None


ADVICE = later(
    "Nothing was changed. Look first whether the right register lies somewhere (it was moved away, or is in a newer backup): put that "
    "folder back, then vt refresh. Does it not: put the whole data folder back from one backup (vt restore, into an empty folder), and "
    "offer the deliveries of after it again. See docs/runbooks/waarheid.md."
)
"""What to do when register and landing do not go together."""


def _chain(paths: list[Path]) -> Iterator[tuple[Event, int]]:
    """Each event, and the form it was written in."""
    previous = b""
    for number, path in enumerate(paths, 1):
        try:
            content = path.read_bytes()
            raw = json.loads(content)
            whole = raw["volgnummer"] == number and raw["vorige"] == hashlib.sha256(previous).hexdigest()
            event = Event(number, raw["soort"], datetime.fromisoformat(raw["op"]), raw["wie"], raw["code_versie"], raw["inhoud"])
            whole = whole and path.name == f"{number:08d}-{event.soort}.json" and not path.is_symlink() and isinstance(event.inhoud, dict)
            form = int(raw.get("vorm", 1))
        except NOT_OURS:
            whole = False
        if not whole:
            changed = say("The register is not whole: {name}, or the file before it, was changed or removed.", name=path.name)
            raise RegisterError(f"{changed} {say(ADVICE)}")
        previous = content
        yield event, form


def read_seals(raw: dict[str, dict[str, dict[str, Any]]]) -> Seals:
    """Seals as an event holds them."""
    return {base: {name: Seal(**seal) for name, seal in files.items()} for base, files in raw.items()}


def _sealed(levering: Levering, raw: dict[str, dict[str, dict[str, Any] | None]]) -> Levering:
    """The delivery with other seals for some of its files; null for one that is gone."""
    seals = {base: dict(files) for base, files in (levering.zegels or {}).items()}
    for base, files in raw.items():
        known = seals.setdefault(base, {})
        for name, seal in files.items():
            known.pop(name, None)
            if seal is not None:
                known[name] = Seal(**seal)
    return replace(levering, zegels=seals)


def _rewritten(levering: Levering, changed: dict[str, Any], event: Event) -> Levering:
    """The delivery with what a rewriting changed: its folder, and its counts where rows were destroyed or judged anew."""
    if "bestanden" in changed:  # taken in anew
        anew = make_levering(replace(event, inhoud=changed | {"archief": levering.archief}), levering.poging)
        return replace(anew, verwerkt_op=levering.verwerkt_op)
    seals = read_seals(changed["zegels"]) if "zegels" in changed else None
    counts = changed.get("tellingen", levering.tellingen)
    return replace(levering, map=changed["map"], tellingen=counts, zegels=seals, verankerd=seals is not None)


def make_levering(event: Event, poging: int) -> Levering:
    """The delivery that an event ``levering_opgenomen`` tells of."""
    i = event.inhoud
    return Levering(
        nummer=i["nummer"],
        soort=i["soort"],
        peildatum=date.fromisoformat(i["peildatum"]),
        aangemaakt_op=datetime.fromisoformat(i["aangemaakt_op"]),
        verwerkt_op=event.op,
        contract_versie=i["contract_versie"],
        code_versie=event.code_versie,
        map=i["map"],
        archief=i.get("archief"),
        vingerafdruk=i["vingerafdruk"],
        tellingen=i["tellingen"],
        waarschuwingen=tuple(i["waarschuwingen"]),
        bestanden=i["bestanden"],
        poging=poging,
        zegels=read_seals(i["zegels"]) if "zegels" in i else None,
        verankerd="zegels" in i,
    )
