"""What dbt tells of itself, and what becomes of it when nobody listens any more."""

import errno
import io
import signal
import subprocess
import sys

import pytest

from orchestration.defs.warehouse import events_of

TELLS = """
import json, signal, time
signal.signal(signal.SIGTERM, HANDLER)
print("no JSON", "5", "[]", sep=chr(10))
for n in range(3):
    print(json.dumps({"info": {"level": "info", "name": "E", "msg": str(n)}, "data": {}}), flush=True)
time.sleep(SECONDS)
"""


def dbt(seconds: int, handler: signal.Handlers = signal.SIG_DFL) -> "subprocess.Popen[bytes]":
    script = TELLS.replace("SECONDS", str(seconds)).replace("HANDLER", str(int(handler)))
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)


def test_all_that_it_tells_and_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    with dbt(0) as process:
        assert [event.raw_event["info"]["msg"] for event in events_of(process)] == ["0", "1", "2"]
        assert process.returncode == 0
    assert capsys.readouterr().out.splitlines()[:3] == ["no JSON", "5", "[]"]


@pytest.mark.parametrize("handler", [signal.SIG_DFL, signal.SIG_IGN])
def test_let_go_of_half_way_it_ends(handler: signal.Handlers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it ignores that it is asked to, as what a script starts in its background may."""
    monkeypatch.setattr("orchestration.defs.warehouse.PATIENCE", 1)
    with dbt(600, handler) as process:
        events = events_of(process)
        next(events)
        events.close()
        assert process.wait(timeout=60) < 0


class Full(io.StringIO):
    """Standard output on a disk that is full."""

    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_standard_output_on_a_full_disk_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with dbt(0) as process, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Full())
        told = [event.raw_event["info"]["msg"] for event in events_of(process)]
    assert told == ["0", "1", "2"]
