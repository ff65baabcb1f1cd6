"""What dbt tells of itself, and what becomes of it when nobody listens any more."""

import sys
from pathlib import Path

import pytest
from dagster_dbt import DbtCliInvocation
from packaging.version import Version

from orchestration.defs.warehouse import TRANSLATOR, events_of

TELLS = """
import json, time
for n in range(3):
    print(json.dumps({"info": {"level": "info", "name": "E", "msg": str(n)}, "data": {}}), flush=True)
time.sleep(SECONDS)
"""


def dbt(folder: Path, seconds: int) -> DbtCliInvocation:
    return DbtCliInvocation.run(
        args=[sys.executable, "-c", TELLS.replace("SECONDS", str(seconds))],
        env={},
        manifest={},
        dagster_dbt_translator=TRANSLATOR,
        project_dir=folder,
        target_path=folder,
        raise_on_error=False,
        context=None,
        adapter=None,
        cli_version=Version("1.11"),
    )


def test_all_that_it_tells(tmp_path: Path) -> None:
    run = dbt(tmp_path, seconds=0)
    assert [event.raw_event["info"]["msg"] for event in events_of(run)] == ["0", "1", "2"]
    assert run.process.wait() == 0


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_let_go_of_half_way_it_ends_and_nothing_is_said(tmp_path: Path) -> None:
    run = dbt(tmp_path, seconds=600)
    events = events_of(run)
    next(events)
    events.close()
    assert run.process.wait(timeout=60) < 0
