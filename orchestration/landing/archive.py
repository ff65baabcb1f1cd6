"""The archive: every delivery as it came, encrypted, for as many days as the setting says."""

import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.files import make_folder, remove, sync, sync_folder
from orchestration.intake.delivery import Offered, Source, TarSource, ZipSource, make_inbox
from orchestration.keys import crypt
from orchestration.keys.keyring import Keyring
from orchestration.register import seals
from orchestration.register.disk import nameless_file
from orchestration.register.register import Register
from orchestration.settings import Settings

PENDING = ".wacht-"
SUFFIX = ".vta"
PUT_BACK = ".teruggezet-"
"""Beginning of the name of a delivery that is still being put back into the inbox."""
PURPOSE = "archive"


@dataclass(frozen=True)
class Sealed:
    """A delivery in the archive: the name of its file, and its seal as an event holds it."""

    name: str
    seal: dict[str, Any]


def seal(settings: Settings, keyring: Keyring, source: Offered, name: str, event_number: int) -> Sealed:
    """Seal the delivery beside the archive, as ``<name>-<event>.<zip|tar>.vta``; ``place`` puts it there.

    ``event_number`` is the number of the event that will tell of it, so that a name is never used twice.
    """
    make_folder(settings.archive)
    target = f"{name}-{event_number:06d}.{source.form}{SUFFIX}"
    pending = settings.archive / f"{PENDING}{target}"
    remove(pending)
    crypt.seal(pending, source.packed(), keyring.derive(PURPOSE))
    return Sealed(target, seals.seal(pending))


def place(settings: Settings, name: str) -> None:
    """Put a sealed delivery into the archive, as the register's plan says."""
    (settings.archive / f"{PENDING}{name}").rename(settings.archive / name)
    sync_folder(settings.archive)


def put_back(settings: Settings, keyring: Keyring, archive_name: str) -> Path | None:
    """Put an archived delivery back into the inbox, zip as zip and folder as folder; None when the archive does not have it any more.

    ``archief`` is the name that its event gives. What a death leaves behind has a name that begins with ``PUT_BACK``; the next run
    removes it (``landing.sweep``) and begins anew.
    """
    current = Register(settings).archives().get(archive_name)
    source = settings.archive / (current or archive_name)
    if not current or not source.exists():
        return None
    stem = f"teruggezet-{archive_name.removesuffix(SUFFIX)}"
    make_inbox(settings.inbox)
    pending = settings.inbox / f".{stem}"
    remove(pending)
    try:
        target = _unpack(settings, crypt.unseal(source, keyring.derive(PURPOSE)), stem, pending)
    except BaseException:
        remove(pending)
        raise
    sync(pending)
    remove(target)
    pending.rename(target)
    sync_folder(settings.inbox)
    return target


def _unpack(settings: Settings, content: Iterator[bytes], stem: str, pending: Path) -> Path:
    """Write the delivery as ``pending``; returns where it belongs."""
    if stem.endswith(".zip"):
        handle = os.open(pending, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.writelines(content)
        return settings.inbox / stem
    with nameless_file(settings.root / "tmp") as file:
        file.writelines(content)
        file.seek(0)
        with tarfile.open(fileobj=file) as unpacked:
            unpacked.extractall(pending, filter="data")
    return settings.inbox / stem.removesuffix(".tar")


@contextmanager
def opened(settings: Settings, keyring: Keyring, archive_name: str) -> Iterator[Source]:
    """An archived delivery, to be read without its lying anywhere in the clear. ``archief`` is the name of the file as it is now.

    Raises ``DecryptError`` when it does not open.
    """
    path = settings.archive / archive_name
    with nameless_file(settings.root / "tmp") as file:
        for chunk in crypt.unseal(path, keyring.derive(PURPOSE)):
            file.write(chunk)
        file.seek(0)
        with ZipSource(path, file) if archive_name.endswith(f".zip{SUFFIX}") else TarSource(path, file) as source:
            yield source
