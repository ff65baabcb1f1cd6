"""What the bench of faults sees: the phase a run is in, and whether the release that readers see is whole."""

import hashlib
from pathlib import Path

import duckdb
import pytest

from orchestration.bench.faults import PHASES, phase_of, whole
from orchestration.release import store
from orchestration.settings import Settings
from orchestration.transform import steps


def test_a_run_goes_through_the_phases_in_order(settings: Settings) -> None:
    home = settings.root
    seen = []
    steps.begin(settings, "run")
    for step in ("intake", "historie", "controles", "dbt"):
        seen.append(phase_of(home, 0))
        steps.record(settings, step, {})
    seen.append(phase_of(home, 0))
    (settings.releases / f"{store.UNFINISHED}2025").mkdir(parents=True)
    seen.append(phase_of(home, 0))
    (settings.releases / f"{store.UNFINISHED}2025").rename(settings.releases / "2025")
    seen.append(phase_of(home, 0))
    assert tuple(seen) == PHASES
    steps.record(settings, "release", {})
    assert phase_of(home, 0) == "einde"


@pytest.fixture
def release(settings: Settings) -> Path:
    folder = settings.releases / "2025"
    (folder / "intern").mkdir(parents=True)
    with duckdb.connect(str(folder / store.DATABASE)) as con:
        con.execute("create schema marts; create table marts.indicatoren as select 1 as waarde")
    sha = hashlib.sha256((folder / store.DATABASE).read_bytes()).hexdigest()
    steps.write_json(folder / "release.json", {"bestanden": {str(store.DATABASE): sha}})
    store.switch(settings, "2025")
    return folder


def test_a_whole_release_is_whole(settings: Settings, release: Path) -> None:
    assert whole(settings.root) == ""


def test_a_changed_byte_and_a_missing_file_show(settings: Settings, release: Path) -> None:
    path = release / store.DATABASE
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert "checksum" in whole(settings.root)
    path.unlink()
    assert "does not open" in whole(settings.root)
