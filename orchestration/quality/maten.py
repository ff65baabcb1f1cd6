"""What the suites look at: small measures that DuckDB takes of the history and of the tables to be released.

A measure is one number with the history that it rests on. Great Expectations judges the numbers (``quality.suites``); holding it against
the rows themselves would cost seconds a table, and these take milliseconds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Any

import duckdb
import yaml

from orchestration.intake.contract import load_contract, sql_list
from orchestration.settings import PROJECT

DAG, WEEK, MAAND_VERS, JAAR, KWARTAAL = 1, 7, 28, 365, 90
"""Lengths of the windows in days."""

WEKEN = 8
"""Weeks before, that a day and a week are held against."""

NODIG_WEKEN = 4
"""Of those, how many the history must have before anything is said."""

PER_WEEK = 20
"""Rows a week, on average, below which a week's volume says nothing; a third of it for the age of the last row."""

RECENT, EERDER = 30, 100
"""Rows that a share must rest on, in the window and before it."""

LOPEND, NIVEAUS = ("maand", "kwartaal", "halfjaar", "jaar"), ("regio", "gemeente", "stadsdeel")

GROEI_VANAF = 50
"""A figure below this in the year before is too small for a jump to mean anything."""

SPRONG = 0.5
"""Share by which a year's figure may differ from the year before."""


RIJEN = {"soort": "rijen"}
"""The measure that counts all rows."""


@dataclass(frozen=True)
class Schaal:
    """How a measure is read by people: ``nul + stap × waarde`` of ``wat``; the bounds of an expectation are read the same way."""

    wat: str
    nul: float = 0.0
    stap: float = 1.0

    def gezien(self, waarde: float, minimum: float | None, maximum: float | None) -> str:
        """What was found and what was expected, such as ``0 meldingen op 2025-02-06, verwacht 18 tot 40``."""
        low, high = (None if b is None else max(0, round(self.nul + self.stap * b)) for b in (minimum, maximum))
        expected = f"verwacht {low} tot {high}"
        if low is None or high is None:
            expected = f"verwacht hoogstens {high}" if low is None else f"verwacht ten minste {low}"
        return f"{round(self.nul + self.stap * waarde)}{self.wat}, {expected}"


@dataclass(frozen=True)
class Maat:
    """A number, or None when the history is too short for one; ``geschiedenis`` of ``nodig`` in ``eenheid`` says how short."""

    waarde: float | None
    geschiedenis: int = 0
    nodig: int = 0
    eenheid: str = "rijen"
    schaal: Schaal | None = None
    """Of a measure that is no count of what fails."""

    @property
    def te_kort(self) -> bool:
        return self.geschiedenis < self.nodig


