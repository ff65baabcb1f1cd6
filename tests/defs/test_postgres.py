"""Dagster's state in a real PostgreSQL, by one setting: runs, events, schedules survive there and nowhere else."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.dagster_inside import instance_of_one_run
from orchestration.defs.verdict import conclude_run
from orchestration.refresh import dagster_home
from orchestration.release.verdict import Uitkomst, Verdict
from orchestration.settings import Settings
from tests.lib.postgres import postgres
from tests.lib.small_job import Night, evaluations, night

__all__ = ["postgres"]


@dg.op
def count_runs() -> int:
    return 1


@dg.job
def small_job() -> None:
    count_runs()


def test_runs_are_kept_in_postgres_by_one_setting(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VT_HOME", str(tmp_path))
    monkeypatch.setenv("VT_DAGSTER_POSTGRES", postgres)
    home = dagster_home(Settings())
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert instance.run_storage.__class__.__name__ == "PostgresRunStorage"
        run = small_job.execute_in_process(instance=instance)
    shutil.rmtree(home)
    home = dagster_home(Settings())
    with dg.DagsterInstance.from_config(str(home)) as again:
        kept = again.get_run_by_id(run.run_id)
        assert kept is not None and kept.status is dg.DagsterRunStatus.SUCCESS
        assert any(e.dagster_event and e.dagster_event.is_step_success for e in again.all_logs(run.run_id))
    assert not list(home.rglob("*.db"))
    assert postgres not in (home / "dagster.yaml").read_text()


def test_what_was_not_run_keeps_its_outcome_in_postgres_too(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VT_HOME", str(tmp_path))
    monkeypatch.setenv("VT_DAGSTER_POSTGRES", postgres)
    with instance_of_one_run(dagster_home(Settings()), postgres=True) as instance:
        first, second = night(instance, Night.BUILDS), night(instance, Night.STOPS)
        assert evaluations(instance) == (second, second)
        conclude_run(instance, second, Verdict(Uitkomst.VASTGEHOUDEN, None, None, None, "Vastgehouden."))
        assert evaluations(instance) == (first, first)
        assert not any("Not executing" in e.user_message for e in instance.all_logs(second))


def test_without_the_setting_the_state_is_in_the_data_folder(settings: Settings) -> None:
    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        run = small_job.execute_in_process(instance=instance)
        assert instance.get_run_by_id(run.run_id) is not None
    assert list(settings.dagster.rglob("*.db"))


def test_only_lost_processes_are_tried_again(settings: Settings) -> None:
    with dg.DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        assert instance.run_retries_enabled
        assert instance.run_retries_max_retries == 1
        assert not instance.run_retries_retry_on_asset_or_op_failure
