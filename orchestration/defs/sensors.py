"""After every run that Dagster started itself: the verdict, in the log of verdicts and to whoever should know."""

import dagster as dg

from orchestration.alarm.verstuur import conclude
from orchestration.defs.jobs import BY_HAND, nightly
from orchestration.release.verdict import draw
from orchestration.settings import Settings


def _conclude(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    run = context.dagster_run
    if BY_HAND in run.tags:
        return dg.SkipReason("vt refresh drew its own verdict.")
    stats = context.instance.get_run_stats(run.run_id)
    seconds = (stats.end_time or 0) - (stats.start_time or stats.end_time or 0)
    error = (
        None if run.status is dg.DagsterRunStatus.SUCCESS else f"Run {run.run_id} ended as {run.status.value}; see it in Dagster (make ui)."
    )
    verdict = conclude(Settings(), draw(Settings(), run.run_id, seconds, error))
    context.log.info(f"{verdict.uitkomst.value}: release {verdict.release}")
    return None


verdict_sensors = [
    dg.run_status_sensor(
        run_status=status,
        name=f"oordeel_{status.value.lower()}",
        monitored_jobs=[nightly],
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Trekt na elke run het oordeel, bewaart het in het logboek en waarschuwt zo nodig",
    )(_conclude)
    for status in (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
]
