"""Whatever a night does, the person on duty reads the same sentence in the terminal, on Dagster's page in a browser, and in the alert.

The nights are lived once, one after another on one data folder; the tests look at what they left behind.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestration.bench.faults import phase_of
from orchestration.release.verdict import Uitkomst
from tests.conftest import listening
from tests.end_to_end.conftest import Chain, broken_delivery
from tests.lib.browser import Browser
from tests.lib.dagster_pages import Pages, dagster
from tests.lib.deliveries import manifest, pack, unpack
from tests.lib.small_disk import small_disk
from tests.lib.vt import VT, run, running

pytestmark = pytest.mark.xdist_group("nights")

NIGHTS = {
    "quiet": (Uitkomst.NIETS_NIEUWS, r"Niets nieuws: release \S+, stand van 2025-01-31\.", None),
    "refused": (
        Uitkomst.VASTGEHOUDEN,
        r"Vastgehouden: Levering 3 is geweigerd: bestand meldingen\.csv: de controlesom .* stuur het opnieuw\. De oude .* Vraag de .*",
        "vastgehouden",
    ),
    "full disk": (Uitkomst.MISLUKT, r"Mislukt: De schijf is vol.* Maak ruimte \(df -h .* draai `vt refresh`.*", "mislukt"),
    "cut off": (Uitkomst.MISLUKT, r"Mislukt: De verversing die op \S+ om \S+ UTC begon is afgebroken: .* draai `vt refresh`.*", "mislukt"),
    "good": (Uitkomst.GEPUBLICEERD, r"Gepubliceerd: release \S+-000003, stand van 2025-02-01\..*", "hersteld"),
    "held back": (
        Uitkomst.VASTGEHOUDEN,
        r"Vastgehouden: controle landing_adviesvragen\.omgeslagen_kanaal: .* Draai `vt checks show .*",
        "vastgehouden",
    ),
    "rolled back": (
        Uitkomst.VASTGEHOUDEN,
        r"Vastgehouden: Release \S+-000005 wacht: lezers houden \S+-000002, vastgezet .* Beëindig het met vt release unpin\..*",
        "vastgehouden",
    ),
    "quiet and rolled back": (
        Uitkomst.NIETS_NIEUWS,
        r"Niets nieuws: release \S+-000002, .* Release \S+-000005 wacht: .* Beëindig het met vt release unpin\..*",
        None,
    ),
    "late": (Uitkomst.NIETS_NIEUWS, r"Niets nieuws: .* leveringen zijn te laat, met peildatum 2025-02-04 .*", "levering te laat"),
}
"""What the night comes to, the sentence on it, and the subject of its alert. Of what was told before there is none."""

KILLED = "cut off"
DECIDES = ("--door", "de test", "--reden", "om te zien wat de nacht zegt")


@dataclass(frozen=True)
class Night:
    """What is to be seen of one night."""

    code: int
    printed: str
    verdict: dict[str, Any]
    """As ``logboek`` keeps it"""
    alerts: list[dict[str, str]]
    run: dict[str, Any]
    """As Dagster's web server tells of it"""


@dataclass
class Duty:
    """A data folder, the alerts that come from it, and Dagster's pages on it."""

    chain: Chain
    alerts: list[dict[str, str]]
    address: str
    pages: Pages
    nights: dict[str, Night] = field(default_factory=dict)

    def live(self, name: str, *, as_json: bool = False, before: tuple[str, ...] = (), **environment: str) -> None:
        """``vt refresh``, with what is put before the command, and what it leaves behind; a run killed before it is told of too."""
        kept = self._kept()
        command, names = ["refresh", *["--json"] * as_json], self._environment | environment
        if before:
            done = subprocess.run([*before, VT, *command], capture_output=True, text=True, check=False, env=names)
        else:
            done = run(*command, **names)
        *of_before, verdict = (json.loads(path.read_text()) for path in self._kept()[len(kept) :])
        seen, *runs = self.pages.runs()
        assert "Traceback" not in done.stderr
        self.nights[name] = Night(done.returncode, done.stdout, verdict, self._told(verdict), seen)
        for killed in of_before:
            self.nights[KILLED] = Night(-signal.SIGKILL, "", killed, self._told(killed), runs[0])

    def kill(self, phase: str) -> None:
        """Start a refresh, and kill it with all that it started in that phase."""
        there = len(list((self.chain.home / "releases").glob("2*")))
        before = len(self.pages.runs())
        with running("refresh", **self._environment) as night:
            until = time.monotonic() + 240
            while len(self.pages.runs()) == before or phase_of(self.chain.home, there) != phase:
                assert night.exitcode is None and time.monotonic() < until, f"phase {phase} was not seen"
                time.sleep(0.1)

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "VT_HOME": str(self.chain.home), "VT_ALARM_NAAR": self.address}

    def _kept(self) -> list[Path]:
        return sorted((self.chain.home / "logboek").glob("oordeel-*.json"))

    def _told(self, verdict: dict[str, Any]) -> list[dict[str, str]]:
        return [m for m in self.alerts if m["message"].startswith(verdict["zin"])]


@pytest.fixture(scope="module")
def duty(base: Chain, small: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Duty]:
    """All nights lived."""
    folder = tmp_path_factory.mktemp("nachten")
    chain = base.copy(folder / "vt")
    with listening() as (alerts, address), dagster(chain.home, folder / "dagster.log") as pages:
        on_duty = Duty(chain, alerts, address, pages)
        live_them_all(on_duty, small)
        yield on_duty


