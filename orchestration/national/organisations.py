"""Each organisation by itself: its data folder, its environment, its refresh, and the release that its readers see."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.code_version import code_version
from orchestration.errors import UserError
from orchestration.files import make_folder
from orchestration.language import say
from orchestration.organisation import GIVEN, all_codes, organisation
from orchestration.release import store
from orchestration.settings import Settings

VT = str(Path(sys.executable).parent / "vt")
FOLDER = "organisaties"
NOT_INHERITED = GIVEN | {"VT_KEY_FILE", "VT_POSTGRES_URL", "VT_DAGSTER_POSTGRES"}
"""Settings of one warehouse: an organisation has its own in its file, or none."""


class NationalError(UserError):
    """The figures of all together cannot be made or are not right; the message says what and where."""


@dataclass(frozen=True)
class RefreshOutcome:
    """How the refresh of one organisation ended."""

    organisatie: str
    code: int
    """Exit code of ``vt refresh``: 0, 1 held back, 2 failed."""
    uitkomst: str
    zin: str


@dataclass(frozen=True)
class Participant:
    """One organisation: its release that counts, or why none does."""

    organisatie: str
    naam: str
    release: str | None
    peildatum: date | None
    reden: str


def home_of(settings: Settings, code: str) -> Path:
    """The data folder of an organisation."""
    return settings.root / FOLDER / code


def environment_of(settings: Settings, code: str) -> dict[str, str]:
    """The environment in which ``vt`` works for an organisation: the settings of all, its own, its data folder."""
    shared = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    own = organisation(settings, code).settings
    given = {"VT_HOME": str(home_of(settings, code)), "VT_ORGANISATIE": code, "VT_ORGANISATIES": str(settings.organisaties)}
    return {**shared, **own, **given}


def refresh_each(settings: Settings, codes: Iterable[str], progress: Callable[[str], None]) -> list[RefreshOutcome]:
    """Refresh each organisation in a process of its own, one after the other; how one ends is nothing to the next.

    Raises ``DeclaredError``, before anything is done, when there is no file of one.
    """
    codes = list(codes)
    for code in set(codes) - set(all_codes(settings)):
        organisation(settings, code)
    return [refresh_one(settings, code, progress) for code in codes]


def refresh_one(settings: Settings, code: str, progress: Callable[[str], None] = lambda _: None) -> RefreshOutcome:
    """``vt refresh`` for one organisation. Raises nothing for what goes wrong in it, a file that cannot be followed included."""
    progress(code)
    try:
        environment = environment_of(settings, code)
    except UserError as error:
        return RefreshOutcome(code, 2, "mislukt", str(error))
    make_folder(home_of(settings, code))
    done = subprocess.run([VT, "refresh", "--json"], env=environment, capture_output=True, text=True, check=False)
    try:
        verdict = json.loads(done.stdout)
    except ValueError:
        verdict = {"uitkomst": "mislukt", "zin": (done.stderr.strip().splitlines() or [say("it gave no verdict")])[-1]}
    return RefreshOutcome(code, done.returncode, verdict["uitkomst"], verdict["zin"])


def participants(settings: Settings) -> list[Participant]:
    """Every organisation that has a file, with the release that its readers see."""
    return [_participant(settings, code) for code in all_codes(settings)]


def _participant(settings: Settings, code: str) -> Participant:
    name = code
    try:
        name, there = organisation(settings, code).name, settings.elsewhere(home_of(settings, code))
        if not there.root.is_dir() or (release := store.current(there)) is None:
            return Participant(code, name, None, None, say("it has no release"))
        content = store.read(there, release)
        if content["code_versie"] != code_version(code):  # its figures would not come out again
            return Participant(code, name, None, None, say("its release {release} was made by other code; refresh it", release=release))
        return Participant(code, name, release, date.fromisoformat(content["peildatum"]), "")
    except UserError as error:  # a file or a release that is damaged is nothing to the others
        return Participant(code, name, None, None, str(error))


def database(settings: Settings, p: Participant) -> Path:
    """The database of the release of an organisation."""
    return settings.elsewhere(home_of(settings, p.organisatie)).releases / str(p.release) / store.DATABASE
