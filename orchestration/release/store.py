"""The releases: folders beside one another, and ``current``, a link that points at the one that readers see."""

import json
import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.errors import GebruikersFout
from orchestration.files import remove, sync_folder
from orchestration.landing.register import ADVICE, VERGETEN, Anker, Register, RegisterFout
from orchestration.settings import Settings

DATABASE = Path("intern") / "veilig_thuis.duckdb"
UNFINISHED = ".in-wording-"
"""Prefix of a release folder that is still being written, or already being removed; left behind only when that was cut off."""
LINK = ".current-"
"""Prefix of the link that is about to become ``current``."""


class ReleaseFout(GebruikersFout):
    """A release that was asked for cannot be used; the message says which ones there are."""


def release_ids(settings: Settings) -> list[str]:
    """The ids of the releases that are there, oldest first."""
    if not settings.releases.exists():
        return []
    there = (p for p in settings.releases.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith("."))
    return sorted(p.name for p in there if (p / "release.json").exists())


def current(settings: Settings) -> str | None:
    """The id of the release that readers see; None when there is none or the link points nowhere."""
    link = settings.releases / "current"
    if not link.is_symlink():
        return None
    name = str(link.readlink())
    return name if name in release_ids(settings) else None


def read(settings: Settings, release: str) -> dict[str, Any]:
    """The content of ``release.json``. Raises ``ReleaseFout`` when there is no such release."""
    if release == "current":
        release = current(settings) or release
    if release not in release_ids(settings):
        raise ReleaseFout(f"There is no release {release}. There are: {', '.join(release_ids(settings)) or 'none'}.")
    path = settings.releases / release / "release.json"
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except ValueError:
        raise ReleaseFout(f"{path} is damaged. Put it back from a backup, or remove the release: rm -r {path.parent}") from None
    return content


def hold_to_register(settings: Settings, log: Register) -> None:
    """Raise ``RegisterFout`` when a release was made of a register that this one did not go on from."""
    log.gebeurtenissen()
    for release in release_ids(settings):
        anchor = read(settings, release).get("register")
        if anchor and not log.holds(Anker(**anchor)):
            raise RegisterFout(
                f"Release {release} was made when the register in {log.folder} had {anchor['gebeurtenissen']} events, and the one that is "
                f"there does not go on from them: it is older, or another. {ADVICE}"
            )


def switch(settings: Settings, release: str) -> None:
    """Point ``current`` at ``release`` in one atomic step: a reader sees the old one or the new one, and an open file stays as it was."""
    read(settings, release)
    temporary = settings.releases / f"{LINK}{os.getpid()}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(release)
    temporary.replace(settings.releases / "current")
    sync_folder(settings.releases)


def prune(settings: Settings, keep: int) -> list[str]:
    """Remove all but the newest ``keep`` (1 or more) releases, never the current one. Returns the ids removed."""
    standing = current(settings)
    return _remove(settings, [r for r in release_ids(settings)[: -keep or None] if r != standing])


def destroy_before_forgetting(settings: Settings) -> list[str]:
    """Remove the releases that were made before someone last asked to be forgotten, never the current one: they hold the rows still.

    The release after it does so, whatever made it, so that a forgetting that was cut off is finished by the next night.
    """
    asked = [e.op for e in Register(settings).gebeurtenissen(VERGETEN) if e.inhoud.get("vergeetlijst")]
    standing = current(settings)
    made = {r: datetime.fromisoformat(read(settings, r)["gemaakt_op"]) for r in release_ids(settings)}
    return _remove(settings, [r for r, moment in made.items() if asked and moment < max(asked) and r != standing])


def _remove(settings: Settings, removed: list[str]) -> list[str]:
    sweep(settings)
    for release in removed:
        # under a name that is swept up when this is cut off: what is half removed is no release any more
        going = settings.releases / f"{UNFINISHED}{release}"
        (settings.releases / release).rename(going)
        shutil.rmtree(going)
    return removed


def sweep(settings: Settings) -> None:
    """Remove what a killed writer left behind."""
    if settings.releases.exists():
        for path in (*settings.releases.glob(f"{UNFINISHED}*"), *settings.releases.glob(f"{LINK}*")):
            remove(path)
