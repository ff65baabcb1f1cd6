"""Whatever breaks a refresh is the verdict ``mislukt``: exit code 2, one sentence, JSON that can be read, an alert, and the old release."""

import fcntl
import json
import os
import re
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration.refresh import refresh
from orchestration.register.register import who
from orchestration.release.verdict import Uitkomst
from orchestration.settings import Settings
from tests.end_to_end.conftest import Chain
from tests.lib.small_disk import run_on_small_disk
from tests.lib.vt import VT, run

pytestmark = pytest.mark.xdist_group("bad_nights")

Webhook = tuple[list[dict[str, Any]], str]


def night(home: Path, **environment: str) -> tuple[int, dict[str, Any]]:
    """Exit code and verdict of ``vt refresh --json``; no stack trace, and nothing but the JSON on standard output."""
    done = run("refresh", "--json", VT_HOME=str(home), **environment)
    assert "Traceback" not in done.stderr + done.stdout
    verdict: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, verdict


def state_of_dagster(home: Path) -> None:
    for path in (home / "dagster").rglob("*.db"):
        path.write_bytes(b"rubbish")


def release_json(home: Path) -> None:
    (home / "releases" / "current" / "release.json").write_text("{")


def a_register_event(home: Path) -> None:
    (home / "register" / "00000001-levering_opgenomen.json").write_text("{}")


@pytest.mark.parametrize(
    ("breaks", "says", "settings"),
    [
        (state_of_dagster, "administratie van Dagster in .*/dagster is beschadigd: file is not a database.*mv ", {}),
        (release_json, "release.json is beschadigd. Zet het terug uit een back-up", {}),
        (a_register_event, "Het register is niet heel", {}),
        (
            lambda home: None,
            "PostgreSQL .VT_DAGSTER_POSTGRES. is niet te gebruiken: .*refused",
            {"VT_DAGSTER_POSTGRES": "postgresql://x:geheim@127.0.0.1:9/d"},
        ),
        (lambda home: None, "hoort bij ontwikkeling", {"VT_OMGEVING": "acceptatie"}),
        (lambda home: None, "bestaat niet|begint met ~", {"VT_KEY_FILE": "~nobody-of-this-name/sleutel"}),
    ],
    ids=["dagster", "release.json", "register", "postgres", "environment", "home"],
)
def test_what_breaks_says_so_once_in_every_place(
    chain: Chain, webhook: Webhook, breaks: Callable[[Path], None], says: str, settings: dict[str, str]
) -> None:
    received, address = webhook
    standing = str((chain.home / "releases" / "current").readlink())
    breaks(chain.home)
    code, verdict = night(chain.home, VT_ALARM_NAAR=address, **settings)
    assert (code, verdict["uitkomst"], verdict["release"]) == (2, "mislukt", standing)
    (sentence,) = verdict["aandacht"]
    assert re.search(says, sentence)
    (message,) = received
    assert sentence in message["message"]
    assert "geheim" not in f"{verdict}{message}"
    assert str((chain.home / "releases" / "current").readlink()) == standing


def test_a_damaged_memory_of_alerts_is_begun_anew(chain: Chain, webhook: Webhook) -> None:
    received, address = webhook
    (chain.home / "logboek" / "alarm.json").write_text("[")
    state_of_dagster(chain.home)
    assert night(chain.home, VT_ALARM_NAAR=address)[0] == 2
    assert night(chain.home, VT_ALARM_NAAR=address)[0] == 2
    assert [m["title"] for m in received] == ["Veilig Thuis: mislukt"], "told once: what was told is remembered again"


def test_settings_that_are_wrong_are_a_verdict_too(tmp_path: Path) -> None:
    code, verdict = night(tmp_path, VT_THREADS="0", VT_TAAL="fr")
    assert (code, verdict["uitkomst"]) == (2, "mislukt")
    assert "VT_THREADS" in verdict["aandacht"][0]
    assert "VT_TAAL" in verdict["aandacht"][0]


