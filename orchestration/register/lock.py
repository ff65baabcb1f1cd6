"""One writer at a time: the lock that intake and human decisions hold on a data folder."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from orchestration.errors import UserError
from orchestration.files import FILE_MODE, make_folder
from orchestration.language import say
from orchestration.settings import Settings


class BusyError(UserError):
    """Another intake is at work on this data folder."""


@contextmanager
def only_intake(settings: Settings) -> Iterator[None]:
    """Hold the lock; raises ``BusyError`` at once when another process holds it."""
    make_folder(settings.root)
    try:
        # a lock that a killed process leaves behind, as filelock makes where there is no flock, would shut out every night after it
        with FileLock(settings.root / "intake.lock", mode=FILE_MODE, timeout=0, fallback_to_soft=False):
            yield
    except Timeout:
        raise BusyError(say("Another intake is at work in {root}. Wait until it is done, then try again.", root=settings.root)) from None
