"""``vt ui``: Dagster on this machine."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from orchestration.settings import Settings


def ui(port: Annotated[int, typer.Option(help="Port on localhost.")] = 3000) -> None:
    """Open Dagster on localhost: the assets, the checks, the runs, the schedule and the inbox sensor."""
    from orchestration.intake.delivery import InboxError, make_inbox
    from orchestration.national.organisations import FOLDER
    from orchestration.refresh import dagster_home

    settings = Settings()
    os.environ["DAGSTER_HOME"] = str(dagster_home(settings))
    together = (settings.root / FOLDER).is_dir()  # all organisations, each with an inbox of its own
    if not together:
        with suppress(InboxError):  # the sensor says it
            make_inbox(settings.inbox)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    # what Dagster's own processes say of themselves; ours filter it when they begin (orchestration/__init__.py)
    quiet = ("ignore:Function `dev_command` is superseded", "ignore:Virtual assets is currently in preview")
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), *quiet)))
    executable = str(Path(sys.executable).parent / "dagster")
    # a script's background process ignores Ctrl-C, and Dagster would treat SIGTERM likewise: nothing but SIGKILL would end it
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    module = "orchestration.defs.national" if together else "orchestration.definitions"
    os.execv(executable, [executable, "dev", "-m", module, "-h", "127.0.0.1", "-p", str(port)])
