"""What every step needs: the settings, the keys, and the certainty of being the only writer."""

from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg
from pydantic import PrivateAttr

from orchestration.keys import Keyring
from orchestration.landing.sleutel import open_key
from orchestration.release.writer import only_writer
from orchestration.settings import Settings


class Warehouse(dg.ConfigurableResource["Warehouse"]):
    """The data folder of this process's settings, held for writing as long as the run lasts."""

    _settings: Settings = PrivateAttr(default_factory=Settings)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Warehouse"]:
        with only_writer(self._settings):
            yield self

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def keyring(self) -> Keyring:
        """The right key; each step that asks for it is a use that is logged."""
        return open_key(self._settings, "a step of the nightly run")
