"""From a finished build to a release: copy, count, seal, and only then switch."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.duck import in_parallel
from orchestration.files import make_folder, sha256, sync, sync_folder
from orchestration.landing.due import late_from
from orchestration.landing.store import ORIGIN
from orchestration.quality import page
from orchestration.register.register import Register
from orchestration.release import assess, diff, hold, revisions, rights, store, trace
from orchestration.settings import Omgeving, Settings
from orchestration.sql import text
from orchestration.standing import as_of_now
from orchestration.transform.controle import Controle
from orchestration.transform.dbt import Contributions
from orchestration.transform.steps import write_json

PAGE = Path("intern") / "controles.html"
"""The page of results, for people; ``kwaliteit.controles`` has the same rows."""

SCHEMAS = ("facts", "marts", "kwaliteit")
"""What a release holds. Staging, intermediate and history stay in the build."""

LONG, STORED = "marts.indicatoren", "opslag.indicatoren"
"""The long table has few different texts in millions of rows. It is stored with these as enumerations, in a quarter of the time, and read
as text through a view."""
LONG_ORDER = "gebied_soort, periode_soort, indicator, categorie_soort, categorie, periode_start, gebied"
"""In this order its files are half the size, and who wants one indicator by year and gemeente finds it in one piece."""
PASSED_OVER = ("gebied_soort", "periode_soort", "indicator", "categorie_soort", "gebied")
"""By these a reader of its Parquet file passes over pieces; in each there is nearly every ``periode`` and ``categorie`` of a kind."""
PIECE = 32768
"""Rows of a piece of its Parquet file; a reader decodes whole pieces."""
FINE = "gebied_soort in ('wijk', 'buurt')"
UP_TO_STADSDEEL = Path("marts") / "indicatoren_tot_stadsdeel.parquet"
"""The long table without wijk and buurt, which are nine tenths of it: a file that any reader has the memory for."""


def write_release(
    settings: Settings,
    con: duckdb.DuckDBPyConnection,
    controles: list[Controle],
    code_versie: str,
    descriptions: dict[str, dict[str, str]],
    moment: datetime | None = None,
    contributions: Contributions | None = None,
    public: Callable[[Path, dict[str, Any]], dict[str, Any] | None] | None = None,
    rests_on: Mapping[str, frozenset[str]] | None = None,
    site: Callable[[duckdb.DuckDBPyConnection, Path, Mapping[str, Any]], None] | None = None,
    report: Callable[[Path, Mapping[str, Any], Mapping[str, Any]], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Make a release folder of the build attached to ``con`` as ``veilig_thuis`` and return its ``release.json``.

    The folder gets its final name when it is whole; ``current`` is not touched. All of it is for its owner alone, and for the groups that
    settings name (``rights``). ``descriptions`` are the texts of tables and columns.
    With ``contributions`` the release can be traced (``release.trace``); ``public`` puts what leaves beside the database; ``rests_on`` says
    which tables the figures of a subject are counted from (``release.assess``); ``site`` writes the pages that explain them;
    ``report`` puts a report beside what leaves and says what ``release.json`` tells of it.
    """
    moment = moment or datetime.now(UTC)
    rights.hold(settings)
    store.sweep(settings)
    make_folder(settings.releases)
    levering, peildatum = duck.row(
        con, f"select max_by(levering_nummer, levering_nummer), max_by(peildatum, levering_nummer) from {LEVERINGEN}"
    )
    release = f"{_after_all(settings, moment):%Y%m%dT%H%M%SZ}-{levering:06d}"
    previous = store.current(settings)
    folder = settings.releases / f"{store.UNFINISHED}{release}"
    make_folder(folder / "intern" / "parquet")
    con.execute(f"attach {text(folder / store.DATABASE)} as uitgave")
    try:
        _copy_tables(settings, con, descriptions)
        _write_controles(con, controles)
        assess.make(con, f"uitgave.{assess.TABLE}", controles, rests_on or {})
        _describe(con, assess.TABLE, assess.DESCRIBED)
        revisions.table(con, settings, "uitgave.kwaliteit.herzieningen")
        aansluiting = dict(con.execute("select oordeel, count(*) from uitgave.kwaliteit.aansluiting group by all").fetchall())
        facts = {
            "release": release,
            "vorige_release": previous,
            "gemaakt_op": moment.isoformat(timespec="seconds"),
            "organisatie": settings.organisatie,
            "omgeving": settings.omgeving.value,
            "peildatum": peildatum.isoformat(),
            "verouderd_vanaf": late.isoformat() if (late := _late_from(settings, peildatum)) else None,
            "levering": levering,
            "code_versie": code_versie,
        }
        _write_release_row(con, facts)
        _show_long(con, descriptions.get(LONG, {}))
        rows = _write_parquet(settings, con, folder / "intern" / "parquet")
        trace.keep(con, folder / trace.FOLDER, contributions, settings.threads)
        if site:
            site(con, folder / store.SITE, facts)
    finally:
        con.execute("detach uitgave")
    leaves = public(folder / store.DATABASE, facts) if public else None
    if leaves and report:
        leaves["rapport"] = report(folder, facts, leaves)
    (folder / PAGE).write_text(page.render(controles, f"Controles bij release {release}", facts), encoding="utf-8")
    changes = diff.count(settings.releases / previous, folder) if previous else None
    leveringen = con.execute(f"select levering_nummer, soort, peildatum from {LEVERINGEN} order by 1").fetchall()
    content = facts | {
        "leveringen": [{"nummer": n, "soort": s, "peildatum": p.isoformat()} for n, s, p in leveringen],
        "rijen": rows,
        "controles": {u: sum(c.uitkomst == u for c in controles) for u in sorted({c.uitkomst for c in controles})},
        "aansluiting": aansluiting,
        "publiek": leaves,
        "gewijzigde_cijfers": asdict(changes) if changes else None,
        "register": asdict(Register(settings).position()),
        "bestanden": _hashes(folder),
    }
    content["wacht"] = hold.why(settings, content)
    content["inhoud_sha256"] = hashlib.sha256("".join(f"{n}{h}" for n, h in content["bestanden"].items()).encode()).hexdigest()
    write_json(folder / "release.json", content)
    rights.give(settings, folder)
    sync(folder)
    folder.rename(settings.releases / release)
    sync_folder(settings.releases)
    return content


