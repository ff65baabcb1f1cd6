"""The figures of all organisations on both engines, of the same facts."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from orchestration.files import make_folder
from orchestration.keys.keyring import open_keyring
from orchestration.national import figures
from orchestration.national.organisations import FOLDER, database, participants
from orchestration.settings import Settings
from orchestration.spark import run
from orchestration.transform import dbt, plan, run_plan


def is_of_all(settings: Settings) -> bool:
    """Whether the data folder is one of several organisations."""
    return (settings.root / FOLDER).is_dir()


def compare_all(
    settings: Settings, progress: Callable[[str], None], size: run.Size | None = None, folder: Path | None = None
) -> run.EnginesCompared:
    """Make the figures of all organisations on both engines, of the facts in their releases, and hold every table to the other's.

    What ``vt national figures`` makes, in a folder that goes: nothing is shown. Raises ``SparkError`` as ``run.compare`` does, and
    ``NationalError`` where there is no release.
    """
    run.python()
    there = figures.with_release(settings, participants(settings))
    with tempfile.TemporaryDirectory(prefix="vt-spark-", dir=folder) as name:  # of this user alone
        work = Path(name)
        own = Settings(home=make_folder(work / "duckdb"))
        keyring = open_keyring(own.key_path)
        began = time.monotonic()
        given, own_seeds = figures.build(own, keyring, there, {p.organisatie: database(settings, p) for p in there}, progress)
        duckdb_s = time.monotonic() - began
        run.export(own.build_db, keyring, work, ["facts", "staging"], given)
        steps = run_plan.upstream(plan.read(dbt.PLAN), figures.MADE, given)
        with figures.environment(own, keyring, own_seeds) as names:
            chosen = ["--select", *(step.name for step in steps)]
            told, outcomes, failed = run.run_spark(work, names, size or run.Size(), progress, *run.UNCHECKED, *chosen)
        tables = run.hold_all(own, work, [f"{step.schema}.{step.name}" for step in steps], progress)
    return run.EnginesCompared(tables, outcomes, failed, duckdb_s, told["dbt_s"])
