"""What the suites look at: small frames that DuckDB makes of the history and of the tables to be released, under the tables' own columns.

Each kind of frame says in a line what its rows are and how many there can be. Great Expectations judges the frames (``quality.judging``);
on the rows themselves it would take seconds a table, and these take milliseconds.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration import duck
from orchestration.intake.contract import load_contract
from orchestration.language import later, say
from orchestration.quality.suites import Suite, earliest_day
from orchestration.sql import listed, text
from orchestration.transform.catalogue import indicators

if TYPE_CHECKING:
    import pandas as pd

WEEK, MONTH_FRESH, YEAR, QUARTER = 7, 28, 365, 90
"""Lengths of the windows in days."""

WEEKS = 8
"""Weeks before, that a day and a week are held against."""

WEEKS_NEEDED = 4
"""Of those, how many the history must have before anything is said."""

PER_WEEK = 20
"""Rows a week, on average, below which a week's volume says nothing; a third of it for the age of the last row."""

RECENT, EARLIER = 30, 100
"""Rows that a share must rest on, in the window and before it."""

LEVELS = ("regio", "gemeente", "stadsdeel")

GROWTH_FROM = 50
"""A figure below this in the year before is too small for a jump to mean anything."""

SUSPECTS = 1000
"""Rows of a kind that the frame of suspects has at most; one is enough to fail on."""


@dataclass(frozen=True)
class Scale:
    """How a measure is read by people: ``zero + step × value`` as ``count`` in ``text``, beside what else that names.

    The bounds of an expectation are read the same way.
    """

    text: str
    zero: float = 0.0
    step: float = 1.0
    names: dict[str, object] = field(default_factory=dict)

    def seen(self, value: float, minimum: float | None, maximum: float | None) -> str:
        """What was found and what was expected, such as ``0 meldingen op 2025-02-06, verwacht 18 tot 40``."""
        low, high = (None if b is None else max(0, round(self.zero + self.step * b)) for b in (minimum, maximum))
        found = say(self.text, count=round(self.zero + self.step * value), **self.names)
        if low is None:
            return say("{found}, expected at most {high}", found=found, high=high)
        if high is None:
            return say("{found}, expected at least {low}", found=found, low=low)
        return say("{found}, expected {low} to {high}", found=found, low=low, high=high)


ROWS, PERIODS, NUMBER_OF_WEEKS, ROWS_A_WEEK, ENDED_YEARS = (
    later("rows"),
    later("periods"),
    later("weeks"),
    later("rows a week"),
    later("ended years"),
)
"""What history is counted in."""


@dataclass(frozen=True)
class Measure:
    """A statistic: a number, or None when the history is too short for one; ``history`` of ``needed`` in ``unit`` says how short."""

    value: float | None
    history: int = 0
    needed: int = 0
    unit: str = ROWS
    scale: Scale | None = None

    @property
    def too_short(self) -> bool:
        return self.history < self.needed


@dataclass(frozen=True)
class Frame:
    """Rows for Great Expectations to look at; ``measures`` are the columns that are a statistic, each with the history that it rests on."""

    rows: "pd.DataFrame"
    measures: dict[str, Measure] = field(default_factory=dict)


