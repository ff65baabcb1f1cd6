"""The releases: folders beside one another, and ``current``, a link that points at the one that readers see."""

import json
import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.errors import UserError
from orchestration.files import remove, sync_folder
from orchestration.language import say
from orchestration.register.register import ADVICE, FORGOTTEN, LET_GO, PINNED, RELEASED, Anchor, Register, RegisterError
from orchestration.settings import Settings

DATABASE = Path("intern") / "veilig_thuis.duckdb"
SITE = Path("intern") / "site"
"""What every figure is and rests on, and the guides: pages for people, which open without network."""
UNFINISHED = ".in-wording-"
"""Prefix of a release folder that is still being written, or already being removed; left behind only when that was cut off."""
CURRENT = "current"
"""The link; no release has that name."""
LINK = ".current-"
"""Prefix of the link that is about to become ``current``."""


class ReleaseError(UserError):
    """A release that was asked for cannot be used; the message says which ones there are."""


def release_ids(settings: Settings) -> list[str]:
    """The ids of the releases that are there, oldest first."""
    if not settings.releases.exists():
        return []
    there = (p for p in settings.releases.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith("."))
    return sorted(p.name for p in there if p.name != CURRENT and (p / "release.json").exists())


def current(settings: Settings) -> str | None:
    """The id of the release that readers see; None when there is none or the link points nowhere."""
    link = settings.releases / CURRENT
    if not link.is_symlink():
        return None
    name = str(link.readlink())
    return name if name in release_ids(settings) else None


def damage(settings: Settings) -> str:
    """What is wrong with ``current`` and what to do; empty when readers see a release, or there is no ``current``."""
    link = settings.releases / CURRENT
    if current(settings) or not os.path.lexists(link):
        return ""
    target = str(link.readlink()) if link.is_symlink() else ""
    if not target:
        what = say("Readers see no release: {link} is no link.", link=link)
    elif target == CURRENT:
        what = say("Readers see no release: {link} points to itself.", link=link)
    else:
        what = say("Readers see no release: {link} points to {target}, which is no release here.", link=link, target=target)
    away = f"mv {link} {settings.root}/{CURRENT}.damaged"
    if last := _last_shown(settings):
        point = f"{'' if target else f'{away} && '}ln -sfn {last} {link}"
        return f"{what} " + say("Point it at {release}, or another of vt release list: {command}.", release=last, command=point)
    if target:
        return f"{what} " + say("There is no release to point it at: vt refresh makes one.")
    return f"{what} " + say("There is no release to point it at: {command}, and vt refresh makes one.", command=away)


def _last_shown(settings: Settings) -> str:
    """The release that readers saw last, as far as register and releases tell; empty when there is none."""
    there, decided = release_ids(settings), []
    with suppress(RegisterError):
        decided = [(e.soort, e.inhoud["release"]) for e in Register(settings).events(PINNED, LET_GO, RELEASED)]
    if decided and decided[-1][0] == PINNED and decided[-1][1] in there:
        return str(decided[-1][1])
    shown = [r for r in there if r in {name for _, name in decided} or not read(settings, r).get("wacht")]
    return max(shown or there, default="")


def hold_current(settings: Settings) -> None:
    """Raise ``ReleaseError`` when ``current`` is damaged: which release readers should see is for a person to say."""
    if told := damage(settings):
        raise ReleaseError(told)


def ends_a_night(settings: Settings) -> str:
    """What is wrong with ``current`` that a night cannot mend: where no release is left, it replaces a link to one that is gone."""
    return damage(settings) if release_ids(settings) or not (settings.releases / CURRENT).is_symlink() else ""


def hold_before_a_night(settings: Settings) -> None:
    """Raise ``ReleaseError`` when ``current`` is damaged and the night cannot mend it."""
    if told := ends_a_night(settings):
        raise ReleaseError(told)


def chosen(settings: Settings, release: str) -> str:
    """``release``, to be put before the readers: an id, and not the name of the link, which would then point to itself.

    Raises ``ReleaseError`` when it is no id of a release, ``VintageError`` when another published since what it would publish.
    """
    if release == CURRENT:
        hold_current(settings)
        raise ReleaseError(say("{name} is what readers see already; name an id from vt release list.", name=CURRENT))
    from orchestration.release.public import first_told

    first_told(settings, read(settings, release))
    return release


def read(settings: Settings, release: str) -> dict[str, Any]:
    """The content of ``release.json``; ``current`` is the one that readers see. Raises ``ReleaseError`` when there is no such release."""
    if release == CURRENT:
        hold_current(settings)
        release = current(settings) or release
    if release not in release_ids(settings):
        if there := release_ids(settings):
            raise ReleaseError(say("There is no release {release}. There are: {names}.", release=release, names=", ".join(there)))
        raise ReleaseError(say("There is no release {release}. There are: none.", release=release))
    path = settings.releases / release / "release.json"
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except ValueError:
        raise ReleaseError(
            say("{file} is damaged. Put it back from a backup, or remove the release: rm -r {folder}", file=path, folder=path.parent)
        ) from None
    return content


def hold_to_register(settings: Settings, log: Register) -> None:
    """Raise ``RegisterError`` when a release was made of a register that this one did not go on from."""
    log.events()
    for release in release_ids(settings):
        anchor = read(settings, release).get("register")
        if anchor and not log.holds(Anchor(**anchor)):
            raise RegisterError(
                say(
                    "Release {release} was made when the register in {folder} had {count} events, and the one that is there does not go on "
                    "from them: it is older, or another. {advice}",
                    release=release,
                    folder=log.folder,
                    count=anchor["gebeurtenissen"],
                    advice=say(ADVICE),
                )
            )


def switch(settings: Settings, release: str) -> None:
    """Point ``current`` at ``release`` in one atomic step: a reader sees the old one or the new one, and an open file stays as it was."""
    from orchestration.release.public import keep

    chosen(settings, release)
    keep(settings, read(settings, release))
    point(settings, release)


def point(settings: Settings, name: str) -> None:
    """Point ``current`` at a folder beside it in one atomic step."""
    temporary = settings.releases / f"{LINK}{os.getpid()}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(name)
    temporary.replace(settings.releases / CURRENT)
    sync_folder(settings.releases)


def prune(settings: Settings, keep: int) -> list[str]:
    """Remove all but the newest ``keep`` (1 or more) releases, never the current one. Returns the ids removed.

    Raises ``ReleaseError`` when nobody can tell which the current one is.
    """
    hold_current(settings)
    standing = current(settings)
    return _remove(settings, [r for r in release_ids(settings)[: -keep or None] if r != standing])


def destroy_before_forgetting(settings: Settings) -> list[str]:
    """Remove the releases that were made before someone last asked to be forgotten, never the current one: they hold the rows still.

    The release after it does so, whatever made it, so that a forgetting that was cut off is finished by the next night.
    """
    asked = [e.op for e in Register(settings).events(FORGOTTEN) if e.inhoud.get("vergeetlijst")]
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
