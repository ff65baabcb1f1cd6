"""What CBS publishes of Veilig Thuis beside our own figures of a release, line by line, with where the definitions part.

Which lines, by which titles: ``seeds/reference/comparison.yml``. CBS prints multiples of 5, and nothing below 10: what lies within that is
the same. The tables are read anew where CBS can be reached; else the copy of the last time serves, and says how old it is.
"""

import csv
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import datetime
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from pydantic import Field

from orchestration import duck
from orchestration.declared import Declared
from orchestration.files import make_folder, write_over
from orchestration.language import say
from orchestration.reference import copies
from orchestration.reference.sources import Strict
from orchestration.reference.statline import Code, Table, either, load
from orchestration.reference.web import Patience, SourceError
from orchestration.seeds import SEEDS
from orchestration.settings import Settings
from orchestration.spreadsheet import as_text
from orchestration.sql import listed, text

PATH = SEEDS / "reference" / "comparison.yml"
SAME, DIFFERS, NOT_OURS, NOT_CBS = "gelijk", "verschil", "niet bij ons", "niet bij het CBS"
"""What is said of a line: within what rounding explains; not; we have no figure; CBS prints none, where ours is not too small."""


class Area(Strict):
    """An area: its title or code at CBS, and ours."""

    title: str
    gebied_soort: str
    gebied: str


class Line(Strict):
    """A measure (titles of its groups, and its own) and our figure; ``filters`` beside those of the table."""

    measure: list[str] = Field(min_length=1)
    filters: dict[str, str] = Field(default={})
    indicator: str
    categorie_soort: str = ""
    categorie: str = ""
    explanation: str

    @property
    def key(self) -> str:
        """What a copy knows it by: what it is at CBS."""
        return " › ".join([*self.measure, *(f"{d}: {c}" for d, c in sorted(self.filters.items()))])


class ComparedTable(Strict):
    """A table at CBS."""

    table: str
    title: str
    region: str
    period: str
    areas: list[Area]
    filters: dict[str, str] = Field(default={})
    lines: list[Line]


class ComparedTables(Strict):
    """All that is compared."""

    rounding: int = Field(ge=1)
    smallest: int = Field(ge=0)
    tables: list[ComparedTable]


@dataclass(frozen=True)
class ComparedFigure:
    """One figure of CBS and ours. ``oordeel`` is one of the four above; ``explanation`` says where the definitions part."""

    table: str
    measure: str
    gebied: str
    periode: str
    voorlopig: bool
    published: float | None
    ours: float | None
    difference: float | None
    oordeel: str
    explanation: str


COLUMNS = ("tabel", "maat", "gebied", "periode", "voorlopig", "cbs", "ons", "verschil", "oordeel", "waarom")
"""What its fields are called in a file."""


@dataclass(frozen=True)
class Comparison:
    """The figures, how old each table is (table → version, read at), and what could not be read."""

    figures: list[ComparedFigure]
    read: dict[str, tuple[str, datetime]]
    notes: list[str]


@cache
def declared() -> ComparedTables:
    """What is compared. Raises ``DeclaredError`` with file and line when the file is not as it should be."""
    return Declared(PATH).of(ComparedTables)


def compare(
    settings: Settings,
    database: Path,
    progress: Callable[[str], None] = lambda _: None,
    *,
    offline: bool = False,
    patience: Patience | None = None,
) -> Comparison:
    """Compare a release (``database``: its DuckDB file with exact figures) with what CBS publishes.

    With ``offline`` CBS is not asked. What of a table cannot be read is a note; raises ``SourceError`` when there is no table at all.
    """
    read, notes, figures = dict[str, tuple[str, datetime]](), list[str](), list[ComparedFigure]()
    with duck.connect(settings) as con:
        con.execute(f"attach {text(database)} as uitgave (read_only)")
        for spec in declared().tables:
            source = f"vergelijking_{spec.table}"
            if not offline:
                progress(say("reading {source}", source=f"CBS {spec.table}, {spec.title}"))
                notes += _refresh(settings, con, spec, source, patience)
            try:
                copy = copies.standing(settings, source)
            except SourceError as error:
                notes.append(str(error))
                continue
            if copy is not None:
                read[spec.table] = (copy.versie, copy.seen_at)
                figures += _beside(con, spec, copy.path)
    if not read:
        notes.append(say("No table of CBS was ever read here; there is nothing to compare with."))
        raise SourceError(" ".join(notes))
    return Comparison(figures, read, notes)


def write(comparison: Comparison, path: Path) -> None:
    """Write the figures as CSV (separator ``;``). Raises ``SourceError`` when ``path`` is there already, or its folder is not."""
    if path.exists():
        raise SourceError(say("{file} is there already; name another file.", file=path))
    if not path.absolute().parent.is_dir():
        raise SourceError(say("There is no folder {folder}; make it, or name another file.", folder=path.absolute().parent))
    lines = StringIO()
    writer = csv.writer(lines, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(v) for v in astuple(figure)] for figure in comparison.figures)
    write_over(path.absolute(), lines.getvalue().encode())


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"
    return "" if value is None else str(as_text(str(value)))


# --- what CBS has -------------------------------------------------------------------------------------------------------------------------


