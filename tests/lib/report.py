"""A release made up for the report: a row for every figure that the rules of publication let out, and nothing behind it.

The figures look as those that leave do: counts rounded to the base, small ones hidden, shares and rates worked out of rounded counts,
breaks where the seeds have them. They add up to nothing: each is drawn by itself, around what its indicator, area, category and period make
likely.
"""

import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow
import pyarrow.parquet

from orchestration import seeds
from orchestration.disclosure import database, publish
from orchestration.disclosure.publish import HIDDEN, MISSING, NONE, PUBLISHED
from orchestration.disclosure.rules import COUNTS, EXACT, Rule, read_parameters, read_rules
from orchestration.outputs.report.areas import gemeenten
from orchestration.seeds import SEEDS
from orchestration.sql import text
from orchestration.transform import catalogue

YEARS: Final = tuple(range(2016, 2025))
DAY: Final = date(2025, 2, 5)
"""Of the state of the registration."""
WEESP_FROM: Final = date(2022, 3, 24)
MONTHS_OF: Final = {"jaar": 12, "halfjaar": 6, "kwartaal": 3, "maand": 1}
NAMED: Final = {"jaar": "{year}", "halfjaar": "{year}-H{part}", "kwartaal": "{year}-Q{part}", "maand": "{year}-{part:02}"}

COUNTED: Final = {
    "meldingen": 9800, "adviesvragen": 5400, "betrokkenen": 31000, "casussen_met_melding": 6600, "casussen_uitgestroomd": 6200,
    "overdrachten": 3600, "overdrachten_en_afsluitingen": 7900, "diensten": 1650, "dienst": 1650, "huisverboden": 330,
    "onderzoeken_uitkomst": 420, "vb_open": 1300, "vb_open_over_termijn": 1000, "vb_open_zonder_zicht": 310, "diensten_open": 600,
    "diensten_open_over_termijn": 260,
}  # fmt: skip
"""Of the region in a year, or on a day for what is open; of another indicator, that of the longest name that it begins with."""
SHARES: Final = {"aandeel_acuut_binnen_2_uur": 95, "aandeel_vb_binnen_termijn": 34, "aandeel_hermeldingen": 31}
MEANS: Final = {"werkdagen": 22.0, "weken": 12.0, "aantal": 2.2, "verhouding": 1.5, "fte": 110.0, "procent": 8.0}
NEARLY_ALL: Final = 3
"""Times as long as a median is a ninetieth percentile."""
CAPACITY: Final = ("formatie_fte", "bezetting_fte", "verzuim_procent", "vb_afgerond_per_fte")
"""Exact figures of what is delivered with the second version of the contract."""
NOT_PUBLISHED: Final = ("vb_instroom_min_afgerond", *CAPACITY)
WAITING: Final = {"2023-12-01": 3, "2024-11-01": 250, "2024-12-01": 400}
"""How many of those of a month still wait, in exact figures."""
RATE: Final = 16.0
OTHERS: Final = 9000
ONE_AREA: Final = {"regio": 1.0, "gemeente": 0.08, "buiten": 0.05, "stadsdeel": 0.08, "wijk": 0.008, "buurt": 0.0016}
"""Of what the region has."""
AMSTERDAM, OUTSIDE, WEESP = "GM0363", "BUITEN", "S"

SCHEMA: Final = pyarrow.schema(
    [
        (column, pyarrow.float64() if column == "waarde" else pyarrow.int64() if column in publish.NUMBERS else pyarrow.string())
        if column not in publish.NO_TEXTS or column in publish.NUMBERS
        else (column, pyarrow.bool_() if column == "voorlopig" else pyarrow.date32())
        for column in publish.COLUMNS
    ]
)


@dataclass(frozen=True)
class Span:
    """A period, with the days it is from and up to."""

    kind: str
    name: str
    first: date
    last: date
    before: date
    """The first day of the period before it"""


@dataclass(frozen=True)
class Place:
    """An area: its kind, code and name, and how large it is beside the region."""

    kind: str
    code: str
    name: str
    weight: float


