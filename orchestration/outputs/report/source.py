"""The figures of a release as cells: of what leaves, or the exact ones for the board."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import duckdb

from orchestration.disclosure.cells import SHARE_KINDS
from orchestration.disclosure.publish import DECIMALS, MISSING, NONE, PUBLISHED
from orchestration.disclosure.rules import COUNTS, EXACT, read_parameters, read_rules
from orchestration.outputs.dashboard.figures import EXACT as EXACT_DECIMALS
from orchestration.outputs.report.cells import Cell, Grid, Series
from orchestration.outputs.report.periods import label, phrase
from orchestration.outputs.words import NOWHERE, UNDETERMINED
from orchestration.transform import catalogue

STOCK = "voorraad"
"""Kind of indicator that is the state at the end of a period."""

WORKED_OUT = "berekend"
"""Status of an exact figure for which all is there."""
AREA, CATEGORY, INDICATOR, PERIOD = "gebied", "categorie", "indicator", "periode"
FIRST, SECOND = "eerste", "tweede"
"""What rows or columns of a figure can be; the last two are the parts of a crossed breakdown."""


@dataclass(frozen=True)
class Asked:
    """The figures that are asked of a release. Without ``areas`` or ``categories``: all that there are."""

    indicators: tuple[str, ...]
    periods: tuple[str, ...]
    period_kind: str = "jaar"
    area_kind: str = "regio"
    areas: tuple[str, ...] = ()
    breakdown: str = ""
    categories: tuple[str, ...] = ()


QUERY = """
select
    indicator, periode, gebied, categorie, indicator_naam, gebied_naam, categorie_naam, waarde, teller, noemer, eenheid, status,
    -- a figure that is missing is no break: nothing is compared with it
    case when vergelijkbaarheid = 'noemer_ontbreekt' then '' else coalesce(vergelijkbaarheid_reden, '') end as breuk,
    waarde is not null and nog_niet_af is not null as is_nog_niet_af, wachtend
from shown
left join unfinished using (indicator, periode_soort, periode, gebied_soort, gebied, categorie_soort, categorie)
where list_contains($indicators, indicator) and periode_soort = $period_kind and list_contains($periods, periode)
    and gebied_soort = $area_kind and (len($areas) = 0 or list_contains($areas, gebied))
    and categorie_soort = $breakdown and (len($categories) = 0 or list_contains($categories, categorie))