def _after_all(settings: Settings, moment: datetime) -> datetime:
    """``moment``, or a second after the newest release when the clock was set back: ids go up, whatever the clock does."""
    there = store.release_ids(settings)
    newest = datetime.strptime(there[-1].partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if there else moment
    return moment if not there or moment.replace(microsecond=0) > newest else newest + timedelta(seconds=1)


def _late_from(settings: Settings, peildatum: date) -> datetime | None:
    """From when a newer delivery is missed; never on a developer's machine, where none is due."""
    return None if settings.omgeving is Omgeving.ONTWIKKELING else late_from(peildatum, settings.aanleverdagen)


LEVERINGEN = "(from veilig_thuis.historie.leveringen where uitkomst = 'opgenomen')"


def _copy_table(con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], texts: dict[str, str]) -> None:
    """A table with its descriptions, in one write; ``columns`` are expressions by name, ``texts`` by column, that of the table under "".

    In an order of its own: that of the build tells in which order rows were registered.
    """
    selected = ", ".join(f'{expression} as "{name}"' for name, expression in columns.items())
    if table == LONG:
        con.execute(f"create table uitgave.{STORED} as from veilig_thuis.{LONG} order by {LONG_ORDER}")
        return _describe(con, STORED, {"": f"De rijen van {LONG} zoals ze zijn opgeslagen; lees die"})
    con.execute(f"begin; create table uitgave.{table} as select {selected} from veilig_thuis.{table} order by all; commit")
    _describe(con, table, {name: told for name, told in texts.items() if not name or name in columns})


