"""The register: what happened, one file per event, in order, never changed.

An event file is written whole or not at all, and holds the checksum of the one before, so that a file that was changed or taken away shows.
The event ``levering_opgenomen`` is the moment at which a delivery counts: files of a delivery without it are remains of an intake that was
cut off. Events hold numbers, counts, names of files and fields, and reasons; never the content of a row.
"""

import getpass
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from orchestration.code_version import code_version
from orchestration.errors import GebruikersFout
from orchestration.landing.files import make_folder, write_new
from orchestration.settings import Settings

OPGENOMEN, GEWEIGERD, AL_OPGENOMEN = "levering_opgenomen", "levering_geweigerd", "levering_al_opgenomen"
GEACCEPTEERD, VRIJGEGEVEN = "levering_geaccepteerd", "release_vrijgegeven"
HERSCHREVEN, VERGETEN = "landing_herschreven", "vergeten"
"""Events after which deliveries stand in other folders: ``inhoud["leveringen"]`` gives, by number, what is different of them, and
``inhoud["archieven"]`` the new name of each archive file, or null where it was destroyed."""


class RegisterFout(GebruikersFout):
    """The register on disk is not whole."""


@dataclass(frozen=True)
class Gebeurtenis:
    """One event. ``inhoud`` holds what belongs to its kind."""

    volgnummer: int
    soort: str
    op: datetime
    wie: str
    code_versie: str
    inhoud: dict[str, Any]


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


class Register:
    """The events on disk, read anew each time: several processes may look while one writes."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.register

    def gebeurtenissen(self, *soorten: str) -> list[Gebeurtenis]:
        """Every event in order, or those of the kinds named. Raises ``RegisterFout`` when a file was changed or is missing."""
        return [e for e in self._read() if not soorten or e.soort in soorten]

    def leg_vast(self, soort: str, inhoud: dict[str, Any]) -> Gebeurtenis:
        """Add an event; it is on disk when this returns. The caller holds the intake's lock."""
        make_folder(self.folder)
        paths = self._paths()
        last = paths[-1].read_bytes() if paths else b""
        event = Gebeurtenis(len(paths) + 1, soort, datetime.now(UTC), getpass.getuser(), code_version(), inhoud)
        record = {
            "volgnummer": event.volgnummer,
            "soort": event.soort,
            "op": event.op.isoformat(),
            "wie": event.wie,
            "code_versie": event.code_versie,
            "vorige": hashlib.sha256(last).hexdigest(),
            "inhoud": inhoud,
        }
        text = json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n"
        write_new(self.folder / f"{event.volgnummer:08d}-{soort}.json", text.encode())
        return event

    @property
    def volgende(self) -> int:
        """The number of the next event."""
        return len(self._paths()) + 1

    def leveringen(self, tot: int | None = None) -> list[Levering]:
        """The deliveries taken in, by number, as they stand now; up to and including ``tot``."""
        offered: dict[int, int] = {}
        found: dict[int, Levering] = {}
        for event in self._read():
            number = event.inhoud.get("nummer")
            if event.soort in {OPGENOMEN, GEWEIGERD} and number:
                offered[number] = offered.get(number, 0) + 1
            if event.soort == OPGENOMEN:
                found[event.inhoud["nummer"]] = make_levering(event, offered[event.inhoud["nummer"]])
            if event.soort in {HERSCHREVEN, VERGETEN}:
                for key, changed in event.inhoud["leveringen"].items():
                    found[int(key)] = _rewritten(found[int(key)], changed, event)
        archives = self.archieven()
        present = [replace(d, archief=archives.get(d.archief or "")) for d in found.values()]
        return sorted((d for d in present if tot is None or d.nummer <= tot), key=lambda d: d.nummer)

    def archieven(self) -> dict[str, str]:
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

    def vergeten(self, *, alleen_gevraagd: bool = False) -> dict[str, set[str]]:
        """By kind of number: what was destroyed and must stay out, as hashes that only the forget key makes (``landing.vergeetlijst``).

        With ``alleen_gevraagd`` only what someone asked to be forgotten, without what is past its term of keeping.
        """
        found: dict[str, set[str]] = {}
        for event in self._read():
            for name in ("vergeetlijst",) if alleen_gevraagd else ("vergeetlijst", "bewaarlijst"):
                for kind, hashes in event.inhoud.get(name, {}).items():
                    found.setdefault(kind, set()).update(hashes)
        return found

    def laatste_opgenomen(self) -> Levering | None:
        """The delivery taken in with the highest number; its peildatum is that of the warehouse."""
        deliveries = self.leveringen()
        return deliveries[-1] if deliveries else None

    def sleutel(self) -> str | None:
        """Fingerprint of the key that the landing was made with; None before the first delivery."""
        found = [e.inhoud["sleutel"] for e in self._read() if e.inhoud.get("sleutel")]
        return found[-1] if found else None

    def _paths(self) -> list[Path]:
        return sorted(p for p in self.folder.glob("*.json") if not p.name.startswith(".")) if self.folder.is_dir() else []

    def _read(self) -> list[Gebeurtenis]:
        return list(_chain(self._paths()))


def _chain(paths: list[Path]) -> Iterator[Gebeurtenis]:
    previous = b""
    for number, path in enumerate(paths, 1):
        content = path.read_bytes()
        try:
            raw = json.loads(content)
            whole = raw["volgnummer"] == number and raw["vorige"] == hashlib.sha256(previous).hexdigest()
            event = Gebeurtenis(number, raw["soort"], datetime.fromisoformat(raw["op"]), raw["wie"], raw["code_versie"], raw["inhoud"])
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            raise RegisterFout(
                f"The register is not whole: {path.name}, or the file before it, was changed or removed. "
                f"Put the folder {path.parent} back from a backup; nothing was taken in."
            )
        previous = content
        yield event


def _rewritten(levering: Levering, changed: dict[str, Any], event: Gebeurtenis) -> Levering:
    """The delivery with what a rewriting changed: its folder, and its counts where rows were destroyed or judged anew."""
    if "bestanden" in changed:  # taken in anew
        anew = make_levering(replace(event, inhoud=changed | {"archief": levering.archief}), levering.poging)
        return replace(anew, verwerkt_op=levering.verwerkt_op)
    return replace(levering, map=changed["map"], tellingen=changed.get("tellingen", levering.tellingen))


def make_levering(event: Gebeurtenis, poging: int) -> Levering:
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
    )
