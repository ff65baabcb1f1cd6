"""What all charts share: colours, text and its width, hatching, legends and the drawing itself.

A drawing has to look right without its stylesheet, since WeasyPrint applies none inside an SVG: every element carries its colours, and a
class beside them by which ``chart.css`` gives others on screen. There are no ids, as a chart stands on a page more than once; and so no
patterns and no clipping: hatching is drawn as lines that end where the shape does.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Final

from pyphen import Pyphen  # type: ignore[import-untyped]

from orchestration.disclosure.publish import HIDDEN
from orchestration.outputs.report.cells import Cell
from orchestration.outputs.words import WORDS

WIDE: Final = 480
"""From this width on, in pixels, names stand beside what is drawn; below it above."""
SIZE: Final = 13
"""Of text, in pixels."""
AXIS_SIZE: Final = 12
"""Of ticks and of text in tiles."""
FONT: Final = "'Source Sans 3', sans-serif"
BOLD: Final = 600

Point = tuple[float, float]
Ring = Sequence[Point]


@dataclass(frozen=True)
class Paint:
    """A colour on paper, and the name by which the stylesheet gives another on screen; ``fixed`` is the same everywhere."""

    colour: str
    name: str = "fixed"


INK: Final = Paint("#241f1c", "ink")
QUIET: Final = Paint("#6b625a", "quiet")
GRID: Final = Paint("#e4ddd3", "grid")
PAPER: Final = Paint("#ffffff", "paper")
SERIES: Final = tuple(
    Paint(colour, f"series-{place}")
    for place, colour in enumerate(("#14457d", "#b8400e", "#5f2a8f", "#7a5a1e", "#1b6e5a", "#441100"), start=1)
)

# --- text ---------------------------------------------------------------------------------------------------------------------------------

_ADVANCES: Final = {
    210: " \u00a0",
    285: "iìíîïjl',.:;·‘’IÌÍÎÏ",
    330: "!f()[]-°",
    380: "tr/\\",
    440: "sz*",
    485: 'cçJx"“”„«»–',
    525: "vyýÿYÝLFeèéêëkaàáâãäåg$#+0123456789<>=€±×_?",
    565: "hnñbdpquùúûüoòóôõöøAÀÁÂÃÄÅSTZVXEÈÉÊË",
    605: "CÇPRBK",
    665: "DGUÙÚÛÜNÑHOÒÓÔÕÖØQ&",
    750: "wM",
    845: "%mWæÆ",
}
"""Thousandths of the size of the font that characters are wide in Source Sans 3, regular or semibold; the widest of each class."""
_WIDEST: Final = 965
_ADVANCE: Final = {character: advance for advance, characters in _ADVANCES.items() for character in characters}
_ABOVE, _BELOW = 0.74, 0.22
"""How far letters reach above and below the line they stand on, in sizes of the font."""
CENTRE: Final = 0.33
"""From the middle of small and capital letters down to the line they stand on, in sizes of the font."""
PITCH: Final = 1.25
"""From line to line, in sizes of the font."""


def text_width(text: str, size: float) -> float:
    """How wide a text is at most, in pixels, at a size in pixels; never less than in the font, and little more."""
    return sum(_ADVANCE.get(character, _WIDEST) for character in text) * size / 1000


@cache
def _dutch() -> Pyphen:
    return Pyphen(lang="nl_NL")


def _chunks(word: str, size: float, width: float) -> list[str]:
    """A word too long for a line, broken between syllables, or between letters where a syllable is too long as well."""
    chunks = []
    while text_width(word.rstrip(), size) > width and len(word.rstrip()) > 1:
        syllables = [at for at in _dutch().positions(word.rstrip()) if text_width(word[:at] + "-", size) <= width]
        letters = [at for at in range(1, len(word.rstrip())) if text_width(word[:at] + "-", size) <= width]
        at = max(syllables or letters, default=1)
        chunks.append(word[:at] + ("" if word[at - 1] in "-/" else "-"))
        word = word[at:]
    return [*chunks, word]


def wrap(text: str, size: float, width: float) -> list[str]:
    """The lines of a text, each at most ``width`` pixels; broken at spaces, after hyphens and slashes, within words only when needed."""
    lines = [""]
    for word in re.split(r"(?<=[-/ ])", re.sub(r"[ \t\r\n]+", " ", text).strip()):
        for chunk in _chunks(word, size, width):
            if lines[-1] and text_width((lines[-1] + chunk).rstrip(" "), size) > width:
                lines.append("")
            lines[-1] += chunk
    return [line.rstrip(" ") for line in lines]


def needs_breaking(text: str, size: float, width: float) -> bool:
    """Whether a word of the text is wider than a line."""
    return any(text_width(word.rstrip(), size) > width for word in re.split(r"(?<=[-/ ])", text))


# --- elements -----------------------------------------------------------------------------------------------------------------------------


def plain(value: float) -> str:
    """A coordinate in pixels as SVG has it, in two decimals at most."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def element(tag: str, classes: str, **attributes: str | float) -> str:
    """An empty element; ``stroke_width`` becomes ``stroke-width``, numbers are written in two decimals at most."""
    written = (
        f' {name.replace("_", "-")}="{escape(value) if isinstance(value, str) else plain(value)}"' for name, value in attributes.items()
    )
    return f'<{tag} class="{classes}"{"".join(written)}/>'


