"""What a person accepted of the reference data, and how it comes to count: beside the seeds, from the next refresh on.

An acceptance is a file in ``$VT_HOME/reference/aanvaard`` that never changes, in the form of the seed it adds to, and an event that holds
its checksum. dbt reads the seed with what was accepted in its place (``macros/met_aanvaard.sql``); without any, the seed alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from orchestration import seeds
from orchestration.errors import UserError
from orchestration.files import make_folder, sha256, write_over
from orchestration.intake.contract import Contract
from orchestration.language import later, say
from orchestration.register.register import REFERENCE_ACCEPTED, REFERENCE_WITHDRAWN, Event, Register
from orchestration.settings import Settings

FOLDER = "aanvaard"
SEEDS_OF = {
    "huishoudens_gemeente": "households/huishoudens_gemeente.csv",
    "huishoudens_stadsdeel": "households/huishoudens_stadsdeel.csv",
    "buurten": "areas/buurten.csv",
}
"""Seed that can be added to → its file below ``seeds/``."""
BORDERS = "grenzen"


class AcceptedError(UserError):
    """What was accepted is not there, or is not what was accepted."""


@dataclass(frozen=True)
class Acceptance:
    """One acceptance that stands: its number in the register, the proposal, and a file by what it is (a seed, or borders)."""

    nummer: int
    voorstel: str
    op: datetime
    door: str
    reden: str
    sources: dict[str, str]
    """Source → its version."""
    bestanden: dict[str, Path]


def folder(settings: Settings) -> Path:
    """Where the files of acceptances lie."""
    return settings.reference / FOLDER


def all_of(settings: Settings) -> list[Acceptance]:
    """The acceptances that stand, oldest first. Raises ``AcceptedError`` when a file is gone or was changed."""
    events = Register(settings).events(REFERENCE_ACCEPTED, REFERENCE_WITHDRAWN)
    out = {e.inhoud["nummer"] for e in events if e.soort == REFERENCE_WITHDRAWN}
    return [_acceptance(settings, e) for e in events if e.soort == REFERENCE_ACCEPTED and e.volgnummer not in out]


def _acceptance(settings: Settings, event: Event) -> Acceptance:
    found = dict[str, Path]()
    for what, seal in event.inhoud["bestanden"].items():
        path = folder(settings) / Path(seal["naam"]).name
        if not path.is_file() or sha256(path) != seal["sha256"]:
            told = later(
                "{path} is not what was accepted as {proposal} (register, event {number}). Put it back from a backup, or end it: {command}"
            )
            command = f"vt reference withdraw {event.volgnummer}"
            raise AcceptedError(say(told, path=path, proposal=event.inhoud["voorstel"], number=event.volgnummer, command=command))
        found[what] = path
    i = event.inhoud
    return Acceptance(event.volgnummer, i["voorstel"], event.op, i["door"], i["reden"], i["bronnen"], found)


def record(
    settings: Settings, proposal: str, sources: Mapping[str, str], contents: Mapping[str, bytes], rows: int, door: str, reden: str
) -> Event:
    """Keep an acceptance; the caller holds the intake's lock. ``contents``: a seed, or borders → the whole file."""
    log = Register(settings)
    number, place, seals = log.next_number, make_folder(folder(settings)), dict[str, dict[str, str]]()
    for what, content in contents.items():
        path = place / f"{number:08d}-{what}.{'geojson' if what == BORDERS else 'csv'}"
        write_over(path, content)
        seals[what] = {"naam": path.name, "sha256": sha256(path)}
    inhoud = {"voorstel": proposal, "bronnen": dict(sources), "bestanden": seals, "rijen": rows, "door": door, "reden": reden}
    return log.record(REFERENCE_ACCEPTED, inhoud)


def withdraw(settings: Settings, number: int, door: str, reden: str) -> str:
    """End an acceptance: the seeds count again, or what was accepted before. The caller holds the intake's lock.

    Returns what had been accepted. Raises ``AcceptedError`` when there is no such acceptance, or it was ended already.
    """
    log = Register(settings)
    events = log.events(REFERENCE_ACCEPTED, REFERENCE_WITHDRAWN)
    out = {e.inhoud["nummer"] for e in events if e.soort == REFERENCE_WITHDRAWN}
    standing = {e.volgnummer: e for e in events if e.soort == REFERENCE_ACCEPTED and e.volgnummer not in out}
    if number not in standing:
        known = ", ".join(map(str, standing)) or "–"
        raise AcceptedError(
            say("There is no acceptance {number} that stands; there are: {known}. See vt reference show.", number=number, known=known)
        )
    proposal = str(standing[number].inhoud["voorstel"])
    log.record(REFERENCE_WITHDRAWN, {"nummer": number, "voorstel": proposal, "door": door, "reden": reden})
    return proposal


def files_of(settings: Settings, seed: str) -> list[Path]:
    """The accepted files of a seed, oldest first."""
    return [a.bestanden[seed] for a in all_of(settings) if seed in a.bestanden]


def for_dbt(settings: Settings) -> str:
    """What dbt is told (``VT_DBT_AANVAARD``): seed → accepted files, oldest first. Raises ``AcceptedError`` as ``all_of``."""
    return json.dumps({seed: paths for seed in SEEDS_OF if (paths := [str(p) for p in files_of(settings, seed)])})


def with_accepted(settings: Settings, contract: Contract) -> Contract:
    """The contract with the codes of accepted divisions: deliveries may hold them from then on."""
    found = dict.fromkeys(contract.buurten)
    for path in files_of(settings, "buurten"):
        found |= dict.fromkeys(row["buurt_code"] for row in seeds.rows(path))
    return contract if len(found) == len(contract.buurten) else replace(contract, buurten=tuple(found))
