"""``vt`` as a user would type it, in a process of its own that starts with its libraries loaded.

Importing Dagster, dbt and Great Expectations takes a third of a small night's processor time. A server imports them once
for each worker and forks for each command. Of the project itself nothing is loaded before the fork, so that every command
reads its own settings. Where the start itself is what a test looks at (signals, groups of processes), it starts ``VT``.
"""

import io
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

VT = str(Path(sys.executable).parent / "vt")
LIBRARIES = ("dagster", "dagster_dbt", "duckdb", "great_expectations", "pandas", "pydantic_settings", "rich.table", "sqlalchemy", "typer")
LONGEST_S = 900
"""No command takes longer; one that hangs is ended."""


def run(*args: str, **environment: str) -> CompletedProcess[str]:
    """Run ``vt`` with these arguments, and these variables beside those of the test; its exit code and what it wrote."""
    with TemporaryDirectory() as folder:
        written = Path(folder, "stdout"), Path(folder, "stderr")
        command = _start(args, environment, *written)
        command.join(LONGEST_S)
        if command.exitcode is None:
            command.kill()
            command.join()
        assert command.exitcode is not None
        return CompletedProcess([VT, *args], command.exitcode, *(path.read_text(encoding="utf-8") for path in written))


@contextmanager
def running(*args: str, **environment: str) -> Iterator[BaseProcess]:
    """``vt`` while it runs, with all that it starts in one group of processes, which is ended at the end (SIGKILL)."""
    command = _start(args, environment, Path(os.devnull), Path(os.devnull))
    assert command.pid is not None
    try:
        yield command
    finally:
        with suppress(ProcessLookupError):
            os.killpg(command.pid, signal.SIGKILL)
        command.join()


def _start(args: Sequence[str], environment: dict[str, str], out: Path, err: Path) -> BaseProcess:
    begun = _server().Event()
    command = _server().Process(target=_command, args=(begun, args, Path.cwd(), {**os.environ, **environment}, out, err))
    command.start()
    assert begun.wait(LONGEST_S), "vt did not start"
    return command


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*LIBRARIES, __name__])
    return context


def _command(begun: Event, args: Sequence[str], folder: Path, environment: dict[str, str], out: Path, err: Path) -> None:
    """In the new process: what the script ``vt`` does."""
    os.setsid()
    begun.set()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, name, path in ((1, "stdout", out), (2, "stderr", err)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
        setattr(sys, name, io.TextIOWrapper(io.FileIO(number, "w", closefd=False), encoding="utf-8", line_buffering=name == "stderr"))
    sys.argv = [VT, *args]
    from orchestration.cli import main

    main()
