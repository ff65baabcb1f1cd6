"""A disk that is full while a release is written, and a clock that is set back: what stands goes on standing, and ids go up."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.alarm.conclude import conclude
from orchestration.release import store
from orchestration.release.publish import write_release
from orchestration.release.verdict import Uitkomst, Verdict
from orchestration.settings import Settings
from tests.lib.small_disk import run_on_small_disk
from tests.release.test_release import build  # noqa: F401  # the fixture

SMALL_DISK = """
import os, sys
from pathlib import Path
import duckdb
from orchestration.release import store
from orchestration.bench.faults import whole
from orchestration.release.publish import write_release
from orchestration.settings import Settings
from tests.release.test_release import build

settings = Settings(home=Path(sys.argv[1]) / "vt")
settings.root.mkdir()
(con,) = [next(made := build.__wrapped__(settings))]
disk = settings.root
con.execute("create or replace table veilig_thuis.marts.indicatoren as select * replace (i::varchar as periode) "
            "from veilig_thuis.marts.indicatoren, range(20000) t(i)")
first = write_release(settings, con, [], "a", {})["release"]
store.switch(settings, first)
stopped = 0
for room in range(0, 4000, 100):
    free = os.statvfs(disk)
    ballast = disk / "ballast"
    try:
        ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - room * 1024)))
    except OSError:
        pass
    try:
        second = write_release(settings, con, [], "a", {})["release"]
    except (OSError, duckdb.Error):
        stopped += 1
        ballast.unlink()
        assert (store.current(settings), whole(settings.root)) == (first, "")
        assert store.release_ids(settings) == [first]
        store.sweep(settings)
        continue
    ballast.unlink()
    break
assert stopped > 3, stopped
store.switch(settings, second)
assert whole(settings.root) == ""
print("stopped", stopped)
"""


def test_a_disk_that_is_full_while_a_release_is_written(tmp_path: Path) -> None:
    """On a file system of 16 MiB with ever more room: the old release stands each time, and the first that fits is whole."""
    done = run_on_small_disk(tmp_path, 16, SMALL_DISK)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "stopped" in done.stdout


def test_a_clock_set_back_makes_no_older_release(settings: Settings, build: duckdb.DuckDBPyConnection) -> None:  # noqa: F811
    moment = datetime(2025, 2, 1, 4, 30, tzinfo=UTC)
    made = [write_release(settings, build, [], "a", {}, moment=m) for m in (moment, moment, moment - timedelta(days=400))]
    ids = [content["release"] for content in made]
    assert ids == sorted(set(ids)), "each after the one before, none twice"
    assert made[2]["gemaakt_op"].startswith("2023-12-29"), "what the clock said stays known"
    store.switch(settings, ids[2])
    assert store.prune(settings, 1) == ids[:2]
    assert store.current(settings) == ids[2]


def test_a_verdict_that_cannot_be_kept_is_drawn_all_the_same(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("orchestration.release.verdict_log.keep", full)
    verdict = conclude(settings, Verdict(Uitkomst.MISLUKT, None, None, None, aandacht=["Step dbt broke down"]))
    assert verdict.uitkomst is Uitkomst.MISLUKT
    assert "No space left" in verdict.aandacht[-1]
