"""What every step needs: the settings, the keys, and the certainty of being the only writer."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager

import dagster as dg
from filelock import FileLock, Timeout
from pydantic import PrivateAttr

from orchestration.defs.common import Stopped
from orchestration.defs.whole import PART, is_part
from orchestration.errors import GebruikersFout
from orchestration.files import FILE_MODE, make_folder, write_over
from orchestration.keys import Keyring
from orchestration.landing.sleutel import open_key
from orchestration.release.backup import UNPACKED, BackupFout
from orchestration.settings import Settings


class BezetFout(GebruikersFout):
    """Another refresh is running."""


def writer_lock(settings: Settings) -> FileLock:
    """The lock that whoever writes in the data folder holds; taken again freely within one process."""
    return FileLock(make_folder(settings.root) / "schrijver.lock", mode=FILE_MODE, is_singleton=True, thread_local=False)


class OmgevingFout(GebruikersFout):
    """The data folder belongs to another environment."""


def claim(settings: Settings) -> None:
    """Bind the data folder to its environment, for good. Raises ``OmgevingFout`` when it belongs to another one.

    Raises ``BackupFout`` when a restore was cut off while it put things in place: nothing may be written until it has gone on.
    """
    if (settings.root / UNPACKED).exists():
        raise BackupFout(f"A restore into {settings.root} was cut off. Run the same vt restore again; it goes on where it was.")
    mark = settings.root / "omgeving"
    if not mark.exists() or not mark.stat().st_size:
        write_over(mark, settings.omgeving.value.encode())
    if (found := mark.read_text()) != settings.omgeving.value:
        raise OmgevingFout(
            f"{settings.root} belongs to {found}, and VT_OMGEVING is {settings.omgeving.value}. Set VT_HOME to a folder of"
            f" {settings.omgeving.value}, or VT_OMGEVING to {found}; nothing was changed."
        )


@contextmanager
def only_writer(settings: Settings) -> Generator[None]:
    """Hold the writer's lock. Raises ``BezetFout`` at once when another process has it, ``OmgevingFout`` in the wrong data folder."""
    try:
        with writer_lock(settings).acquire(timeout=0):
            claim(settings)
            yield
    except Timeout:
        raise BezetFout(f"Another refresh is writing in {settings.root}. Wait until it is done; nothing was changed.") from None


class Warehouse(dg.ConfigurableResource["Warehouse"]):
    """The data folder of this process's settings, held for writing as long as the run lasts.

    Why a run may not write is said by its first step: one that fails before it would be started again.
    """

    _settings: Settings = PrivateAttr(default_factory=Settings)
    _refused: str = PrivateAttr(default="")

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Warehouse"]:
        with ExitStack() as held:
            try:
                held.enter_context(only_writer(self._settings))
            except GebruikersFout as error:
                self._refused = str(error)
            if context.run is not None and is_part(context.run):
                self._refused = PART
            yield self

    @property
    def settings(self) -> Settings:
        if self._refused:
            raise Stopped(self._refused)
        return self._settings

    @property
    def keyring(self) -> Keyring:
        """The right key; each step that asks for it is a use that is logged."""
        return open_key(self._settings, "a step of the nightly run")
