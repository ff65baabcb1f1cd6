"""The dashboard as a person sees it, in a real browser: figures of the release, marks, and no request to anybody else."""

import grp
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import duckdb
import pytest

from orchestration.outputs.dashboard import texts
from orchestration.release import store
from orchestration.settings import Settings
from tests.end_to_end.conftest import Chain
from tests.lib.browser import Browser
from tests.lib.dashboard import leaves, member_of, serving
from tests.lib.machine import needs

pytestmark = pytest.mark.xdist_group("demo")

WIDE, PHONE = (1280, 900), (390, 844)
CELLS = "[...document.querySelectorAll('.cijfers tr')].map(r => [...r.cells].map(c => c.innerText))"
ACTIVE = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.innerText ?? ''"
LABEL = "document.activeElement.getAttribute('aria-label') ?? ''"


def outside(browser: Browser) -> set[str]:
    """Who was asked for anything, beside loopback and the page itself."""
    return {urlsplit(a).hostname or a for a in browser.addresses if urlsplit(a).scheme not in {"data", "blob"}} - {"127.0.0.1"}


def rows(browser: Browser) -> list[list[str]]:
    """The table on the page."""
    found: list[list[str]] = browser.run(CELLS)
    return found


def wait(until: Callable[[], bool], browser: Browser) -> None:
    """Until something is so on the page, below the fold too."""
    end = time.monotonic() + 60
    while not until():
        assert time.monotonic() < end, browser.text()
        time.sleep(0.2)


def read(browser: Browser, **figures: str) -> None:
    """Wait until the table of one series has these figures; underscores stand for blanks, and the first of a name for nothing."""
    wanted = {period.strip("_").replace("_", " "): figure for period, figure in figures.items()}
    wait(lambda: wanted.items() <= dict(row for row in rows(browser)[1:] if len(row) == 2).items(), browser)