@dataclass
class Tabel:
    """A table under measurement: where it is, what its entry in the suite file says, and as of which day."""

    con: duckdb.DuckDBPyConnection
    schema: str
    """Schema with its catalog, as in ``veilig_thuis.historie``"""
    naam: str
    opties: dict[str, Any]
    peildatum: date
    leveringen: tuple[int, ...] = ()
    """Deliveries that this run took in"""
    gemeten: dict[str, Maat] = field(default_factory=dict)
    onderscheiden: str = ""
    """The different values of the columns that are held to a list, once ``tel`` has read them"""

    @property
    def historisch(self) -> bool:
        return self.schema.endswith("historie")

    @cached_property
    def bron(self) -> str:
        """The rows to measure: of the history those that hold now, with the day of the event as ``_dag``, read once."""
        if not self.historisch:
            return f"{self.schema}.{self.naam}"
        day = f"cast({self.opties['dag']} as date) as _dag"
        rows = f"select *, {day} from {self.schema}.{self.naam} where _is_actueel"
        if "bij" in self.opties:
            parent, key = self.opties["bij"]
            rows = (
                f"select r.*, o._dag from {self.schema}.{self.naam} r left join"
                f" (select {key}, {day} from {self.schema}.{parent} where _is_actueel) o using ({key}) where r._is_actueel"
            )
        self.con.execute(f"create or replace temp table maten_{self.naam} as {rows}")
        return f"maten_{self.naam}"

    @cached_property
    def reeksen(self) -> str:
        """The rows of whole series: no breakdowns, nothing below stadsdeel; picked once from a table that has more."""
        if "totaal" not in self.opties:
            return self.bron
        rows = f"from {self.bron} where {self.opties['totaal']} and gebied_soort::varchar in {NIVEAUS}"
        self.con.execute(f"create or replace temp table reeksen_{self.naam} as {rows}")
        return f"reeksen_{self.naam}"

    @cached_property
    def kolommen(self) -> dict[str, str]:
        """Column → type."""
        rows = self.con.execute(f"describe {self.schema}.{self.naam}").fetchall()
        return {r[0]: r[1] for r in rows}

    def getal(self, sql: str) -> Any:
        row = self.con.execute(sql).fetchone()
        return row[0] if row else None

    def rij(self, sql: str) -> tuple[Any, ...]:
        row = self.con.execute(sql).fetchone()
        assert row is not None
        return row

    def venster(self, van: int, tot: int) -> str:
        """Days from ``van`` up to ``tot`` days before the peildatum, the peildatum being day 0: ``venster(6, 0)`` is the last week."""
        return f"_dag between date '{self.peildatum}' - {van} and date '{self.peildatum}' - {tot}"

    def meet(self, maat: dict[str, Any]) -> Maat:
        """The measure; taken once for all expectations that look at it."""
        key = _naam(maat)
        if key not in self.gemeten:
            self.gemeten[key] = MATEN[maat["soort"]](self, maat)
        return self.gemeten[key]

    def tel(self, maten: list[dict[str, Any]]) -> None:
        """Take all measures that count rows, and read the different values of columns, in one pass over the rows.

        Each costs a pass otherwise, over the millions of rows of the long table.
        """
        found = {_naam(m): where for m in maten if MATEN[m["soort"]] is _telling and (where := voorwaarde(self, m))}
        if any(MATEN[m["soort"]] in (_rijen, _rijen_meer) for m in maten):
            found[_naam(RIJEN)] = "true"
        columns = dict.fromkeys(c for m in maten if m["soort"] == "onbekend" for c in _velden(m))
        if not found and not columns:
            return
        counts = [f"count(*) filter (where {where}) as n{i}" for i, where in enumerate(found.values())]
        self.con.execute(
            f"create or replace temp table geteld_{self.naam} as select {', '.join([*columns, *counts])} from {self.bron} group by all"
        )
        if found:
            sums = self.rij(f"select {', '.join(f'coalesce(sum(n{i}), 0)' for i in range(len(found)))} from geteld_{self.naam}")
            self.gemeten |= {key: Maat(float(n)) for key, n in zip(found, sums, strict=True)}
            if _naam(RIJEN) in found:
                self.gemeten[_naam(RIJEN)] = _aantal_rijen(self, self.gemeten[_naam(RIJEN)].waarde)
        if columns:
            self.onderscheiden = f"geteld_{self.naam}"

    def plaatsen(self, maat: dict[str, Any], hoogstens: int = 10) -> str:
        """Where what fails is: delivery, file and lines, or the keys of figures; never a value. Empty when the measure has no rows."""
        where = voorwaarde(self, maat)
        if where is None:
            return self._bestanden() if self.historisch else ""
        if not self.historisch:
            names = self.opties.get("plaats", ["periode", "gebied"])
            shown = " || ' ' || ".join(f"coalesce({n}::varchar, '')" for n in names)
            rows = self.con.execute(f"select trim({shown}) from {self.bron} where {where} order by 1 limit {hoogstens}").fetchall()
            return "; ".join(r[0] for r in rows)
        rows = self.con.execute(
            f"""
            select _levering, _bestand, list(_regel order by _regel)[:{hoogstens}], count(*) from {self.bron} where {where}
            group by all order by 1 desc, 2 limit 3
            """
        ).fetchall()
        return "; ".join(
            f"levering {n}, {bestand}, regel {', '.join(map(str, lines))}"
            + (f" en {count - len(lines)} meer" if count > len(lines) else "")
            for n, bestand, lines, count in rows
        )

    def _bestanden(self) -> str:
        """The files that brought rows of this table in this run; a measure of a whole has no lines of its own."""
        rows = self.con.execute(
            f"select distinct _levering, _bestand from {self.bron} where list_contains(?, _levering) order by 1 desc limit 3",
            [list(self.leveringen)],
        ).fetchall()
        return "; ".join(f"levering {n}, {bestand}" for n, bestand in rows)


