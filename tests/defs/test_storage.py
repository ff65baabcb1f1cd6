"""Dagster's SQLite: no wait for the disk at each event, and another process reads what this one wrote."""

import sqlite3
from contextlib import closing
from pathlib import Path

import dagster as dg
import sqlalchemy as sa

import orchestration.defs.storage  # noqa: F401  # what listens is there by being imported
from orchestration.defs.dagster_inside import REPOSITORY, EventLog, instance_of_one_run
from orchestration.refresh import dagster_home
from orchestration.settings import Settings


@dg.asset
def count() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"rijen": 3})


def test_events_are_there_for_others(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    for nummer in range(3):
        engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
        with engine.begin() as con:
            assert con.execute(sa.text("pragma synchronous")).scalar() == 1  # normal
            con.execute(sa.text("create table if not exists gebeurtenis (nummer integer)"))
            con.execute(sa.text("insert into gebeurtenis values (:n)"), {"n": nummer})
        engine.dispose()
    with sqlite3.connect(path) as other:
        assert other.execute("select count(*) from gebeurtenis").fetchone() == (3,)


def test_a_run_with_kept_connections_is_there_for_ui_and_daemon(settings: Settings) -> None:
    home = dagster_home(settings)
    with dg.DagsterInstance.from_config(str(home)) as daemon:
        for _ in range(2):
            with instance_of_one_run(home, postgres=False) as instance:
                assert isinstance(instance.event_log_storage, EventLog)
                result = dg.materialize([count], instance=instance)
                run = daemon.get_run_by_id(result.run_id)
                assert run is not None and run.status is dg.DagsterRunStatus.SUCCESS
                assert run.remote_job_origin is not None, "the timeline leaves it out"
                assert run.remote_job_origin.repository_origin.get_label() == f"{REPOSITORY}@orchestration.definitions"
                assert len(daemon.all_logs(result.run_id)) == len(instance.all_logs(result.run_id)) > 5
        assert daemon.get_runs_count() == 2
        assert len(daemon.fetch_materializations(count.key, limit=9).records) == 2
    for path in home.rglob("*.db"):
        with closing(sqlite3.connect(path)) as con:
            assert con.execute("pragma integrity_check").fetchone() == ("ok",)