def _refresh(settings: Settings, con: duckdb.DuckDBPyConnection, spec: ComparedTable, source: str, patience: Patience | None) -> list[str]:
    """Read a table where it was changed since; what of it could not be read. What was read half changes nothing."""
    try:
        version = Table(settings, spec.table, patience).modified()
        notes = _read(settings, con, spec, patience)
        copies.write(settings, con, source, version)
    except SourceError as error:
        copies.keep_attempt(settings, source, "mislukt", str(error))
        return [str(error)]
    copies.keep_attempt(settings, source, "nieuw", " ".join(notes))
    return notes


def _read(settings: Settings, con: duckdb.DuckDBPyConnection, spec: ComparedTable, patience: Patience | None) -> list[str]:
    """Make the table ``gelezen``: regel, gebied_soort, gebied, periode_soort, periode, voorlopig, waarde, attribuut."""
    table, notes = Table(settings, spec.table, patience), list[str]()
    where, period = table.dimension(spec.region), table.dimension(spec.period)
    periods = {code.code: code for code in table.periods(period)}
    areas = list[tuple[Area, Code]]()
    for area in spec.areas:
        try:
            areas.append((area, table.category(where, area.title)))
        except SourceError as error:
            notes.append(str(error))
    con.execute(
        "create or replace table gelezen "
        "(regel varchar, gebied_soort varchar, gebied varchar, code varchar, waarde double, attribuut varchar)"
    )
    for line in spec.lines if areas else ():
        try:
            _line(settings, con, table, spec, line, areas, (where, period))
        except SourceError as error:
            notes.append(str(error))
    if not duck.number(con, "select count(*) from gelezen"):
        raise SourceError(" ".join(notes) or say("{table} gives nothing of what is compared", table=spec.table))
    provisional = ", ".join(f"({text(c.code)}, {c.provisional})" for c in periods.values()) or "('', false)"
    con.execute(
        f"""
        create or replace table gelezen as
        select gelezen.* exclude (code), case when code like '____JJ__' then 'jaar' else 'halfjaar' end as periode_soort,
            left(code, 4) || case when code like '____HJ__' then '-H' || right(code, 1) else '' end as periode,
            coalesce(perioden.voorlopig, false) as voorlopig
        from gelezen left join (values {provisional}) as perioden(code, voorlopig) using (code)
        where regexp_full_match(code, '[0-9]{{4}}(JJ00|HJ0[12])')
        """
    )
    return notes


def _line(
    settings: Settings,
    con: duckdb.DuckDBPyConnection,
    table: Table,
    spec: ComparedTable,
    line: Line,
    areas: list[tuple[Area, Code]],
    names: tuple[str, str],
) -> None:
    where, period = names
    measure = table.measures({"maat": line.measure})["maat"]
    chosen = {(d := table.dimension(title)): table.category(d, category) for title, category in {**spec.filters, **line.filters}.items()}
    conditions = [either("Measure", [measure]), either(where, [code for _, code in areas])]
    conditions += [either(dimension, [category]) for dimension, category in chosen.items()]
    dimensions = [where, period, *chosen]
    with TemporaryDirectory(dir=make_folder(settings.root / "tmp")) as scratch:
        load(con, table.observations(Path(scratch), dimensions, conditions), dimensions, spec.table)
    known = ", ".join(f"({text(a.gebied_soort)}, {text(a.gebied)}, {text(code.code)})" for a, code in areas)
    con.execute(
        f"""
        insert into gelezen select {text(line.key)}, gebieden.soort, gebieden.gebied, cellen.{period}, waarde, attribuut
        from cellen inner join (values {known}) as gebieden(soort, gebied, code) on gebieden.code = cellen.{where}
        """
    )


# --- beside ours --------------------------------------------------------------------------------------------------------------------------


def _beside(con: duckdb.DuckDBPyConnection, spec: ComparedTable, path: Path) -> list[ComparedFigure]:
    lines = ", ".join(
        f"({n}, {listed([x.key, ' › '.join(x.measure), x.indicator, x.categorie_soort, x.categorie, x.explanation])})"
        for n, x in enumerate(spec.lines)
    )
    rounding, smallest = declared().rounding, declared().smallest
    found = con.execute(
        f"""
        with regels as (from (values {lines}) as t(volgorde, regel, maat, indicator, categorie_soort, categorie, waarom)),
        naast as (
            select regels.maat, cbs.gebied, cbs.periode, cbs.voorlopig, cbs.waarde as cbs, cast(ons.waarde as double) as ons,
                regels.waarom, regels.volgorde, cbs.periode_soort
            from read_parquet({text(path)}) as cbs
            inner join regels using (regel)
            left join uitgave.marts.indicatoren as ons
                on ons.indicator = regels.indicator and ons.categorie_soort = regels.categorie_soort and ons.categorie = regels.categorie
                and ons.gebied_soort = cbs.gebied_soort and ons.gebied = cbs.gebied
                and ons.periode_soort = cbs.periode_soort and ons.periode = cbs.periode
        )
        select {text(spec.table)}, maat, gebied, periode, voorlopig, cbs, ons, ons - cbs,
            case
                when ons is null then '{NOT_OURS}'
                when cbs is null and ons < {smallest} then '{SAME}'
                when cbs is null then '{NOT_CBS}'
                when abs(ons - cbs) <= {rounding} / 2.0 then '{SAME}'
                else '{DIFFERS}'
            end,
            waarom
        from naast order by volgorde, gebied, periode_soort, periode
        """
    ).fetchall()
    return [ComparedFigure(*row) for row in found]
