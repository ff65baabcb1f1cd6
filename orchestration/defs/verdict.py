"""The verdict as Dagster shows it: the tags at the top of its run, the last event of it, and what a run that built nothing leaves alone."""

import sqlite3
from contextlib import suppress

import dagster as dg
from dagster import DagsterEventType
from filelock import Timeout
from sqlalchemy.exc import SQLAlchemyError

from orchestration.alarm.causes import causes
from orchestration.alarm.message import DOEN
from orchestration.defs.common import Stopped
from orchestration.defs.dagster_inside import keep_outcomes
from orchestration.defs.jobs import BY_HAND
from orchestration.release.verdict import Uitkomst, Verdict
from orchestration.release.writer import writer_lock
from orchestration.settings import Settings

AT_MOST = 3
"""Causes that the sentence names; the rest are counted."""


def _why(verdict: Verdict) -> dict[str, str]:
    """Cause → sentence; of a night that released nothing only what held it back."""
    found = causes(verdict)
    return {c: s for c, s in found.items() if c not in verdict.signalen} if verdict.uitkomst.exit_code else found


def reason(verdict: Verdict) -> str:
    """Why someone should look; empty when nobody need."""
    found = list(_why(verdict).values())
    return "; ".join(found[:AT_MOST]) + (f"; en nog {len(found) - AT_MOST}" if found[AT_MOST:] else "")


def sentence(verdict: Verdict) -> str:
    """How the run ended, why, and what to do, in one line."""
    standing = f"release {verdict.release}, stand van {verdict.peildatum}" if verdict.release else "er is nog geen release"
    found, why = _why(verdict), reason(verdict)
    what = " ".join(DOEN[kind]["nl"] for kind in dict.fromkeys(cause.partition(":")[0] for cause in found))
    match verdict.uitkomst:
        case Uitkomst.GEPUBLICEERD:
            return f"Gepubliceerd: {standing}." + (f" Met aandacht: {why}. {what}" if found else "")
        case Uitkomst.NIETS_NIEUWS:
            return f"Niets nieuws: er is niets gebouwd; {standing}." + (f" Met aandacht: {why}. {what}" if found else "")
        case held_or_broken:
            return f"{held_or_broken.value.capitalize()}: {why}. De oude release blijft staan ({standing}). {what}"


def conclude_run(instance: dg.DagsterInstance, run_id: str, verdict: Verdict) -> None:
    """Put the verdict on its run, as tags and as its last event."""
    tags = {"oordeel": verdict.uitkomst.value, "release": verdict.release, "peildatum": verdict.peildatum, "reden": reason(verdict)}
    with suppress(SQLAlchemyError, sqlite3.Error, OSError):  # a full disk: the night is no other for the lack of a label
        run = instance.get_run_by_id(run_id)
        if run is None:  # it never began
            return
        instance.add_run_tags(run_id, {k: v for k, v in tags.items() if v})
        if verdict.uitkomst is not Uitkomst.MISLUKT:
            keep_outcomes(instance, run_id)
        instance.report_engine_event(sentence(verdict), run)


def end_lost(instance: dg.DagsterInstance, settings: Settings) -> None:
    """End the runs of ``vt refresh`` that never will, because their processes were killed: nobody holds the writer's lock any more.

    Dagster does not watch over processes that it did not start; such a run would stand before every other one in its queue.
    """
    underway = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
    if lost := [run for run in instance.get_runs(dg.RunsFilter(statuses=underway)) if BY_HAND in run.tags]:
        with suppress(Timeout), writer_lock(settings).acquire(timeout=0):
            for run in lost:
                instance.report_run_failed(run, "Het proces van deze vt refresh is afgebroken; de volgende gaat vanaf hier verder.")


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
        if error.cls_name == Stopped.__name__:
            return error.message
        what = f"Step {event.step_key}" if event.is_step_failure else "The run"
        return f"{what} broke down ({error.cls_name}). Details: run {run_id} in the Dagster UI (make ui)."
    return f"Run {run_id} ended as {run.status.value}; see it in Dagster (make ui)."
