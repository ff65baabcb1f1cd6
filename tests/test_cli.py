"""``vt`` as a user meets it: help that teaches, mistakes answered with a sentence."""

import inspect
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from orchestration.cli import late
from tests.lib.vt import VT, run


def vt(home: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(*args, VT_HOME=str(home), **environment)


@pytest.mark.parametrize("command", [[], ["refresh"], ["demo"], ["deliveries"], ["quarantine"], ["release"], ["release", "diff"], ["ui"]])
def test_help_teaches(tmp_path: Path, command: list[str]) -> None:
    done = vt(tmp_path, *command, "--help")
    assert done.returncode == 0
    assert "Usage: vt" in done.stdout


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    for name in late.COMMANDS:
        (listed, itself) = (late.LateGroup().get_command(None, name).help, late.command(name).help)
        assert listed and inspect.cleandoc(listed) == itself, name


HEAVY = {"duckdb", "numpy", "pyarrow", "pandas", "dagster", "dbt", "great_expectations", "highspy", "yaml"}


@pytest.mark.parametrize("command", [[], ["deliveries"], ["release", "list"]])
def test_help_imports_nothing_that_is_slow(command: list[str]) -> None:
    code = f"import sys\nfrom orchestration.cli import app\ntry: app({[*command, '--help']!r})\nexcept SystemExit: print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    assert HEAVY & set(told.split()) <= ({"duckdb", "yaml"} if command else set())


@pytest.mark.parametrize(
    ("args", "environment", "sentence"),
    [
        (["release", "show", "r9"], {}, "Er is geen release r9. Er zijn er geen."),
        (["release", "rollback", "r9", "--door", "A", "--reden", "B"], {}, "Er is geen release r9."),
        (["refresh"], {"VT_OMGEVING": "prod"}, "Instelling VT_OMGEVING: moet een zijn van 'ontwikkeling', 'acceptatie', 'productie'"),
        (["refresh"], {"VT_THREADS": "0"}, "Instelling VT_THREADS: moet 1 of meer zijn"),
        (["quarantine", "show", "1", "meldingen", "2"], {}, "in quarantaine"),
        (["deliveries", "accept", "7", "--door", "A", "--reden", "B"], {}, "7"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(tmp_path: Path, args: list[str], environment: dict[str, str], sentence: str) -> None:
    done = vt(tmp_path, *args, **environment)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


WARNS = """
import sys, threading, time, warnings
import orchestration
import orchestration.definitions
import dagster as dg

def in_and_out(seconds):
    with warnings.catch_warnings():  # as Dagster does in the threads of a run: the last to leave puts back what it found
        time.sleep(seconds)
    dg.AssetSpec("bekeken", is_virtual=True)  # preview
    dg.CodeReferencesMetadataValue(code_references=[])  # beta

threads = [threading.Thread(target=in_and_out, args=(n / 100,)) for n in (5, 1, 3, 2, 4)]
[t.start() for t in threads]
[t.join() for t in threads]
in_and_out(0)
"""


def test_no_warning_of_dagster_reaches_a_terminal(tmp_path: Path) -> None:
    environment = {**os.environ, "VT_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", WARNS], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("ends", [signal.SIGTERM, signal.SIGINT])
def test_the_pages_of_dagster_end_with_their_processes(tmp_path: Path, ends: signal.Signals) -> None:
    """Also where a script started them in its background: a shell lets those ignore Ctrl-C."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with (tmp_path / "uit").open("w") as out:
        ignored = "import signal, os, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
        environment = {**os.environ, "VT_HOME": str(tmp_path / "vt")}
        command = [sys.executable, "-c", ignored, VT, "ui", "--port", port]
        ui = subprocess.Popen(command, stdout=out, stderr=out, env=environment, start_new_session=True)
    try:
        for _ in range(1200):
            if "Serving dagster-webserver" in (tmp_path / "uit").read_text() or ui.poll() is not None:
                break
            time.sleep(0.1)
        assert len(_group(ui.pid)) > 2, (tmp_path / "uit").read_text()
        for _ in range(600):  # it says so before it does
            with suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), timeout=1):
                break
            time.sleep(0.1)
        ui.send_signal(ends)
        ui.wait(60)
        for _ in range(300):
            if not _group(ui.pid):
                break
            time.sleep(0.1)
        assert _group(ui.pid) == []
        assert "Warning" not in (tmp_path / "uit").read_text()
        assert (tmp_path / "vt" / "inbox").is_dir()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(ui.pid, signal.SIGKILL)


def _group(leader: int) -> list[int]:
    """The processes that one started and all that these started."""
    found = subprocess.run(["ps", "-e", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout.split("\n")
    rows = [line.split() for line in found if line]
    return [int(pid) for pid, group, state in rows if int(group) == leader and not state.startswith("Z")]


def test_the_log_of_uses_and_the_key_are_shown_when_damaged(tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()
    (tmp_path / "register" / "sleutelgebruik.jsonl").write_text(
        '{"op": "2025-01-01", "wie": "a", "sleutel": "b", "waarvoor": "c"}\n{"op": "20'
    )
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "sleutel").touch(mode=0o600)
    shown = vt(tmp_path, "key", "uses")
    assert shown.returncode == 0
    assert "2025-01-01" in shown.stdout and "regel 2 van sleutelgebruik.jsonl is afgebroken of beschadigd" in shown.stdout
    shown = vt(tmp_path, "key", "show")
    assert shown.returncode == 0
    assert "bevat geen sleutel" in shown.stdout
    assert (tmp_path / "keys" / "sleutel").read_text() == ""


def test_a_backup_goes_there_and_back(tmp_path: Path) -> None:
    (tmp_path / "vt" / "logboek").mkdir(parents=True)
    done = vt(tmp_path / "vt", "backup", str(tmp_path / "b.tar"))
    assert done.returncode == 0, done.stderr
    assert "1 bestanden geschreven" in done.stderr  # which environment it is of
    done = vt(tmp_path / "terug", "restore", str(tmp_path / "b.tar"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "terug" / "omgeving").read_text() == "ontwikkeling"
    done = vt(tmp_path / "nog eens", "restore", str(tmp_path / "geen.tar"))
    assert (done.returncode, "Er is geen bestand" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_a_key_that_is_no_key_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    key = tmp_path / "sleutel"
    key.write_text("geen sleutel")
    key.chmod(0o600)
    (tmp_path / "vt" / "inbox").mkdir(parents=True)
    done = vt(tmp_path / "vt", "refresh", VT_KEY_FILE=str(key))
    assert done.returncode == 2
    assert "64 hexadecimale cijfers" in done.stdout, "the verdict says so"
    assert not (tmp_path / "vt" / "landing").exists()


def test_a_small_demo_is_written_in_dutch_for_who_works_on_models(tmp_path: Path) -> None:
    done = vt(tmp_path, "demo", "--klein")
    assert (done.returncode, done.stdout) == (0, "")
    assert "DEMO-0001-volledig-2022-01-31.zip geschreven" in done.stderr and "7 demoleveringen geschreven" in done.stderr
    assert sum(path.stat().st_size for path in (tmp_path / "inbox").iterdir()) < 1_000_000
