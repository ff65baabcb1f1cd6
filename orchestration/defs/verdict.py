"""The verdict as Dagster shows it: the tags of its run, the last event of it, and what a run that built nothing leaves alone."""

import sqlite3
from contextlib import suppress
from datetime import UTC, datetime

import dagster as dg
from dagster import DagsterEventType
from filelock import Timeout
from sqlalchemy.exc import SQLAlchemyError

from orchestration.alarm.conclude import conclude
from orchestration.alarm.message import reason
from orchestration.defs.common import StoppedError
from orchestration.defs.dagster_inside import keep_outcomes
from orchestration.defs.jobs import BY_HAND
from orchestration.language import say
from orchestration.release.matters import was_cut_off
from orchestration.release.verdict import STORING, Uitkomst, Verdict, broken_down
from orchestration.release.writer import writer_lock
from orchestration.settings import Settings

KILLED = f"{STORING} afgebroken"
"""Cause of a refresh that was killed; over when a later one comes to its end."""


def conclude_run(instance: dg.DagsterInstance, run_id: str, verdict: Verdict) -> None:
    """Put a verdict that was concluded on its run, as tags and as its last event."""
    tags = {
        "oordeel": verdict.uitkomst.value,
        "release": verdict.release,
        "peildatum": verdict.peildatum,
        "reden": reason(verdict),
    }
    with suppress(SQLAlchemyError, sqlite3.Error, OSError):  # a full disk: the night is no other for the lack of a label
        run = instance.get_run_by_id(run_id)
        if run is None:  # it never began
            return
        instance.add_run_tags(run_id, {k: v for k, v in tags.items() if v})
        if verdict.uitkomst is not Uitkomst.MISLUKT:
            keep_outcomes(instance, run_id)
        instance.report_engine_event(verdict.zin, run)


def end_lost(instance: dg.DagsterInstance, settings: Settings) -> None:
    """End the runs of ``vt refresh`` that never will, because their processes were killed: nobody holds the writer's lock any more.

    Dagster does not watch over processes that it did not start; such a run would stand before every other one in its queue.
    """
    underway = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
    if lost := [run for run in instance.get_runs(dg.RunsFilter(statuses=underway)) if BY_HAND in run.tags]:
        with suppress(Timeout), writer_lock(settings).acquire(timeout=0):
            for run in lost:
                _end(instance, settings, run)


def _end(instance: dg.DagsterInstance, settings: Settings, run: dg.DagsterRun) -> None:
    """Nobody else tells of it: whoever would have drawn its verdict was killed."""
    record = instance.get_run_record_by_id(run.run_id)
    why = was_cut_off(record.create_timestamp if record else datetime.now(UTC))
    instance.report_run_failed(run, f"{why}.")
    verdict = conclude(settings, broken_down(settings, why, 0, KILLED))
    conclude_run(instance, run.run_id, verdict)


def broken(instance: dg.DagsterInstance, run_id: str) -> str | None:
    """The sentence for a run that did not succeed; the verdict leaves it out when a check that failed is reason enough."""
    run = instance.get_run_by_id(run_id)
    if run is None or run.status is dg.DagsterRunStatus.SUCCESS:
        return None
    for entry in instance.all_logs(run_id, of_type={DagsterEventType.STEP_FAILURE, DagsterEventType.RUN_FAILURE}):
        event = entry.dagster_event
        if event is None:
            continue
        error = event.step_failure_data.error if event.is_step_failure else event.job_failure_data.error
        while error is not None and error.cause is not None:
            error = error.cause
        if error is None:
            continue
        if error.cls_name == StoppedError.__name__:
            return error.message
        if event.is_step_failure:
            return say(
                "Step {step} broke down ({kind}). Details: run {run} in the Dagster UI (make ui).",
                step=event.step_key,
                kind=error.cls_name,
                run=run_id,
            )
        return say("The run broke down ({kind}). Details: run {run} in the Dagster UI (make ui).", kind=error.cls_name, run=run_id)
    return say("Run {run} ended as {status}; see it in Dagster (make ui).", run=run_id, status=run.status.value)
