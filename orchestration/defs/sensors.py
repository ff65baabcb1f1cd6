"""After every run that Dagster started itself: the verdict, in the log of verdicts and to whoever should know."""

from datetime import UTC, datetime

import dagster as dg

from orchestration.alarm import watch
from orchestration.alarm.conclude import conclude
from orchestration.defs.common import clear_up
from orchestration.defs.dagster_inside import keep_outcomes
from orchestration.defs.jobs import BY_HAND
from orchestration.defs.leveringen import LEVERINGEN, OWN_JOBS, new_partitions
from orchestration.defs.verdict import broken, conclude_run, end_lost
from orchestration.defs.whole import PART, is_part
from orchestration.errors import UserError
from orchestration.language import say, speak
from orchestration.release.verdict import draw
from orchestration.settings import Settings


def _conclude(context: dg.RunStatusSensorContext) -> dg.SkipReason:
    speak(Settings().taal)
    run = context.dagster_run
    if BY_HAND in run.tags:
        return dg.SkipReason(say("vt refresh drew its own verdict."))
    if run.job_name in OWN_JOBS:
        return dg.SkipReason(say("This run releases nothing, and has no verdict."))
    if is_part(run):
        keep_outcomes(context.instance, run.run_id)
        return dg.SkipReason(say(PART))
    stats = context.instance.get_run_stats(run.run_id)
    seconds = (stats.end_time or 0) - (stats.start_time or stats.end_time or 0)
    verdict = conclude(Settings(), draw(Settings(), run.run_id, seconds, broken(context.instance, run.run_id)))
    conclude_run(context.instance, run.run_id, verdict)
    clear_up(Settings(), context.instance, datetime.now(UTC))
    return dg.SkipReason(verdict.zin)  # whatever else a sensor returns, Dagster says under the verdict


@dg.sensor(
    name="wacht_op_leveringen",
    minimum_interval_seconds=900,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Waarschuwt wanneer een levering om 7:00 nog niet is opgenomen, en meldt het als zij er is; start niets",
)
def watchdog(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Look at the calendar of deliveries, and make the partition of each that was taken in; starts no run."""
    speak(Settings().taal)
    now = datetime.now(UTC)
    end_lost(context.instance, Settings())
    try:
        due, told = watch.due(Settings(), now), watch.watch(Settings(), now)
    except UserError as error:  # a register that is not whole, an address that does not take the message: it looks again
        return dg.SensorResult(skip_reason=str(error))
    how = say("Told.") if told else say("Told before, or nowhere to tell.")
    reason = f"{' '.join(due.values())}. {how}" if due else say("No delivery is late.")
    new = new_partitions(Settings(), context.instance.get_dynamic_partitions(str(LEVERINGEN.name)))
    return dg.SensorResult(skip_reason=reason, dynamic_partitions_requests=[LEVERINGEN.build_add_request(new)] if new else [])


verdict_sensors = [
    dg.run_status_sensor(
        run_status=status,
        name=f"oordeel_{status.value.lower()}",
        minimum_interval_seconds=10,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Trekt na elke run het oordeel, bewaart het in het logboek en waarschuwt zo nodig",
    )(_conclude)
    for status in (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
]
