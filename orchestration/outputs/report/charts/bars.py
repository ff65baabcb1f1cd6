"""Horizontal bars: one figure a row, or the parts of a whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from orchestration.disclosure.publish import HIDDEN
from orchestration.outputs.report.cells import Cell, Series, statuses
from orchestration.outputs.report.charts.frame import (
    BOLD,
    CENTRE,
    GRID,
    PAPER,
    PITCH,
    QUIET,
    SERIES,
    SIZE,
    STUB,
    WIDE,
    Paint,
    corners,
    drawing,
    hatch,
    hidden_stub,
    legend,
    lines_height,
    rectangle,
    shown_value,
    stroke,
    text_block,
    text_width,
    word_of,
    wrap,
    written_text,
)
from orchestration.outputs.words import WORDS

_THICK: Final = 18
"""Of a bar, in pixels."""
_BETWEEN: Final = 10
_BESIDE: Final = 7
"""Between a bar and its figure."""
_NAMES: Final = 0.4
"""What names may take of the width at most."""
_LEAST: Final = 1.0
"""However small a figure, its bar can be seen."""
_FEWEST, _MOST = 2, 4
"""Parts of a whole that can be told from each other."""


@dataclass(frozen=True)
class _Rows:
    """Where rows have their names and bars; all in pixels. ``column`` is 0 where names stand above."""

    width: int
    column: float
    start: float

    @classmethod
    def of(cls, names: Iterable[str], width: int) -> "_Rows":
        if width < WIDE:
            return cls(width, 0, 0)
        column = min(max((text_width(name, SIZE) for name in names), default=0), _NAMES * width)
        return cls(width, column, column + 12)

    @property
    def room(self) -> float:
        return self.width - self.start

    def name(self, name: str, top: float, below: float = 0) -> tuple[list[str], float, float]:
        """A name drawn, where its bar begins, and where the row ends; ``below`` is what stands under the bar."""
        lines = wrap(name, SIZE, self.column or self.width)
        high = lines_height(lines)
        if not self.column:
            return text_block(0, top, lines), top + high + 1, top + high + 1 + _THICK + below + _BETWEEN
        row = max(high, _THICK)
        drawn = text_block(0, top + (row - high) / 2, lines)
        bar = top + (row - _THICK) / 2
        return drawn, bar, max(top + row, bar + _THICK + below) + _BETWEEN

    def baseline(self, top: float, bottom: float) -> str:
        """The line that all bars begin at."""
        return stroke([(self.start, top), (self.start, bottom)], GRID)


def bars(rows: Sequence[tuple[str, Cell]], alt: str, width: int) -> str:
    """A bar for each name and figure, as long as the figure is large, with the figure beside it.

    ``width`` in pixels. A figure that is not shown has no bar: a hidden one a hatched sign of one size, the others their word alone.
    """
    layout = _Rows.of((name for name, _ in rows), width)
    cells = [cell for _, cell in rows]
    figures = max((text_width(cell.written, SIZE) for cell in cells if cell.is_shown), default=0)
    scale = (layout.room - _BESIDE - figures) / (max(map(shown_value, cells), default=0) or 1)
    drawn: list[str] = []
    y = 2.0
    for name, cell in rows:
        names, bar, y = layout.name(name, y)
        drawn += [*names, *_bar(cell, layout.start, bar, shown_value(cell) * scale)]
    y = max(y - _BETWEEN, 0) + 2
    behind = [layout.baseline(0, y)] if layout.column and rows else []
    return drawing([*behind, *drawn], alt, width, max(y, 1))


def _bar(cell: Cell, x: float, y: float, long: float) -> list[str]:
    middle = y + _THICK / 2
    if cell.status == HIDDEN:
        return [hidden_stub(x, y, _THICK), word_of(cell, x + STUB + _BESIDE, middle)]
    if not cell.is_shown:
        return [word_of(cell, x + _BESIDE, middle)]
    return [
        rectangle(x, y, max(long, _LEAST), _THICK, SERIES[0]),
        written_text(x + max(long, _LEAST) + _BESIDE, middle + SIZE * CENTRE, cell.written),
    ]


def _texture(x: float, y: float, width: float, height: float, part: int) -> str:
    """What tells a part from the others beside its colour; nothing on the first."""
    inside = [corners(x + 0.5, y + 0.5, width - 1, height - 1)]
    if part == 0 or width <= 2:
        return ""
    if part == 1:
        return hatch(inside, 6, 45, PAPER, 1.2, stroke_opacity="0.75")
    if part == 2:
        return hatch(inside, 7, 45, PAPER, 0.9, stroke_opacity="0.7") + hatch(inside, 7, -45, PAPER, 0.9, stroke_opacity="0.7")
    return hatch(inside, 4.5, 0, PAPER, 1.2, stroke_opacity="0.75")


def _segment(x: float, y: float, width: float, height: float, part: int) -> str:
    return rectangle(x, y, width, height, SERIES[part]) + _texture(x, y, width, height, part)


def _figure(cell: Cell, x: float, middle: float, wide: float, paint: Paint) -> list[str]:
    """A figure inside its part, on ground of one colour, where it fits."""
    text = text_width(cell.written, SIZE)
    if text + 12 > wide:
        return []
    ground = rectangle(x + (wide - text) / 2 - 3, middle - SIZE * PITCH / 2, text + 6, SIZE * PITCH, paint)
    return [ground, written_text(x + wide / 2, middle + SIZE * CENTRE, cell.written, PAPER, anchor="middle", weight=BOLD)]


def stacked(rows: Sequence[Series], parts: Sequence[str], alt: str, width: int) -> str:
    """A bar for each row, of the figures of its parts one behind the other; a legend of the parts on top.

    ``width`` in pixels; 2 to 4 parts. Parts have hatching beside their colour, and their figure inside where it fits. Parts that are not
    shown take no room: their words stand at the end of the bar. Raises ValueError when there are more parts than can be told apart, or a
    row has not one figure for each.
    """
    if not _FEWEST <= len(parts) <= _MOST or any(len(row.cells) != len(parts) for row in rows):
        raise ValueError(f"{len(parts)} parts, and rows of {sorted({len(row.cells) for row in rows})} figures")
    layout = _Rows.of((row.name for row in rows), width)
    scale = layout.room / (max((sum(map(shown_value, row.cells)) for row in rows), default=0) or 1)
    items = [(lambda x, middle, part=place: _segment(x, middle - 6, 22, 12, part), part) for place, part in enumerate(parts)]
    drawn, y = legend(items, 22, 2, width)
    top = y = y + 8
    for row in rows:
        segments, end = _segments(row.cells, layout.start, scale)
        notes, x, below = _notes(row.cells, parts, layout, end)
        names, bar, y = layout.name(row.name, y, max(lines_height(notes) - (0 if below else _THICK), 0))
        drawn += names
        middle = bar + _THICK / 2
        for place, left, wide in segments:
            drawn.append(_segment(left, bar, wide, _THICK, place))
            drawn += _figure(row.cells[place], left, middle, wide, SERIES[place])
        if _is_alone(row.cells):
            drawn += _bar(row.cells[0], layout.start, bar, 0)
        drawn += _noted(notes, x, bar + (_THICK + 1 if below else (_THICK - SIZE * PITCH) / 2))
    y = max(y - _BETWEEN, top) + 2
    behind = [layout.baseline(top - 2, y)] if layout.column and rows else []
    return drawing([*behind, *drawn], alt, width, y)


def _segments(cells: Sequence[Cell], x: float, scale: float) -> tuple[list[tuple[int, float, float]], float]:
    """Place of the part, left side and width of what is drawn of it; and where the bar ends."""
    found = []
    for place, cell in enumerate(cells):
        wide = shown_value(cell) * scale
        if wide:
            # a strip of paper stays between neighbours, which is taken from the width of those that have some
            found.append((place, x, max(wide - 1.5, _LEAST)))
        x += wide
    return found, x


def _is_alone(cells: Sequence[Cell]) -> bool:
    """Whether one sign tells of all parts: all nought, or none shown for one and the same reason."""
    return not any(map(shown_value, cells)) and len({cell.status for cell in cells}) == 1


def _told(cells: Sequence[Cell], parts: Sequence[str]) -> str:
    """What is not shown of a row: ``met kinderen, onbekend: verborgen; zonder kinderen: ontbreekt``."""
    found = (
        (WORDS[status], [part for part, cell in zip(parts, cells, strict=True) if cell.status == status]) for status in statuses(cells)
    )
    return "; ".join(f"{', '.join(names)}: {word}" for word, names in found)


def _notes(cells: Sequence[Cell], parts: Sequence[str], layout: _Rows, end: float) -> tuple[list[str], float, bool]:
    """What is not shown of a row, as lines, where these begin, and whether they stand below the bar.

    They stand at its end when that leaves room for one line; a row without a bar has them in its place.
    """
    told = _told(cells, parts)
    if not told or _is_alone(cells):
        return [], 0, False
    if not any(map(shown_value, cells)):
        return wrap(told, SIZE, layout.room - _BESIDE), layout.start + _BESIDE, False
    if text_width(told, SIZE) <= layout.width - end - _BESIDE:
        return [told], end + _BESIDE, False
    return wrap(told, SIZE, layout.room - 2), layout.start + 2, True


def _noted(notes: Sequence[str], x: float, top: float) -> list[str]:
    first = top + SIZE * (PITCH / 2 + CENTRE)
    return [written_text(x, first + place * SIZE * PITCH, note, QUIET, italic=True) for place, note in enumerate(notes)]