def live_them_all(duty: Duty, small: list[Path]) -> None:
    home, inbox = duty.chain.home, duty.chain.home / "inbox"
    duty.live("quiet")
    broken_delivery(small[2], inbox)
    duty.live("refused")
    shutil.copy(small[2], inbox)
    # the delivery is taken in; for what is made of it there is no room
    duty.live("full disk", as_json=True, before=tuple(small_disk(home / "build", 1)))
    duty.kill("landing_controles")
    duty.live("good")
    requests(small[3], inbox, last_week="chat")
    duty.live("held back")
    duty.chain.vt("release", "rollback", duty.nights["quiet"].verdict["release"], *DECIDES)
    requests(small[4], inbox, last_week="telefoon")
    duty.live("rolled back", as_json=True)
    duty.live("quiet and rolled back")
    duty.chain.vt("release", "unpin", *DECIDES)
    (home / "omgeving").write_text("acceptatie")  # where deliveries are due; else a folder keeps its environment
    duty.live("late", VT_OMGEVING="acceptatie")


def requests(good: Path, inbox: Path, last_week: str) -> None:
    """The delivery with six requests for advice a day, by telephone for thirteen weeks and in ``last_week``'s way in the week after."""
    files, until = unpack(good), date(2025, 2, 2)
    rows = []
    for number in range(6 * 7 * 14):
        day = until - timedelta(days=number // 6)
        way = last_week if number < 6 * 7 else "telefoon"
        rows.append(f"T-A{number};{day};{day};{way};huisarts;nee;GM0363;\n")
    files["adviesvragen.csv"] += "".join(rows).encode()
    manifest(files)
    pack(inbox / good.name, files)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("chromium") / "profiel") as window:
        yield window


@pytest.mark.parametrize("name", NIGHTS)
def test_the_verdict_and_its_sentence(duty: Duty, name: str) -> None:
    outcome, sentence, _ = NIGHTS[name]
    verdict = duty.nights[name].verdict
    assert verdict["uitkomst"] == outcome
    assert re.fullmatch(sentence, verdict["zin"]), verdict["zin"]
    assert ".." not in verdict["zin"]


@pytest.mark.parametrize("name", [name for name in NIGHTS if name != KILLED])
def test_the_terminal_says_it(duty: Duty, name: str) -> None:
    night = duty.nights[name]
    assert night.code == NIGHTS[name][0].exit_code
    assert night.verdict["zin"] in night.printed
    assert "Traceback" not in night.printed


def test_the_terminal_says_it_as_json(duty: Duty) -> None:
    for name in ("full disk", "rolled back"):
        told = json.loads(duty.nights[name].printed)
        assert told == {key: duty.nights[name].verdict[key] for key in told}


@pytest.mark.parametrize("name", NIGHTS)
def test_the_alert_says_it(duty: Duty, name: str) -> None:
    subject = NIGHTS[name][2]
    assert [m["title"] for m in duty.nights[name].alerts] == ([f"Veilig Thuis: {subject}"] if subject else [])


def test_what_is_over_is_told_with_the_night_that_ended_it(duty: Duty) -> None:
    over = {name: m["message"].partition("Wat voorbij is:")[2] for name, night in duty.nights.items() for m in night.alerts}
    assert "Levering 3 is geweigerd" in over["full disk"]
    assert "De schijf is vol" in over["cut off"]
    assert "is afgebroken" in over["good"]
    assert "omgeslagen_kanaal" in over["rolled back"]
    assert "wacht: lezers houden" in over["late"]


def look(browser: Browser, address: str, sentence: str) -> None:
    """See a sentence on the page of a run. The list of its events goes to its end by itself; on a busy machine it sometimes stops before
    it, and then the page is opened once more, as a person would."""
    browser.open(address)
    try:
        browser.see(sentence)
    except AssertionError:
        browser.open("about:blank")
        browser.open(address)
        browser.see(sentence)


@pytest.mark.parametrize("name", NIGHTS)
def test_the_page_of_the_run_says_it(duty: Duty, browser: Browser, name: str) -> None:
    night = duty.nights[name]
    look(browser, f"{duty.pages.address}/runs/{night.run['runId']}", night.verdict["zin"])
    browser.see("Success" if NIGHTS[name][0].exit_code == 0 else "Failure")
    said = browser.text()
    assert "Traceback" not in said and "stack trace" not in said.lower()
    assert night.run["tags"]["oordeel"] == NIGHTS[name][0]
    assert night.run["tags"].get("reden", "") in night.verdict["zin"]


def test_quiet_nights_leave_every_table_and_check_as_it_was(duty: Duty, browser: Browser) -> None:
    assert set(duty.pages.outcomes().values()) <= {"SUCCEEDED", "FAILED"}, "FAILED: with a warning"
    browser.open(f"{duty.pages.address}/assets")
    browser.see("Materialized")
    assert "Never materialized" not in browser.text()
    browser.open(f"{duty.pages.address}/assets/marts/indicatoren?view=checks")
    browser.see("Passed")
    browser.see("Succeeded")
    assert "Never" not in browser.text() and "Not evaluated" not in browser.text()
