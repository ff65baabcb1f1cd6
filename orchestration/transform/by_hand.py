"""dbt run by a person on this data folder's build, with the environment, key and project as the nightly run has them.

What it leaves goes into a folder of its own, so that ``build/dbt`` stays that of the last run. A build that was changed by hand is never
released: the next refresh makes it again.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from orchestration.errors import UserError
from orchestration.keys.keyring import Keyring
from orchestration.language import say
from orchestration.settings import Settings
from orchestration.transform import dbt, steps
from orchestration.transform.dbt_inside import OF_AN_OUTCOME
from orchestration.transform.messages import without_values

MARK = "met_de_hand"
"""In the state of the run: the build was worked on by hand since. The beginning of the next run takes it away (``steps.begin``)."""

READING = [["ls"], ["list"], ["parse"], ["docs", "serve"]]
"""Commands of dbt that need no build."""

CLEAN = "clean"
"""Would remove the project as parsed, which every night uses, and nothing that is in the way."""

OWN = ("--project-dir", "--profiles-dir", "--profile", "--target-path", "--log-path", "--log-format", "--target", "-t")
"""Options that are given here: another value would lead to another build, or to none."""


COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class DbtError(UserError):
    """dbt is asked for what cannot be done on this build."""


def opens_build(arguments: Sequence[str]) -> bool:
    """Whether this command of dbt needs the build, and so the lock and the key."""
    words = [a for a in arguments if not a.startswith("-")]
    return bool(words) and not {"--help", "-h", "--version"} & set(arguments) and all(words[: len(known)] != known for known in READING)


def changed(settings: Settings) -> bool:
    """Whether the build was worked on by hand since the run that made it began."""
    return steps.recorded(settings, MARK) is not None


def target(settings: Settings) -> Path:
    """Where dbt leaves what it makes of a command by hand: compiled SQL, docs, results."""
    return settings.build / "dbt-met-de-hand"


def run(settings: Settings, keyring: Keyring, arguments: Sequence[str], show: Callable[[str], None]) -> int:
    """A command of dbt that opens the build, its lines given to ``show`` as they come. Returns dbt's exit code.

    Values are out of its errors; what ``dbt show`` is asked to show is shown. Raises ``DbtError`` when an option would lead elsewhere.
    """
    if own := next((a for a in arguments if a.split("=")[0] in OWN), None):
        raise DbtError(
            say(
                "{option} cannot be given: vt dbt works on the build of {folder}, as every night does. Leave it out.",
                option=own,
                folder=settings.root,
            )
        )
    if arguments[0] == CLEAN:
        raise DbtError(
            say("dbt clean removes the project as parsed, which every night uses. There is nothing else to clean: leave it out.")
        )
    dbt.prepare(target(settings))
    steps.record(settings, MARK, {"opdracht": arguments[0]})
    with dbt.environment(settings, keyring) as names:
        command = [*_command(arguments, settings), "--log-format", "json", "--no-use-colors"]
        with subprocess.Popen(command, env={**os.environ, **names}, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if (shown := _shown(line)) is not None:
                    show(shown)
    return process.returncode


def run_without_build(settings: Settings, arguments: Sequence[str]) -> int:
    """A command of dbt that needs no build, on the terminal as it is. Returns dbt's exit code."""
    dbt.prepare(target(settings))
    environ = {**os.environ, **dbt.QUIET, "DBT_LOG_PATH": str(target(settings) / "logs")}
    return subprocess.run(_command(arguments, settings), env=environ, check=False).returncode


def _command(arguments: Sequence[str], settings: Settings) -> list[str]:
    folders = ["--project-dir", str(dbt.DBT_PROJECT), "--profiles-dir", str(dbt.DBT_PROJECT), "--target-path", str(target(settings))]
    return [dbt.EXECUTABLE, *arguments, *folders, "--target", "build"]


def _shown(line: str) -> str | None:
    """What of a line of dbt's log a person sees; None for one that is for dbt itself."""
    try:
        event = json.loads(line)
        told, level = event["info"], event["info"]["level"]
    except (ValueError, KeyError, TypeError):
        return COLOUR.sub("", line.rstrip("\n"))  # of its command line, before it reads anything
    if level == "debug":
        return None
    of_code = (event.get("data", {}).get("node_info") or {}).get("resource_type") == "unit_test"  # its rows stand in the code
    of_code |= str(told["name"]).startswith(OF_AN_OUTCOME)  # which node came out how; what went wrong in it is told at the end
    return str(told["msg"]) if level == "info" or of_code else without_values(str(told["msg"]))
