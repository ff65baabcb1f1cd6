"""Who may write in the data folder: one process at a time, of the environment that the folder belongs to."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.errors import UserError
from orchestration.files import FILE_MODE, make_folder, write_over
from orchestration.language import later, say
from orchestration.register.lock import BusyError
from orchestration.release.backup import UNPACKED, BackupError
from orchestration.settings import Settings


class OtherEnvironmentError(UserError):
    """The data folder belongs to another environment."""


def writer_lock(settings: Settings) -> FileLock:
    """The lock that whoever writes in the data folder holds; taken again freely within one process."""
    path = make_folder(settings.root) / "schrijver.lock"
    # a lock that a killed process leaves behind, as filelock makes where there is no flock, would shut out every night after it
    return FileLock(path, mode=FILE_MODE, is_singleton=True, thread_local=False, fallback_to_soft=False)


def belongs(settings: Settings) -> bool:
    """Whether the data folder is of the environment of these settings, or of none that can be read."""
    with suppress(OSError):
        return _mark(settings).read_text() in {"", settings.omgeving.value}
    return True


def claim(settings: Settings) -> None:
    """Bind the data folder to its environment, for good. Raises ``OtherEnvironmentError`` when it belongs to another one.

    Raises ``BackupError`` when a restore was cut off while it put things in place: nothing may be written until it has gone on.
    """
    if (settings.root / UNPACKED).exists():
        raise BackupError(
            say("A restore into {folder} was cut off. Run the same vt restore again; it goes on where it was.", folder=settings.root)
        )
    mark = _mark(settings)
    if not mark.exists() or not mark.stat().st_size:
        write_over(mark, settings.omgeving.value.encode())
    if (found := mark.read_text()) != settings.omgeving.value:
        raise OtherEnvironmentError(
            say(
                "{folder} belongs to {found}, and VT_OMGEVING is {own}. Set VT_HOME to a folder of {own}, or VT_OMGEVING to {found}; "
                "nothing was changed.",
                folder=settings.root,
                found=found,
                own=settings.omgeving.value,
            )
        )


def _mark(settings: Settings) -> Path:
    return settings.root / "omgeving"


TAKEN = later("Another refresh is writing in {folder}. Wait until it is done; nothing was changed.")
"""The sentence on another process that writes."""


def at_work(settings: Settings) -> bool:
    """Whether another process writes now."""
    try:
        with writer_lock(settings).acquire(timeout=0):
            return False
    except Timeout:
        return True


@contextmanager
def only_writer(settings: Settings) -> Generator[None]:
    """Hold the writer's lock. Raises ``BusyError`` at once when another has it, ``OtherEnvironmentError`` in the wrong data folder."""
    lock = writer_lock(settings)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyError(say(TAKEN, folder=settings.root)) from None
    try:
        claim(settings)
        yield
    finally:
        lock.release()