def dutch(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with Browser(tmp_path / "chromium", *WIDE) as opened:
        opened.resize(*WIDE)
        opened.watch()
        yield opened


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that others may pass through, as the one above a data folder is."""
    with tempfile.TemporaryDirectory(prefix="veilig-thuis-", dir="/tmp") as made:
        Path(made).chmod(0o711)
        yield Path(made)


def test_exact_figures_of_the_demo(demo: tuple[Chain, dict[str, Any]], browser: Browser, tmp_path: Path) -> None:
    home, verdict = demo[0].home, demo[1]
    with duckdb.connect(str(home / "releases" / "current" / store.DATABASE), read_only=True) as con:
        query = "select meldingen from marts.instroom_gemeente where gebied = 'REGIO' and periode = ?"
        ((year,), (running,)) = (con.execute(query, [period]).fetchall()[0] for period in ("2024", "2025"))
        query = "select overdrachten from marts.uitstroom where gebied = 'REGIO' and periode = '2024'"
        ((moved,),) = con.execute(query).fetchall()
    with serving(Settings(home=home), "--intern", log=tmp_path / "log") as address:
        browser.open(address.partition("?")[0])
        browser.see(texts.LOCKED.replace("`", ""))
        assert rows(browser) == []

        browser.open(address)
        browser.see("Meldingen, Amsterdam-Amstelland")
        browser.see(texts.INTERN)
        browser.see("5 feb. 2025")
        browser.see(f"Release {verdict['release']}")
        browser.see("controles bij deze release")
        read(browser, _2024=dutch(year), _2025_loopt_nog=dutch(running))
        browser.see("12.000")  # an axis: the chart is there
        assert "loopt nog" in browser.run("document.querySelector('[data-testid=stVegaLiteChart]').textContent")
        assert browser.run("document.documentElement.lang") == "nl"

        browser.click("Uitstroom")
        browser.see("Overdrachten, Amsterdam-Amstelland")
        read(browser, _2024=dutch(moved))
        kept = browser.run("location.search")
        assert (
            "onderwerp=uitstroom&cijfer=overdrachten&uitsplitsing=&soort_gebied=regio&gebied=REGIO&periode=jaar&van=2016&tot=2025" in kept
        )

        view = {"onderwerp": "instroom", "soort_gebied": "stadsdeel", "gebied": "T", "periode": "kwartaal"}
        browser.open(f"{address}&{urlencode(view)}")
        browser.see("Meldingen, Zuidoost")
        wait(lambda: "Driemond hoort vanaf 24 maart 2022" in browser.text(), browser)
        browser.resize(*PHONE)
        browser.open(f"{address}&periode=maand")
        browser.see("Meldingen, Amsterdam-Amstelland")
        wait(lambda: [row[0] for row in rows(browser)[1:2]] == ["feb. 2025 loopt nog"], browser)
        assert browser.run("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out of a phone"
    assert browser.addresses and outside(browser) == set()


def test_a_request_to_somebody_else_would_be_seen_and_is_refused(settings: Settings, browser: Browser, tmp_path: Path) -> None:
    leaves(settings, "r1")
    with serving(settings, log=tmp_path / "log") as address:
        browser.open(address)
        browser.see("Meldingen, Amsterdam-Amstelland")
        with urlopen(address) as answer:
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        asks = "fetch('http://127.0.0.2:9/').then(() => 'asked', () => 'refused')"
        told = browser.ask("Runtime.evaluate", expression=asks, awaitPromise=True, returnByValue=True)
        assert told["result"]["value"] == "refused"
        assert outside(browser) == {"127.0.0.2"}


def test_a_page_is_of_one_release_and_says_when_there_is_a_newer_one(settings: Settings, browser: Browser, tmp_path: Path) -> None:
    leaves(settings, "r1", value=1000)
    with serving(settings, log=tmp_path / "log") as address:
        browser.open(address)
        browser.see("Release r1")
        read(browser, _2024="1.000")
        leaves(settings, "r2", value=2000)
        browser.click("Uitstroom")
        browser.see("Er is een nieuwere release, r2.")
        read(browser, _2024="3.635")
        browser.click("Instroom")
        browser.see("Meldingen, Amsterdam-Amstelland")
        browser.see("Release r1")
        read(browser, _2024="1.000")
        browser.click(texts.SHOW_NEWER)
        browser.see("Release r2")
        read(browser, _2024="2.000")


def test_by_keyboard_alone(settings: Settings, browser: Browser, tmp_path: Path) -> None:
    leaves(settings, "r1")
    with serving(settings, log=tmp_path / "log") as address:
        browser.open(address)
        browser.see("Meldingen, Amsterdam-Amstelland")
        read(browser, _2024="9.951")
        wait(lambda: "tot=2024" in browser.run("location.search"), browser)

        def reached() -> bool:
            browser.press("Tab")
            return texts.CONTROLS["uitsplitsing"] in browser.run(LABEL)

        wait(reached, browser)

        def opened() -> bool:
            browser.press("ArrowDown")
            return browser.run("document.activeElement.getAttribute('aria-expanded')") == "true"

        wait(opened, browser)
        browser.see("Urgentie")
        for _ in range(5):
            if browser.run(ACTIVE) == "Urgentie":
                break
            browser.press("ArrowDown")
            time.sleep(0.5)
        browser.press("Enter")
        browser.see("Meldingen, naar urgentie, Amsterdam-Amstelland")
        wanted = [["Periode", "1 (acuut)", "2"], ["2024", "1.020", "40"], ["2023", "geen cijfer", "geen cijfer"]]
        wait(lambda: rows(browser) == wanted, browser)


def test_somebody_who_may_read_what_leaves_and_nothing_else(folder: Path, browser: Browser, tmp_path: Path) -> None:
    """No key, no vault, no list of releases; and no exact figures for the asking."""
    if os.geteuid() != 0:
        assert "CI" not in os.environ
        pytest.skip("only root may give files to a group that it is no member of")
    needs("setpriv", "util-linux")
    group = next(g.gr_name for g in grp.getgrall() if g.gr_gid not in {0, *os.getgroups()} and not g.gr_mem)
    settings = Settings(home=folder / "data", groep_publiek=group)
    (settings.root / "keys").mkdir(parents=True, mode=0o700)
    leaves(settings, "r1")
    (settings.releases / "r1" / store.DATABASE.parent).mkdir(mode=0o700)
    (settings.releases / "r1" / store.DATABASE).write_bytes(b"exact")
    with serving(settings, log=tmp_path / "log", who=member_of(group)) as address:
        browser.open(address)
        browser.see("Meldingen, Amsterdam-Amstelland")
        browser.see(texts.PUBLIC)
        browser.see("5 feb. 2025")
        read(browser, _2024="9.951", _2023="9.789")
        browser.open(f"{address}?{urlencode({'soort_gebied': 'stadsdeel', 'gebied': 'S'})}")
        browser.see("Meldingen, Weesp")
        read(browser, _2024="85", _2023="verborgena")  # with the letter of its break
        browser.see("Weesp <hoort> erbij")
        browser.see("Kwaliteit: goed.")
        browser.see("nul is er niet van te onderscheiden")
    assert outside(browser) == set()
    with (
        pytest.raises(AssertionError, match=r"Deze gebruiker mag .*veilig_thuis\.duckdb niet lezen"),
        serving(settings, "--intern", log=tmp_path / "log", who=member_of(group)),
    ):
        pass