order by list_position($indicators, indicator), volgorde, gebied_naam, gebied, periode
"""


class Figures:
    """The figures of one release; ``con`` has the view ``shown`` of it."""

    def __init__(self, con: duckdb.DuckDBPyConnection, is_exact: bool) -> None:
        self.con, self.is_exact = con, is_exact

    def grid(self, asked: Asked, rows: str, columns: str, row_head: str) -> Grid:
        """What was asked as rows by columns. A row of which every figure is of an area or category that did not exist is left out."""
        found = self.con.cursor().execute(QUERY, {k: list(v) if isinstance(v, tuple) else v for k, v in vars(asked).items()})
        row_names, column_names, cells = dict[str, str](), dict[str, str](), dict[tuple[str, str], Cell]()
        asked_of = {PERIOD: {p: label(p) for p in asked.periods}, INDICATOR: {i: catalogue.indicators()[i].naam for i in asked.indicators}}
        row_names.update(asked_of.get(rows, {}))
        column_names.update(asked_of.get(columns, {}))
        for indicator, period, area, category, *told in found.fetchall():
            indicator_name, area_name, category_name, value, above, below, unit, status, broken, is_unfinished, waiting = told
            first, _, second = category.partition("|")
            first_name, _, second_name = (category_name or "").partition(" | ")
            codes = {INDICATOR: indicator, PERIOD: period, AREA: area, CATEGORY: category, FIRST: first, SECOND: second}
            called = {
                **{INDICATOR: indicator_name, PERIOD: label(period), AREA: area_name},
                **{CATEGORY: category_name, FIRST: first_name, SECOND: second_name},
            }
            row, column = codes[rows], codes[columns]
            row_names[row], column_names[column] = called[rows], called[columns]
            cell = self._cell(asked, indicator, (value, above, below), unit, status, broken)
            cells[row, column] = replace(cell, is_unfinished=True, waiting=waiting) if is_unfinished else cell
        series = [
            Series(row, name or row, _unbroken([cells.get((row, c)) or self._absent(asked, row) for c in column_names], columns == PERIOD))
            for row, name in row_names.items()
        ]
        kept = tuple(s for s in series if not all(c.status in (NONE, NOWHERE) for c in s.cells))
        is_stock = all(catalogue.indicators()[i].soort == STOCK for i in asked.indicators)
        phrases = tuple(phrase(p, is_stock) for p in asked.periods) if columns == PERIOD else ()
        return Grid(tuple(name or code for code, name in column_names.items()), kept, row_head, phrases)

    def _cell(
        self, asked: Asked, indicator: str, numbers: tuple[float | None, float | None, float | None], unit: str, status: str, broken: str
    ) -> Cell:
        value, above, below = numbers
        known = catalogue.indicators()[indicator]
        if value is None:
            if self.is_exact:
                status = UNDETERMINED if status == WORKED_OUT else MISSING
            return Cell(None, MISSING if status == PUBLISHED else status, unit, 0, break_reason=broken)
        decimals = 0 if known.is_telling else (EXACT_DECIMALS if self.is_exact else DECIMALS)[unit]
        is_of_chance = known.soort in (*COUNTS, *SHARE_KINDS)
        if self.is_exact:
            return Cell(value, PUBLISHED, unit, decimals, above, below, broken, is_of_chance=is_of_chance)
        parts = 0.0 if known.is_telling else _slack()
        return Cell(value, PUBLISHED, unit, decimals, above, below, broken, _margin(asked, indicator, unit), parts, is_of_chance)

    def _absent(self, asked: Asked, row: str) -> Cell:
        """A figure without a row: of a crossed breakdown marts has what occurs alone, so that is 0; what nobody delivered is missing."""
        known = catalogue.indicators().get(row) or catalogue.indicators()[asked.indicators[0]]
        if self.is_exact and known.leeg_ontbreekt:
            return Cell(None, MISSING, known.eenheid)
        return Cell(0) if self.is_exact and known.is_telling and "|" in asked.breakdown else Cell(None, NOWHERE, known.eenheid)


def _unbroken(cells: Sequence[Cell], along_time: bool) -> tuple[Cell, ...]:
    """A break is told at the first figure that is shown after it, where one before it is shown too."""
    if not along_time:
        return tuple(cells)
    found, pending, is_first = [], "", True
    for cell in cells:
        pending = cell.break_reason or pending
        found.append(replace(cell, break_reason=pending if cell.is_shown and not is_first else ""))
        if cell.is_shown:
            pending, is_first = "", False
    return tuple(found)


def _margin(asked: Asked, indicator: str, unit: str) -> float:
    """How far the true figure may lie from a published one: a count stays until it is a base off; others are rounded once more.

    What the rounding of its parts does to a share is for who reads it (``sentences.lies_between``).
    """
    if catalogue.indicators()[indicator].soort not in COUNTS:
        return float(0.5 / 10 ** DECIMALS[unit])
    return 0.0 if (indicator, asked.breakdown, asked.area_kind, asked.period_kind) in _exact() else _slack()


@cache
def _slack() -> float:
    return read_parameters().base - 1


@cache
def _exact() -> frozenset[tuple[str, str, str, str]]:
    known = catalogue.indicators()
    rules = read_rules({c: i.uitsplitsingen for c, i in known.items()}, of_kind={c: i.soort for c, i in known.items()})
    return frozenset((r.indicator, r.breakdown, r.area, r.period) for r in rules if r.rule == EXACT)
