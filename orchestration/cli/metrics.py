"""``vt metrics``: a question to MetricFlow, of the exact figures of the release."""

import os
import subprocess
import tempfile
from typing import Annotated

import typer

from orchestration.errors import UserError
from orchestration.language import say
from orchestration.settings import PROJECT, Settings


class MetricsError(UserError):
    """MetricFlow is not there to be asked."""


def metrics(
    opdracht: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="COMMAND...", help="As after mf itself: query --metrics meldingen --group-by metric_time__year", show_default=False
        ),
    ] = None,
) -> None:
    """Ask MetricFlow, of the exact figures of the release: metrics by period, area and breakdown.

    [bold]vt metrics query --metrics meldingen,vb_open --group-by metric_time__year,gebied__gemeente_naam[/bold],
    [bold]vt metrics list dimensions --metrics meldingen[/bold], and [bold]vt metrics query --help[/bold] for MetricFlow's own.

    Periods that are still running are left out. Which metrics there are: docs/metrics.md. An extra: [bold]make metrics[/bold] installs it.
    """
    from orchestration.outputs.dashboard import source
    from orchestration.transform import dbt
    from orchestration.transform.metrics import FOLDER

    python = PROJECT / ".venv" / "metricflow" / "bin" / "python"
    if not (python.exists() and (FOLDER / "target").exists()):
        raise MetricsError(say("MetricFlow is an extra that is not installed here: make metrics installs it."))
    settings = Settings()
    database = source.hold(settings, source.newest(settings), intern=True)
    with tempfile.TemporaryDirectory() as logs:
        names = {
            "VT_RELEASE_DATABASE": str(database),
            "DBT_PROJECT_DIR": str(FOLDER),
            "DBT_PROFILES_DIR": str(FOLDER),
            "DBT_LOG_PATH": logs,
        }
        command = [str(python), str(FOLDER / "mf.py"), *(opdracht or ["--help"])]
        done = subprocess.run(command, env={**os.environ, **dbt.QUIET, **names}, check=False)
    raise typer.Exit(done.returncode)
