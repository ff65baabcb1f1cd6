"""The page of the report for everybody: by WCAG 2.2 AA, by keyboard, on a phone, in the dark, in colours of one's own, and printed.

Every check is tried on pages with a fault that was put in: one that finds nothing there would prove nothing.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestration.outputs.report.style import style
from tests.lib import accessibility
from tests.lib.accessibility import EVERY_WAY, PHONE, WIDE
from tests.lib.browser import Browser
from tests.lib.report_files import EDITIONS, HALF, INTERN, YEAR
from tests.lib.size import THOROUGH

pytestmark = pytest.mark.xdist_group("report")

Check = Callable[[Browser, Path], list[str]]

PREFERENCES = {
    "light": {},
    "dark": {"prefers_color_scheme": "dark"},
    "contrast": {"prefers_contrast": "more"},
    "forced": {"forced_colors": "active"},
    "forced dark": {"forced_colors": "active", "prefers_color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("chromium") / "profile") as window:
        yield window


def on(check: Callable[[Browser], list[str]]) -> Check:
    """A check of the page that is open, as one of a file."""

    def checked(browser: Browser, page: Path) -> list[str]:
        accessibility.load(browser, page)
        return check(browser)

    return checked


def texts(preference: str) -> Check:
    return on(lambda browser: accessibility.drawn_text_faults(browser, **PREFERENCES[preference]))


CHECKS: dict[str, Check] = {
    "html-validate": lambda _, page: accessibility.source_faults(page),
    "nothing asked of elsewhere": accessibility.requests,
    "no scripts": on(accessibility.script_faults),
    "within a phone": on(accessibility.overflow_faults),
    "by keyboard": on(accessibility.keyboard_faults),
    "skip link": on(accessibility.skip_faults),
    "printed": on(accessibility.print_faults),
    **{f"texts of charts, {name}": texts(name) for name in PREFERENCES},
}


OF_ONE = {"by keyboard", *(name for name in CHECKS if name.startswith("texts of charts"))} if not THOROUGH else set()
"""Checks of what is the same on the page of every edition: where not all is tried, of one."""


@pytest.mark.parametrize(("edition", "name"), [(e, name) for e in EDITIONS for name in CHECKS if e == YEAR or name not in OF_ONE])
def test_a_page_is_good(browser: Browser, reports: Path, edition: str, name: str) -> None:
    assert CHECKS[name](browser, reports / f"{edition}.html") == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_axe_finds_nothing(browser: Browser, reports: Path, edition: str) -> None:
    accessibility.load(browser, reports / f"{edition}.html")
    ways = EVERY_WAY if edition == YEAR or THOROUGH else [("light", WIDE, True), ("dark", PHONE, True)]
    assert accessibility.axe_faults_everywhere(browser, ways) == []


def test_every_colour_has_contrast() -> None:
    assert accessibility.palette_faults(style()) == []


def test_every_kind_of_chart_is_there(reports: Path) -> None:
    """What the checks look at has bars, lines, tiles, borders, and each reason why a figure is not shown."""
    written = {edition: (reports / f"{edition}.html").read_text(encoding="utf-8") for edition in EDITIONS}
    for sign in ("verborgen", "ontbreekt", "n.v.t.", 'class="break"', "hatch", "<rect", "<circle"):
        assert sign in written[YEAR], sign
    assert 'class="own"' in written[INTERN] and "watermark" in written[INTERN]
    assert all('class="chart narrow"' in page for page in written.values())


# --- faults that are put in ---------------------------------------------------------------------------------------------------------------

BEFORE = '<section id="leeswijzer"'
OUTSIDE = "http://127.0.0.1:9/"

axe = on(lambda browser: accessibility.axe_faults_everywhere(browser, EVERY_WAY[:1]))
dark_axe = on(lambda browser: accessibility.axe_faults_everywhere(browser, [("dark", PHONE, False)]))
PUT_IN: list[tuple[Check, str, str]] = [
    (axe, '<a href="#uitleg"></a>', "link-name"),
    (axe, '<p style="color: #aaa; background: #fff">te licht</p>', "color-contrast"),
    (axe, '<input type="text">', "label"),
    (dark_axe, '<p style="color: #333">te donker</p>', "dark, 320 px: color-contrast"),
    (CHECKS["html-validate"], '<p id="leeswijzer"></p>', "no-dup-id"),
    (CHECKS["html-validate"], '<img src="data:,">', "wcag/h37"),
    (CHECKS["html-validate"], "<p><div></div></p>", "close-order"),
    (CHECKS["nothing asked of elsewhere"], f'<img alt="" src="{OUTSIDE}beeld.png">', "beeld.png"),
    (CHECKS["nothing asked of elsewhere"], f"<style>main {{ background: url({OUTSIDE}grond.png) }}</style>", "grond.png"),
    (CHECKS["no scripts"], "<script>1</script>", "SCRIPT"),
    (CHECKS["no scripts"], '<p onclick="1">', "P onclick"),
    (CHECKS["no scripts"], '<a href="javascript:1">x</a>', "A href"),
    (CHECKS["within a phone"], '<div style="position: fixed; width: 500px; height: 1px"></div>', "DIV"),
    (CHECKS["within a phone"], f'<p style="white-space: nowrap">{"breed " * 20}</p>', "the page is"),
    (CHECKS["by keyboard"], '<a href="#uitleg" tabindex="3">eerst</a>', "the focus is at A eerst"),
    (CHECKS["by keyboard"], '<a href="#uitleg" tabindex="-1">nooit</a>', "and not at"),
    (CHECKS["by keyboard"], "<style>summary:focus-visible { outline: none }</style>", "the focus does not show: SUMMARY"),
    (CHECKS["by keyboard"], '<div style="position: fixed; inset: auto 0 0; height: 40%; background: red">', "is covered"),
    (CHECKS["printed"], "<style>details::details-content { display: none }</style>", "a cell is not on paper"),
    (CHECKS["printed"], "<style>.chart.wide { display: none !important }</style>", "a chart is not on paper"),
    (CHECKS["printed"], "<style>.chart.narrow { display: block !important }</style>", "a chart for phones is on paper"),
    (CHECKS["printed"], "<style>summary { display: block !important }</style>", "a control is on paper"),
    (CHECKS["printed"], "<style>table { width: 300mm !important }</style>", "on paper the page is"),
    (CHECKS["texts of charts, light"], "<style>.chart .fill-ink { fill: #bbbbbb !important }</style>", ": 1.89"),
    (CHECKS["texts of charts, dark"], "<style>.chart .fill-quiet { fill: #6b625a !important }</style>", ": 2.9"),
    (
        CHECKS["texts of charts, forced"],
        "<style>@media (forced-colors: active) { .chart text { forced-color-adjust: none; fill: #fff !important } }</style>",
        ": 1.00",
    ),
]


@pytest.mark.parametrize(("check", "fault", "told"), PUT_IN, ids=[f"{number}-{told}" for number, (_, _, told) in enumerate(PUT_IN)])
def test_a_fault_that_is_put_in_is_found(browser: Browser, reports: Path, tmp_path: Path, check: Check, fault: str, told: str) -> None:
    page = (reports / f"{HALF}.html").read_text(encoding="utf-8")
    assert page.count(BEFORE) == 1
    faulty = tmp_path / "fout.html"
    faulty.write_text(page.replace(BEFORE, fault + BEFORE), encoding="utf-8")
    found = check(browser, faulty)
    assert any(told in fault for fault in found), found


CHANGED: list[tuple[Check, str, str, str]] = [
    (axe, '<html lang="nl">', "<html>", "html-has-lang"),
    (axe, "<title>Cijfers 1e halfjaar 2024", "<title></title><!--", "document-title"),
    (CHECKS["skip link"], 'href="#verslag"', 'href="#nergens"', "no link to the main part"),
    (CHECKS["skip link"], 'class="skip" href="#verslag"', 'class="skip"', "no link to the main part"),
    (CHECKS["by keyboard"], 'class="wide-content" role="group" tabindex="0"', 'class="wide-content" tabindex="-1"', "and not at"),
    (CHECKS["by keyboard"], "<summary>", '<summary tabindex="-1">', "and not at"),
]


@pytest.mark.parametrize(("check", "good", "bad", "told"), CHANGED, ids=[told for *_, told in CHANGED])
def test_what_is_taken_away_is_missed(
    browser: Browser, reports: Path, tmp_path: Path, check: Check, good: str, bad: str, told: str
) -> None:
    page = (reports / f"{HALF}.html").read_text(encoding="utf-8")
    assert good in page
    faulty = tmp_path / "fout.html"
    faulty.write_text(page.replace(good, bad), encoding="utf-8")
    found = check(browser, faulty)
    assert any(told in fault for fault in found), found


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ("--quiet: #635a52", "--quiet: #8a8178", "light: quiet on paper"),
        ("--quiet: #b9afa4", "--quiet: #6f675f", "dark: quiet on soft"),
        ("--on-accent: #1b1917", "--on-accent: #f1ece6", "dark: on-accent on accent"),
        ("--series-4: #7a5a1e", "--series-4: #c7a24e", "light: series-4 on paper"),
        (
            "--soft: #f7f1e8; --accent: #96391f; --on-accent: #ffffff",
            "--soft: #f7f1e8; --accent: #d98a72; --on-accent: #ffffff",
            "print: accent",
        ),
        ("outline: 3px solid var(--accent)", "outline: 3px solid var(--grid)", "light: outline of the focus"),
        ("outline: 3px solid var(--accent)", "outline: none", "the focus has no outline"),
    ],
)
def test_a_colour_with_too_little_contrast_is_found(good: str, bad: str, told: str) -> None:
    assert good in style()
    found = accessibility.palette_faults(style().replace(good, bad))
    assert any(told in fault for fault in found), found
