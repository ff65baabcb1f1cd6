"""What the definitions share."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from orchestration.breakdown import sentence
from orchestration.build import stand
from orchestration.errors import GebruikersFout
from orchestration.release import housekeeping
from orchestration.release.verdict import STORING, Verdict
from orchestration.settings import Settings

OWNERS = ["team:data-engineering"]


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Have the sentence of whatever breaks stand in the verdict, and as the reason why the step failed."""
    try:
        yield
    except dg.Failure:
        raise
    except Exception as error:
        text = sentence(error, settings)
        with suppress(OSError):  # a full disk: the failure of the step says it too
            stand.record(settings, STORING, {"zin": text})
        raise dg.Failure(text, allow_retries=False) from None


def clear_up(settings: Settings, instance: dg.DagsterInstance, now: datetime) -> None:
    """Clear what grows: old releases and verdicts, and Dagster's runs with their events and logs. What fails is tried again next time."""
    with suppress(OSError, GebruikersFout):
        housekeeping.clear(settings, now)
    with suppress(SQLAlchemyError, OSError):
        before = dg.RunsFilter(created_before=now - timedelta(days=settings.logboek_dagen))
        for run in instance.get_runs(before, limit=AT_ONCE):
            if run.is_finished:
                instance.delete_run(run.run_id)
                instance.compute_log_manager.delete_logs(prefix=[run.run_id])


AT_ONCE = 50
"""Runs that one refresh clears: after a long time the first nights take a little each, none takes minutes."""


def label(instance: dg.DagsterInstance, run_id: str, verdict: Verdict) -> None:
    """Put the verdict on its run, so that the list of runs tells night by night how each ended."""
    tags = {"oordeel": verdict.uitkomst.value, "release": verdict.release, "peildatum": verdict.peildatum}
    with suppress(SQLAlchemyError):  # a full disk: the night is no other for the lack of a label
        instance.add_run_tags(run_id, {k: v for k, v in tags.items() if v})