@dataclass
class CheckedTable:
    """A table under measurement: its suite, the connection that has it in ``veilig_thuis``, and as of which day."""

    con: duckdb.DuckDBPyConnection
    suite: Suite
    peildatum: date
    leveringen: tuple[int, ...] = ()
    """Deliveries that this run took in"""

    @property
    def name(self) -> str:
        return self.suite.table

    @property
    def options(self) -> dict[str, Any]:
        return self.suite.options

    @property
    def schema(self) -> str:
        return f"veilig_thuis.{self.suite.schema}"

    @property
    def historic(self) -> bool:
        return self.suite.schema == "historie"

    @cached_property
    def columns(self) -> dict[str, str]:
        """Column → type."""
        return {r[0]: r[1] for r in self.con.execute(f"describe {self.schema}.{self.name}").fetchall()}

    @property
    def all_rows(self) -> str:
        """The rows to look at, as a query: of the history those that hold now, with the day of the event as ``_dag``."""
        return self._select(self.columns)

    def _select(self, columns: Iterable[str]) -> str:
        if not self.historic:
            return f"from {self.schema}.{self.name}"
        shown, day = ", ".join(f"r.{c}" for c in columns), f"cast({self.options['dag']} as date) as _dag"
        if "bij" not in self.options:
            return f"select {shown}, {day} from {self.schema}.{self.name} as r where _is_actueel"
        parent, key = self.options["bij"]
        return (
            f"select {shown}, o._dag from {self.schema}.{self.name} as r left join"
            f" (select {key}, {day} from {self.schema}.{parent} where _is_actueel) as o using ({key}) where r._is_actueel"
        )

    @cached_property
    def source(self) -> str:
        """The same, read once, of the columns that the suite names but those of the row itself: to read the build is most of the work."""
        if not self.historic:
            return f"{self.schema}.{self.name}"
        of_time = repr((self.suite.of_frame("values"), self.suite.of_frame("extremes"), self.options))
        named = set(re.findall(r"\w+", of_time))
        self.con.execute(f"create or replace temp table bron_{self.name} as {self._select(c for c in self.columns if c in named)}")
        return f"bron_{self.name}"

    @cached_property
    def series(self) -> str:
        """The rows of whole series: no breakdowns, nothing below stadsdeel; picked once from a table that has more."""
        if "totaal" not in self.options:
            return self.source
        rows = f"from {self.source} where {self.options['totaal']} and gebied_soort::varchar in {LEVELS}"
        self.con.execute(f"create or replace temp table reeksen_{self.name} as {rows}")
        return f"reeksen_{self.name}"

    @cached_property
    def values(self) -> tuple[str, str]:
        """A table with a row for each different value of the columns that ``values`` is asked for, and one for all rows; which one that is.

        One pass for all of them: each costs seconds over the millions of rows of the long table.
        """
        sets = [s for s in dict.fromkeys(named(e) for e in self.suite.of_frame("values")) if set(s) <= set(self.columns)]
        columns = [c for s in sets for c in s]
        texts = "".join(f"{c}::varchar as {c}, " for c in columns)
        grouping = f"grouping({', '.join(columns)})" if columns else "0"
        grouped = f"select {''.join(f'{c}, ' for c in columns)} {grouping} as _groep, count(*) as rijen from {self.source}"
        each = ", ".join(f"({', '.join(s)})" for s in [*sets, ()])
        self.con.execute(
            f"create or replace temp table waarden_{self.name} as"
            f" select {texts} _groep, rijen from ({grouped} group by grouping sets ({each}))"
        )
        return f"waarden_{self.name}", f"_groep = {2 ** len(columns) - 1}"

    @cached_property
    def weeks(self) -> int:
        """Whole weeks of history before the last one, at most those asked for."""
        first = self.number(f"select min(_dag) from {self.source} where _dag >= date '{earliest_day()}'")
        return 0 if first is None else max(0, min(WEEKS, ((self.peildatum - first).days + 1) // WEEK - 1))

    @cached_property
    def per_week(self) -> tuple[int, float]:
        """Rows in the last week, and on average in the weeks before."""
        now, before = self.row(
            f"select count(*) filter ({self.window(WEEK - 1, 0)}), count(*) filter ({self.window(WEEK * (self.weeks + 1) - 1, WEEK)})"
            f" from {self.source}"
        )
        return now, before / self.weeks if self.weeks else 0.0

    def number(self, sql: str) -> Any:
        """The one value that a query gives."""
        return self.row(sql)[0]

    def row(self, sql: str) -> tuple[Any, ...]:
        """The first row of a query."""
        return duck.row(self.con, sql)

    def rows(self, sql: str) -> "pd.DataFrame":
        """All rows of a query; days stay days, for Great Expectations to hold against days."""
        import pandas as pd  # comes with Great Expectations, and takes as long to import as half of the rest

        found = self.con.execute(sql)
        return pd.DataFrame(found.fetchall(), columns=[d[0] for d in found.description or []])

    def window(self, van: int, tot: int) -> str:
        """Days from ``van`` up to ``tot`` days before the peildatum, the peildatum being day 0: ``venster(6, 0)`` is the last week."""
        return f"_dag between date '{self.peildatum}' - {van} and date '{self.peildatum}' - {tot}"

    def places(self, where: str | None, at_most: int = 10) -> str:
        """Where the rows are that meet a condition: delivery, file and lines, or the keys of figures; never a value.

        Without a condition the files that brought rows of this table in this run: a statistic of the whole has no lines of its own.
        """
        if where is None:
            return self._files() if self.historic else ""
        if not self.historic:
            names = self.options.get("plaats", ["periode", "gebied"])
            shown = " || ' ' || ".join(f"coalesce({n}::varchar, '')" for n in names)
            rows = self.con.execute(f"select trim({shown}) from {self.source} where {where} order by 1 limit {at_most}").fetchall()
            return "; ".join(r[0] for r in rows)
        rows = self.con.execute(
            f"""
            select _levering, _bestand, list(_regel order by _regel)[:{at_most}], count(*) from ({self.all_rows}) where {where}
            group by all order by 1 desc, 2 limit 3
            """
        ).fetchall()
        return "; ".join(place(*row) for row in rows)

    def _files(self) -> str:
        rows = self.con.execute(
            f"select distinct _levering, _bestand from {self.schema}.{self.name}"
            " where _is_actueel and list_contains(?, _levering) order by 1 desc limit 3",
            [list(self.leveringen)],
        ).fetchall()
        return "; ".join(say("delivery {number}, {file}", number=n, file=file) for n, file in rows)


def place(number: int, file: str, lines: list[int], count: int) -> str:
    """The lines of a file of a delivery, of ``count`` in all."""
    shown = ", ".join(map(str, lines))
    if (more := count - len(lines)) > 0:
        return say("delivery {number}, {file}, line {lines} and {more} more", number=number, file=file, lines=shown, more=more)
    return say("delivery {number}, {file}, line {lines}", number=number, file=file, lines=shown)


def named(expectation: dict[str, Any]) -> tuple[str, ...]:
    """The columns that an expectation looks at, in its order."""
    kwargs = expectation["kwargs"]
    return tuple(kwargs.get("column_list") or [kwargs[k] for k in ("column", "column_A", "column_B") if k in kwargs])


def _asked(t: CheckedTable, frame: str) -> list[str]:
    """The columns that a frame is asked for, as far as the table has them."""
    there = {*t.columns, "_dag"} if t.historic else set(t.columns)
    return list(dict.fromkeys(c for e in t.suite.of_frame(frame) for c in named(e) if c in there))


# --- frames of what stands in the table ---------------------------------------------------------------------------------------------------


def _columns(t: CheckedTable) -> Frame:
    """The columns of the table; no rows."""
    return Frame(t.rows(f"select * from {t.schema}.{t.name} limit 0"))


def _rows(t: CheckedTable) -> Frame:
    """How many rows there are: by file of the history that has rows which hold now (thousands, after years), of a mart in one row.

    ``rijen_bron`` are the rows of the table that this one is made from. Of a mart nothing is said where there is no period or area that
    it must have rows of.
    """
    scale = Scale(later("{count} rows in {table}"), names={"table": t.name})
    if t.historic:
        rows = t.rows(f"select _levering, _bestand, count(*) as rijen from {t.schema}.{t.name} where _is_actueel group by all")
        return Frame(rows, {"rijen": Measure(float(rows["rijen"].sum()), scale=scale)})
    values, whole = t.values
    source = f", (select count(*) from veilig_thuis.{t.options['bron']}) as rijen_bron" if "bron" in t.options else ""
    rows = t.rows(f"select rijen {source} from {values} where {whole}")
    ended = "and not voorlopig" if t.options.get("alleen_afgelopen") else ""
    areas = f"and exists (from {t.schema}.dim_gebied where gebied_soort = {text(kind)})" if (kind := t.options.get("van")) else ""
    periods = t.number(f"select count(*) from {t.schema}.dim_periode where volledig {ended} {areas}")
    return Frame(rows, {"rijen": Measure(float(rows["rijen"].sum()), periods, 1, PERIODS, scale)})


def _suspects(t: CheckedTable) -> Frame:
    """Rows of the history that ought not to be there, with all their columns: part of the key is empty, or their line occurs twice.

    At most ``SUSPECTS`` of each, and none where all is well.
    """
    held = [c for e in t.suite.of_frame("suspects") if "column" in e["kwargs"] for c in named(e) if c in t.columns]
    keys = " or ".join(f"{c} is null" for c in held) or "false"
    now = f"{t.schema}.{t.name} where _is_actueel"
    # numbers first: a delivery has few files of an entity, and what they are called is most of the work
    twice = f"from {now} and (_levering, _regel) in (select (_levering, _regel) from {now} group by _levering, _regel having count(*) > 1)"
    return Frame(
        t.rows(
            f"""
            select * from {now} and (
                {keys}
                or (_levering, _bestand, _regel) in (
                    select (_levering, _bestand, _regel) {twice} group by _levering, _bestand, _regel having count(*) > 1
                )
            )
            qualify row_number() over (partition by {keys}) <= {SUSPECTS}
            """
        )
    )


def _values(t: CheckedTable) -> Frame:
    """The different values of columns that are held to a list or a form, one to a row (a pair for a pair), the other columns empty.

    As many rows as the lists have values, some hundreds; a table with values that are in no list has more.
    """
    values, whole = t.values
    return Frame(t.rows(f"select * exclude (_groep) from {values} where not ({whole})"))


def _extremes(t: CheckedTable) -> Frame:
    """Of each column the least and the greatest value: two rows. Moments by their local day, within the years that Python has."""

    def both(column: str) -> str:
        day = column == "_dag" or t.columns[column].startswith(("DATE", "TIMESTAMP"))
        shown = "greatest(least(cast({} as date), date '9999-12-31'), date '0001-01-01')" if day else "{}"
        least, greatest = (f"case when {f} is not null then {shown.format(f)} end" for f in (f"min({column})", f"max({column})"))
        return f"unnest([{least}, {greatest}]) as {column}"

    return Frame(t.rows(f"select {', '.join(map(both, _asked(t, 'extremes')))} from {t.source}"))


# --- frames of what is recent, held against what came before ------------------------------------------------------------------------------


def _trends(t: CheckedTable) -> Frame:
    """What is recent against what came before: one row, with a column for each statistic that can be taken."""
    import pandas as pd

    wanted: dict[str, Callable[[], Measure]] = {
        "dag_volume_afwijking": partial(_day_volume, t),
        "week_volume_verhouding": partial(_week_volume, t),
        "dagen_sinds_laatste": partial(_days_old, t),
        **{f"leeg_erbij_{f}": partial(_empty, t, f, w) for f, w in t.options.get("leeg", {}).items()},
        **{f"verschoven_{f}": partial(_shift, t, f) for f in t.options.get("codes", [])},
    }
    taken = {}
    for name, take in wanted.items():
        with suppress(duckdb.Error):  # of a column that is not there
            taken[name] = take()
    return Frame(pd.DataFrame([{name: m.value for name, m in taken.items()}]), taken)


def _day_volume(t: CheckedTable) -> Measure:
    """Standard deviations between the last day and the same weekday in the weeks before; at least those of chance (Poisson)."""
    weeks = t.weeks
    value, usual, spread = t.row(
        f"""
        with dagen as (select date '{t.peildatum}' - {WEEK} * k::integer as _dag, k from range(0, {weeks + 1}) as d(k)),
        aantallen as (
            select k, count(r._dag) as n from dagen left join (select _dag from {t.source} where {t.window(WEEK * weeks, 0)}) r using (_dag)
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
    names = {"table": t.name, "day": t.peildatum}
    scale = Scale(later("{count} {table} on {day}"), usual or 0.0, spread or 1.0, names)
    return Measure(value, weeks, WEEKS_NEEDED, NUMBER_OF_WEEKS, scale)


def _week_volume(t: CheckedTable) -> Measure:
    """The last week as a multiple of the average week before."""
    weeks, (now, before) = t.weeks, t.per_week
    if weeks < WEEKS_NEEDED:
        return Measure(None, weeks, WEEKS_NEEDED, NUMBER_OF_WEEKS)
    names = {"table": t.name, "day": t.peildatum}
    scale = Scale(later("{count} {table} in the week up to and including {day}"), step=before, names=names)
    return Measure(now / before if before else None, int(before), PER_WEEK, ROWS_A_WEEK, scale)


def _days_old(t: CheckedTable) -> Measure:
    """Days between the last event up to the peildatum and the peildatum."""
    weeks = t.weeks
    if weeks < WEEKS_NEEDED:
        return Measure(None, weeks, WEEKS_NEEDED, NUMBER_OF_WEEKS)
    _, before = t.per_week
    age = t.number(f"select date '{t.peildatum}' - max(_dag) from {t.source} where _dag <= date '{t.peildatum}'")
    scale = Scale(later("{count} days since the last of {table}"), names={"table": t.name})
    return Measure(None if age is None else float(age), int(before), PER_WEEK // 3, ROWS_A_WEEK, scale)


def _empty(t: CheckedTable, field: str, where: str) -> Measure:
    """Share that is empty in the last four weeks, less the share in the year before."""
    where = where.format(stadsdeel_gemeente=load_contract().stadsdeel_gemeente)
    now, then = t.window(MONTH_FRESH - 1, 0), t.window(MONTH_FRESH + YEAR - 1, MONTH_FRESH)
    n, m, share, usual = t.row(
        f"""
        select count(*) filter ({now}), count(*) filter ({then}),
            avg(({field} is null)::integer) filter ({now}), avg(({field} is null)::integer) filter ({then})
        from {t.source} where {where}
        """
    )
    value = None if share is None or usual is None else share - usual
    scale = Scale(later("{count}% of {field} empty in the last four weeks"), 100 * (usual or 0.0), 100, {"field": field})
    return Measure(value, n, RECENT, scale=scale) if n < RECENT else Measure(value, m, EARLIER, scale=scale)


def _shift(t: CheckedTable, field: str) -> Measure:
    """Half the sum of the differences between shares by code, last week against 90 days before, less what chance alone would give."""
    now, then = t.window(WEEK - 1, 0), t.window(WEEK + QUARTER - 1, WEEK)
    n, m, value = t.row(
        f"""
        with per_code as (
            select count(*) filter ({now}) as n, count(*) filter ({then}) as m from {t.source}
            where {field} is not null and {t.window(WEEK + QUARTER - 1, 0)} group by {field}
        ),
        aandelen as (select n, m, sum(n) over () as alle_n, sum(m) over () as alle_m, m / nullif(sum(m) over (), 0) as q from per_code)
        select coalesce(any_value(alle_n), 0)::bigint, coalesce(any_value(alle_m), 0)::bigint,
            sum(abs(n / nullif(alle_n, 0) - q) / 2 - sqrt(q * (1 - q) * (1 / nullif(alle_n, 0) + 1 / nullif(alle_m, 0)) / (2 * pi())))
        from aandelen
        """
    )
    text = later("{count}% of the rows of the last week have another {field} than the 90 days before")
    scale = Scale(text, step=100, names={"field": field})
    return Measure(value, n, RECENT, scale=scale) if n < RECENT else Measure(value, m, EARLIER, scale=scale)


# --- frames of series --------------------------------------------------------------------------------------------------------------------


def _group(t: CheckedTable) -> str:
    """The columns that part one series from another, with a comma behind each."""
    return "".join(f"{g}, " for g in t.options.get("groep", []))


def _complete(t: CheckedTable) -> str:
    """Condition: periods from the first report or request on. Of earlier ones only what occurs stands in a table."""
    return f"(periode_soort::varchar, periode_start) in (select periode_soort, periode_start from {t.schema}.dim_periode where volledig)"


def _areas(t: CheckedTable) -> Frame:
    """Of each ended period and kind of area: how often an area has a row, over all series, and how often if none was missing.

    As many rows as periods times kinds of area, hundreds.
    """
    group = _group(t)
    return Frame(
        t.rows(
            f"""
            with r as (
                select {group} periode_soort, periode, periode_start, gebied_soort::varchar as gebied_soort, gebied::varchar as gebied
                from {t.series} where not voorlopig and gebied_soort::varchar in {LEVELS} and {_complete(t)}
            ),
            reeks as (select distinct {group} periode_soort, gebied_soort from r),
            perioden as (select distinct {group} periode_soort, periode, periode_start from r),
            volledig as (
                select {group} periode_soort, periode, gebied_soort, g.gebied from reeks
                join perioden using ({group} periode_soort) join {t.schema}.dim_gebied as g using (gebied_soort)
                where (g.geldig_van is null or g.geldig_van <= periode_start) and (g.geldig_tot is null or g.geldig_tot > periode_start)
            )
            select periode_soort::varchar as periode_soort, periode::varchar as periode, gebied_soort,
                count(r.periode_start) as gebieden, count(*) as gebieden_verwacht
            from volledig left join r using ({group} periode_soort, periode, gebied_soort, gebied) group by all
            """
        )
    )


def _series(t: CheckedTable) -> Frame:
    """Of each series of the largest area the periods that are there, and how many lie between its first and that of the peildatum.

    As many rows as figures times kinds of period, hundreds.
    """
    rows, group = t.series, _group(t)
    return Frame(
        t.rows(
            f"""
            with r as (
                select distinct {group} periode_soort::varchar as periode_soort, periode_start, periode_eind from {rows}
                where gebied_soort = (select min_by(gebied_soort::varchar, {_rank("gebied_soort")}) from {rows}) and {_complete(t)}
            ),
            per_reeks as (
                select {group} periode_soort, count(*) as perioden, min(periode_start) as eerste, max(periode_eind) as laatste,
                    case periode_soort when 'maand' then 1 when 'kwartaal' then 3 when 'halfjaar' then 6 else 12 end as maanden
                from r group by all
            )
            select {group} periode_soort, perioden,
                date_diff('month', eerste, greatest(laatste, date '{t.peildatum}') + 1) // maanden as perioden_verwacht
            from per_reeks
            """
        )
    )


def _rank(column: str) -> str:
    return "case " + " ".join(f"when {column}::varchar = '{n}' then {i}" for i, n in enumerate(LEVELS)) + " else 9 end"


def _years(t: CheckedTable) -> Frame:
    """Counts of the region of at least ``GROWTH_FROM`` in the year before: that year, the last ended one, the change as a share.

    As many rows as the table has counts, dozens. A difference of two counts may lie around nought, and says nothing by its growth.
    """
    rows, group = t.series, _group(t)
    differences = {code for code, i in indicators().items() if i.soort == "verschil"}
    where = "gebied_soort::varchar = 'regio' and periode_soort::varchar = 'jaar' and not voorlopig"
    if group:
        series = group.removesuffix(", ")
        source = f"select {series}::varchar as cijfer, periode_start, waarde as n from {rows} where {where} and eenheid = 'aantal'"
        source += f" and cijfer not in ({listed(sorted(differences))})"
    else:
        found = [c for c, kind in t.columns.items() if kind == "BIGINT" and not c.endswith("_vorig_jaar")]
        counts = ", ".join(c for c in found if c not in differences)
        wide = f"select periode_start, {counts} from {rows} where {where}"
        source = f"select cijfer, periode_start, n from (unpivot ({wide}) on {counts} into name cijfer value n)"
    t.con.execute(
        f"""
        create or replace temp table jaren_{t.name} as
        select cijfer, jaar, n, max(jaar) over () as laatste, lag(n) over (partition by cijfer order by jaar) as eerder
        from (select cijfer, n, year(periode_start) as jaar from ({source})) where jaar >= year(date '{t.peildatum}') - 2
        """
    )
    years = t.number(f"select count(distinct jaar) from jaren_{t.name}")
    grown = t.rows(
        f"""
        select cijfer, eerder as jaar_ervoor, n as laatste_jaar, (n - eerder) / eerder as verandering
        from jaren_{t.name} where jaar = laatste and eerder >= {GROWTH_FROM}
        """
    )
    return Frame(grown, {"verandering": Measure(0.0, years, 2, ENDED_YEARS)})


FRAMES: dict[str, Callable[[CheckedTable], Frame]] = {
    "columns": _columns,
    "rows": _rows,
    "suspects": _suspects,
    "values": _values,
    "extremes": _extremes,
    "trends": _trends,
    "areas": _areas,
    "series": _series,
    "years": _years,
}
"""Name of a frame → how it is made. A suite file names them; ``docs/decisions/kwaliteit.md`` says why they are so small."""
