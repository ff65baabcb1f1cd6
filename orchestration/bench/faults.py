"""Kill the nightly run and look: in every named phase and at random moments, readers keep a whole release and the next run goes on."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.files import sha256
from orchestration.release import store
from orchestration.settings import Settings

VT = str(Path(sys.executable).parent / "vt")
PATIENCE = 900
"""Seconds after which a run that does not reach its phase, or its end, counts as stuck."""

PHASES = ("intake", "historie", "landing_controles", "dbt", "uitgave_controles", "release", "overgang")
"""The named phases of the nightly run, in order."""

STEPS = (("begin", "start"), ("intake", "intake"), ("historie", "historie"), ("controles", "landing_controles"), ("dbt", "dbt"))
"""File that a step leaves behind → the phase that goes on as long as it is not there."""


@dataclass(frozen=True)
class Kill:
    """One kill: what was meant, the phase in which it hit, and what was found wrong afterwards (empty: nothing)."""

    meant: str
    hit: str
    after_s: float
    afterwards: str
    """verdict of the next run"""
    wrong: str


def phase_of(home: Path, releases: int) -> str:
    """The phase that a run is in, from what lies on disk; ``releases`` were there before it began."""
    stand = home / "build" / "stand"
    for name, phase in STEPS:
        if not (stand / f"{name}.json").exists():
            return phase
    if (stand / "release.json").exists():
        return "einde"
    if any((home / "releases").glob(f"{store.UNFINISHED}*")):
        return "release"
    return "overgang" if len(list((home / "releases").glob("2*"))) > releases else "uitgave_controles"


def whole(home: Path) -> str:
    """What is wrong with the release that readers see; empty when it opens and every file has its checksum."""
    folder = home / "releases" / "current"
    try:
        content = json.loads((folder / "release.json").read_text())
        for name, sha in content["bestanden"].items():
            if sha256(folder / name) != sha:
                return f"{name} does not have its checksum"
        with duckdb.connect(str(folder / store.DATABASE), read_only=True) as con:
            con.execute("select count(*) from marts.indicatoren").fetchone()
    except (OSError, ValueError, KeyError, duckdb.Error) as error:
        return f"current does not open ({type(error).__name__})"
    return ""


def kill_runs(base: Path, delivery: Path, work: Path, at_random: int, seed: int, progress: Callable[[str], None]) -> Iterator[Kill]:
    """Kill a run on a copy of ``base`` with ``delivery`` in its inbox: once in every phase, then ``at_random`` times at any moment.

    ``base`` is a data folder with a release. Yields each kill as it is judged; a kill that missed its phase says so in ``wrong``.
    """
    longest = 0.0
    for phase in PHASES:
        progress(f"killing in {phase}")
        kill = _one(base, delivery, work, phase, lambda home, seconds, before, phase=phase: phase_of(home, before) == phase)  # type: ignore[misc]
        longest = max(longest, kill.after_s)
        yield kill
    moments = random.Random(seed)  # noqa: S311  # moments to kill at, no secret
    for number in range(1, at_random + 1):
        at = moments.uniform(0, longest + 2)
        progress(f"killing at random, {number} of {at_random}")
        yield _one(base, delivery, work, f"{at:.1f} s", lambda home, seconds, before, at=at: seconds >= at)  # type: ignore[misc]


def _one(base: Path, delivery: Path, work: Path, meant: str, now: Callable[[Path, float, int], bool]) -> Kill:
    home = work / "vt"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(base, home, symlinks=True)
    shutil.rmtree(home / "build")
    shutil.copy(delivery, home / "inbox")
    before = len(list((home / "releases").glob("2*")))
    environment = {**os.environ, "VT_HOME": str(home)}
    began = time.monotonic()
    with subprocess.Popen(
        [VT, "refresh"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as run:
        while run.poll() is None and not now(home, time.monotonic() - began, before) and time.monotonic() - began < PATIENCE:
            time.sleep(0.001)
        missed = run.poll() is not None
        if not missed:
            os.killpg(run.pid, signal.SIGKILL)
    seconds = time.monotonic() - began
    hit = "einde" if missed else phase_of(home, before)
    wrong = [whole(home)]
    if missed and meant in PHASES:
        wrong.append(f"the run ended before {meant} was seen")
    next_run = subprocess.run([VT, "refresh", "--json"], env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)
    outcome = json.loads(next_run.stdout)["uitkomst"] if next_run.stdout.startswith("{") else f"exit {next_run.returncode}"
    wrong += [
        whole(home),
        "" if outcome in {"gepubliceerd", "niets_nieuws"} else f"the next run ended as {outcome}",
        "remains of a release" if any((home / "releases").glob(f"{store.UNFINISHED}*")) else "",
        "" if _current_delivery(home) == _number(delivery) else "the delivery is not in the release",
    ]
    return Kill(meant, hit, seconds, outcome, "; ".join(dict.fromkeys(w for w in wrong if w)))


def _current_delivery(home: Path) -> int | None:
    settings = Settings(home=home)
    standing = store.current(settings)
    return int(store.read(settings, standing)["levering"]) if standing else None


def _number(delivery: Path) -> int:
    """The number in the name of a demo delivery: ``DEMO-0003-...``."""
    return int(delivery.name.split("-")[1])