def _naam(maat: dict[str, Any]) -> str:
    """What a measure is remembered under: the same for all that say the same."""
    return repr(sorted(maat.items()))


def voorwaarde(t: Tabel, maat: dict[str, Any]) -> str | None:
    """The condition that rows meet which fail; None for a measure of the whole."""
    found: str | None = None
    match maat["soort"]:
        case "telling":
            found = str(maat["waar"]).format(schema=t.schema)
        case "sleutel_leeg":
            found = " or ".join(f"{k} is null" for k in load_contract().entiteit(t.naam).sleutelkolommen)
        case "codes_onbekend":
            found = _codes_onbekend(t.naam)
        case "datum_na_peildatum":
            fields = [v for v in load_contract().entiteit(t.naam).velden if v.veldsoort in {"datum", "moment"} and not v.mag_na_peildatum]
            found = " or ".join(f"cast({v.naam} as date) > date '{t.peildatum}'" for v in fields) or "false"
        case "datum_voor_eerste_dag":
            # a moment against a moment: the local day of every row costs more than all other measures
            begin = {"datum": f"date '{vroegste_dag()}'", "moment": f"timestamptz '{vroegste_dag()} 00:00:00 Europe/Amsterdam'"}
            fields = [v for v in load_contract().entiteit(t.naam).velden if v.veldsoort in begin]
            found = " or ".join(f"{v.naam} < {begin[v.veldsoort]}" for v in fields) or "false"
        case "onbekend":
            found = f"cast({maat['veld']} as varchar) not in ({maat['bekend'].format(schema=t.schema)})"
        case "leeg":
            found = f"{maat['veld']} is null and ({maat['waar']}) and {t.venster(MAAND_VERS - 1, 0)}"
        case "aandeel_buiten_bereik":
            shares = [c for c in t.kolommen if c.startswith("aandeel_") or "_aandeel_" in c]
            found = " or ".join(f"not {c} between 0 and 100" for c in shares) or "false"
        case "negatief":
            free = t.opties.get("kan_negatief")
            numbers = [c for c, kind in t.kolommen.items() if kind == "BIGINT" or c.startswith("doorlooptijd")]
            found = " or ".join(f"{c} < 0" for c in numbers if not free or not c.startswith(free)) or "false"
    return found


@cache
def vroegste_dag() -> date:
    """The first day that an event can be of: what dbt leaves out of the figures before it (its variable of that name)."""
    project = yaml.safe_load((PROJECT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))
    return date.fromisoformat(project["vars"]["vroegste_dag"])


def _codes_onbekend(entiteit: str) -> str:
    contract = load_contract()
    rules = []
    for v in contract.entiteit(entiteit).velden:
        if v.codelijst:
            rules.append(f"{v.naam} not in {sql_list(contract.codelijsten[v.codelijst])}")
        elif v.veldsoort == "gemeente":
            rules.append(f"not regexp_full_match({v.naam}, 'GM[0-9]{{4}}')")
    return " or ".join(rules) or "false"


# --- measures of rows --------------------------------------------------------------------------------------------------------------------


def _telling(t: Tabel, maat: dict[str, Any]) -> Maat:
    return Maat(float(t.getal(f"select count(*) from {t.bron} where {voorwaarde(t, maat)}")))


def _velden(maat: dict[str, Any]) -> list[str]:
    """The columns that a measure joins into one text."""
    return str(maat["veld"]).split(" || ' ' || ")


def _onbekend(t: Tabel, maat: dict[str, Any]) -> Maat:
    """Distinct values that are not among the known ones (in SQL: a list or a select)."""
    known = maat["bekend"].format(schema=t.schema)
    distinct = f"select distinct {', '.join(_velden(maat))} from {t.onderscheiden or t.bron}"  # of enumerations, before they become text
    return Maat(float(t.getal(f"select count(*) from ({distinct}) where cast({maat['veld']} as varchar) not in ({known})")))


