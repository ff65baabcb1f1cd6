"""What is asked of the page of a report by WCAG 2.2 and by who reads it on a phone, by keyboard, in the dark or on paper.

Each check gives the faults that it finds, in words; none is good. They look at the page in a real browser, where axe-core looks too.
"""

import json
import os
import re
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final

import pytest

from orchestration.settings import PROJECT
from tests.lib.browser import Browser

CONFIGURATION: Final = PROJECT / "tests" / "outputs" / "report" / "web" / "htmlvalidate.cjs"
WIDE, PHONE, HEIGHT = 1280, 320, 900
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TEXT_CONTRAST, SIGN_CONTRAST = 4.5, 3.0
"""Of text, and of what is no text (WCAG 1.4.3 and 1.4.11)."""


@cache
def checkers() -> Path:
    """The folder with axe-core and html-validate. Without them a test is skipped, but not in CI."""
    found = subprocess.run([PROJECT / "scripts" / "report_checkers"], capture_output=True, text=True, check=False)
    if found.returncode == 3 and "CI" not in os.environ:
        pytest.skip(found.stderr.strip().splitlines()[-1])
    assert found.returncode == 0, found.stderr
    return Path(found.stdout.strip())


@contextmanager
def emulated(browser: Browser, *, width: int = WIDE, media: str = "", opened: bool = False, **features: str) -> Iterator[None]:
    """The page as somebody has it: how wide, with details open or closed, in print, and what the reader prefers (``forced_colors``)."""
    browser.resize(width, HEIGHT)
    named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
    browser.ask("Emulation.setEmulatedMedia", media=media, features=named)
    browser.run(f"document.querySelectorAll('details').forEach(d => {{ d.open = {json.dumps(opened)} }}); scrollTo(0, 0)")
    try:
        yield
    finally:
        browser.ask("Emulation.setEmulatedMedia", media="", features=[])


def load(browser: Browser, page: Path) -> None:
    """Open a page of this disk and wait until it is there."""
    browser.open("about:blank")
    browser.open(page.as_uri())
    until = time.monotonic() + 60
    while browser.run(f"location.href === {json.dumps(page.as_uri())} && document.readyState === 'complete'") is not True:
        assert time.monotonic() < until, f"{page} did not load"
        time.sleep(0.05)
    awaited(browser, "document.fonts.ready.then(() => null)")


def awaited(browser: Browser, promise: str) -> Any:
    """What a promise gives."""
    answer = browser.ask("Runtime.evaluate", expression=promise, awaitPromise=True, returnByValue=True)
    assert "exceptionDetails" not in answer, answer
    return answer["result"].get("value")


# --- by the rules of others ---------------------------------------------------------------------------------------------------------------

AXE: Final = """axe.run(document, {runOnly: {type: 'tag', values: %s}, resultTypes: ['violations']}).then(found =>
    found.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ': ' + n.failureSummary)))"""


