"""A data folder whose settings point at both services on this machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from orchestration.reference.proposals import Proposal, opened
from orchestration.reference.refresh import SourceOutcome, refresh
from orchestration.reference.web import Patience
from orchestration.settings import Settings
from tests.lib.amsterdam import Areas, amsterdam
from tests.lib.statline import Server, statline
from tests.reference import worlds

QUICK = Patience(silence=0.5, whole=3, attempts=3, pause=0.01, most_bytes=2_000_000)


@dataclass
class World:
    """Both services, and a data folder that reads them."""

    cbs: Server
    amsterdam: Areas
    settings: Settings

    def read(self, *sources: str, day: date = date(2026, 1, 1), anew: bool = False) -> list[SourceOutcome]:
        return refresh(self.settings, sources, day, lambda _: None, anew=anew, patience=QUICK)

    def one(self, source: str, **options: object) -> SourceOutcome:
        (outcome,) = self.read(source, **options)  # type: ignore[arg-type]
        return outcome

    def proposals(self) -> dict[str, Proposal]:
        with opened(self.settings) as (_, found):
            return {p.naam: p for p in found}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with statline() as cbs, amsterdam() as areas:
        cbs.cubes = worlds.Cubes()
        areas.divisions = {date(2022, 3, 24): worlds.as_declared()}
        monkeypatch.setenv("VT_HOME", str(tmp_path / "vt"))
        monkeypatch.setenv("VT_CBS_ADRES", cbs.address)
        monkeypatch.setenv("VT_AMSTERDAM_ADRES", areas.address)
        yield World(cbs, areas, Settings())
