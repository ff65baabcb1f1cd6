"""From a figure of a release to the lines it rests on, and from a line to every figure that it counts in.

A figure is traced by what it was made of: a release keeps, beside its tables, the facts with the line of each row, which readers do not
see, and the views that say what each row adds to each figure (model ``int_bijdrage`` and those before it,
``transform.dbt.contributions``). What is found is held against the figure as published: a trace that does not count up to it is an error,
never an answer. None of this needs the key.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from orchestration.duck import in_parallel
from orchestration.errors import did_you_mean
from orchestration.intake.contract import load_contract
from orchestration.landing.store import FREED, TAKEN_IN, scan_rows
from orchestration.landing.trace import Place, TraceError, place, standing
from orchestration.language import say
from orchestration.register.register import Register
from orchestration.release import store
from orchestration.settings import Settings
from orchestration.sql import text
from orchestration.transform.dbt import Contributions

FOLDER = Path("intern") / "herleiding"
VIEWS = "bijdragen.json"
REGION = {"regio": "REGIO", "region": "REGIO"}
"""Words for the whole region beside its name."""
IRREGULAR = {"adviesvraag": "adviesvragen", "casus": "casussen_met_melding", "casussen": "casussen_met_melding"}
BRIDGES = {
    "melding_vormen": ("brg_melding_vorm", "fct_meldingen", "melding_id", {"vorm": "vorm", "vorm_groep": "vorm_groep"}),
    "melding_aarden": ("brg_melding_aard", "fct_meldingen", "melding_id", {"aard": "aard"}),
    "adviesvraag_vormen": ("brg_adviesvraag_vorm", "fct_adviesvragen", "advies_id", {"vorm": "vorm", "vorm_groep": "vorm_groep"}),
}
"""Entities whose rows put another row in a category: their table, the fact, its key, and breakdown → column."""


WAITING_TIMES = {"wachttijd_mediaan": 0.5, "wachttijd_p90": 0.1}
"""Kinds of figure that estimate a waiting time → the part that still waits then."""


class FigureKey(NamedTuple):
    """What names a figure. ``categorie_soort`` and ``categorie`` are empty for a total."""

    indicator: str
    periode: str
    gebied: str
    categorie_soort: str = ""
    categorie: str = ""

    def __str__(self) -> str:
        category = f" {self.categorie_soort}={self.categorie}" if self.categorie_soort else ""
        return f"{self.indicator} {self.periode} {self.gebied}{category}"


class TracedLine(NamedTuple):
    """A line that a figure rests on, and what it adds: to a count 1, to a share 0 or 1 above and below the line, to a mean its value.

    To a difference 1 or -1; to a mean of months its part of it; of a waiting time ``teller`` is that in working days, and ``noemer``
    whether it ended in a decision (1) or goes on (0).
    """

    place: Place
    teller: float
    noemer: float | None


@dataclass(frozen=True)
class Trace:
    """A figure with the lines it rests on; they count up to it."""

    release: str
    key: FigureKey
    kind: str
    """Kind of indicator, as the catalogue calls it: aantal, voorraad, uniek, aandeel, gemiddelde, mediaan, wachttijd_mediaan, ..."""
    value: float | None
    teller: float | None
    noemer: float | None
    unit: str
    lines: list[TracedLine]

    @property
    def counted(self) -> int:
        """Lines above the line: of a count or a stock as many as the figure."""
        return sum(r.teller != 0 for r in self.lines)

    @property
    def in_noemer(self) -> int:
        """Lines below the line."""
        return sum(bool(r.noemer) for r in self.lines)

    @property
    def taken_off(self) -> int:
        """Lines that a difference takes off."""
        return sum(r.teller < 0 for r in self.lines)

    def still_waits(self, line: TracedLine) -> bool | None:
        """Whether a report of a waiting time had no decision yet; None for a line of another kind of figure."""
        return not line.noemer if self.kind in WAITING_TIMES else None


class LineFigure(NamedTuple):
    """A figure that a line counts in, with what the line adds to it."""

    key: FigureKey
    waarde: float | None
    teller: float
    noemer: float | None


def lost_lines(settings: Settings) -> list[str]:
    """The releases whose facts hold a line that the landing has not (any more): after a forgetting there is none."""
    deliveries = Register(settings).leveringen()
    with duckdb.connect() as con:
        parts = ["select null::integer as _levering, null::varchar as _bestand, null::bigint as _regel where false"]
        for entity in load_contract().entities:
            parts.append(f"select _levering, _bestand, _regel from ({scan_rows(settings, deliveries, entity, TAKEN_IN)})")
            parts.append(f"select _levering, _bestand, _regel from ({scan_rows(settings, deliveries, entity, FREED)})")
        con.execute(f"create table landing as {' union '.join(parts)}")
        lost = []
        for release in store.release_ids(settings):
            lines = f"from {rows_of_facts(settings.releases / release)} where _regel is not null"
            if con.execute(f"select 1 from ({lines}) anti join landing using (_levering, _bestand, _regel) limit 1").fetchone():
                lost.append(release)
        return lost


# --- what a release keeps ---------------------------------------------------------------------------------------------------------------


def rows_of_facts(folder: Path) -> str:
    """SQL: delivery, file and line of the rows of all facts of a release; of one that older code made, from the tables that readers see."""
    kept = sorted((folder / FOLDER).glob("facts.*.parquet")) or sorted((folder / "intern" / "parquet" / "facts").glob("*.parquet"))
    listed = ", ".join(text(path) for path in kept)
    return f"(select _levering, _bestand, _regel from read_parquet([{listed}], union_by_name = true))"


def keep(con: duckdb.DuckDBPyConnection, folder: Path, contributions: Contributions | None, threads: int = 1) -> None:
    """Write what tracing needs into ``folder``: facts with the line of each row, the views, and the small tables that they read."""
    folder.mkdir(mode=0o700)
    facts = con.execute(
        "select schema_name || '.' || table_name from duckdb_columns() "
        "where (database_name, schema_name, column_name) = ('veilig_thuis', 'facts', '_regel') order by 1"
    ).fetchall()

    def write(own: duckdb.DuckDBPyConnection, table: str) -> None:
        own.execute(f"copy veilig_thuis.{table} to {text(folder / f'{table}.parquet')} (format parquet, compression zstd)")

    tables = [*(table for (table,) in facts), *(contributions.tables if contributions else ())]
    in_parallel(con, [partial(write, table=table) for table in tables], threads)
    if contributions:
        files = " union ".join(
            f"select _levering, _bestand, '{e.name}' from veilig_thuis.historie.{e.name}" for e in load_contract().entities
        )
        content = {"views": contributions.views, "bestanden": con.execute(f"{files} order by all").fetchall()}
        (folder / VIEWS).write_text(json.dumps(content, indent=1), encoding="utf-8")


@contextmanager
def opened(settings: Settings, release: str = "current") -> Iterator["Tracer"]:
    """A release to trace figures of. Raises ``ReleaseError`` when there is none, ``TraceError`` when older code made it."""
    content = store.read(settings, release)
    folder = settings.releases / content["release"]
    if not (folder / FOLDER / VIEWS).exists():
        raise TraceError(
            say("Release {release} was made by older code and cannot be traced; trace a later one.", release=content["release"])
        )
    with duckdb.connect(config={"threads": str(settings.threads), "memory_limit": settings.geheugen}) as con:
        con.execute(f"attach {text(folder / store.DATABASE)} as uitgave (read_only); attach ':memory:' as veilig_thuis")
        yield Tracer(settings, con, content["release"], folder / FOLDER)


class Tracer:
    """Traces figures of one release, on one connection."""

    def __init__(self, settings: Settings, con: duckdb.DuckDBPyConnection, release: str, folder: Path) -> None:
        self.settings, self.con, self.release = settings, con, release
        content = json.loads((folder / VIEWS).read_text(encoding="utf-8"))
        self.con.execute("set enable_progress_bar = false")
        for schema in ("facts", "intermediate"):
            self.con.execute(f"create schema veilig_thuis.{schema}")
        for path in folder.glob("*.parquet"):
            kind = "view" if path.stem.startswith("facts.") else "table"
            self.con.execute(f"create {kind} veilig_thuis.{path.stem} as from read_parquet({text(path)})")
        for (name,) in self.con.execute(
            "select table_name from duckdb_tables() where database_name = 'uitgave' and schema_name = 'facts'"
        ).fetchall():
            self.con.execute(f"create view if not exists veilig_thuis.facts.{name} as from uitgave.facts.{name}")
        for name, sql in content["views"].items():
            self.con.execute(f"create view veilig_thuis.{name} as {sql}")
        self._entities = {(levering, file): entity for levering, file, entity in content["bestanden"]}
        self.con.execute("use veilig_thuis.intermediate")

    # --- what a figure is called ----------------------------------------------------------------------------------------------------------

    def key_of(self, indicator: str, periode: str, gebied: str, categorie_soort: str = "", categorie: str = "") -> FigureKey:
        """The key of a figure from what a person calls its parts: code or name, one melding or meldingen, in capitals or not.

        An area goes by its code or its name; of areas with one name the largest is meant. What is not known stays as it is given.
        Raises ``TraceError`` for a name that several areas of one kind have in that period.
        """
        found = self._called("dim_indicator", ("indicator", "indicator_naam"), *_plurals(indicator)) or [indicator]
        period = self._called("dim_periode", ("periode",), periode) or [periode]
        category = self.con.execute(
            "select distinct categorie::varchar from int_figuur where lower(categorie_soort) = lower($kind) and lower($value) in "
            "(lower(categorie), lower(categorie_naam))",
            {"kind": categorie_soort, "value": categorie},
        ).fetchall()
        value = category[0][0] if len(category) == 1 else categorie
        return FigureKey(found[0], period[0], self._area(gebied, period[0]), categorie_soort.lower(), value)

    def _called(self, table: str, columns: tuple[str, ...], *words: str) -> list[str]:
        """What a table has in its first column where one of its columns is one of the words; the first word that is found."""
        for word in words:
            same = " or ".join(f"lower({c}) = lower($word)" for c in columns)
            rows = self.con.execute(f"select {columns[0]} from uitgave.marts.{table} where {same}", {"word": word}).fetchall()
            if rows:
                return [str(name) for (name,) in rows]
        return []

    def _area(self, word: str, periode: str) -> str:
        if codes := self._called("dim_gebied", ("gebied",), REGION.get(word.lower(), word)):
            return codes[0]
        rows = self.con.execute(
            """
            select areas.gebied, areas.gebied_soort from uitgave.marts.dim_gebied as areas
            left join uitgave.marts.dim_periode as perioden on perioden.periode = $periode
            where lower(areas.gebied_naam) = lower($word)
                and coalesce(areas.geldig_van <= perioden.periode_eind, true) and coalesce(areas.geldig_tot > perioden.periode_start, true)
            order by areas.volgorde
            """,
            {"word": word, "periode": periode},
        ).fetchall()
        largest = [code for code, kind in rows if kind == rows[0][1]]
        if len(largest) > 1:
            raise TraceError(
                say(
                    "{name} is the name of more than one {kind} in {period}; give the code: {codes}.",
                    name=word,
                    kind=rows[0][1],
                    period=periode,
                    codes=", ".join(largest),
                )
            )
        return largest[0] if largest else word

    def area_name(self, code: str) -> str:
        """The kind and the name of an area."""
        row = self.con.execute(
            "select gebied_soort || ' ' || gebied_naam from uitgave.marts.dim_gebied where gebied = ?", [code]
        ).fetchone()
        return str(row[0]) if row else code

    # --- from a figure to lines -----------------------------------------------------------------------------------------------------------

    def figure(self, key: FigureKey) -> Trace:
        """The lines that a figure rests on. Raises ``TraceError`` when there is no such figure, or the lines do not add up to it."""
        found = self.con.execute(
            """
            select waarde, teller, noemer, eenheid::varchar from uitgave.marts.indicatoren
            where (indicator, periode, gebied, categorie_soort, categorie) = (?, ?, ?, ?, ?)
            """,
            list(key),
        ).fetchone()
        if found is None:
            raise self._unknown(key)
        value, numerator, denominator, unit = found
        figure = self.con.execute(
            "select figuur_id, soort::varchar, wijze, met_buiten from int_figuur where (indicator, categorie_soort, categorie) = (?, ?, ?)",
            [key.indicator, key.categorie_soort, key.categorie],
        ).fetchone()
        assert figure is not None, "a figure of the long table is in the catalogue"
        number, kind, way, with_buiten = figure
        result = Trace(self.release, key, kind, value, numerator, denominator, unit, self._rows(number, key, kind, way, with_buiten))
        self._verify(result)
        return result

    def _rows(self, number: int, key: FigureKey, kind: str, way: str, with_buiten: bool) -> list[TracedLine]:
        """The lines of a figure in the months and the area of ``sleutel``: its own, or those of the figures that it is made of."""
        made_of = self.con.execute(
            """
            select f.figuur_id, f.onderwerp, d.is_noemer, f.wijze from int_figuur_deel d join int_figuur f on f.figuur_id = d.deel_id
            where d.figuur_id = $number
            union all
            select figuur_id, onderwerp, null, wijze from int_figuur
            where figuur_id = $number and figuur_id not in (select figuur_id from int_figuur_deel)
            """,
            {"number": number},
        ).fetchall()
        below = "0" if any(is_below for _, _, is_below, _ in made_of) else "null"
        adds = {None: "{part}, noemer", True: "0, {part}", False: f"{{part}}, {below}"}
        if kind == "verschil":
            adds = {True: "-{part}, null", False: "{part}, null"}
        months = "m.periode_eind = p.periode_eind" if way == "stand" else "m.periode_start >= p.periode_start"
        # a line that counts in more months of the period, as a casus with more reports does, counts once
        lines = " union all ".join(
            f"""
            select distinct r._levering, r._bestand, r._regel, {adds[is_below].format(part=_part(subject, part, part_way))}
            from int_bijdrage_{subject} r
            join int_periode m on m.periode_id = r.periode_id
            join int_periode p on p.periode = $periode and {months} and m.periode_eind <= p.periode_eind
            join int_gebied g on g.gebied = $gebied and g.gebied_id in ({_areas("r", str(with_buiten).lower())})
            where r.figuur_id = {part}
            """
            for part, subject, is_below, part_way in made_of
        )
        found = self.con.execute(
            f"""
            with regels(levering, bestand, regel, teller, noemer) as ({lines})
            select levering, bestand, regel, sum(teller), sum(noemer) from regels group by all order by 1, 2, 3
            """,
            {"periode": key.periode, "gebied": key.gebied},
        ).fetchall()
        return [TracedLine(self._place(*line), numerator or 0.0, denominator) for *line, numerator, denominator in found]

    def _place(self, levering: int, file: str, line: int) -> Place:
        return Place(levering, self._entities[levering, file], file, line)

    def _verify(self, found: Trace) -> None:
        """The lines must count up to the figure; anything else is a fault of the program."""
        values = sorted(r.teller for r in found.lines)
        total, below = sum(values), sum(r.noemer or 0.0 for r in found.lines)
        match found.kind:
            case "mediaan" | "p90":
                measure = "median(w)" if found.kind == "mediaan" else "quantile_disc(w, 0.9)"
                row = self.con.execute(f"select {measure} from (select unnest($w::double[]) as w)", {"w": values}).fetchone()
                pairs = [(row[0] if row else None, found.value)]
            case kind if kind in WAITING_TIMES:
                pairs = [(self._waiting_time(found), found.value)]
            case "aantal" | "voorraad" | "uniek":
                pairs = [(total, found.value), (float(found.counted), found.value)]
            case "verschil" | "maandgemiddelde":
                pairs = [(total, found.value)]
            case "per_1000":
                pairs = [(total, found.teller)]
            case "per_fte" if found.noemer is None:
                pairs = [(total, found.teller)]
            case _:
                pairs = [(total, found.teller), (below, found.noemer)]
        if any(abs((a or 0.0) - (b or 0.0)) > 1e-6 * max(1.0, abs(a or 0.0)) for a, b in pairs):
            shown = [["-" if n is None else f"{n:g}" for n in pair] for pair in pairs]
            told = ", ".join(say("{found} found and {published} published", found=a, published=b) for a, b in shown)
            raise TraceError(
                say(
                    "The lines found for {figure} do not count up to it ({counts}): a fault of the program, report it.",
                    figure=found.key,
                    counts=told,
                )
            )

    def _waiting_time(self, found: Trace) -> float | None:
        """The product-limit estimate over the lines: the first day on which no more than that part of them still waits."""
        row = self.con.execute(
            """
            with lines as (select unnest($days::double[]) as days, unnest($ended::double[]) as ended),
            leaving as (select days, sum(ended) as decided, sum(count(*)) over (order by days desc) as at_risk from lines group by days),
            waiting as (select days, product(1 - decided / at_risk) over (order by days) as part from leaving)
            select min(days) from waiting where part <= $part + 1e-12
            """,
            {
                "days": [line.teller for line in found.lines],
                "ended": [line.noemer for line in found.lines],
                "part": WAITING_TIMES[found.kind],
            },
        ).fetchone()
        return row[0] if row else None

    def _unknown(self, key: FigureKey) -> TraceError:
        """What is wrong with a figure that the release does not have: the first part that it does not know."""
        parts = [("indicator", key.indicator), ("periode", key.periode), ("gebied", key.gebied)]
        parts += [("categorie_soort", key.categorie_soort), ("categorie", key.categorie)]
        where: list[str] = []
        values: list[Any] = []
        for name, value in parts:
            where.append(f"{name}::varchar = ?")
            before, values = list(values), [*values, value]
            if not self._any(" and ".join(where), values):
                rest = " and ".join(where[:-1]) or "true"
                known = self.con.execute(
                    f"select distinct {name}::varchar from uitgave.marts.indicatoren where {rest} order by 1", before
                ).fetchall()
                none = say("(none)")
                shown = [k or none for (k,) in known]
                listed = ", ".join(shown[:30]) or none
                if len(shown) > 30:
                    listed = say("{names}, ... ({count} in all)", names=listed, count=len(shown))
                asked = f"{name} {value or none}"
                what = say("Release {release} has no {part}.", release=self.release, part=asked)
                if before:
                    of = " ".join(v for v in before if v)
                    what = say("Release {release} has no {part} of {figure}.", release=self.release, part=asked, figure=of)
                near = did_you_mean(value, self._names(name, [k for (k,) in known if k]))
                return TraceError(f"{what}{near} " + say("It has: {names}.", names=listed))
        return TraceError(say("Release {release} has no figure {figure}.", release=self.release, figure=key))

    def _names(self, part: str, known: list[str]) -> list[str]:
        """What a part of a key may be called: its codes, and of indicators and areas their names."""
        table = {"indicator": "dim_indicator", "gebied": "dim_gebied"}.get(part)
        if table is None:
            return known
        return known + [n for (n,) in self.con.execute(f"select distinct {part}_naam from uitgave.marts.{table} order by 1").fetchall()]

    def _any(self, where: str, values: list[Any]) -> bool:
        return self.con.execute(f"select 1 from uitgave.marts.indicatoren where {where} limit 1", values).fetchone() is not None

    # --- from a line to figures -----------------------------------------------------------------------------------------------------------

    def place(self, levering: int, file: str, line: int) -> Place:
        """The line of a file of a delivery; the file goes by its name or its entity. Raises ``TraceError`` for one that is not there."""
        if self._has_landing():
            return place(self.settings, levering, file, line)
        names = {e: name for (n, name), e in self._entities.items() if n == levering}
        found = next(((e, name) for e, name in names.items() if file in {e, name}), None)
        if found is None:
            raise TraceError(
                say("Release {release} rests on no line of {file} of delivery {number}.", release=self.release, file=file, number=levering)
            )
        return Place(levering, found[0], found[1], line)

    def _has_landing(self) -> bool:
        return bool(Register(self.settings).leveringen())

    def figures(self, place: Place) -> list[LineFigure]:
        """Every figure of the release that a line counts in, with what it adds.

        A line that repeats an earlier one unchanged counts as that one. Raises ``TraceError`` when there is no such line, or nothing of it
        stands in the release: it is in quarantine, or a later delivery replaced or ended it. A folder built as of a delivery has no
        landing: there only the line itself is looked for.
        """
        wanted = self._adds(standing(self.settings, place) if self._has_landing() else place)
        return [
            LineFigure(FigureKey(*key), value, numerator or 0.0, denominator)
            for *key, value, numerator, denominator in self.con.execute(f"select * from ({wanted}) order by all").fetchall()
        ]

    def _adds(self, version: Place) -> str:
        """SQL: indicator, periode, gebied, categorie_soort, categorie, waarde and what the line adds to teller and noemer."""
        own, narrowed = version, "true"
        if version.entiteit in BRIDGES:
            own, narrowed = self._through(version)
        place = f"_levering = {own.levering} and _bestand = {text(own.bestand)} and _regel = {own.regel}"
        self.con.execute(f"create or replace temp table eigen as select * from int_bijdrage where {place}")
        standing_in = self._fact_of(own.entiteit)
        if standing_in and not self.con.execute(f"select 1 from facts.{standing_in} where {place}").fetchone():
            raise self._ended(version)
        return f"""
            -- what the line adds to a figure, and by way of that to what is made of it
            with rij as (
                select *, figuur_id as deel_id from eigen
                union all by name
                select
                    eigen.* exclude (figuur_id, teller, noemer), d.figuur_id, d.deel_id,
                    case when not d.is_noemer then eigen.teller end as teller, case when d.is_noemer then eigen.teller end as noemer
                from eigen join int_figuur_deel d on d.deel_id = eigen.figuur_id
            ),
            -- once in each period and area, whatever the number of months
            keren as (
                select distinct c.indicator, p.periode, g.gebied, c.categorie_soort, c.categorie, r.deel_id, r.teller, r.noemer
                from rij r
                join int_figuur c using (figuur_id)
                join int_gebied g on g.gebied_id in ({_areas("r", "c.met_buiten")})
                join int_periode m on m.periode_id = r.periode_id
                join int_periode p on p.periode_start <= m.periode_start and p.periode_eind >= m.periode_eind
                    and (c.wijze != 'stand' or (m.periode_eind = p.periode_eind and not p.voorlopig))
                where {narrowed}
            ),
            alle as (
                select indicator, periode, gebied, categorie_soort, categorie, sum(teller) as teller, sum(noemer) as noemer
                from keren group by all
            )
            select i.indicator::varchar, i.periode::varchar, i.gebied::varchar, i.categorie_soort::varchar, i.categorie::varchar, i.waarde,
                a.teller, a.noemer
            from alle a join uitgave.marts.indicatoren i using (indicator, periode, gebied, categorie_soort, categorie)
        """

    def _through(self, version: Place) -> tuple[Place, str]:
        """A row that says what form or kind a report has: the report's line, and the condition for figures of that category."""
        bridge, fact, key, breakdowns = BRIDGES[version.entiteit]
        place = f"_levering = {version.levering} and _bestand = {text(version.bestand)} and _regel = {version.regel}"
        columns = ", ".join(f"b.{c}::varchar" for c in breakdowns.values())
        row = self.con.execute(
            f"select f._levering, f._bestand, f._regel, {columns} from (select * from facts.{bridge} where {place}) b join facts.{fact} f "
            f"using ({key})"
        ).fetchone()
        if row is None:
            raise self._ended(version)
        wanted = [
            f"(split_part(c.categorie_soort, '|', -1) = '{kind}' and split_part(c.categorie, '|', -1) = {text(value)})"
            for kind, value in zip(breakdowns, row[3:], strict=True)
        ]
        return self._place(*row[:3]), "(" + " or ".join(wanted) + ")"

    def _ended(self, version: Place) -> TraceError:
        return TraceError(
            say(
                "Nothing of {file}, line {line} of delivery {number} stands in release {release}: a later delivery replaced or ended it.",
                file=version.bestand,
                line=version.regel,
                number=version.levering,
                release=self.release,
            )
        )

    def _fact_of(self, entity: str) -> str | None:
        """The fact table that holds rows of an entity; None for one that has none of its own."""
        names = {n for (n,) in self.con.execute("select view_name from duckdb_views() where schema_name = 'facts'").fetchall()}
        return f"fct_{entity}" if f"fct_{entity}" in names else None


def _areas(row: str, with_buiten: str) -> str:
    """SQL: the areas of a row; where BUITEN is left out, the region (1) is its gemeenten."""
    in_gemeente = f"(select gebied_soort = 'gemeente' from int_gebied where gebied_id = {row}.gemeente_id)"
    return f"case when {with_buiten} or {in_gemeente} then 1 end, {row}.gemeente_id, {row}.stadsdeel_id, {row}.wijk_id, {row}.buurt_id"


def _plurals(word: str) -> list[str]:
    """A word as it is, and what the indicator that counts it may be called."""
    return [word, f"{word}en", f"{word}n", *([IRREGULAR[word.lower()]] if word.lower() in IRREGULAR else [])]


def _part(subject: str, number: int, way: str) -> str:
    """SQL: what a line adds to a figure, in a query with the month ``m`` and the period ``p``: of a mean of months its part of that."""
    if way != "maandgemiddelde":
        return "teller"
    return (
        f"teller / (select count(distinct x.periode_id) from int_bijdrage_{subject} x join int_periode y using (periode_id) "
        f"where x.figuur_id = {number} and y.periode_start >= p.periode_start and y.periode_eind <= p.periode_eind)"
    )
