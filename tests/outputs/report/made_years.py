"""Years of figures that nobody counted: true values, and what of them leaves by the rules for what leaves; as tables of a whole report."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from orchestration.disclosure.publish import HIDDEN, MISSING, NONE, PUBLISHED
from orchestration.outputs.report import figures, periods
from orchestration.outputs.report.cells import Cell, Grid, Series
from orchestration.outputs.report.chapters import ReportEdition, chapters
from orchestration.outputs.report.figures import Figure
from orchestration.outputs.report.source import AREA, INDICATOR, PERIOD, STOCK, Figures, _unbroken
from orchestration.outputs.report.wording import WORDINGS
from orchestration.outputs.words import NOWHERE
from orchestration.transform import catalogue
from tests.outputs.report.reader import OFF, Table, Truth, round_half

AREAS = ("Aalsmeer", "Amstelveen", "Amsterdam", "Bijlmer Oost (E,G,K)", "Ouder-Amstel", "Uithoorn", "Weesp", "Zuid", "Zuidoost")
GROUPS = ("Politie", "Betrokkene (jeugdige)", "(Ex-)partnergeweld", "GI, overig", "Onbekend", "Ouder- en Kindteam", "Blijvend Veilig")
NAMED = {
    "huishouden": {"met_kinderen": "Met kinderen", "zonder_kinderen": "Zonder kinderen"},
    "betrokkenheid": {"eerste_melding": "Eerste melding", "hermelding": "Hermelding", "vervolgmelding": "Vervolgmelding"},
    "dienst_soort": {"voorwaarden_vervolg": "Voorwaarden & Vervolg", "onderzoek": "Onderzoek"},
    "uitstroom_soort": {
        "regiehoudend": "Regiehoudende partij",
        "overige_hulpverlening": "Overige hulpverlening",
        "clientsysteem": "Cliëntsysteem",
        "geen_vervolg": "Geen vervolg",
    },
}
"""Breakdowns of which the groups have a name of their own in sentences."""
EXACT = {
    *(("meldingen", ""), ("meldingen", "huishouden"), ("adviesvragen", "")),
    *(("casussen_met_melding", ""), ("overdrachten_en_afsluitingen", ""), ("casussen_uitgestroomd", "")),
}
"""What leaves as it is, of the region by year."""
THRESHOLD, BASE, SMALLEST_MEAN = 10, 5, 30
REASON = "een ander systeem"


@dataclass
class Dice:
    """What chance decides of one year."""

    rng: np.random.Generator
    is_exact: bool
    hides: float
    """How often something of 10 or more is hidden too"""
    breaks: float

    def does(self, often: float) -> bool:
        return bool(self.rng.random() < often)

    def published(self, count: float) -> float | None:
        """A count as it leaves: hidden below the threshold, and now and then above it; else a multiple of 5 that may have stayed."""
        if count < THRESHOLD or self.does(self.hides):
            return None
        near = [p for p in range(int(count) - OFF, int(count) + OFF + 1) if p % BASE == 0 and p >= THRESHOLD]
        return min(near, key=lambda p: abs(p - count)) if self.does(0.6) else float(self.rng.choice(near))


@dataclass(frozen=True)
class Told:
    """A figure of a made report: what is said of it, and the table to hold that to."""

    figure: Figure
    table: Table
    parts: tuple[str, ...]
    title: str
    sentences: tuple[str, ...]


def years(seed: int) -> Iterator[Told]:
    """All figures of a report with made figures."""
    rng = np.random.default_rng(seed)
    dice = Dice(rng, bool(rng.random() < 0.25), float(rng.choice([0, 0.03, 0.2])), float(rng.choice([0, 0.02, 0.1])))
    kind = rng.integers(4)
    edition = ReportEdition(
        2024,
        half=int(rng.integers(1, 3)) if kind == 1 else 0,
        gemeente=("GM0363", "GM0451")[seed % 2] if kind == 2 else "",
        is_intern=dice.is_exact,
    )
    for chapter in chapters(edition):
        for figure in chapter.figures:
            yield told(figure, dice)


def told(figure: Figure, dice: Dice) -> Told:
    """One figure, with true figures and those that leave."""
    grid, truths = _grid(figure, dice)
    rows = tuple(row.name for row in grid.rows)
    general = WORDINGS[figure.indicators[0]]
    are_periods = figure.columns == PERIOD
    table = Table(
        title=figure.title,
        rows=rows,
        columns=grid.phrases if are_periods else grid.columns,
        truths=truths,
        subjects=tuple(figures.wording_of(figure, row).subject for row in grid.rows),
        of=general.subject,
        noun=general.noun,
        are_areas=figure.rows == AREA,
        are_periods=are_periods,
        against=figure.against,
        norms=tuple(_norm(figure, row) for row in grid.rows),
    )
    message = figures._message(figure, grid) or figure.title
    return Told(figure, table, () if are_periods else grid.columns, message, tuple(figures._sentences(figure, grid)))


def _norm(figure: Figure, row: Series) -> float | None:
    """What the national network asks: five days for 90 percent, ten weeks for 80 percent of the onderzoeken."""
    code = row.code if figure.rows == INDICATOR else figure.indicators[0]
    if code == "aandeel_vb_binnen_termijn" and not figure.asked.breakdown:
        return 90
    return 80 if (code, row.code) == ("aandeel_diensten_binnen_termijn", "onderzoek") else None


def _grid(figure: Figure, dice: Dice) -> tuple[Grid, tuple[tuple[Truth, ...], ...]]:
    asked = figure.asked
    if figure.rows == INDICATOR:
        names = {code: catalogue.indicators()[code].naam for code in asked.indicators}
    elif figure.rows == AREA:
        names = {name: name for name in dice.rng.permutation(AREAS)[: dice.rng.integers(2, len(AREAS) + 1)]}
    else:
        names = NAMED.get(asked.breakdown) or {f"g{n}": g for n, g in enumerate(GROUPS[: dice.rng.integers(2, len(GROUPS) + 1)])}
    is_time = figure.columns == PERIOD
    columns = tuple(periods.label(p) for p in asked.periods) if is_time else ("Met kinderen", "Zonder kinderen")
    source = Figures(None, dice.is_exact)  # type: ignore[arg-type]  # asks nothing
    rows, truths, sizes = [], [], float(np.exp(dice.rng.uniform(np.log(4), np.log(4000))))
    before: list[Truth] = []
    for code, name in names.items():
        indicator = code if figure.rows == INDICATOR else asked.indicators[0]
        line = before if before and dice.does(0.15) and figure.rows != INDICATOR else _line(figure, indicator, len(columns), sizes, dice)
        before = line
        cells = [_cell(source, figure, indicator, truth, dice) for truth in line]
        rows.append(Series(code, name, _unbroken(cells, is_time)))
        truths.append(tuple(replace(t, shown=c.value) for t, c in zip(line, cells, strict=True)))
    is_stock = all(catalogue.indicators()[i].soort == STOCK for i in asked.indicators)
    phrases = tuple(periods.phrase(p, is_stock) for p in asked.periods) if is_time else ()
    return Grid(columns, tuple(rows), "", phrases), tuple(truths)


def _line(figure: Figure, indicator: str, count: int, sizes: float, dice: Dice) -> list[Truth]:
    """True figures of a row, by column, with what leaves of their parts."""
    size, share, mean = sizes * float(np.exp(dice.rng.normal(0, 0.7))), float(dice.rng.beta(1, 1)), float(dice.rng.gamma(4, 3))
    line: list[Truth] = []
    for _ in range(count):
        if dice.does(0.25):  # else a year is as the year before, but for chance
            size, share, mean = (
                size * float(np.exp(dice.rng.normal(0, 0.5))),
                float(dice.rng.beta(1, 1)),
                mean * float(dice.rng.uniform(0.6, 1.6)),
            )
        is_break = bool(line) and dice.does(dice.breaks)
        if line and dice.does(0.1):
            line.append(replace(line[-1], is_break=is_break))
        else:
            line.append(replace(_truth(figure, indicator, size, share, mean, dice), is_break=is_break))
    return line


def _truth(figure: Figure, indicator: str, size: float, share: float, mean: float, dice: Dice) -> Truth:
    known = catalogue.indicators()[indicator]
    count, unit = float(dice.rng.poisson(size)), known.eenheid
    if known.soort == "verschil":
        true = count - float(dice.rng.poisson(size))
        return Truth(true, 0, 0, true, 0, unit, True, is_judged=False)
    if known.leeg_ontbreekt:
        true = mean + float(dice.rng.normal(0, 0.1))
        return Truth(true, 0, 0, true if true > 0 else None, 2 if unit == "verhouding" else 1, unit, True, is_judged=False)
    if known.is_telling:
        is_exact = dice.is_exact or _leaves_exact(figure, indicator)
        return Truth(count, count, 1, count if is_exact else dice.published(count), 0, unit, is_exact)
    if unit == "procent":
        above = float(dice.rng.binomial(int(count), share))
        true = 100 * above / count if count else np.nan
        return _of_parts(true, above, count, (1 if dice.is_exact else 0), unit, dice)
    if unit == "per_1000":
        households = float(max(count * dice.rng.uniform(30, 120), 50) // 1 + 1)
        return _of_parts(1000 * count / households, count, households, 1, unit, dice)
    true = max(mean + float(dice.rng.normal(0, 0.1)), 0.1)
    enough = dice.is_exact or round(count / BASE) * BASE >= SMALLEST_MEAN
    return Truth(true, count, count, (true if dice.is_exact else round_half(true, 1)) if enough else None, 1, unit, dice.is_exact)


def _of_parts(true: float, above: float, below: float, decimals: int, unit: str, dice: Dice) -> Truth:
    if dice.is_exact:
        return Truth(true, above, below, None if np.isnan(true) else true, decimals, unit, True)
    a, b = dice.published(above), dice.published(below) if unit == "procent" else below
    if a is None or b is None:
        return Truth(true, above, below, None, decimals, unit, False)
    value = round_half(1000 * a / b, 1) if unit == "per_1000" else round_half(min(100 * a / b, 100), 0)
    return Truth(true, above, below, value, decimals, unit, False, a, b if unit == "procent" else None)


def _leaves_exact(figure: Figure, indicator: str) -> bool:
    asked = figure.asked
    return (indicator, asked.breakdown) in EXACT and (asked.area_kind, asked.period_kind) == ("regio", "jaar")


def _cell(source: Figures, figure: Figure, indicator: str, truth: Truth, dice: Dice) -> Cell:
    """As the report has it of a release."""
    above, below = (truth.above, truth.below) if truth.is_exact else (truth.shown_above, truth.shown_below)
    numbers: Any = (truth.shown, above, below)
    if truth.unit not in ("procent", "per_1000"):
        numbers = (truth.shown, None, None)
    status = PUBLISHED if truth.shown is not None else str(dice.rng.choice([HIDDEN, HIDDEN, HIDDEN, MISSING, NONE, NOWHERE]))
    return source._cell(figure.asked, indicator, numbers, truth.unit, status, REASON if truth.is_break else "")