def rectangle(x: float, y: float, width: float, height: float, paint: Paint, **more: str | float) -> str:
    """A filled rectangle without a border."""
    return element("rect", f"fill-{paint.name}", x=x, y=y, width=width, height=height, fill=paint.colour, stroke="none", **more)


def stroke(points: Sequence[Point], paint: Paint, width: float = 1, **more: str | float) -> str:
    """A line along points."""
    path = "M" + "L".join(f"{plain(x)} {plain(y)}" for x, y in points)
    return element("path", f"line-{paint.name}", d=path, fill="none", stroke=paint.colour, stroke_width=width, **more)


def written_text(
    x: float, y: float, content: str, paint: Paint = INK, size: float = SIZE, anchor: str = "start", weight: int = 400, italic: bool = False
) -> str:
    """One line of text that stands on ``y``. ``content`` is escaped."""
    return _text(x, y, escape(content), paint, size, anchor, weight, italic)


def _text(x: float, y: float, markup: str, paint: Paint, size: float, anchor: str, weight: int, italic: bool) -> str:
    more = (f' font-weight="{weight}"' if weight != 400 else "") + (' font-style="italic"' if italic else "")
    more += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return (
        f'<text class="fill-{paint.name}" x="{plain(x)}" y="{plain(y)}" font-family="{FONT}" font-size="{plain(size)}"{more}'
        f' fill="{paint.colour}" stroke="none">{markup}</text>'
    )


def lines_height(lines: Sequence[str], size: float = SIZE) -> float:
    """Of lines of text under each other, in pixels."""
    return len(lines) * size * PITCH


def text_block(
    x: float, top: float, lines: Sequence[str], paint: Paint = INK, size: float = SIZE, anchor: str = "start", weight: int = 400
) -> list[str]:
    """Lines of text under each other, the first from ``top`` on."""
    first = top + size * (PITCH / 2 + CENTRE)
    return [written_text(x, first + place * size * PITCH, line, paint, size, anchor, weight) for place, line in enumerate(lines)]


def valued_block(x: float, top: float, lines: Sequence[str], cell: Cell, paint: Paint) -> list[str]:
    """As ``text_block``, of lines that end in the figure of ``cell`` (see ``valued``), which stands out: bold, or in italics as a word."""
    style = f'font-weight="{BOLD}"' if cell.is_shown else 'font-style="italic"'
    drawn = text_block(x, top, lines[:-1], paint)
    *before, figure = lines[-1].rpartition(" ")
    markup = f"{escape(''.join(before))}<tspan {style}>{escape(figure)}</tspan>"
    y = top + SIZE * (PITCH / 2 + CENTRE) + len(drawn) * SIZE * PITCH
    return [*drawn, _text(x, y, markup, paint, SIZE, "start", 400, italic=False)]


def valued(name: str, cell: Cell, width: float) -> list[str]:
    """The lines of a name with a figure behind it; a figure of two words stays together."""
    return wrap(f"{name} {cell.written.replace(' ', NO_BREAK)}", SIZE, width)


NO_BREAK: Final = "\u00a0"


def word_of(cell: Cell, x: float, middle: float) -> str:
    """How a figure that is not shown is written: in italics."""
    return written_text(x, middle + SIZE * CENTRE, cell.written, QUIET, italic=True)


