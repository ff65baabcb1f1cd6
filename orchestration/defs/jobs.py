"""The one nightly job, when it runs, and what starts it in between."""

import dagster as dg

from orchestration.breakdown import sentence
from orchestration.duck import TIME_ZONE
from orchestration.intake.delivery import inbox_fault, not_understood, waiting
from orchestration.language import say, speak
from orchestration.settings import Settings

BY_HAND = "gestart_door"
"""Tag of a run that ``vt refresh`` started; it draws its verdict itself."""
BY_HAND_TAGS = {BY_HAND: "vt refresh", "dagster/max_retries": "0"}
"""Whoever started it sees it end, and starts it again."""

nightly = dg.define_asset_job(
    "nachtelijke_verversing",
    selection=dg.AssetSelection.all(),
    description="Neemt op wat in de inbox ligt, bouwt en controleert alles, en geeft een release uit. Gelijk aan `vt refresh`.",
)

at_half_past_four = dg.ScheduleDefinition(
    name="elke_nacht",
    job=nightly,
    cron_schedule="30 4 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Elke nacht om 04:30, buiten het uur dat bij het verzetten van de klok twee keer of niet bestaat",
)


@dg.sensor(
    name="inbox",
    job=nightly,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Start een verversing zodra een volledige levering in de inbox ligt",
)
def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """One run for each set of deliveries that is waiting: the run key changes when a delivery arrives or is replaced."""
    settings = Settings()
    speak(settings.taal)
    try:
        if fault := inbox_fault(settings.inbox):
            return dg.SkipReason(f"{fault}.")
        deliveries, left = waiting(settings.inbox), not_understood(settings.inbox)
        key = ";".join(sorted(f"{path.name}@{int(path.lstat().st_mtime)}" for path in deliveries))
    except OSError as error:  # it looks again in a minute; the night says it in its verdict
        return dg.SkipReason(sentence(error, settings))
    if not deliveries:
        return dg.SkipReason(" ".join([say("No complete delivery in the inbox."), *left.values()]))
    if key == context.cursor:
        return dg.SkipReason(say("The run for these deliveries was started already."))
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=key)], cursor=key)