def axe_faults(browser: Browser) -> list[str]:
    """What axe-core finds on the page as it stands."""
    browser.run((checkers() / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = awaited(browser, AXE % json.dumps(TAGS))
    return found


EVERY_WAY: Final = tuple(product(("light", "dark"), (WIDE, PHONE), (False, True)))
"""Scheme, width, and whether the details are open."""


def axe_faults_everywhere(browser: Browser, ways: Iterable[tuple[str, int, bool]] = EVERY_WAY) -> list[str]:
    """What axe-core finds, in light and dark, wide and on a phone, with the details closed and open."""
    faults = []
    for scheme, width, opened in ways:
        with emulated(browser, width=width, opened=opened, prefers_color_scheme=scheme):
            faults += [f"{scheme}, {width} px: {fault}" for fault in axe_faults(browser)]
    return faults


def source_faults(page: Path) -> list[str]:
    """What html-validate finds in the source."""
    command = ["node", str(checkers() / "html-validate" / "bin" / "html-validate.mjs"), "--config", str(CONFIGURATION)]
    with TemporaryFile() as out:  # into a pipe it leaves what does not fit at once
        done = subprocess.run(
            [*command, "--formatter", "json", str(page)], stdout=out, stderr=subprocess.PIPE, text=True, check=False, cwd=checkers()
        )
        out.seek(0)
        told = out.read()
    assert done.returncode in (0, 1), done.stderr
    found = [message for file in json.loads(told) for message in file["messages"]]
    assert bool(found) == bool(done.returncode), done.stderr
    return [f"{m['ruleId']}: line {m['line']}: {m['message']}" for m in found]


# --- nothing from elsewhere ---------------------------------------------------------------------------------------------------------------


def requests(browser: Browser, page: Path) -> list[str]:
    """What a page asks of whomever, from the moment it is opened until a second after; what lies in it is no request."""
    browser.watch()
    browser.addresses.clear()
    load(browser, page)
    for width in (PHONE, WIDE):
        with emulated(browser, width=width, opened=True):
            browser.run("scrollTo(0, document.body.scrollHeight)")
    time.sleep(1)
    browser.run("null")
    return [a for a in browser.addresses if a not in (page.as_uri(), "about:blank") and not a.startswith("data:")]


SCRIPTS: Final = """[...document.querySelectorAll('*')].flatMap(e => [
    ...(['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'FORM'].includes(e.tagName.toUpperCase()) ? [e.tagName] : []),
    ...[...e.attributes].filter(a => /^on/i.test(a.name) || /^\\s*javascript:/i.test(a.value)).map(a => e.tagName + ' ' + a.name),
])"""


def script_faults(browser: Browser) -> list[str]:
    """Scripts, handlers of events and what could hold either."""
    found: list[str] = browser.run(SCRIPTS)
    return found


# --- on a phone ---------------------------------------------------------------------------------------------------------------------------

TOO_WIDE: Final = """[...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect()
    return box.width > 0 && box.right > innerWidth + 0.5 && !(e.closest('.wide-content > *') && !matchMedia('print').matches)
}).map(e => `${e.tagName} ${e.id || e.getAttribute('class') || e.textContent.slice(0, 30)} reaches to ${Math.round(
    e.getBoundingClientRect().right)}`).concat(
    document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} wide`] : [])"""


def overflow_faults(browser: Browser) -> list[str]:
    """What is wider than a phone, but tables that scroll by themselves."""
    found: list[str] = []
    for opened in (False, True):
        with emulated(browser, width=PHONE, opened=opened):
            found += browser.run(TOO_WIDE)
    return found


# --- by keyboard --------------------------------------------------------------------------------------------------------------------------

STOPS: Final = """globalThis.stops = [...document.querySelectorAll('a[href], summary, .wide-content, [tabindex]')].filter(e =>
    e.checkVisibility() && (e.tabIndex >= 0 || !e.matches('[tabindex]') || e.matches('a[href], summary, .wide-content')))"""
"""What Tab must come to, whether it does or not."""
FOCUSED: Final = """(() => {
    const e = document.activeElement, style = getComputedStyle(e), box = e.getClientRects()[0] || e.getBoundingClientRect()
    const middle = (from, to, size) => (Math.max(from, 0) + Math.min(to, size)) / 2
    const over = document.elementFromPoint(middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight))
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    return {place: stops.indexOf(e), name: `${e.tagName} ${(e.getAttribute('aria-label') || e.textContent).trim().slice(0, 50)}`,
        outlined: outlined && e.matches(':focus-visible'), covered: !(over && (e.contains(over) || over.contains(e)))}
})()"""


def keyboard_faults(browser: Browser) -> list[str]:
    """Tab goes through all that can be used, in the order of the page and back, and what has the focus is outlined and not covered."""
    faults = []
    for width, opened, backwards in ((WIDE, False, False), (WIDE, True, False), (PHONE, True, False), (PHONE, False, True)):
        with emulated(browser, width=width, opened=opened):
            faults += _tabbed(browser, backwards)
    return list(dict.fromkeys(faults))


def _tabbed(browser: Browser, backwards: bool) -> list[str]:
    browser.run("document.activeElement.blur(); getSelection().removeAllRanges(); getSelection().collapse(document.body, 0)")
    places = list(range(browser.run(f"{STOPS}; stops.length")))
    faults = []
    for place in reversed(places) if backwards else places:
        tab(browser, backwards)
        found = browser.run(FOCUSED)
        if found["place"] != place:
            return [*faults, f"the focus is at {found['name']} ({found['place']}) and not at {place}"]
        faults += [f"the focus does not show: {found['name']}"] if not found["outlined"] else []
        faults += [f"what has the focus is covered: {found['name']}"] if found["covered"] else []
    tab(browser, backwards)
    left = browser.run("document.activeElement === document.body || [0, stops.length - 1].includes(stops.indexOf(document.activeElement))")
    return faults if left else [*faults, "the focus stays in the page"]


def tab(browser: Browser, backwards: bool) -> None:
    """Tab, or Shift and Tab."""
    for kind in ("rawKeyDown", "keyUp"):
        browser.ask("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9, modifiers=8 if backwards else 0)


def skip_faults(browser: Browser) -> list[str]:
    """The first Tab shows a link that leads past what each page begins with; from there Tab goes on within the main part."""
    with emulated(browser):
        browser.run("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
        browser.press("Tab")
        seen = browser.run("(b => b.left >= 0 && b.top >= 0 && b.width > 0)(document.activeElement.getBoundingClientRect())")
        if not seen or not browser.run("document.querySelector(document.activeElement.getAttribute('href'))?.matches('main')"):
            return ["the first Tab shows no link to the main part"]
        enter(browser)
        browser.press("Tab")
        inside = browser.run("document.querySelector('main').contains(document.activeElement)")
        return [] if inside else ["after the skip link Tab goes on outside the main part"]


def enter(browser: Browser) -> None:
    """Enter, as a person presses it: with its character, which follows a link."""
    for kind in ("keyDown", "keyUp"):
        browser.ask("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
    time.sleep(0.2)


# --- colours ------------------------------------------------------------------------------------------------------------------------------

DRAWN_TEXT: Final = """(() => {
    const rgb = colour => { const c = colour.match(/[\\d.]+/g).map(Number); return {c: c.slice(0, 3), a: c.length > 3 ? c[3] : 1} }
    const ground = e => { while (e) { const {c, a} = rgb(getComputedStyle(e).backgroundColor); if (a > 0.99) return c; e = e.parentElement }
        return rgb(getComputedStyle(document.documentElement).backgroundColor).a > 0.99
            ? rgb(getComputedStyle(document.documentElement).backgroundColor).c : null }
    const found = []
    for (const svg of document.querySelectorAll('svg')) {
        if (!svg.checkVisibility()) continue
        const below = []
        for (const e of svg.querySelectorAll('rect, path, circle, polygon, text')) {
            const style = getComputedStyle(e)
            if (e.tagName !== 'text') { if (style.fill !== 'none') below.push([e, style.fill]); continue }
            const box = e.getBBox(), at = svg.createSVGPoint()
            at.x = box.x + box.width / 2; at.y = box.y + box.height / 2
            const under = below.filter(([shape]) => shape.isPointInFill(at)).pop()
            found.push({text: e.textContent, fill: rgb(style.fill).c, ground: under ? rgb(under[1]).c : ground(svg)})
        }
    }
    return found
})()"""
"""Each text of the drawings that show: its colour, and that of the shape that it is drawn on or of the page."""


def drawn_text_faults(browser: Browser, **features: str) -> list[str]:
    """Texts in drawings that stand out too little from what they are drawn on, in what the reader prefers."""
    faults = []
    for width in (WIDE, PHONE):
        with emulated(browser, width=width, **features):
            found = browser.run(DRAWN_TEXT)
            assert found, "there are no drawings"
            canvas = [0, 0, 0] if features.get("prefers_color_scheme") == "dark" else [255, 255, 255]
            faults += [
                f"{t['text']}: {ratio:.2f}" for t in found if (ratio := contrast(t["fill"], t["ground"] or canvas)) < TEXT_CONTRAST - 0.005
            ]
    return faults


def contrast(one: Iterable[float], other: Iterable[float]) -> float:
    """Of two colours, as WCAG works it out."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Iterable[float]) -> float:
    parts = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _of_hex(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


Palette = Mapping[str, str]
ON: Final = {
    "paper": ("ink", "quiet", "accent", *(f"series-{n}" for n in range(1, 7))),
    "soft": ("ink", "quiet", "accent"),
    "accent": ("on-accent",),
}
"""Ground → what is written on it."""


def palettes(style: str) -> dict[str, Palette]:
    """The colours of a stylesheet by medium: light, dark and print. What the page says itself goes before ``:where``; the last counts."""
    found: dict[str, dict[str, dict[str, str]]] = {name: {"where": {}, "own": {}} for name in ("light", "dark", "print")}
    for place, rule, inside in _roots(style):
        said = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", inside))
        for name in ("light", "dark", "print") if place == "light" else (place,):
            found[name]["where" if ":where" in rule else "own"].update(said)
    return {name: {**told["where"], **told["own"]} for name, told in found.items()}


def _roots(style: str) -> Iterator[tuple[str, str, str]]:
    """Medium, selector and content of each rule of the root."""
    media = {"(prefers-color-scheme: dark)": "dark", "print": "print"}
    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
    outside = re.sub(r"@media [^{]+\{(?:[^{}]|\{[^{}]*\})*\}", "", bare)
    for rule, content in re.findall(r"((?::where\()?:root\)?)\s*\{([^}]*)\}", outside):
        yield "light", rule, content
    for wanted, inside in re.findall(r"@media ([^{]+)\{((?:[^{}]|\{[^{}]*\})*)\}", bare):
        for rule, content in re.findall(r"((?::where\()?:root\)?)\s*\{([^}]*)\}", inside):
            if wanted.strip() in media:
                yield media[wanted.strip()], rule, content


def palette_faults(style: str) -> list[str]:
    """Colours of a stylesheet with too little contrast: of texts, and of the outline of what has the focus."""
    faults = []
    for medium, palette in palettes(style).items():
        for ground, names in ON.items():
            for name in names:
                ratio = contrast(_of_hex(palette[name]), _of_hex(palette[ground]))
                if ratio < TEXT_CONTRAST:
                    faults.append(f"{medium}: {name} on {ground}: {ratio:.2f}")
        outline = re.search(r":focus-visible\s*\{\s*outline:[^;]*var\(--([\w-]+)\)", style)
        if outline is None:
            faults.append(f"{medium}: the focus has no outline of a colour that is named")
        else:
            ratios = [contrast(_of_hex(palette[outline[1]]), _of_hex(palette[ground])) for ground in ("paper", "soft")]
            faults += [f"{medium}: outline of the focus: {r:.2f}" for r in ratios if r < SIGN_CONTRAST]
    return faults


# --- on paper, from the browser -----------------------------------------------------------------------------------------------------------

PRINTED: Final = """(() => {
    const seen = e => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && e.getBoundingClientRect().height > 0
    const all = (selector, wanted, told) => [...document.querySelectorAll(selector)].filter(e => seen(e) !== wanted)
        .map(e => `${told}: ${(e.closest('figure, section') || e).id}`)
    return [...all('main table td, main table th', true, 'a cell is not on paper'), ...all('.chart.wide', true, 'a chart is not on paper'),
        ...all('.chart.narrow', false, 'a chart for phones is on paper'), ...all('summary, .skip', false, 'a control is on paper')]
})()"""
PAPER_WIDTH: Final = 658
"""What A4 has between its margins, in pixels."""


def print_faults(browser: Browser) -> list[str]:
    """What shows on paper and should not, or the other way round; the details are closed, as most are."""
    with emulated(browser, width=PAPER_WIDTH, media="print"):
        found: list[str] = browser.run(PRINTED)
        wide: list[str] = browser.run(TOO_WIDE)
        return [*dict.fromkeys(found), *(f"on paper {fault}" for fault in wide)]