def test_a_build_as_of_a_delivery_that_never_came_is_a_verdict_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [VT, "refresh", "--json", "--levering", "9", "--naar", str(tmp_path / "nieuw")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "VT_HOME": str(tmp_path / "vt")},
    )
    assert (done.returncode, json.loads(done.stdout)["uitkomst"]) == (2, "mislukt")
    assert "Levering 9 is nooit opgenomen; er zijn er nog geen" in done.stdout
    assert "Levering 9 is nooit opgenomen" in done.stderr and "Traceback" not in done.stderr


def test_an_alert_that_nobody_takes_is_in_the_verdict(chain: Chain) -> None:
    state_of_dagster(chain.home)
    _, verdict = night(chain.home, VT_ALARM_NAAR="foo json://127.0.0.1:9/geheim")
    assert "adres 1 (geen adres dat Apprise kent) en adres 2 (json) van VT_ALARM_NAAR" in verdict["aandacht"][-1]
    assert "geheim" not in str(verdict)
    kept = max((chain.home / "logboek").glob("oordeel-*.json")).read_text()
    assert json.loads(kept)["aandacht"] == verdict["aandacht"]


def test_a_file_system_without_locks(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", refused)
    verdict = refresh(settings, lambda _: None)
    assert verdict.uitkomst is Uitkomst.MISLUKT
    assert "kent geen sloten (flock)" in verdict.aandacht[0]


def test_a_fault_of_our_own_keeps_its_places_and_no_values(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> None:
        raise KeyError("Jansen")

    monkeypatch.setattr("orchestration.refresh.right_key", wrong)
    verdict = refresh(settings, lambda _: None)
    (sentence,) = verdict.aandacht
    assert "niemand voorzag: KeyError in test_breakdown.py, regel" in sentence
    (kept,) = (settings.root / "logboek").glob("storing-*.txt")
    assert str(kept) in sentence
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "refresh.py, line" in kept.read_text()
    assert "Jansen" not in kept.read_text() + sentence


def test_a_user_who_is_only_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container; a refresh by such a user is run in tests/deployment."""

    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert who() == f"uid {os.getuid()}"


FULL_DISK = """
import json, os, shutil, sys
from pathlib import Path
from tests.lib.vt import run
disk = Path(sys.argv[1])
base, delivery = (Path(os.environ[n]) for n in ("TRY_BASE", "TRY_DELIVERY"))
home, filler = disk / "vt", disk / "filler"
for free in json.loads(os.environ["TRY_FREE"]):
    shutil.rmtree(home, ignore_errors=True)
    filler.unlink(missing_ok=True)
    shutil.copytree(base, home, symlinks=True)
    shutil.copy(delivery, home / "inbox")
    room = os.statvfs(disk)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, room.f_bavail * room.f_frsize - free * 1024))
    done = run("refresh", "--json", VT_HOME=str(home))
    steps = [p.stem for p in (home / "build" / "stand").glob("*.json")]
    night = {"free": free, "code": done.returncode, "out": done.stdout, "err": done.stderr[-2000:], "steps": steps}
    print(json.dumps(night), flush=True)
"""


def test_a_disk_that_is_full_in_every_phase(base: Chain, small: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a real file system with ever more room: each night says that the disk is full, and none leaves a stack trace."""
    for name, value in {"BASE": base.home, "DELIVERY": small[2], "FREE": json.dumps(FREE)}.items():
        monkeypatch.setenv(f"TRY_{name}", str(value))
    done = run_on_small_disk(tmp_path, 256, FULL_DISK, patience_s=900)
    assert done.returncode == 0, done.stderr
    nights = [json.loads(line) for line in done.stdout.splitlines()]
    assert [night["free"] for night in nights] == FREE
    for night in nights:
        assert "Traceback" not in night["err"], night
        verdict = json.loads(night["out"])
        assert (night["code"], verdict["uitkomst"]) == (2, "mislukt"), night
        assert re.search("No space left|schijf is vol|ruimte op de schijf|Maak ruimte", " ".join(verdict["aandacht"])), night
    reached = {step for night in nights for step in night["steps"]}
    assert {"intake", "historie", "controles", "dbt", "bekende_fouten"} <= reached, "each phase had its turn to find the disk full"


FREE = [100, 8_000, 16_000, 50_000]
"""KiB of room, which end in intake (Dagster's SQLite), the history, dbt and the writing of the release."""
