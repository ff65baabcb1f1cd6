"""What the definitions share."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from orchestration.alarm.message import NOT_ALL, stopped
from orchestration.breakdown import sentence
from orchestration.defs.dagster_inside import WithoutStackTraceError
from orchestration.errors import UserError
from orchestration.language import say
from orchestration.release import housekeeping
from orchestration.release.verdict import STORING, Uitkomst, line
from orchestration.settings import Settings
from orchestration.transform import steps

OWNERS = ["team:data-engineering"]


class StoppedError(WithoutStackTraceError):
    """A step that stops for a reason that is no fault of the program."""


def held(failed: list[dict[str, Any]]) -> str:
    """The sentence of a step in which checks (or models) failed: which, on how many rows, and what to do."""
    kind = Uitkomst.VASTGEHOUDEN if {f["soort"] for f in failed} == {"controle"} else Uitkomst.MISLUKT
    return stopped(kind, "; ".join(line(f) for f in failed) or say(NOT_ALL), kind.value)


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Have the sentence of whatever breaks stand in the verdict, and as the reason why the step failed."""
    try:
        yield
    except StoppedError:
        raise
    except Exception as error:
        text = sentence(error, settings)
        with suppress(OSError):  # a full disk: the failure of the step says it too
            steps.record(settings, STORING, {"zin": text, "fout": type(error).__name__})
        raise StoppedError(text) from None


def clear_up(settings: Settings, instance: dg.DagsterInstance, now: datetime) -> None:
    """Clear what grows: old releases and verdicts, and Dagster's runs with their events and logs. What fails is tried again next time."""
    with suppress(OSError, UserError):
        housekeeping.clear(settings, now)
    with suppress(SQLAlchemyError, OSError):
        before = dg.RunsFilter(created_before=now - timedelta(days=settings.logboek_dagen))
        for run in instance.get_runs(before, limit=AT_ONCE):
            if run.is_finished:
                instance.delete_run(run.run_id)
                instance.compute_log_manager.delete_logs(prefix=[run.run_id])


AT_ONCE = 50
"""Runs that one refresh clears: after a long time the first nights take a little each, none takes minutes."""
