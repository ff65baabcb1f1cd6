"""A process that is killed at the n-th thing it does to a file: for what must be whole whenever its writer dies.

``run_dying`` runs Python code in a process of its own and kills it (SIGKILL) right before the n-th event of the kinds asked for, below one
folder. Python tells of these events itself (audit events), whatever library does them; DuckDB's own writing is not among them. To try
every n, keep a ``Dying``: it imports once, and each run is a fork.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from orchestration.settings import PROJECT

WRITES = ("os.rename", "os.link", "os.symlink", "os.remove", "open")
"""Every kind of event after which another step finds something else.

``os.rename`` is ``os.replace`` too, ``os.remove`` is ``unlink``. ``open`` is a file that is opened for writing, by name or by an open
handle: between making a file and filling it there is such a moment too.
"""

RUNNER = """
import json, os, signal, sys, traceback

def watch(events, below, n, told):
    def opened(handle):
        try:
            return os.readlink(f"/proc/self/fd/{handle}")
        except OSError:
            return ""

    def named(path):
        if isinstance(path, int):
            path = opened(path)
        return os.path.abspath(os.fsdecode(path)) if isinstance(path, (str, bytes, os.PathLike)) else ""

    def writes(mode, flags):
        if isinstance(mode, str):
            return any(c in mode for c in "wax+")
        return bool((flags or 0) & (os.O_WRONLY | os.O_RDWR))

    def hook(event, args):
        nonlocal n
        if event not in events or (event == "open" and not writes(args[1], args[2])):
            return
        paths = args[:2] if event in {"os.rename", "os.link", "os.symlink"} else args[:1]
        if event == "os.remove" and args[1] != -1:  # of a name in an open folder, as shutil.rmtree does
            paths = [os.path.join(opened(args[1]), args[0])]
        if any(f"{named(p)}/".startswith(f"{below}/") for p in paths):
            n -= 1
            if n == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            os.write(told, b".")

    sys.addaudithook(hook)

imports, code, below, events, told = sys.argv[1:]
names = {"__name__": "__main__"}
exec(imports, names)
while line := sys.stdin.readline():
    n, arguments = json.loads(line)
    files = [os.open(f"{told}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for name in ("events", "out", "err")]
    child = os.fork()
    if child == 0:
        os.dup2(files[1], 1)
        os.dup2(files[2], 2)
        signal.alarm(300)
        sys.argv = ["dying", *arguments]
        watch(set(events.split()), os.path.abspath(below), n, files[0])
        ended = 0
        try:
            exec(compile(code, "<dying>", "exec"), names)
        except BaseException:
            traceback.print_exc()
            ended = 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended)  # what libraries do when an interpreter ends is not made for a fork
    _, status = os.waitpid(child, 0)
    for file in files:
        os.close(file)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


@dataclass(frozen=True)
class Died:
    """How a process ended: its return code (``-signal.SIGKILL`` when it was killed), events before that, what it printed."""

    code: int
    events: int
    out: str
    err: str


class Dying:
    """Code to run and kill; ``imports`` is run once, before all of it. A context manager.

    Each run finds its arguments in ``sys.argv[1:]``. Counted are events of the kinds ``events`` on files below ``below``.
    """

    def __init__(self, code: str, below: Path, events: tuple[str, ...] = WRITES, imports: str = "") -> None:
        self.told = tempfile.TemporaryDirectory(prefix="dying-")
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUNNER, imports, code, str(below), " ".join(events), self.told.name],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *args: str, n: int = 0) -> Died:
        """Run the code and kill it right before its ``n``-th event; with 0 never, which tells how many there are."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([n, args]) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        events, out, err = ((Path(self.told.name) / name).read_text() for name in ("events", "out", "err"))
        return Died(code, len(events), out, err)

    def __enter__(self) -> "Dying":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.communicate()
        self.told.cleanup()


def run_dying(code: str, args: list[str], below: Path, n: int, events: tuple[str, ...] = WRITES) -> Died:
    """Run ``code`` once and kill it right before its ``n``-th event (see ``Dying``)."""
    with Dying(code, below, events) as dying:
        return dying.run(*args, n=n)
