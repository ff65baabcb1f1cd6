"""What a run that was cut off left behind goes; what nobody knows of is never removed.

Every run that puts folders or archive files in place writes their names into the register's plan first. So there are three kinds: what an
event tells of and a later one superseded, what only the plan tells of (both are removed), and what neither does: then the register is older
than what lies beside it, or someone put it there, and a person must look.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from orchestration.errors import UserError
from orchestration.files import remove, sha256, sync_folder
from orchestration.landing import archive, store
from orchestration.landing.terms import moment
from orchestration.language import later, say
from orchestration.register.register import ADVICE, ANCHOR, PLAN, Register
from orchestration.settings import Settings

LEAVING = ".opgenomen-"
"""Beginning of the name of a folder that was taken in, or refused, and is being removed from the inbox."""


class UnknownFilesError(UserError):
    """Something lies in landing, vault, quarantine or archive that the register does not know; nothing was removed."""


def sweep(settings: Settings, log: Register) -> list[str]:
    """Remove what was superseded, what a run that was cut off left behind, and archived deliveries that are past their days.

    The caller holds the intake's lock. Returns the names removed. Raises ``UnknownFilesError``, before anything is removed, when there is
    anything that neither an event nor the plan of the register names.
    """
    hold_known(settings, log)
    found = _visible(settings)
    standing = {d.map for d in log.leveringen()} | _kept_archives(settings, log)
    gone = [p for p in found if p.name not in standing] + list(_leftovers(settings))
    for path in gone:
        remove(path)
    _finish_raw_lines(settings, log)
    log.drop_plan()
    return [str(p.relative_to(settings.root)) for p in gone]


def hold_known(settings: Settings, log: Register) -> None:
    """Raise ``UnknownFilesError`` when there is anything that the register does not know."""
    if others := unknown(settings, log):
        first, more = others[0].relative_to(settings.root), len(others) - 1
        one = later(
            "{first} in {root}: the register does not know it. The register is older than what lies beside it, or someone put it there; "
            "nothing of it is removed. All there is of it: vt landing verify."
        )
        several = later(
            "{first} and {more} more in {root}: the register does not know it. The register is older than what lies beside it, or someone "
            "put it there; nothing of it is removed. All there is of it: vt landing verify."
        )
        what = say(several if more else one, first=first, more=more, root=settings.root)
        yourself = say("What does not belong there, move out of the data folder yourself.")
        raise UnknownFilesError(f"{what} {say(ADVICE)} {yourself}")


def unknown(settings: Settings, log: Register) -> list[Path]:
    """What neither an event nor the plan of the register names; the night begins with none of it there."""
    plan = log.planned()
    known = log.folders() | log.archive_names() | plan.mappen | plan.archieven
    return [p for p in _visible(settings) if p.name not in known]


def _visible(settings: Settings) -> list[Path]:
    """What lies in the four folders, by name; what is hidden is no one's truth, and the anchor is the register's."""
    bases = [b for b in (settings.landing, settings.vault, settings.quarantine, settings.archive) if b.is_dir()]
    return [p for base in bases for p in sorted(base.iterdir()) if not p.name.startswith(".") and p != settings.landing / ANCHOR]


def _kept_archives(settings: Settings, log: Register) -> set[str]:
    made = {e.inhoud["archief"]: e.op for e in log.events() if e.inhoud.get("archief")}
    limit = moment(log) - timedelta(days=settings.archief_dagen)
    return {now for first, now in log.archives().items() if made[first] >= limit}


def _leftovers(settings: Settings) -> Iterator[Path]:
    """Files and folders that were still being written: they have names of their own, which nothing reads."""
    for base in (settings.landing, settings.vault, settings.quarantine, settings.archive):
        yield from base.glob(f"{store.PENDING}*")
    yield from settings.landing.glob(f".{ANCHOR}.*")
    yield from (p for p in settings.register.glob(".*.json*") if p.name != PLAN)
    yield from settings.inbox.glob(f"{archive.PUT_BACK}*")
    yield from settings.inbox.glob(f"{LEAVING}*")


def _finish_raw_lines(settings: Settings, log: Register) -> None:
    """Put a file of raw lines in place that was written anew and told of (``retention``), and remove one that was told to be gone."""
    for delivery in log.leveringen():
        folder = settings.quarantine / delivery.map
        if delivery.zegels is None or not folder.is_dir():
            continue
        known = delivery.zegels["quarantine"]
        for pending in folder.glob(f"{store.PENDING}*"):
            name = pending.name.removeprefix(store.PENDING)
            if name in known and known[name].sha256 == sha256(pending):
                pending.replace(folder / name)
            else:
                remove(pending)
            sync_folder(folder)
        for name in log.destroyed_raw_lines(delivery.nummer):
            if name not in known:
                remove(folder / name)
