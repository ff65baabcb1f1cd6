"""The figures of the report: what each asks of a release, how it is drawn, and what is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from orchestration.disclosure.publish import MISSING
from orchestration.outputs.report import areas, charts, sentences
from orchestration.outputs.report.cells import Cell, Grid, Series
from orchestration.outputs.report.numbers import written
from orchestration.outputs.report.sentences import Wording
from orchestration.outputs.report.source import AREA, INDICATOR, PERIOD, Asked, Figures
from orchestration.outputs.report.wording import NOTES, OF_GROUPS, ROWS, WORDINGS
from orchestration.outputs.words import MAY_STILL_WAIT, STILL_WAIT, UNFINISHED
from orchestration.transform import catalogue

MOST_LINES = 6


class Shape(StrEnum):
    """How a figure is drawn."""

    BARS = "staven"
    STACKED = "gestapeld"
    LINES = "lijnen"
    MULTIPLES = "kleine_lijnen"
    TILES = "tegels"
    TABLE = "tabel"


OVER_TIME = (Shape.LINES, Shape.MULTIPLES)


@dataclass(frozen=True)
class Figure:
    """A figure of the report."""

    code: str
    """Its name in addresses and in the texts of the organisation"""
    title: str
    """What it shows, whatever the figures are"""
    shape: Shape
    asked: Asked
    rows: str
    columns: str = PERIOD
    notes: tuple[str, ...] = ()
    told: int = 1
    """Of how many rows the change is told"""
    against: int = -2
    """Place of the column that the last one is compared with"""
    within: Asked | None = None
    """Smaller areas, that stand beside each row in words"""

    @property
    def indicators(self) -> tuple[str, ...]:
        return self.asked.indicators


@dataclass(frozen=True)
class FoundFigure:
    """A figure with what a release says of it."""

    figure: Figure
    grid: Grid
    message: str
    """The title: what it shows, or, where nothing can be said, what it is of"""
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    drawings: tuple[str, ...]
    """As SVG, for a wide and for a narrow place; none of a table"""
    alt: str


Rings = Sequence[Sequence[tuple[float, float]]]
"""The border of an area: rings of longitude and latitude"""


@dataclass(frozen=True)
class Maps:
    """Where areas lie: their borders, where somebody gave them, and else their place among tiles (column, row)."""

    borders: Mapping[str, Rings]
    places: Mapping[str, tuple[int, int]]


def find(figures: Figures, figure: Figure, maps: Maps) -> FoundFigure:
    """Ask, draw and tell one figure."""
    head, _ = _named(figure)
    whole = figures.grid(figure.asked, figure.rows, figure.columns, head)
    told = _sentences(figure, whole)  # of all rows, also those that are not in the table: what is hidden is told of
    message = _message(figure, whole) or figure.title
    smaller = figures.grid(figure.within, AREA, PERIOD, "") if figure.within else None
    grid = _with_smaller(figure.within, whole, smaller) if figure.within and smaller else whole
    alt = f"{figure.title}. {' '.join(told)} Alle getallen staan in de tabel.".replace("..", ".")
    drawn = tuple(_draw(figure, grid, alt, width, maps, smaller) for width in (charts.WIDE_WIDTH, charts.NARROW_WIDTH))
    return FoundFigure(figure, grid, message, tuple(told), _notes(figure, grid), tuple(filter(None, drawn)), alt)


def _named(figure: Figure) -> tuple[str, str]:
    """What a row is, and what several are."""
    kind = figure.asked.area_kind if figure.rows == AREA else figure.asked.breakdown
    return ROWS.get(kind, ("", "")) if figure.rows != INDICATOR else ("Cijfer", "")


def _with_smaller(asked: Asked, grid: Grid, smaller: Grid) -> Grid:
    """Rows with the smaller areas of each in words: those that are shown with their figure, the others by their number."""
    of = areas.wijk_of(asked.periods[-1])
    found: dict[str, list[Series]] = {}
    for row in smaller.rows:
        found.setdefault(of.get(row.code, ""), []).append(row)
    rows = tuple(replace(row, beside=_in_words(found.get(row.code, []))) for row in grid.rows)
    return replace(grid, rows=rows, beside_head=ROWS[asked.area_kind][1].capitalize())


def _in_words(rows: list[Series]) -> str:
    shown = [f"{row.name} {row.cells[-1].written}" for row in rows if row.cells[-1].is_shown]
    hidden = len(rows) - len(shown)
    return ", ".join([*shown, *([f"{hidden} verborgen"] if hidden else [])])


# --- drawn --------------------------------------------------------------------------------------------------------------------------------


def _draw(figure: Figure, grid: Grid, alt: str, width: int, maps: Maps, smaller: Grid | None) -> str:
    """The drawing; nothing of a table, but a map of its smaller areas where somebody gave their borders."""
    if grid.is_empty:
        return ""
    if figure.shape is Shape.STACKED:
        return charts.stacked(grid.rows, grid.columns, alt, width)
    if figure.shape in OVER_TIME:
        is_one = figure.shape is Shape.LINES and len(grid.rows) <= MOST_LINES
        return (charts.lines if is_one else charts.multiples)(grid.rows, grid.columns, alt, width)
    if figure.shape in (Shape.TILES, Shape.TABLE):
        return _map(smaller if figure.shape is Shape.TABLE else grid, figure.shape is Shape.TILES, alt, width, maps)
    return charts.bars(_by_size(grid.column(-1)) if figure.rows == AREA else grid.column(-1), alt, width)


def _map(grid: Grid | None, or_tiles: bool, alt: str, width: int, maps: Maps) -> str:
    """By real borders where there are some, else of tiles, or nothing."""
    found = [(row.code, row.name, row.cells[-1]) for row in (grid.rows if grid else ())]
    if any(code in maps.borders for code, *_ in found):
        return charts.shapes(found, maps.borders, alt, width)
    return charts.tiles(found, maps.places, alt, width) if or_tiles else ""


def _by_size(pairs: list[tuple[str, Cell]]) -> list[tuple[str, Cell]]:
    """The largest first, what is not shown last; the same value in the order of names."""
    return sorted(pairs, key=lambda p: (p[1].value is None, -(p[1].value or 0), p[0]))


# --- told ---------------------------------------------------------------------------------------------------------------------------------


def wording_of(figure: Figure, row: Series) -> Wording:
    """How a row is named in a sentence."""
    if figure.rows == INDICATOR:
        named = WORDINGS[row.code]
    else:
        general = WORDINGS[figure.indicators[0]]
        if figure.rows == AREA:
            return replace(general, noun=f"{general.noun} in {row.name}")
        named = OF_GROUPS.get((figure.indicators[0], row.code)) or replace(general, noun=f"{general.noun} ({row.name})")
    return named


def _sentences(figure: Figure, grid: Grid) -> list[str]:
    if grid.is_empty:
        return ["Hierover is geen cijfer te tonen."]
    if figure.shape in OVER_TIME:
        return [s for row in grid.rows[: figure.told] for s in _of_series(figure, grid, row)]
    general, several, are_areas = WORDINGS[figure.indicators[0]], _named(figure)[1], figure.rows == AREA
    if figure.columns != PERIOD and figure.shape is Shape.TABLE:
        return []
    if figure.shape is Shape.STACKED:
        told = [sentences.extremes(grid.column(place), general, are_areas, several, part) for place, part in enumerate(grid.columns)]
    else:
        told = [sentences.extremes(grid.column(-1), general, are_areas, several)]
    return [t for t in told if t]


def _of_series(figure: Figure, grid: Grid, row: Series) -> list[str]:
    wording, now = wording_of(figure, row), row.cells[-1]
    if not now.is_shown:
        return [t for t in [sentences.last_known(row, grid.phrases, wording)] if t]
    if len(row.cells) < 2:
        return [sentences.changed(now, Cell(None, MISSING), wording, grid.phrases[-1], "")]
    now, before = compared(figure, row)
    told = [
        sentences.changed(now, before, wording, grid.phrases[-1], grid.phrases[figure.against]),
        sentences.over_time(row, grid.phrases, wording) if figure.told == 1 else "",
        sentences.against_norm(now, norm) if (norm := _norm(figure, row)) is not None else "",
    ]
    return [t for t in told if t]


def compared(figure: Figure, row: Series) -> tuple[Cell, Cell]:
    """The newest figure of a row and the one that it is compared with: what breaks on the way breaks between these two.

    A figure that is not shown tells of no break, so over one nothing is compared.
    """
    now, before, between = row.cells[-1], row.cells[figure.against], row.cells[figure.against + 1 :]
    if not all(c.is_shown for c in between[:-1]):
        return now, Cell(None, MISSING)
    return replace(now, break_reason=next((c.break_reason for c in between if c.break_reason), "")), before


def _norm(figure: Figure, row: Series) -> float | None:
    """What is asked of a row, where something is."""
    indicator = catalogue.indicators()[row.code if figure.rows == INDICATOR else figure.indicators[0]]
    return indicator.norm if indicator.norm_categorie == (row.code if figure.asked.breakdown else catalogue.TOTAL) else None


def _message(figure: Figure, grid: Grid) -> str:
    if grid.is_empty or figure.shape is Shape.TABLE:
        return ""
    wording = WORDINGS[figure.indicators[0]]
    if figure.shape in OVER_TIME and len(grid.columns) > 1:
        if len(grid.rows) == 1 or figure.rows == INDICATOR:
            first = grid.rows[0]
            return sentences.headline(*compared(figure, first), wording_of(figure, first), grid.phrases[figure.against])
        return sentences.movers(grid.rows, wording, grid.phrases[-2], figure.rows == AREA, _named(figure)[1])
    if figure.shape is Shape.STACKED:
        return sentences.on_top(grid.column(0), wording, figure.rows == AREA, grid.columns[0]) if figure.rows != AREA else ""
    return sentences.on_top(grid.column(-1), wording, figure.rows == AREA)


def _notes(figure: Figure, grid: Grid) -> tuple[str, ...]:
    cells = [cell for row in grid.rows for cell in row.cells]
    keys = list(figure.notes)
    breaks = dict.fromkeys(cell.break_reason for cell in cells if cell.break_reason)
    told = (areas.without_district() if key == "centrum" else NOTES[key] for key in keys)
    return (*filter(None, told), *_unfinished(grid), *(f"Breuk: {reason}." for reason in breaks))


def _unfinished(grid: Grid) -> list[str]:
    """Of which periods some still wait, with how many where that is known, and what it means."""
    found = {column: cell for row in grid.rows for column, cell in zip(grid.columns, row.cells, strict=True) if cell.is_unfinished}
    if not found:
        return []
    named = [column if cell.waiting is None else f"{column} ({written(cell.waiting)})" for column, cell in found.items()]
    meant = MAY_STILL_WAIT if any(cell.waiting is None for cell in found.values()) else STILL_WAIT
    return [f"{sentences.capital(UNFINISHED)}, {sentences.listed(named)}: {meant}."]


def definitions(found: list[FoundFigure]) -> list[catalogue.Indicator]:
    """The indicators that figures rest on, in the order of the catalogue."""
    used = {code for finding in found for code in finding.figure.indicators}
    return [indicator for code, indicator in catalogue.indicators().items() if code in used]
