"""Figures over time as lines: together in one drawing, or each in a small one of its own."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from orchestration.disclosure.publish import HIDDEN
from orchestration.outputs.report.cells import Cell, Series
from orchestration.outputs.report.charts.frame import (
    AXIS_SIZE,
    BOLD,
    CENTRE,
    GRID,
    HIDDEN_WORD,
    INK,
    PAPER,
    PITCH,
    QUIET,
    SERIES,
    SIZE,
    WIDE,
    Paint,
    Point,
    drawing,
    element,
    lines_height,
    plain,
    rectangle,
    shown_value,
    stroke,
    text_block,
    text_width,
    unit_of,
    valued,
    valued_block,
    wrap,
    written_text,
)
from orchestration.outputs.report.numbers import in_unit
from orchestration.outputs.words import UNFINISHED

_DASHES: Final = ("", "8 3", "2 3", "9 3 2 3", "5 3", "12 3 2 3 2 3")
_RADIUS: Final = 4.0
_PLUS: Final = tuple(
    (0.43 * x, 0.43 * y)
    for x, y in ((-1, -3), (1, -3), (1, -1), (3, -1), (3, 1), (1, 1), (1, 3), (-1, 3), (-1, 1), (-3, 1), (-3, -1), (-1, -1))
)
_MARKERS: Final = (
    None,  # a circle
    ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    ((0, -1.25), (1.2, 0.95), (-1.2, 0.95)),
    ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)),
    ((0, 1.25), (1.2, -0.95), (-1.2, -0.95)),
    _PLUS,
)
"""Corners of the sign of each series, in radii: circle, square, triangle, diamond, triangle upside down, plus."""
_CROSS: Final = tuple(((x - y) * 0.72, (x + y) * 0.72) for x, y in _PLUS)
"""A plus, turned by an eighth."""
_BREAK: Final = "breuk"
_LABELS: Final = 0.36
"""What labels at the right may take of the width at most."""
_LEADER: Final = 26
"""From the last column to the labels, in pixels."""
_APART: Final = 3
"""Between labels that would touch."""
_SAMPLE: Final = 28
_STRIP: Final = 17
"""Above the highest tick, where breaks are called by their name."""

# --- the axes -----------------------------------------------------------------------------------------------------------------------------


def round_ticks(highest: float, unit: str) -> list[float]:
    """Three to five round figures from 0 to ``highest`` or just above; whole ones for counts."""
    least = 1.0 if unit == "aantal" else 0.01
    highest = max(highest, 2 * least)
    power = 10.0 ** (math.floor(math.log10(highest)) - 1)
    steps = [factor * power * ten for ten in (1, 10) for factor in (1.0, 2.0, 2.5, 5.0)]
    whole = [step for step in steps if unit != "aantal" or step == int(step)] or [least]
    counted = ((math.ceil(highest / step - 1e-9), step) for step in whole)
    count, step = min(((count, step) for count, step in counted if 2 <= count <= 4), key=lambda pair: (pair[0] * pair[1], pair[1]))
    return [step * place for place in range(count + 1)]


def ticks_about(values: Sequence[float], unit: str) -> list[float]:
    """Round figures from the lowest to the highest, nought among them."""
    lowest, highest = min(0.0, *values), max(0.0, *values)
    if lowest >= 0:
        return round_ticks(highest, unit)
    step = round_ticks(max(highest, -lowest), unit)[1]
    return [step * place for place in range(-math.ceil(-lowest / step - 1e-9), math.ceil(highest / step - 1e-9) + 1)]


def tick_words(ticks: Sequence[float], unit: str) -> list[str]:
    """Ticks as they are written, all in as many decimals as the finest needs; 0 in none."""
    decimals = next(d for d in range(7) if d == 6 or all(abs(tick - round(tick, d)) < 1e-9 for tick in ticks))
    return [in_unit(tick, unit, decimals if tick else 0) for tick in ticks]


@dataclass(frozen=True)
class _Plot:
    """Where columns and figures stand, in pixels; ``top`` is where ``highest`` is, ``bottom`` where ``lowest``."""

    left: float
    right: float
    top: float
    bottom: float
    columns: int
    highest: float
    lowest: float = 0.0

    def x(self, column: float) -> float:
        if self.columns == 1:
            return (self.left + self.right) / 2
        return self.left + (self.right - self.left) * column / (self.columns - 1)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * (value - self.lowest) / (self.highest - self.lowest)

    def point(self, cells: Sequence[Cell], column: int) -> Point:
        return self.x(column), self.y(shown_value(cells[column]))

    def grid(self, ticks: Sequence[float], left: float, right: float) -> list[str]:
        return [stroke([(left, self.y(tick)), (right, self.y(tick))], GRID if tick else QUIET) for tick in ticks]

    def tick_labels(self, ticks: Sequence[float], unit: str, right: float) -> list[str]:
        places = zip(ticks, tick_words(ticks, unit), strict=True)
        return [written_text(right, self.y(tick) + AXIS_SIZE * CENTRE, word, QUIET, AXIS_SIZE, "end") for tick, word in places]


def _column_labels(plot: _Plot, columns: Sequence[str], places: Iterable[int], left: float, right: float) -> list[str]:
    """Names of columns under the drawing, kept between two sides."""
    drawn = []
    for place in places:
        half = text_width(columns[place], AXIS_SIZE) / 2
        x = max(min(plot.x(place), right - half), left + half)
        drawn.append(written_text(x, plot.bottom + 19, columns[place], QUIET, AXIS_SIZE, "middle"))
    return drawn


def _labelled_columns(plot: _Plot, columns: Sequence[str], left: float, right: float) -> list[int]:
    """Columns whose names fit beside each other: all, or every second, third, and so on, back from the last."""
    for step in range(1, len(columns) + 1):
        places = list(range(len(columns) - 1, -1, -step))[::-1]
        taken = -math.inf
        for place in places:
            half = text_width(columns[place], AXIS_SIZE) / 2
            x = max(min(plot.x(place), right - half), left + half)
            if x - half < taken + 8:
                break
            taken = x + half
        else:
            return places
    return [len(columns) - 1]


# --- the lines ----------------------------------------------------------------------------------------------------------------------------


def _runs(cells: Sequence[Cell]) -> list[list[int]]:
    """Columns that one line joins: next to each other, shown, and without a break between them."""
    runs: list[list[int]] = []
    for place, cell in enumerate(cells):
        if not cell.is_shown:
            continue
        if runs and runs[-1][-1] == place - 1 and not cell.break_reason:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _marker(x: float, y: float, number: int, paint: Paint, is_open: bool = False) -> str:
    """The sign of a series, with a rim of paper; an open one where some still wait."""
    inner, rim = (PAPER, paint) if is_open else (paint, PAPER)
    style = {"fill": inner.colour, "stroke": rim.colour}
    classes = f"marker fill-{inner.name} line-{rim.name}"
    corners = _MARKERS[number]
    if corners is None:
        return element("circle", classes, cx=x, cy=y, r=_RADIUS, **style, stroke_width="2" if is_open else "1")
    return element("path", classes, d=_outline(x, y, corners), **style, stroke_width="2" if is_open else "1")


def _outline(x: float, y: float, corners: Iterable[Point]) -> str:
    return "M" + "L".join(f"{plain(x + _RADIUS * dx)} {plain(y + _RADIUS * dy)}" for dx, dy in corners) + "Z"


def _cross(x: float, y: float, paint: Paint) -> str:
    """The sign of a hidden figure."""
    classes = f"cross fill-{PAPER.name} line-{paint.name}"
    return element("path", classes, d=_outline(x, y, _CROSS), fill=PAPER.colour, stroke=paint.colour, stroke_width=1)


def _line(plot: _Plot, cells: Sequence[Cell], number: int, paint: Paint, marked: Iterable[int]) -> list[str]:
    """A series: its runs as lines, with its sign on some columns and on all that stand alone."""
    dashes = {"stroke_dasharray": _DASHES[number]} if _DASHES[number] else {}
    runs = _runs(cells)
    drawn = [
        stroke([plot.point(cells, place) for place in run], paint, 2, stroke_linejoin="round", **dashes) for run in runs if len(run) > 1
    ]
    signs = sorted({*marked} | {run[0] for run in runs if len(run) == 1})
    return drawn + [
        _marker(*plot.point(cells, place), number, paint, cells[place].is_unfinished) for place in signs if cells[place].is_shown
    ]


def _shown_columns(cells: Sequence[Cell]) -> list[int]:
    return [place for place, cell in enumerate(cells) if cell.is_shown]


def _crosses(plot: _Plot, series: Sequence[Series], paints: Sequence[Paint]) -> list[str]:
    """A cross where figures are hidden, in the colour of the series, or in ink where more than one is."""
    drawn = []
    for place in range(plot.columns):
        hidden = [paint for row, paint in zip(series, paints, strict=True) if row.cells[place].status == HIDDEN]
        if hidden:
            drawn.append(_cross(plot.x(place), plot.bottom, hidden[0] if len(hidden) == 1 else INK))
    return drawn


def _break_columns(series: Sequence[Series]) -> list[int]:
    """Columns that cannot be compared with the one before, by any of the series."""
    return sorted({place for row in series for place, cell in enumerate(row.cells) if place and cell.break_reason})


def _breaks(plot: _Plot, series: Sequence[Series], left: float, right: float) -> list[str]:
    """A line between two columns for each break, and its name where that fits."""
    drawn = []
    half = text_width(_BREAK, AXIS_SIZE) / 2
    taken = -math.inf
    for place in _break_columns(series):
        x = plot.x(place - 0.5)
        drawn.append(stroke([(x, plot.top - 6), (x, plot.bottom)], QUIET, 1, stroke_dasharray="3 3"))
        middle = max(min(x, right - half), left + half)
        if middle - half > taken + 6:
            drawn.append(written_text(middle, plot.top - 10, _BREAK, QUIET, AXIS_SIZE, "middle"))
            taken = middle + half
    return drawn


def _sign_notes(series: Sequence[Series], y: float) -> tuple[list[str], float]:
    """What crosses and open signs mean, where there are any; and where it ends."""
    cells = [cell for row in series for cell in row.cells]
    drawn: list[str] = []
    for is_there, word in (
        (any(cell.status == HIDDEN for cell in cells), HIDDEN_WORD),
        (any(cell.is_unfinished for cell in cells), UNFINISHED),
    ):
        if is_there:
            middle = y + 12
            drawn.append(_cross(6, middle, INK) if word is HIDDEN_WORD else _open_sign(6, middle))
            drawn.append(written_text(17, middle + AXIS_SIZE * CENTRE, word, QUIET, AXIS_SIZE, italic=True))
            y += 22
    return drawn, y


def _open_sign(x: float, y: float) -> str:
    style = {"fill": PAPER.colour, "stroke": INK.colour}
    return element("circle", f"open fill-{PAPER.name} line-{INK.name}", cx=x, cy=y, r=_RADIUS, **style, stroke_width="2")


# --- labels at the right ------------------------------------------------------------------------------------------------------------------


def spread(wanted: Sequence[tuple[float, float]], top: float, bottom: float) -> list[float]:
    """Middles of labels of which none touches another, each as near as can be to where it is wanted.

    ``wanted`` has middle and height of each, in pixels. They stay between ``top`` and ``bottom`` if there is room for all of them.
    """
    blocks: list[tuple[list[int], float, float]] = []  # labels, where the first begins, height together
    for place in sorted(range(len(wanted)), key=lambda at: wanted[at][0]):
        members = [place]
        start, high = _start(members, wanted, top, bottom)
        while blocks and blocks[-1][1] + blocks[-1][2] > start:
            members = [*blocks.pop()[0], *members]
            start, high = _start(members, wanted, top, bottom)
        blocks.append((members, start, high))
    middles = [0.0] * len(wanted)
    for members, start, _ in blocks:
        y = start
        for place in members:
            middles[place] = y + wanted[place][1] / 2
            y += wanted[place][1]
    return middles


def _start(members: Sequence[int], wanted: Sequence[tuple[float, float]], top: float, bottom: float) -> tuple[float, float]:
    """Where labels under each other begin so that they lie nearest to where they are wanted, and their height together."""
    high = 0.0
    starts = []
    for place in members:
        middle, own = wanted[place]
        starts.append(middle - own / 2 - high)
        high += own
    return max(min(sum(starts) / len(starts), bottom - high), top), high


def _labels(plot: _Plot, series: Sequence[Series], blocks: Sequence[Sequence[str]], top: float, bottom: float) -> list[str]:
    """Name and last figure of each series beside its last point; a thin line leads there where it had to move."""
    points = [_last_point(plot, row.cells) for row in series]
    wanted = [(y, lines_height(block) + _APART) for (_, y), block in zip(points, blocks, strict=True)]
    x = plot.right + _LEADER
    drawn = []
    for number, (row, block, middle) in enumerate(zip(series, blocks, spread(wanted, top, bottom), strict=True)):
        at, y = points[number]
        if not row.cells[-1].is_shown:
            drawn.append(_marker(x - 9, middle, number, SERIES[number]))
        elif abs(middle - y) > _APART:
            drawn.append(stroke([(at + 7, y), (x - 12, middle), (x - 4, middle)], SERIES[number], 0.75))
        drawn += valued_block(x, middle - lines_height(block) / 2, block, row.cells[-1], SERIES[number])
    return drawn


def _last_point(plot: _Plot, cells: Sequence[Cell]) -> Point:
    shown = _shown_columns(cells)
    return plot.point(cells, shown[-1]) if shown else (plot.right, plot.bottom)


def lines(series: Sequence[Series], columns: Sequence[str], alt: str, width: int) -> str:
    """A line for each series over the columns, from 0 up; name and last figure at its end, or in a legend where that does not fit.

    ``width`` in pixels; 1 to 6 series, each with a figure a column. A figure that is not shown leaves a gap, a hidden one with a cross on
    the axis; over a break no line runs. Raises ValueError for more series than can be told apart.
    """
    if not 1 <= len(series) <= len(SERIES) or any(len(row.cells) != len(columns) for row in series):
        raise ValueError(f"{len(series)} series of {sorted({len(row.cells) for row in series})} figures for {len(columns)} columns")
    cells = [cell for row in series for cell in row.cells]
    unit, _ = unit_of(cells)
    ticks = ticks_about([shown_value(cell) for cell in cells], unit)
    left = max(text_width(word, AXIS_SIZE) for word in tick_words(ticks, unit)) + 8
    paints = SERIES[: len(series)]
    is_wide = width >= WIDE
    blocks = [valued(row.name, row.cells[-1], _LABELS * width) for row in series] if is_wide else []
    side = max((text_width(line, SIZE) for block in blocks for line in block), default=-_LEADER + 6) + _LEADER
    drawn, top = ([], 2.0) if is_wide else _legend(series, width)
    top += 8 + (_STRIP if _break_columns(series) else 0)
    high = max(250 if is_wide else 190, sum(lines_height(block) + _APART for block in blocks))
    plot = _Plot(left + 10, width - side, top, top + high, len(columns), ticks[-1], ticks[0])
    drawn += plot.grid(ticks, left, plot.right + 6)
    drawn += plot.tick_labels(ticks, unit, left - 8)
    drawn += _column_labels(plot, columns, _labelled_columns(plot, columns, 0, width), 0, width)
    drawn += _breaks(plot, series, left, plot.right)
    for number, row in enumerate(series):
        drawn += _line(plot, row.cells, number, paints[number], _shown_columns(row.cells))
    drawn += _crosses(plot, series, paints)
    if is_wide:
        drawn += _labels(plot, series, blocks, min(top - 8, plot.bottom - high), plot.bottom + 6)
    note, bottom = _sign_notes(series, plot.bottom + 26)
    return drawing([*drawn, *note], alt, width, bottom)


def _legend(series: Sequence[Series], width: int) -> tuple[list[str], float]:
    """Line, sign, name and last figure of each series under each other; and where they end."""
    drawn: list[str] = []
    y = 2.0
    for number, row in enumerate(series):
        block = valued(row.name, row.cells[-1], width - _SAMPLE - 8)
        middle = y + SIZE * PITCH / 2
        dashes = {"stroke_dasharray": _DASHES[number]} if _DASHES[number] else {}
        drawn.append(stroke([(0, middle), (_SAMPLE, middle)], SERIES[number], 2, **dashes))
        drawn.append(_marker(_SAMPLE / 2, middle, number, SERIES[number]))
        drawn += valued_block(_SAMPLE + 8, y, block, row.cells[-1], SERIES[number])
        y += lines_height(block) + 4
    return drawn, y + 4


# --- small multiples ----------------------------------------------------------------------------------------------------------------------

_GUTTER: Final = 24
_SMALL: Final = 84
"""Height of a small drawing without its name, in pixels."""


def _per_row(count: int, width: int) -> int:
    """How many small drawings stand beside each other."""
    if width < WIDE:
        return 2
    return 3 if count in (3, 5, 6, 9) else 4


def multiples(series: Sequence[Series], columns: Sequence[str], alt: str, width: int) -> str:
    """A small drawing with a line for each series, all on one scale from 0, its name on top and its last shown figure at the line.

    ``width`` in pixels; each series has a figure a column. Gaps, breaks and hidden figures as in ``lines``. Raises ValueError without
    columns, or when a series has not as many figures.
    """
    if not columns or any(len(row.cells) != len(columns) for row in series):
        raise ValueError(f"series of {sorted({len(row.cells) for row in series})} figures for {len(columns)} columns")
    cells = [cell for row in series for cell in row.cells]
    unit, _ = unit_of(cells)
    ticks = round_ticks(max(map(shown_value, cells), default=0), unit)
    left = max(text_width(word, AXIS_SIZE) for word in tick_words(ticks, unit)) + 8
    figures = max((text_width(cell.written, SIZE) for cell in cells if cell.is_shown), default=0) + 10
    across = _per_row(len(series), width)
    gutter = _GUTTER if width >= WIDE else 14
    own = (width - left - gutter * (across - 1)) / across
    strip = _STRIP if _break_columns(series) else 4
    drawn: list[str] = []
    y = 2.0
    for first in range(0, len(series), across):
        beside = series[first : first + across]
        names = [wrap(row.name, SIZE, own) for row in beside]
        top = y + max(map(lines_height, names)) + 6 + strip
        for place, (row, name) in enumerate(zip(beside, names, strict=True)):
            side = left + place * (own + gutter)
            plot = _Plot(side + 5, side + own - figures, top, top + _SMALL, len(columns), ticks[-1])
            # names stand on the drawing, whatever lines the longest beside them takes
            drawn += text_block(side, top - strip - 6 - lines_height(name), name, weight=BOLD)
            drawn += plot.grid(ticks, side, side + own)
            drawn += plot.tick_labels(ticks, unit, left - 8) if not place else []
            drawn += _small(plot, row, columns, side, side + own)
        y = top + _SMALL + 38
    note, bottom = _sign_notes(series, max(y - 14, 4))
    return drawing([*drawn, *note], alt, width, bottom)


def _small(plot: _Plot, row: Series, columns: Sequence[str], left: float, right: float) -> list[str]:
    """The line of one series, with its first and last column and its last shown figure."""
    ends = [0, len(columns) - 1]
    wide = sum(text_width(columns[place], AXIS_SIZE) for place in ends)
    apart = len(columns) > 1 and wide + 10 <= right - left and plot.right - plot.left > wide / 2 + 10
    shown = _shown_columns(row.cells)
    drawn = _column_labels(plot, columns, ends if apart else ends[-1:], left, right)
    drawn += _breaks(plot, [row], left, right)
    drawn += _line(plot, row.cells, 0, SERIES[0], shown[-1:])
    if shown:
        return [*drawn, *_last_figure(plot, row.cells, shown[-1]), *_crosses(plot, [row], SERIES[:1])]
    drawn += _crosses(plot, [row], SERIES[:1])
    x, word = (left + right) / 2, row.cells[-1].written
    middle = (plot.top + plot.bottom) / 2
    ground = _ground(x - text_width(word, SIZE) / 2, middle, word)
    return [*drawn, ground, written_text(x, middle + SIZE * CENTRE, word, QUIET, anchor="middle", italic=True)]


def _ground(left: float, middle: float, word: str) -> str:
    """Paper behind a text, so that no line of the grid runs through it."""
    return rectangle(left - 2, middle - SIZE * PITCH / 2, text_width(word, SIZE) + 4, SIZE * PITCH, PAPER)


def _last_figure(plot: _Plot, cells: Sequence[Cell], place: int) -> list[str]:
    """The last figure that is shown, beside its point; clear of the axis, where crosses may follow."""
    x, y = plot.point(cells, place)
    middle = min(max(y, plot.top + 5), plot.bottom - SIZE * PITCH / 2 - (3 if place < len(cells) - 1 else 0.5))
    word = cells[place].written
    return [_ground(x + 8, middle, word), written_text(x + 8, middle + SIZE * CENTRE, word, SERIES[0], weight=BOLD)]
