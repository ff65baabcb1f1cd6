"""The archive: every delivery as it came, encrypted, for as many days as the setting says."""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.intake.delivery import Aanbod, Bron, TarBron, ZipBron
from orchestration.keys import Keyring
from orchestration.landing import crypt
from orchestration.landing.files import make_folder, nameless_file, remove, sync_folder
from orchestration.landing.register import Register
from orchestration.settings import Settings

PENDING = ".wacht-"
SUFFIX = ".vta"
PURPOSE = "archive"


def keep(settings: Settings, keyring: Keyring, bron: Aanbod, naam: str, gebeurtenis: int) -> str:
    """Seal the delivery into the archive; returns the name of the new file, ``<naam>-<event>.<zip|tar>.vta``.

    ``gebeurtenis`` is the number of the event that will tell of it, so that a name is never used twice.
    """
    make_folder(settings.archive)
    target = f"{naam}-{gebeurtenis:06d}.{bron.vorm}{SUFFIX}"
    pending = settings.archive / f"{PENDING}{target}"
    remove(pending)
    crypt.seal(pending, bron.archief(), keyring.derive(PURPOSE))
    pending.rename(settings.archive / target)
    sync_folder(settings.archive)
    return target


def put_back(settings: Settings, keyring: Keyring, archief: str) -> Path | None:
    """Put an archived delivery back into the inbox, zip as zip and folder as folder; None when the archive does not have it any more.

    ``archief`` is the name that its event gives.
    """
    current = Register(settings).archieven().get(archief)
    source = settings.archive / (current or archief)
    if not current or not source.exists():
        return None
    stem = f"teruggezet-{archief.removesuffix(SUFFIX)}"
    make_folder(settings.inbox)
    pending = settings.inbox / f".{stem}"
    with pending.open("wb") as file:
        for chunk in crypt.unseal(source, keyring.derive(PURPOSE)):
            file.write(chunk)
    if stem.endswith(".zip"):
        return pending.rename(settings.inbox / stem)
    folder = settings.inbox / f".{stem}.map"
    remove(folder)
    with tarfile.open(pending) as archive:
        archive.extractall(folder, filter="data")
    pending.unlink()
    target = settings.inbox / stem.removesuffix(".tar")
    remove(target)
    return folder.rename(target)


@contextmanager
def opened(settings: Settings, keyring: Keyring, archief: str) -> Iterator[Bron]:
    """An archived delivery, to be read without its lying anywhere in the clear. ``archief`` is the name of the file as it is now.

    Raises ``OntsleutelFout`` when it does not open.
    """
    path = settings.archive / archief
    with nameless_file(settings.root / "tmp") as file:
        for chunk in crypt.unseal(path, keyring.derive(PURPOSE)):
            file.write(chunk)
        file.seek(0)
        with ZipBron(path, file) if archief.endswith(f".zip{SUFFIX}") else TarBron(path, file) as bron:
            yield bron


def clean_up(settings: Settings, register: Register) -> list[str]:
    """Remove what is past its days, and what no event knows because its intake was cut off. Returns the names removed."""
    if not settings.archive.is_dir():
        return []
    made = {e.inhoud["archief"]: e.op for e in register.gebeurtenissen() if e.inhoud.get("archief")}
    known = {now: made[first] for first, now in register.archieven().items()}
    limit = datetime.now(UTC) - timedelta(days=settings.archief_dagen)
    gone = [p for p in sorted(settings.archive.iterdir()) if p.name not in known or known[p.name] < limit]
    for path in gone:
        remove(path)
    return [p.name for p in gone]