def figures_file(
    path: Path,
    *,
    years: Iterable[int] = YEARS,
    hidden: float = 0.05,
    missing: float = 0.1,
    seed: int = 1,
    is_exact: bool = False,
    without: Collection[str] = (),
) -> Path:
    """Write a DuckDB file as a release has it, and return its path: what leaves, or the exact figures (``marts``).

    ``hidden`` is the share of the cells that is hidden beside the small ones, totals of the region left out; ``missing`` that of the
    areas and years whose number of households is not there, so that a rate is missing. Both are between 0 and 1; of exact figures nothing
    is hidden, and some are published nowhere. Of indicators in ``without`` there is no row. Weesp is no part of the region before 2022, and
    ``vergelijkbaarheid`` has the breaks of the seeds. The same arguments make the same figures.
    """
    rows = [row for row in _rows(tuple(years), hidden, missing, seed, is_exact) if row["indicator"] not in without]
    parquet = path.with_suffix(".parquet")
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, SCHEMA), parquet)
    if is_exact:
        _exact_database(parquet, path)
    else:
        p = read_parameters()
        note = publish.NOTE.format(drempel=p.threshold, basis=p.base)
        database.make(parquet, path, publish.STORED, publish.TABLE, {"": note, **publish.COLUMNS})
    parquet.unlink()
    return path


def _exact_database(parquet: Path, path: Path) -> None:
    """As a release keeps exact figures: their order comes with them, and statuses say whether they could be worked out."""
    known = catalogue.indicators().values()
    with duckdb.connect(path) as con:
        con.execute(
            f"""
            create schema marts;
            create table marts.indicatoren as
            select * replace (if(status = '{PUBLISHED}', 'berekend', '{MISSING}') as status), row_number() over () as volgorde
            from read_parquet({text(parquet)})
            """
        )
        con.execute("create table marts.dim_indicator (indicator text, indicator_naam text, thema text, definitie text, eenheid text)")
        con.executemany(
            "insert into marts.dim_indicator values (?, ?, ?, ?, ?)", [[i.code, i.naam, i.thema, i.definitie, i.eenheid] for i in known]
        )
        con.execute(
            """
            create table marts.dim_periode as select distinct periode_soort, periode, periode_start, periode_eind from marts.indicatoren;
            create schema facts;
            create table facts.fct_meldingen (maand date, urgentie text, gebied_gemeente text, gebied_stadsdeel text, vb_besluit_op date)
            """
        )
        for month, count in WAITING.items():
            con.execute(
                "insert into facts.fct_meldingen select ?, '2', 'GM0363', 'A', if(n < ?, null, date '2025-01-15') from range(?) as t(n)",
                [month, count, count + 10],
            )


# --- what there are figures of ------------------------------------------------------------------------------------------------------------


def _rows(years: Sequence[int], hidden: float, missing: float, seed: int, is_exact: bool) -> Iterator[dict[str, Any]]:
    known = catalogue.indicators()
    rules = read_rules({c: i.uitsplitsingen for c, i in known.items()}, of_kind={c: i.soort for c, i in known.items()})
    if is_exact:
        rules += [Rule(code, "", "regio", kind, EXACT) for code in NOT_PUBLISHED for kind in ("jaar", "kwartaal")]
    drawn = _Drawn(hidden, missing, seed, is_exact)
    for rule in rules:
        for span in _spans(rule.period, years):
            for place in _places(rule.area, span.last):
                for category, part in _categories(rule.indicator, rule.breakdown):
                    yield drawn.row(rule, span, place, category, part)


