"""Maps: areas as tiles in a grid, or within their real borders, shaded by their figures.

Shades and the text on them are the same on paper, on light and on dark screens: a scale that turns round would read the other way.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from orchestration.disclosure.publish import HIDDEN
from orchestration.outputs.report.cells import Cell, statuses
from orchestration.outputs.report.charts.frame import (
    AXIS_SIZE,
    BOLD,
    CENTRE,
    INK,
    PAPER,
    PITCH,
    SIZE,
    WIDE,
    Paint,
    Point,
    Ring,
    Sample,
    corners,
    crossings,
    drawing,
    element,
    hatch,
    legend,
    lines_height,
    needs_breaking,
    plain,
    text_block,
    text_width,
    unit_of,
    wrap,
    written_text,
)
from orchestration.outputs.report.numbers import in_unit, rounded
from orchestration.outputs.words import WORDS

SHADES: Final = ("#e2ebf4", "#b7cfe6", "#86acd1", "#3f70a6", "#14457d")
"""From few to many."""
_WHITE: Final = Paint("#ffffff")
_DARK: Final = Paint(INK.colour)
_EDGE: Final = Paint("#9a9086")
_HATCHING: Final = Paint("#d8cfc4")
_CHOSEN: Final = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
"""Shades by the number of classes, as far apart as they can be; a single class has the one in the middle."""


def text_on(shade: str) -> Paint:
    """What text on a shade is written in: ink on the lighter, white on the darker."""
    return _WHITE if shade in SHADES[3:] else _DARK


# --- classes ------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Classes:
    """Classes of equal width over the figures that are shown; ``bounds`` has one more than there are classes, or none at all."""

    bounds: tuple[float, ...]
    unit: str
    decimals: int

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> "Classes":
        """At most five; one when all figures are equal. Bounds are rounded as the figures are, so that what is read is what holds."""
        cells = list(cells)
        unit, decimals = unit_of(cells)
        values = sorted({float(rounded(cell.value, decimals)) for cell in cells if cell.value is not None})
        if len(values) < 2:
            return cls(tuple(values * 2), unit, decimals)
        count = min(len(SHADES), len(values))
        step = (values[-1] - values[0]) / count
        inner = (float(rounded(values[0] + step * place, decimals)) for place in range(1, count))
        return cls((values[0], *sorted({bound for bound in inner if values[0] < bound < values[-1]}), values[-1]), unit, decimals)

    @property
    def shades(self) -> list[str]:
        return [SHADES[place] for place in _CHOSEN[len(self.bounds) - 1]] if self.bounds else []

    def shade(self, value: float) -> str:
        """The shade of a figure that is among those the classes were made of."""
        return self.shades[bisect_right(self.bounds[1:-1], float(rounded(value, self.decimals)))]

    def names(self) -> list[str]:
        """What each class holds, as it is written in the legend: ``10 tot 20``, and of the last ``20 t/m 30``."""
        told = [in_unit(bound, self.unit, self.decimals) for bound in self.bounds]
        if len(set(self.bounds)) < 2:
            return told[:1]
        joined = [" tot "] * (len(told) - 2) + [" t/m "]
        return [low + word + high for low, word, high in zip(told[:-1], joined, told[1:], strict=True)]


def _legend(cells: Sequence[Cell], top: float, width: int) -> tuple[list[str], float]:
    """Shades with what they hold, and the signs of figures that are not shown as far as they occur."""
    classes = Classes.of(cells)
    items: list[tuple[Sample, str]] = [(_sample(shade), name) for shade, name in zip(classes.shades, classes.names(), strict=True)]
    items += [(_sample(None, status), WORDS[status]) for status in statuses(cells)]
    return legend(items, 22, top, width)


def _sample(shade: str | None, status: str = "") -> Sample:
    return lambda x, middle: _filled([corners(x + 0.5, middle - 6.5, 21, 13)], shade, status)


def _filled(rings: Sequence[Ring], shade: str | None, status: str) -> str:
    """An area: in its shade, or white and hatched when its figure is hidden, or white with a dashed border when there is none."""
    path = "".join("M" + "L".join(f"{plain(x)} {plain(y)}" for x, y in ring) + "Z" for ring in rings)
    even = {"d": path, "fill_rule": "evenodd", "stroke_linejoin": "round"}
    if shade:
        return element("path", f"area fill-fixed line-{PAPER.name}", fill=shade, stroke=PAPER.colour, stroke_width=1, **even)
    # white reaches a pixel beyond the border, which would not be seen between white and the dark of a screen
    white = element("path", "area fill-fixed line-fixed", fill=_WHITE.colour, stroke=_WHITE.colour, stroke_width=3, **even)
    lines = hatch(rings, 6, 45, _HATCHING) if status == HIDDEN else ""
    dashes = {} if status == HIDDEN else {"stroke_dasharray": "3 2.5"}
    return white + lines + element("path", "line-fixed", fill="none", stroke=_EDGE.colour, stroke_width=1, **even, **dashes)


def _shade(cell: Cell, classes: Classes) -> str | None:
    return None if cell.value is None else classes.shade(cell.value)


# --- tiles --------------------------------------------------------------------------------------------------------------------------------

_GAP: Final = 4
_PADDING: Final = 5
_LARGEST: Final = 112
_SMALL_SIZE: Final = 11
"""Of names in tiles on a phone."""
_SMALLEST: Final = 62
"""Below this width, in pixels, names would be cut to pieces: the tiles then stand in reading order, as many in a row as fit."""
_LINES: Final = 3
"""Of a name, as far as the width of the tile decides."""


def _arranged(codes: Sequence[str], places: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Column and row of each area, from 0 up; those without a place of their own in rows below."""
    taken: dict[tuple[int, int], str] = {}
    for code in codes:
        if code in places:
            taken.setdefault(places[code], code)
    first_column, first_row = (min((place[axis] for place in taken), default=0) for axis in (0, 1))
    found = {code: (column - first_column, row - first_row) for (column, row), code in taken.items()}
    across = max((column for column, _ in found.values()), default=5) + 1
    below = max((row for _, row in found.values()), default=-1) + 1
    left_over = [code for code in codes if code not in found]
    return found | {code: (at % across, below + at // across) for at, code in enumerate(left_over)}


def _in_reading_order(arranged: Mapping[str, tuple[int, int]], across: int) -> dict[str, tuple[int, int]]:
    """The same areas, row after row, without empty places."""
    ordered = sorted(arranged, key=lambda code: arranged[code][::-1])
    return {code: (at % across, at // across) for at, code in enumerate(ordered)}


def _fits(names: Iterable[str], wide: float, size: float) -> bool:
    """Whether names take few enough lines in tiles of this width."""
    return all(len(wrap(name, size, wide - 2 * _PADDING)) <= _LINES for name in names)


def _across(names: Sequence[str], width: int, size: float) -> int:
    """How many tiles beside each other can be read."""
    return next((count for count in (8, 7, 6, 5, 4, 3) if _is_readable(names, _tile_width(count, width), size)), 2)


def _is_readable(names: Iterable[str], wide: float, size: float) -> bool:
    return wide >= _SMALLEST and _fits(names, wide, size)


def tiles(areas: Sequence[tuple[str, str, Cell]], places: Mapping[str, tuple[int, int]], alt: str, width: int) -> str:
    """A tile for each area (code, name, figure) where ``places`` has it (column, row), shaded by the figure; a legend below.

    ``width`` in pixels. Areas without a place stand in rows below the others. Where tiles in their places would be too small to read, they
    stand in reading order instead.
    """
    cells = [cell for _, _, cell in areas]
    classes = Classes.of(cells)
    arranged = _arranged([code for code, _, _ in areas], places)
    across = max((column for column, _ in arranged.values()), default=0) + 1
    size = AXIS_SIZE if width >= WIDE else _SMALL_SIZE
    names = [name for _, name, _ in areas]
    if not _is_readable(names, _tile_width(across, width), size):
        across = min(_across(names, width, size), across)
        arranged = _in_reading_order(arranged, across)
    wide = _tile_width(across, width)
    room = wide - 2 * _PADDING
    wrapped = [wrap(name, size, room) for name in names]
    words = [wrap(cell.written, SIZE, room) for cell in cells]
    inside = max((lines_height(name, size) + lines_height(word) for name, word in zip(wrapped, words, strict=True)), default=0)
    high = max(inside + 2 * _PADDING, min(wide * 0.62, 64))
    drawn: list[str] = []
    for (code, _, cell), name, word in zip(areas, wrapped, words, strict=True):
        column, row = arranged[code]
        x, y = 0.5 + column * (wide + _GAP), 0.5 + row * (high + _GAP)
        shade = _shade(cell, classes)
        paint = text_on(shade) if shade else _DARK
        drawn.append(_filled([_rounded_corners(x, y, wide, high)], shade, cell.status))
        top = y + (high - lines_height(name, size) - lines_height(word)) / 2
        drawn += text_block(x + wide / 2, top, name, paint, size, "middle")
        drawn += _figure(x + wide / 2, top + lines_height(name, size), word, cell, paint)
    rows = max((row for _, row in arranged.values()), default=-1) + 1
    key, bottom = _legend(cells, rows * (high + _GAP) + 10, width)
    return drawing([*drawn, *key], alt, width, bottom + 2)


def _tile_width(across: int, width: float) -> float:
    return min((width - 1 - _GAP * (across - 1)) / across, _LARGEST)


def _figure(x: float, top: float, words: Sequence[str], cell: Cell, paint: Paint) -> list[str]:
    """A figure in bold, or the words for one that is not shown in italics; centred on ``x``."""
    if cell.is_shown:
        return text_block(x, top, words, paint, SIZE, "middle", BOLD)
    first = top + SIZE * (PITCH / 2 + CENTRE)
    return [written_text(x, first + place * SIZE * PITCH, word, paint, anchor="middle", italic=True) for place, word in enumerate(words)]


def _rounded_corners(x: float, y: float, width: float, height: float) -> list[Point]:
    """A rectangle with corners taken off, as a ring."""
    radius = 4.0
    middles = [(x + width - radius, y + height - radius, 0), (x + radius, y + height - radius, 90), (x + radius, y + radius, 180)]
    middles.append((x + width - radius, y + radius, 270))
    return [
        (cx + radius * math.cos(math.radians(start + turn)), cy + radius * math.sin(math.radians(start + turn)))
        for cx, cy, start in middles
        for turn in (0, 22.5, 45, 67.5, 90)
    ]


# --- real borders -------------------------------------------------------------------------------------------------------------------------

_HIGHEST: Final = 560
"""Of a map with real borders, in pixels."""
_LEVELS: Final = 32
"""How many heights of an area are tried for its label."""
_AROUND: Final = 2.5
"""Between a label and the border, in pixels."""


@dataclass(frozen=True)
class _Label:
    """Lines of text with a box that holds them: left, top, right, bottom in pixels."""

    box: tuple[float, float, float, float]
    name: list[str]
    words: list[str]

    def overlaps(self, other: "_Label") -> bool:
        left, top, right, bottom = self.box
        return left < other.box[2] and other.box[0] < right and top < other.box[3] and other.box[1] < bottom


def _projected(borders: Mapping[str, Sequence[Ring]], width: float) -> tuple[dict[str, list[list[Point]]], float]:
    """Borders in pixels, and how high the map is; a degree of longitude as much shorter as it is at the middle latitude."""
    points = [point for rings in borders.values() for ring in rings for point in ring]
    if not points:
        return {}, 0
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    west, east = min(x for x, _ in points) * squeeze, max(x for x, _ in points) * squeeze
    scale = min((width - 2) / ((east - west) or 1e-9), (_HIGHEST - 2) / ((north - south) or 1e-9))
    left = 1 + (width - 2 - (east - west) * scale) / 2
    found = {
        code: [_simplified([(left + (x * squeeze - west) * scale, 1 + (north - y) * scale) for x, y in ring]) for ring in rings if ring]
        for code, rings in borders.items()
    }
    return found, (north - south) * scale + 2


def _simplified(ring: Sequence[Point]) -> list[Point]:
    """A ring without points that lie within a third of a pixel of the one before."""
    kept = [ring[0]]
    for point in ring[1:]:
        if math.dist(point, kept[-1]) >= 0.34:
            kept.append(point)
    return kept


def shapes(
    areas: Sequence[tuple[str, str, Cell]], borders: Mapping[str, Sequence[Sequence[tuple[float, float]]]], alt: str, width: int
) -> str:
    """A map of areas (code, name, figure) within their borders, rings of longitude and latitude in degrees; a legend below.

    ``width`` in pixels. An area has its name and figure inside where they fit, else the figure, else nothing; one without borders is left
    out.
    """
    drawn_areas = [area for area in areas if any(borders.get(area[0], ()))]
    cells = [cell for _, _, cell in drawn_areas]
    classes = Classes.of(cells)
    rings, high = _projected({code: borders[code] for code, _, _ in drawn_areas}, width)
    drawn = [_filled(rings[code], _shade(cell, classes), cell.status) for code, _, cell in drawn_areas]
    labels: list[_Label] = []
    for code, name, cell in drawn_areas:
        label = _label(rings[code], name, cell, labels)
        if label:
            labels.append(label)
            shade = _shade(cell, classes)
            drawn += _drawn_label(label, cell, text_on(shade) if shade else _DARK)
    key, bottom = _legend(cells, high + 10, width)
    return drawing([*drawn, *key], alt, width, bottom + 2)


def _drawn_label(label: _Label, cell: Cell, paint: Paint) -> list[str]:
    left, top, right, _ = label.box
    x = (left + right) / 2
    names = text_block(x, top, label.name, paint, AXIS_SIZE, "middle")
    return names + _figure(x, top + lines_height(label.name, AXIS_SIZE), label.words, cell, paint)


def _label(rings: Sequence[Ring], name: str, cell: Cell, others: Sequence[_Label]) -> _Label | None:
    """The largest label that fits in an area and touches no other: name on one line, on two, or the figure alone."""
    half = text_width(name, AXIS_SIZE) * 0.62
    choices = [[name], [] if needs_breaking(name, AXIS_SIZE, half) else wrap(name, AXIS_SIZE, half), []]
    for lines in choices:
        wide = max([text_width(line, AXIS_SIZE) for line in lines] + [text_width(cell.written, SIZE)])
        high = lines_height(lines, AXIS_SIZE) + SIZE * PITCH
        place = _free_place(rings, wide + 2 * _AROUND, high)
        if place:
            x, y = place
            label = _Label((x - wide / 2, y - high / 2, x + wide / 2, y + high / 2), lines, [cell.written])
            if not any(label.overlaps(other) for other in others):
                return label
    return None


def _free_place(rings: Sequence[Ring], wide: float, high: float) -> Point | None:
    """The middle of a box that lies inside an area with the most room beside it; None where there is none."""
    heights = [y for ring in rings for _, y in ring]
    top, bottom = min(heights) + high / 2, max(heights) - high / 2
    best: tuple[float, Point] | None = None
    for level in range(_LEVELS + 1) if top < bottom else ():
        y = top + (bottom - top) * level / _LEVELS
        for left, right in _free_spans(rings, y - high / 2, y + high / 2):
            # of places with as much room, the one nearest to the middle
            room = right - left - wide - abs(y - (top + bottom) / 2) * 0.5
            if right - left >= wide and (best is None or room > best[0]):
                best = room, ((left + right) / 2, y)
    return best[1] if best else None


def _free_spans(rings: Sequence[Ring], top: float, bottom: float) -> list[tuple[float, float]]:
    """From where to where a strip from ``top`` to ``bottom`` lies inside rings, over its whole height."""
    spans = crossings(rings, (top + bottom) / 2)
    for part in (0, 0.25, 0.75, 1):
        spans = _shared(spans, crossings(rings, top + (bottom - top) * part))
    bends = sorted(x for ring in rings for x, y in ring if top < y < bottom)
    return [piece for left, right in spans for piece in _between(left, right, bends)]


def _shared(one: Iterable[tuple[float, float]], other: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """What two sets of spans have in common."""
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return [(left, right) for left, right in both if left < right]


def _between(left: float, right: float, bends: Iterable[float]) -> list[tuple[float, float]]:
    """A span cut at the bends of a border that lie within it."""
    cuts = [left, *(x for x in bends if left < x < right), right]
    return list(pairwise(cuts))