def _show_long(con: duckdb.DuckDBPyConnection, texts: dict[str, str]) -> None:
    """The view of the long table, with what the release says of its figures."""
    if LONG not in (columns := _columns(con)):
        return
    selected = ", ".join(f'{expression} as "{name}"' for name, expression in columns[LONG].items())
    said = ", ".join(f"{expression} as {name}" for name, expression in assess.beside(con, "uitgave").items())
    now = ", ".join(f"{expression} as {name}" for name, expression in as_of_now(assess.stale(con, "uitgave")).items())
    shown = f"select * replace ({now}) from (select *, {said} from (select {selected} from {STORED}))"
    con.execute(f"use uitgave; create view {LONG} as {shown}; use memory")  # by whatever name it is opened
    _describe(con, LONG, texts | assess.BESIDE, "view")


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """What a release shows of each table: column → expression.

    Text as text, for most clients read no enumerations; and not the delivery, file and line of a row (``trace`` keeps these).
    """
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in con.execute(
        """
        select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()
        where database_name = 'veilig_thuis' and list_contains(?, schema_name) order by table_oid, column_index
        """,
        [list(SCHEMAS)],
    ).fetchall():
        if column not in ORIGIN:
            found.setdefault(table, {})[column] = f'"{column}"::varchar' if kind.startswith("ENUM") else f'"{column}"'
    return found


def _copy_tables(settings: Settings, con: duckdb.DuckDBPyConnection, descriptions: dict[str, dict[str, str]]) -> None:
    """Every table and view of the published schemas as a table, with the descriptions of it and its columns."""
    for schema in SCHEMAS:
        con.execute(f"create schema uitgave.{schema}")
    relations = con.execute(
        """
        select schema_name, name from (
            select database_name, schema_name, table_name as name, estimated_size from duckdb_tables()
            union all select database_name, schema_name, view_name, null from duckdb_views() where not internal
        ) where database_name = 'veilig_thuis' and list_contains(?, schema_name)
        order by estimated_size desc nulls first, schema_name, name -- the long table is a view; what takes longest goes first
        """,
        [list(SCHEMAS)],
    ).fetchall()
    con.execute("create schema uitgave.opslag")
    con.execute("set checkpoint_threshold = '1TB'")  # once, beside the writing of Parquet, not after each small table
    tables, columns = [f"{schema}.{name}" for schema, name in relations], _columns(con)
    copies = [partial(_copy_table, table=t, columns=columns[t], texts=descriptions.get(t, {})) for t in tables]
    in_parallel(con, copies, settings.threads)


def _write_controles(con: duckdb.DuckDBPyConnection, controles: list[Controle]) -> None:
    kinds = ", ".join(f"{name} {'bigint' if name == 'aantal' else 'varchar'}" for name in CONTROLES)
    con.execute(f"create table uitgave.kwaliteit.controles ({kinds})")
    columns = [[getattr(c, name) for c in controles] for name in CONTROLES]
    con.execute(f"insert into uitgave.kwaliteit.controles select {', '.join(['unnest(?)'] * len(CONTROLES))}", columns)
    _describe(con, "kwaliteit.controles", {"": "Een rij per controle van deze verversing, met uitkomst"} | CONTROLES)


CONTROLES = {
    "naam": "Naam van de controle; vt checks show geeft haar rijen",
    "uitgevoerd_met": "dbt, great_expectations, intake of audit",
    "onderwerp": "Tabel waarover de controle gaat",
    "uitkomst": "geslaagd, gewaarschuwd, gefaald, bekend, niet_te_beoordelen of niet_uitgevoerd",
    "ernst": "blokkeert (een fout houdt de release tegen) of waarschuwt",
    "aantal": "Rijen die niet voldoen; leeg waar niet geteld is",
    "toelichting": "Wat de controle vraagt, en wat er gevonden is",
}
"""Columns of ``kwaliteit.controles`` with their texts, which are fields of ``Controle``."""

RELEASE = {
    "release": "Naam van deze release",
    "vorige_release": "Release die lezers zagen toen deze gemaakt werd",
    "gemaakt_op": "Moment waarop de release gemaakt is",
    "organisatie": "Organisatie waarvan de registratie is",
    "omgeving": "Omgeving waarin de release gemaakt is",
    "peildatum": assess.BESIDE["peildatum"],
    "verouderd_vanaf": "Moment vanaf wanneer een nieuwere levering uitblijft; leeg waar er geen verwacht wordt",
    "levering": "Nummer van de laatste levering",
    "code_versie": "Versie van de programmatuur",
}
"""Columns of ``kwaliteit.release`` with their texts."""


