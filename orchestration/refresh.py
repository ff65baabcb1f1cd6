"""A refresh in one process: the nightly Dagster job, run here and now, and the verdict on it."""

import logging
import os
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.alarm.verstuur import conclude
from orchestration.release.verdict import Verdict, draw
from orchestration.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

STEPS = {
    "intake": "taking in what lies in the inbox",
    "historie": "deriving the history of every row",
    "landing_meldingen_landing_meldingen": "checking the reports as landed",
    "dbt": "building and testing the models",
    "marts_indicatoren_marts_indicatoren": "checking the figures to be published",
    "uitgave__release": "writing the release",
}
"""Dagster step → what a person reads meanwhile."""


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
    from orchestration.defs.resources import only_writer
    from orchestration.keys import open_keyring

    open_keyring(settings.key_path)
    error = None
    with only_writer(settings), dg.DagsterInstance.get() as instance:
        follow = _Follow(progress)
        logger = logging.getLogger("dagster")
        logger.addHandler(follow)
        try:
            result = defs.resolve_job_def("nachtelijke_verversing").execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                tags={BY_HAND: "vt refresh"},
            )
        finally:
            logger.removeHandler(follow)
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


class _Follow(logging.Handler):
    """Turns Dagster's step events into progress for people."""

    def __init__(self, progress: Callable[[str], None]) -> None:
        super().__init__(logging.DEBUG)
        self.progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", {})
        event = meta.get("dagster_event")
        if event is not None and event.is_step_start:
            self.progress(STEPS.get(event.step_key, event.step_key))
        elif event is None and meta.get("orig_message"):
            self.progress(str(meta["orig_message"]))