def _kolommen(t: Tabel, maat: dict[str, Any]) -> Maat:
    agreed = load_contract().entiteit(t.naam).kolommen if t.historisch else t.opties["kolommen"]
    return Maat(float(sum(c not in t.kolommen for c in agreed)))


def _rijen(t: Tabel, maat: dict[str, Any]) -> Maat:
    return _aantal_rijen(t, float(t.getal(f"select count(*) from {t.bron}")))


def _aantal_rijen(t: Tabel, rows: float | None) -> Maat:
    """Rows; of a table to be released nothing is said where there is no period that it must have rows of."""
    scale = Schaal(f" rijen in {t.naam}")
    if t.historisch:
        return Maat(rows, schaal=scale)
    ended = "and not voorlopig" if t.opties.get("alleen_afgelopen") else ""
    return Maat(rows, t.getal(f"select count(*) from {t.schema}.dim_periode where volledig {ended}"), 1, "perioden", scale)


def _rijen_meer(t: Tabel, maat: dict[str, Any]) -> Maat:
    """Rows more than another table has."""
    rows = t.meet(RIJEN).waarde
    assert rows is not None
    other = t.getal(f"select count(*) from {maat['dan']}")
    return Maat(rows - other, schaal=Schaal(f" rijen in {t.naam}", nul=other))


def _dubbel(t: Tabel, maat: dict[str, Any]) -> Maat:
    keys = ", ".join(maat["sleutel"])
    return Maat(
        float(
            t.getal(
                f"select coalesce(sum(n - 1), 0) from (select count(*) as n from {t.bron} where {maat.get('waar', 'true')} group by {keys})"
            )
        )
    )


# --- measures over time ------------------------------------------------------------------------------------------------------------------


