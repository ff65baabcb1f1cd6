"""What every step needs: the settings, the keys, and the certainty of being the only writer."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager

import dagster as dg
from pydantic import PrivateAttr

from orchestration.defs.common import StoppedError
from orchestration.defs.whole import PART, is_part
from orchestration.errors import UserError
from orchestration.keys.keyring import Keyring
from orchestration.keys.use import open_key
from orchestration.language import say, speak
from orchestration.release.writer import only_writer
from orchestration.settings import Settings


class Warehouse(dg.ConfigurableResource["Warehouse"]):
    """The data folder of this process's settings, held for writing as long as the run lasts.

    Why a run may not write is said by its first step: one that fails before it would be started again.
    """

    _settings: Settings = PrivateAttr(default_factory=Settings)
    _refused: str = PrivateAttr(default="")

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Warehouse"]:
        speak(self._settings.taal)
        with ExitStack() as held:
            try:
                held.enter_context(only_writer(self._settings))
            except UserError as error:
                self._refused = str(error)
            if context.run is not None and is_part(context.run):
                self._refused = say(PART)
            yield self

    @property
    def settings(self) -> Settings:
        if self._refused:
            raise StoppedError(self._refused)
        return self._settings

    @property
    def keyring(self) -> Keyring:
        """The right key; each step that asks for it is a use that is logged."""
        return open_key(self._settings, say("a step of the nightly run"))
