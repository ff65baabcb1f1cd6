"""What Dagster loads: ``dagster dev -m orchestration.definitions``, or ``make ui``."""

import os

import dagster as dg

from orchestration.defs import history, intake, jobs, leveringen, links, progress, quality, release, sensors, storage, warehouse  # noqa: F401  # storage: by being imported
from orchestration.defs.resources import Warehouse
from orchestration.files import PRIVATE

os.umask(PRIVATE)  # what the code server and its runs write, Dagster's own files too, is for their user alone

defs = dg.Definitions(
    assets=list(dg.map_asset_specs(links.shown, [intake.intake, history.historie, warehouse.dbt_models, release.release])),
    asset_checks=[quality.landing_checks, quality.release_checks],
    jobs=[jobs.nightly, leveringen.as_of_levering, leveringen.reintake],
    schedules=[jobs.at_half_past_four],
    sensors=[jobs.inbox, sensors.watchdog, *sensors.verdict_sensors],
    loggers={"voortgang": progress.progress_logger, "console": dg.colored_console_logger},
    resources={"warehouse": Warehouse()},
    executor=dg.in_process_executor,  # of every job, also of what a button of the asset graph starts: a process per step costs 8 s each
)
