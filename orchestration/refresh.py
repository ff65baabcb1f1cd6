"""A refresh in one process: the nightly Dagster job, run here and now, and the verdict on it."""

import os
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.alarm.verstuur import conclude
from orchestration.release.verdict import Verdict, draw
from orchestration.settings import Settings

if TYPE_CHECKING:
    import dagster as dg


def dagster_home(settings: Settings) -> Path:
    """Dagster's own folder, with its configuration in it; telemetry off, one writing run at a time."""
    settings.dagster.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = resources.files("orchestration").joinpath("dagster.yaml").read_text()
    target = settings.dagster / "dagster.yaml"
    if not target.exists() or target.read_text() != config:
        target.write_text(config)
    return settings.dagster


def refresh(settings: Settings, progress: Callable[[str], None]) -> Verdict:
    """Run the nightly job in this process and draw the verdict.

    Raises ``BezetFout`` when another refresh is writing and ``SleutelFout`` when the key file cannot be used; whatever else goes wrong
    comes out as the verdict ``mislukt`` with a sentence that says where to look.
    """
    started = time.monotonic()
    os.environ["DAGSTER_HOME"] = str(dagster_home(settings))
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    progress("starting")
    import dagster as dg

    from orchestration.definitions import defs
    from orchestration.defs.jobs import BY_HAND
    from orchestration.defs.progress import listener
    from orchestration.defs.resources import only_writer
    from orchestration.keys import open_keyring

    open_keyring(settings.key_path)
    error = None
    # dbt's own lines are in build/dbt/dbt.log, and in the run's log when Dagster starts it; here standard output belongs to the verdict
    with only_writer(settings), dg.DagsterInstance.get() as instance, Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        listener.progress = progress
        result = defs.resolve_job_def("nachtelijke_verversing").execute_in_process(
            instance=instance, raise_on_error=False, run_config={"loggers": {"voortgang": {}}}, tags={BY_HAND: "vt refresh"}
        )
        error = _broken(result)
    return conclude(settings, draw(settings, result.run_id, time.monotonic() - started, error))


def _broken(result: "dg.ExecuteInProcessResult") -> str | None:
    """The sentence for a step that failed; the verdict leaves it out when a check that failed is reason enough."""
    for event in result.filter_events(lambda e: e.is_step_failure):
        cause = event.step_failure_data.error
        while cause is not None and cause.cause is not None:
            cause = cause.cause
        name = (cause.cls_name if cause else None) or "unknown error"
        return f"Step {event.step_key} broke down ({name}). Details: run {result.run_id} in the Dagster UI (make ui)."
    return None