def _describe(con: duckdb.DuckDBPyConnection, table: str, texts: dict[str, str], kind: str = "table") -> None:
    """Give a table or view of the release its texts, by column; that of itself stands under the empty name."""
    on = {name: f'column uitgave.{table}."{name}"' if name else f"{kind} uitgave.{table}" for name in texts}
    con.execute(f"begin; {' '.join(f'comment on {on[name]} is {text(told)};' for name, told in texts.items())} commit")


def _write_release_row(con: duckdb.DuckDBPyConnection, facts: dict[str, Any]) -> None:
    con.execute(
        """
        create table uitgave.kwaliteit.release as
        select ? as release, cast(? as varchar) as vorige_release, cast(? as timestamptz) as gemaakt_op, ? as organisatie, ? as omgeving,
            cast(? as date) as peildatum, cast(? as timestamptz) as verouderd_vanaf, cast(? as integer) as levering, ? as code_versie
        """,
        list(facts.values()),
    )
    _describe(con, "kwaliteit.release", {"": "Deze release: een rij"} | RELEASE)


def _write_parquet(settings: Settings, con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """A file of each table, that of the long one in two sizes, in the order and with the texts of the tables; the rows of each table."""
    names = """
        select schema_name || '.' || table_name, estimated_size from duckdb_tables() where database_name = 'uitgave'
        union all select schema_name || '.' || view_name, null from duckdb_views() where database_name = 'uitgave' and not internal
        order by 2 desc nulls first, 1
    """
    tables, told_of = [name for name, _ in con.execute(names).fetchall() if name != STORED], duck.all_texts(con, "uitgave")
    for schema in SCHEMAS:
        (folder / schema).mkdir(exist_ok=True)

    def write(own: duckdb.DuckDBPyConnection, table: str) -> int:
        rows = _rows_of_long(own) if table == LONG else f"uitgave.{table}"
        return copy(own, rows, table, Path(f"{table.replace('.', '/')}.parquet"))

    def up_to_stadsdeel(own: duckdb.DuckDBPyConnection) -> int:
        return copy(own, f"(from {_rows_of_long(own)} where not {FINE})", LONG, UP_TO_STADSDEEL)

    def copy(own: duckdb.DuckDBPyConnection, rows: str, table: str, path: Path) -> int:
        texts = {f"kolom.{name}" if name else "tabel": told for name, told in told_of.get(table, {}).items()}
        told = ", ".join(f"{text(name)}: {text(value)}" for name, value in texts.items())
        options = (f", row_group_size {PIECE}" if table == LONG else "") + (f", kv_metadata {{{told}}}" if told else "")
        return duck.number(own, f"copy {rows} to {text(folder / path)} (format parquet, compression zstd{options})")

    def checkpoint(own: duckdb.DuckDBPyConnection) -> int:
        own.execute("checkpoint uitgave")  # what detaching would do afterwards, on its own
        return 0

    extra = [checkpoint] + ([up_to_stadsdeel] if LONG in tables else [])
    tasks: list[Callable[[duckdb.DuckDBPyConnection], int]] = [*(partial(write, table=table) for table in tables), *extra]
    counts = in_parallel(con, tasks, settings.threads)
    return dict(sorted(zip(tables, counts[: len(tables)], strict=True)))


def _rows_of_long(con: duckdb.DuckDBPyConnection) -> str:
    """The rows of the long table for Parquet. There enumerations are text as well, but their statistics are those of all texts that they
    know: of the columns by which readers pass over pieces they are made text first, which costs most of the writing. A file does not know
    that it is out of date."""
    kinds = con.execute(f"describe uitgave.{STORED}").fetchall()
    keys = ", ".join(f"{name}::varchar as {name}" for name, kind, *_ in kinds if name in PASSED_OVER and kind.startswith("ENUM"))
    said = ", ".join(f"{expression} as {name}" for name, expression in assess.beside(con, "uitgave").items())
    return f"(select *, {said} from (select * {f'replace ({keys}) ' if keys else ''}from uitgave.{STORED}))"


def _hashes(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): sha256(path) for path in sorted(p for p in folder.rglob("*") if p.is_file())}