# --- hatching -----------------------------------------------------------------------------------------------------------------------------


def crossings(rings: Sequence[Ring], y: float) -> list[tuple[float, float]]:
    """From where to where a horizontal line lies inside rings, by the even-odd rule."""
    found = []
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 <= y) != (y2 <= y):
                found.append(x1 + (y - y1) / (y2 - y1) * (x2 - x1))
    found.sort()
    return list(zip(found[::2], found[1::2], strict=True))


def hatch(rings: Sequence[Ring], spacing: float, degrees: float, paint: Paint, width: float = 1, **more: str | float) -> str:
    """Parallel lines inside rings, ``spacing`` pixels apart, that rise by ``degrees``; empty where none fits."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turned = [[(x * cosine - y * sine, x * sine + y * cosine) for x, y in ring] for ring in rings]
    heights = [y for ring in turned for _, y in ring]
    first, last = math.ceil(min(heights) / spacing - 0.5), math.floor(max(heights) / spacing - 0.5)
    path = "".join(
        "M" + "L".join(f"{plain(x * cosine + y * sine)} {plain(y * cosine - x * sine)}" for x in ends)
        for y in ((step + 0.5) * spacing for step in range(first, last + 1))
        for ends in crossings(turned, y)
    )
    classes = f"hatch line-{paint.name}"
    return element("path", classes, d=path, fill="none", stroke=paint.colour, stroke_width=width, **more) if path else ""


def corners(x: float, y: float, width: float, height: float) -> list[Point]:
    """A rectangle as a ring."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


STUB: Final = 16
"""How wide the sign of a hidden figure is, in pixels, whatever the figure."""


def hidden_stub(x: float, y: float, height: float) -> str:
    """Where a bar would begin that is not shown."""
    border = element(
        "rect", "line-quiet", x=x + 0.5, y=y + 0.5, width=STUB - 1, height=height - 1, fill="none", stroke=QUIET.colour, stroke_width=1
    )
    return border + hatch([corners(x + 1, y + 1, STUB - 2, height - 2)], 4, 45, QUIET)


# --- legends ------------------------------------------------------------------------------------------------------------------------------

Sample = Callable[[float, float], str]
"""Draws a sample of a legend, given its left side and its middle."""


def legend(items: Iterable[tuple[Sample, str]], sample_width: float, top: float, width: float) -> tuple[list[str], float]:
    """Samples with their names, side by side as far as they fit; and where the legend ends. From ``top`` on, all in pixels."""
    drawn: list[str] = []
    x, row = 0.0, SIZE * PITCH + 3
    y = top
    for sample, name in items:
        lines = wrap(name, SIZE, width - sample_width - 7)
        wide = sample_width + 7 + max(text_width(line, SIZE) for line in lines)
        if x and x + wide > width:
            x, y, row = 0, y + row, SIZE * PITCH + 3
        drawn.append(sample(x, y + SIZE * PITCH / 2))
        drawn += text_block(x + sample_width + 7, y, lines)
        x += wide + 18
        row = max(row, lines_height(lines) + 3)
    return drawn, y + (row if drawn else 0)


# --- the drawing --------------------------------------------------------------------------------------------------------------------------


def drawing(parts: Iterable[str], alt: str, width: int, height: float) -> str:
    """One ``<svg>`` of so many pixels; ``alt`` says what it shows to who does not see it."""
    high = math.ceil(height)
    size = "wide" if width >= WIDE else "narrow"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {size}" role="img" viewBox="0 0 {width} {high}" width="{width}"'
        f' height="{high}"><title>{escape(alt)}</title>{"".join(parts)}</svg>'
    )


def unit_of(cells: Iterable[Cell]) -> tuple[str, int]:
    """The unit of the figures that are shown, and the most decimals any of them has."""
    shown = [cell for cell in cells if cell.is_shown]
    return (shown[0].unit, max(cell.decimals for cell in shown)) if shown else ("aantal", 0)


def shown_value(cell: Cell) -> float:
    """The figure of a cell that is shown; of another nought, which lays out the same whatever it is."""
    return 0.0 if cell.value is None else cell.value


HIDDEN_WORD: Final = WORDS[HIDDEN]