def _weken(t: Tabel) -> int:
    """Whole weeks of history before the last one, at most those asked for."""
    first = t.getal(f"select min(_dag) from {t.bron} where _dag >= date '{vroegste_dag()}'")
    return 0 if first is None else max(0, min(WEKEN, ((t.peildatum - first).days + 1) // WEEK - 1))


def _dag_volume(t: Tabel, maat: dict[str, Any]) -> Maat:
    """Standard deviations between the last day and the same weekday in the weeks before; at least those of chance (Poisson)."""
    weeks = _weken(t)
    value, usual, spread = t.rij(
        f"""
        with dagen as (select date '{t.peildatum}' - {WEEK} * k::integer as _dag, k from range(0, {weeks + 1}) as d(k)),
        aantallen as (
            select k, count(r._dag) as n from dagen left join (select _dag from {t.bron} where {t.venster(WEEK * weeks, 0)}) r using (_dag)
            group by k
        ),
        gewoon as (
            select any_value(n) filter (where k = 0) as nu, avg(n) filter (where k > 0) as midden,
                greatest(1, sqrt(avg(n) filter (where k > 0)), stddev(n) filter (where k > 0)) as spreiding
            from aantallen
        )
        select (nu - midden) / spreiding, midden, spreiding from gewoon
        """
    )
    return Maat(value, weeks, NODIG_WEKEN, "weken", Schaal(f" {t.naam} op {t.peildatum}", usual or 0.0, spread or 1.0))


def _per_week(t: Tabel, weeks: int) -> tuple[int, float]:
    """Rows in the last week, and on average in the weeks before."""
    now, before = t.rij(
        f"""
        select count(*) filter ({t.venster(WEEK - 1, 0)}), count(*) filter ({t.venster(WEEK * (weeks + 1) - 1, WEEK)})
        from {t.bron}
        """
    )
    return now, before / weeks if weeks else 0.0


def _week_volume(t: Tabel, maat: dict[str, Any]) -> Maat:
    """The last week as a multiple of the average week before."""
    weeks = _weken(t)
    now, before = _per_week(t, weeks)
    if weeks < NODIG_WEKEN:
        return Maat(None, weeks, NODIG_WEKEN, "weken")
    scale = Schaal(f" {t.naam} in de week tot en met {t.peildatum}", stap=before)
    return Maat(now / before if before else None, int(before), PER_WEEK, "rijen per week", scale)


def _dagen_oud(t: Tabel, maat: dict[str, Any]) -> Maat:
    """Days between the last event up to the peildatum and the peildatum."""
    weeks = _weken(t)
    if weeks < NODIG_WEKEN:
        return Maat(None, weeks, NODIG_WEKEN, "weken")
    _, before = _per_week(t, weeks)
    age = t.getal(f"select date '{t.peildatum}' - max(_dag) from {t.bron} where _dag <= date '{t.peildatum}'")
    scale = Schaal(f" dagen sinds het laatste van {t.naam}")
    return Maat(None if age is None else float(age), int(before), PER_WEEK // 3, "rijen per week", scale)


def _leeg(t: Tabel, maat: dict[str, Any]) -> Maat:
    """Share that is empty in the last four weeks, less the share in the year before."""
    now, then = t.venster(MAAND_VERS - 1, 0), t.venster(MAAND_VERS + JAAR - 1, MAAND_VERS)
    n, m, share, usual = t.rij(
        f"""
        select count(*) filter ({now}), count(*) filter ({then}),
            avg(({maat["veld"]} is null)::integer) filter ({now}), avg(({maat["veld"]} is null)::integer) filter ({then})
        from {t.bron} where {maat["waar"]}
        """
    )
    value = None if share is None or usual is None else share - usual
    scale = Schaal(f"% van {maat['veld']} leeg in de laatste vier weken", 100 * (usual or 0.0), 100)
    return Maat(value, n, RECENT, schaal=scale) if n < RECENT else Maat(value, m, EERDER, schaal=scale)


def _verschuiving(t: Tabel, maat: dict[str, Any]) -> Maat:
    """Half the sum of the differences between shares by code, last week against 90 days before, less what chance alone would give."""
    now, then = t.venster(WEEK - 1, 0), t.venster(WEEK + KWARTAAL - 1, WEEK)
    n, m, value = t.rij(
        f"""
        with per_code as (
            select count(*) filter ({now}) as n, count(*) filter ({then}) as m from {t.bron}
            where {maat["veld"]} is not null and {t.venster(WEEK + KWARTAAL - 1, 0)} group by {maat["veld"]}
        ),
        aandelen as (select n, m, sum(n) over () as alle_n, sum(m) over () as alle_m, m / nullif(sum(m) over (), 0) as q from per_code)
        select coalesce(any_value(alle_n), 0)::bigint, coalesce(any_value(alle_m), 0)::bigint,
            sum(abs(n / nullif(alle_n, 0) - q) / 2 - sqrt(q * (1 - q) * (1 / nullif(alle_n, 0) + 1 / nullif(alle_m, 0)) / (2 * pi())))
        from aandelen
        """
    )
    scale = Schaal(f"% van de rijen van de laatste week heeft een andere {maat['veld']} dan de 90 dagen ervoor", stap=100)
    return Maat(value, n, RECENT, schaal=scale) if n < RECENT else Maat(value, m, EERDER, schaal=scale)


# --- measures of series ------------------------------------------------------------------------------------------------------------------


def _reeksen(t: Tabel) -> tuple[str, str]:
    """The rows of whole series (without breakdowns), and the columns that part one series from another."""
    return t.reeksen, "".join(f"{g}, " for g in t.opties.get("groep", []))


def _volledig(t: Tabel) -> str:
    """Condition: periods from the first report or request on. Of earlier ones only what occurs stands in a table."""
    return f"(periode_soort::varchar, periode_start) in (select periode_soort, periode_start from {t.schema}.dim_periode where volledig)"


def _gebieden_ontbreken(t: Tabel, maat: dict[str, Any]) -> Maat:
    """Areas that were there in an ended period and have no row in it, for every series and level that the table knows."""
    rows, group = _reeksen(t)
    value = t.getal(
        f"""
        with r as (
            select {group} periode_soort, periode, periode_start, gebied_soort::varchar as gebied_soort, gebied::varchar as gebied
            from {rows} where not voorlopig and gebied_soort::varchar in {NIVEAUS} and {_volledig(t)}
        ),
        reeks as (select distinct {group} periode_soort, gebied_soort from r),
        perioden as (select distinct {group} periode_soort, periode, periode_start from r),
        verwacht as (
            select {group} periode_soort, periode, gebied_soort, g.gebied from reeks
            join perioden using ({group} periode_soort) join {t.schema}.dim_gebied as g using (gebied_soort)
            where (g.geldig_van is null or g.geldig_van <= periode_start) and (g.geldig_tot is null or g.geldig_tot > periode_start)
        )
        select count(*) from verwacht anti join r using ({group} periode_soort, periode, gebied_soort, gebied)
        """
    )
    return Maat(float(value))


def _perioden_ontbreken(t: Tabel, maat: dict[str, Any]) -> Maat:
    """Periods missing between the first of a series and the one of the peildatum, over the series of the largest area."""
    rows, group = _reeksen(t)
    value = t.getal(
        f"""
        with r as (
            select distinct {group} periode_soort::varchar as soort, periode_start, periode_eind from {rows}
            where gebied_soort = (select min_by(gebied_soort::varchar, {_rang("gebied_soort")}) from {rows}) and {_volledig(t)}
        ),
        per_reeks as (
            select {group} soort, count(*) as n, min(periode_start) as eerste, max(periode_eind) as laatste,
                case soort when 'maand' then 1 when 'kwartaal' then 3 when 'halfjaar' then 6 else 12 end as maanden
            from r group by all
        )
        select coalesce(sum(greatest(0, (date_diff('month', eerste, greatest(laatste, date '{t.peildatum}') + 1)) // maanden - n)), 0)
        from per_reeks
        """
    )
    return Maat(float(value))


def _rang(column: str) -> str:
    return "case " + " ".join(f"when {column}::varchar = '{n}' then {i}" for i, n in enumerate(NIVEAUS)) + " else 9 end"


def _jaarsprongen(t: Tabel, maat: dict[str, Any]) -> Maat:
    """Counts of the region whose last ended year differs by more than half from the year before."""
    rows, group = _reeksen(t)
    where = "gebied_soort::varchar = 'regio' and periode_soort::varchar = 'jaar' and not voorlopig"
    if group:
        series = group.removesuffix(", ")
        source = f"select {series}::varchar as maat, periode_start, waarde as n from {rows} where {where} and eenheid = 'aantal'"
    else:
        counts = [c for c, kind in t.kolommen.items() if kind == "BIGINT" and not c.endswith("_vorig_jaar")]
        if not counts:
            return Maat(0.0)
        listed = ", ".join(counts)
        wide = f"select periode_start, {listed} from {rows} where {where}"
        source = f"select maat, periode_start, n from (unpivot ({wide}) on {listed} into name maat value n)"
    years, value = t.rij(
        f"""
        with j as (select maat, year(periode_start) as jaar, n from ({source}) where year(periode_start) >= year(date '{t.peildatum}') - 2)
        select count(distinct jaar),
            count(*) filter (jaar = laatste and eerder >= {GROEI_VANAF} and abs(n - eerder) > {SPRONG} * eerder)
        from (select maat, jaar, n, max(jaar) over () as laatste, lag(n) over (partition by maat order by jaar) as eerder from j)
        """
    )
    return Maat(float(value), years, 2, "afgelopen jaren")


MATEN: dict[str, Callable[[Tabel, dict[str, Any]], Maat]] = {
    "telling": _telling,
    "sleutel_leeg": _telling,
    "codes_onbekend": _telling,
    "datum_na_peildatum": _telling,
    "datum_voor_eerste_dag": _telling,
    "aandeel_buiten_bereik": _telling,
    "negatief": _telling,
    "onbekend": _onbekend,
    "kolommen": _kolommen,
    "rijen": _rijen,
    "rijen_meer": _rijen_meer,
    "dubbel": _dubbel,
    "dag_volume": _dag_volume,
    "week_volume": _week_volume,
    "dagen_oud": _dagen_oud,
    "leeg": _leeg,
    "verschuiving": _verschuiving,
    "gebieden_ontbreken": _gebieden_ontbreken,
    "perioden_ontbreken": _perioden_ontbreken,
    "jaarsprongen": _jaarsprongen,
}
"""Kind of measure → how it is taken."""
