"""What a command costs, run as a night is: in a process of its own, with no settings but its data folder."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import UserError
from orchestration.language import say
from orchestration.settings import PROJECT

PYTHON = "python"
OUTPUT = "uitvoer"
"""File in a data folder with what the last command said."""
LAST = 20
"""Lines at most that are told of one that did not go well."""


@dataclass(frozen=True)
class Cost:
    """One command: wall seconds, processor seconds, peak of memory of its largest process in MiB."""

    seconds: float
    cpu_s: float
    mib: int


def environment(home: Path) -> dict[str, str]:
    """The environment without settings of ours, for a data folder; ``vt`` of another checkout keeps to its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VT_", "DAGSTER_", "PYTHON", "VIRTUAL_ENV"))}
    return kept | {"VT_HOME": str(home), "VT_TAAL": "en"}


def measure(home: Path, command: str, *arguments: str, tree: Path = PROJECT, line: Callable[[str], None] = lambda _: None) -> Cost:
    """Run a command of the environment of a checkout on a data folder; ``line`` is given what it says, as it says it.

    Raises ``UserError`` with what it said after its last step when it does not go well: of a night the verdict.
    """
    whole, last = [str(tree / ".venv/bin" / command), *arguments], list[str]()
    with (home / OUTPUT).open("w", encoding="utf-8") as told:
        started = time.monotonic()
        process = subprocess.Popen(
            whole, cwd=tree, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        assert process.stdout is not None
        for said in process.stdout:
            told.write(said)
            line(said.rstrip())
            last = [] if said.startswith("· ") else [*last[-LAST:], said.strip()]
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
    if os.waitstatus_to_exitcode(status):
        raise UserError(
            say("{command} in {folder} did not go well: {told}", command=" ".join(whole), folder=home, told=" ".join(filter(None, last)))
        )
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1 << 10))


def write_result(path: Path, content: str) -> None:
    """Write what was measured, for whoever reads: of generated data, and often into the checkout, of which a night shows pages."""
    path.write_text(content, encoding="utf-8")
    path.chmod(0o644)
