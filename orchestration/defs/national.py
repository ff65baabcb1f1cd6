"""What Dagster loads where all organisations are together: ``vt ui`` in a data folder with ``organisaties/`` in it.

A partition for each organisation, and the figures of all. How one ends holds up neither another nor the figures.
"""

import os
from collections.abc import Iterator

import dagster as dg

from orchestration.defs.common import OWNERS, StoppedError
from orchestration.duck import TIME_ZONE
from orchestration.errors import UserError
from orchestration.files import PRIVATE
from orchestration.language import say, speak
from orchestration.national import figures, organisations
from orchestration.organisation import all_codes
from orchestration.settings import Settings

os.umask(PRIVATE)  # as definitions.py
ORGANISATIES = dg.StaticPartitionsDefinition(all_codes(Settings()))


@dg.asset(
    key=["organisaties", "verversing"],
    partitions_def=ORGANISATIES,
    owners=OWNERS,
    description="De verversing van één organisatie, in haar eigen gegevensmap. Gelijk aan `vt national refresh <organisatie>`.",
)
def refreshed(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """``vt refresh`` for the organisation of the partition; held back and failed end the run with its sentence."""
    settings = Settings()
    speak(settings.taal)
    outcome = organisations.refresh_one(settings, context.partition_key)
    context.log.info(say("Refreshed {organisation}: {sentence}", organisation=outcome.organisatie, sentence=outcome.zin))
    if outcome.code:
        raise StoppedError(outcome.zin)
    return dg.MaterializeResult(metadata={"uitkomst": outcome.uitkomst, "zin": outcome.zin})


@dg.asset(
    key=["landelijk", "indicatoren"],
    deps=[refreshed],
    owners=OWNERS,
    description="De cijfers van alle organisaties samen, uit de release die van elk geldt. Gelijk aan `vt national figures`.",
)
def together(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """The figures of all together; which organisations are in it stands with them."""
    settings = Settings()
    speak(settings.taal)
    try:
        shown = figures.make_figures(settings, context.log.info)
    except UserError as error:
        raise StoppedError(str(error)) from None
    there = organisations.participants(settings)
    return dg.MaterializeResult(
        metadata={
            "plaats": str(shown.resolve()),
            "organisaties": sum(p.release is not None for p in there),
            "zonder_release": [p.organisatie for p in there if not p.release],
        }
    )


each = dg.define_asset_job("organisaties_verversen", selection=[refreshed], partitions_def=ORGANISATIES)
all_together = dg.define_asset_job("landelijke_cijfers", selection=[together])


@dg.schedule(job=each, cron_schedule="30 4 * * *", execution_timezone=TIME_ZONE, default_status=dg.DefaultScheduleStatus.RUNNING)
def every_night() -> Iterator[dg.RunRequest]:
    """A run for each organisation."""
    for code in ORGANISATIES.get_partition_keys():
        yield dg.RunRequest(partition_key=code)


in_the_morning = dg.ScheduleDefinition(
    name="elke_ochtend",
    job=all_together,
    cron_schedule="30 6 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Elke ochtend om 06:30, ook als een organisatie nog niet ververst is",
)

defs = dg.Definitions(
    assets=[refreshed, together], jobs=[each, all_together], schedules=[every_night, in_the_morning], executor=dg.in_process_executor
)