def _spans(kind: str, years: Sequence[int]) -> Iterator[Span]:
    months = MONTHS_OF[kind]
    for year in years:
        for part in range(1, 12 // months + 1):
            first = _month(year, (part - 1) * months)
            last = _month(year, part * months) - timedelta(days=1)
            yield Span(kind, NAMED[kind].format(year=year, part=part), first, last, _month(year, (part - 2) * months))


def _month(year: int, since_january: int) -> date:
    return date(year + since_january // 12, since_january % 12 + 1, 1)


@cache
def _places(kind: str, on: date) -> tuple[Place, ...]:
    """The areas of a kind that there are rows of on a day."""
    if kind == "regio":
        return (Place(kind, "REGIO", "Amsterdam-Amstelland", 1),)
    if kind == "buiten":
        return (Place(kind, OUTSIDE, "Buiten de regio of onbekend", ONE_AREA[kind]),)
    if kind == "gemeente":
        named = gemeenten()
    elif kind == "stadsdeel":
        named = {r["stadsdeel_code"]: r["stadsdeel"] for r in seeds.rows(SEEDS / "areas/stadsdelen.csv")}
    else:
        divisions = seeds.rows(SEEDS / "areas/buurten.csv")
        newest = max(r["indeling"] for r in divisions if r["indeling"] <= on.isoformat())
        named = {r[f"{kind}_code"]: r[kind] for r in divisions if r["indeling"] == newest}
    sizes = random.Random(kind)
    weights = {code: ONE_AREA[kind] * sizes.uniform(0.4, 1.6) for code in named} | {AMSTERDAM: 0.68}
    return tuple(Place(kind, code, name, weights[code]) for code, name in named.items())


@cache
def _categories(indicator: str, breakdown: str) -> tuple[tuple[str, float], ...]:
    """The categories that an indicator has figures of, each with its part of the whole."""
    if not breakdown:
        return (("", 1.0),)
    lists = [_codes(part) for part in breakdown.split("|")]
    if indicator.startswith(("overdracht", "aandeel_overdracht")) and "uitstroom" not in breakdown and "afsluiting" not in indicator:
        lists = [[code for code in codes if code not in ("CLIENTSYSTEEM", "GEEN_VERVOLG")] for codes in lists]
    weighed = [_weighed(codes) for codes in lists]
    if len(weighed) == 1:
        return tuple(weighed[0])
    return tuple((f"{a}|{b}", x * y) for a, x in weighed[0] for b, y in weighed[1])


def _codes(breakdown: str) -> list[str]:
    kinds = {r["categorie_soort"]: r["codelijst"] for r in seeds.rows(SEEDS / "catalogue/categorie_soorten.csv")}
    rows = seeds.rows(SEEDS / "codes/codelijsten.csv") + seeds.rows(SEEDS / "catalogue/afgeleide_categorieen.csv")
    return [r["code"] for r in rows if r["codelijst"] == kinds[breakdown]]


def _weighed(codes: Sequence[str]) -> list[tuple[str, float]]:
    """Each is two thirds as large as the one before it."""
    weights = [1.5**-place for place in range(len(codes))]
    return [(code, weight / sum(weights)) for code, weight in zip(codes, weights, strict=True)]


# --- figures ------------------------------------------------------------------------------------------------------------------------------

Drawn = tuple[float | None, int | None, int | None, str]
"""Value, above and below the line, and status."""


class _Drawn:
    """Draws rows. What is drawn of a figure follows from its key alone."""

    def __init__(self, hidden: float, missing: float, seed: int, is_exact: bool) -> None:
        self.hidden, self.missing, self.seed, self.is_exact = hidden, missing, seed, is_exact
        self.parameters = read_parameters()

    def row(self, rule: Rule, span: Span, place: Place, category: str, part: float) -> dict[str, Any]:
        indicator = catalogue.indicators()[rule.indicator]
        random_ = random.Random("|".join((str(self.seed), *vars(rule).values(), span.name, place.code, category)))
        value, above, below, status = self._figure(indicator, rule, span, place, part, random_)
        broken = _break(rule, span, place, category)
        return {
            "indicator": rule.indicator, "periode_soort": span.kind, "periode": span.name, "gebied_soort": place.kind,
            "gebied": place.code, "categorie_soort": rule.breakdown, "categorie": category, "waarde": value, "teller": above,
            "noemer": below, "eenheid": indicator.eenheid, "status": status, "indicator_naam": indicator.naam, "gebied_naam": place.name,
            "categorie_naam": catalogue.category_name(rule.breakdown, category), "periode_start": span.first, "periode_eind": span.last,
            "voorlopig": False, "vergelijkbaarheid": broken, "vergelijkbaarheid_reden": _reasons().get(broken or ""), "peildatum": DAY,
            "kwaliteit": "goed",
        }  # fmt: skip

    def _figure(self, indicator: catalogue.Indicator, rule: Rule, span: Span, place: Place, part: float, random_: random.Random) -> Drawn:
        if place.kind == "stadsdeel" and place.code == WEESP and span.last < WEESP_FROM:
            return None, None, None, NONE
        likely = _likely(indicator, span, place) * random_.uniform(0.93, 1.07)
        if indicator.soort == "per_1000":
            return self._rate(span, place, random_)
        if indicator.code in NOT_PUBLISHED:
            return self._inside(indicator, random_), None, None, PUBLISHED
        is_whole = place.kind == "regio" and not rule.breakdown
        if random_.random() < self.hidden and not (is_whole or self.is_exact):
            return None, None, None, HIDDEN
        return self._drawn(indicator, rule, likely, part, random_)

    def _drawn(self, indicator: catalogue.Indicator, rule: Rule, likely: float, part: float, random_: random.Random) -> Drawn:
        if indicator.soort in COUNTS:
            return self._count(likely * part, rule.rule == EXACT)
        if indicator.eenheid == "procent":
            middle = SHARES.get(indicator.code, random.Random(indicator.code).uniform(20, 80)) if not rule.breakdown else 100 * part
            return self._share(likely, min(100, middle * random_.uniform(0.9, 1.1)))
        return self._mean(indicator, likely * part, random_)

    def _inside(self, indicator: catalogue.Indicator, random_: random.Random) -> float:
        """A figure that is published nowhere; a difference may be below nought."""
        if indicator.soort == "verschil":
            return float(random_.randint(-300, 300))
        return MEANS[indicator.eenheid] * random_.uniform(0.9, 1.1)

    def _count(self, likely: float, exactly: bool) -> Drawn:
        if exactly or self.is_exact:
            return float(round(likely)), None, None, PUBLISHED
        if likely < self.parameters.threshold:
            return None, None, None, HIDDEN
        return float(self._rounded(likely)), None, None, PUBLISHED

    def _rounded(self, count: float) -> int:
        return round(count) if self.is_exact else round(count / self.parameters.base) * self.parameters.base

    def _share(self, whole: float, percentage: float) -> Drawn:
        above, below = self._rounded(whole * percentage / 100), self._rounded(whole)
        if not self.is_exact and min(above, below) < self.parameters.threshold:
            return None, None, None, HIDDEN
        return (min(100.0, self._decimal(100 * above / below, "procent")) if below else None), above, below, PUBLISHED

    def _mean(self, indicator: catalogue.Indicator, of: float, random_: random.Random) -> Drawn:
        if not self.is_exact and self._rounded(of) < publish.SMALLEST_MEAN:
            return None, None, None, HIDDEN
        middle = MEANS[indicator.eenheid] * (NEARLY_ALL if "p90" in indicator.code else 1)
        return self._decimal(middle * random_.uniform(0.8, 1.2), indicator.eenheid), None, None, PUBLISHED

    def _rate(self, span: Span, place: Place, random_: random.Random) -> Drawn:
        if random.Random(f"{self.seed}|households|{place.code}|{span.name}").random() < self.missing:
            return None, None, None, MISSING
        households = 600_000 * place.weight
        above = self._rounded(RATE * households / 1000 * random_.uniform(0.7, 1.3))
        return self._decimal(1000 * above / households, "per_1000"), above, None, PUBLISHED

    def _decimal(self, value: float, unit: str) -> float:
        return value if self.is_exact else round(value, publish.DECIMALS[unit])


def _likely(indicator: catalogue.Indicator, span: Span, place: Place) -> float:
    """How many there may be in an area and a period, of the indicator or of what it is a share or mean of; 2% more each year."""
    names = [name for name in COUNTED if indicator.code.removeprefix("aandeel_").startswith(name)]
    whole = COUNTED[max(names, key=len)] if names else OTHERS
    part = 1 if indicator.soort == "voorraad" else MONTHS_OF[span.kind] / 12
    return whole * place.weight * part * 1.02 ** (span.first.year - YEARS[-1])


@cache
def _breaks() -> list[dict[str, str]]:
    """Those that are of a day, which the seeds tell."""
    return [r for r in seeds.rows(SEEDS / "catalogue/breuken.csv") if r["vanaf"]]


@cache
def _reasons() -> dict[str, str]:
    return {r["vergelijkbaarheid"]: r["reden"] for r in seeds.rows(SEEDS / "catalogue/vergelijkbaarheid.csv")}


def _break(rule: Rule, span: Span, place: Place, category: str) -> str | None:
    """A break lies in the period in which its day is, and in the next when that was not its first day."""
    for row in _breaks():
        day = date.fromisoformat(row["vanaf"])
        of_figure = not row["indicator"] or (row["indicator"], row["categorie_soort"], row["categorie"]) == (
            rule.indicator,
            rule.breakdown,
            category,
        )
        of_place = not row["gebied_soort"] or (row["gebied_soort"] == place.kind and row["gebied"] in ("", place.code))
        if of_figure and of_place and (span.first <= day <= span.last or span.before < day < span.first):
            return row["vergelijkbaarheid"]
    return None
