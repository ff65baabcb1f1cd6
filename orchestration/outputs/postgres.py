"""A release in PostgreSQL, for tools that read no files: marts for analysts, what leaves for everyone.

Everything is made in schemas beside those that readers see, with its rights, texts and indexes, and takes their place by renaming, in
one transaction: a statement reads one release, and what breaks off leaves the old one. One older release stays, for statements that began
before; what somebody else built on it is never destroyed. Nothing here touches the release folder.
"""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace

import duckdb
import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import connection as PostgresConnection  # noqa: N812 - a class, whatever its name

from orchestration import duck
from orchestration.breakdown import sentence
from orchestration.disclosure import publish as leaves
from orchestration.disclosure.database import STALE
from orchestration.duck import texts
from orchestration.errors import UserError
from orchestration.language import later, say
from orchestration.release import assess, public, store
from orchestration.release.publish import FINE, LONG, RELEASE
from orchestration.settings import Settings
from orchestration.sql import text
from orchestration.standing import TEXTS as STANDING
from orchestration.standing import as_of_now

ANALYST, READER = "vt_analist", "vt_lezer"
FACTS, WIJK_BUURT = "facts", "indicatoren_wijk_buurt"
"""What is there by a setting alone: a schema, and a table of marts."""
"""Roles that may read marts, and what leaves alone. They cannot log in themselves: a user is made a member."""
ROWS = "_opslag"
"""End of the table of which readers see a view, that says by itself when it is out of date. They have no right on it."""
NEW, OLD, ASIDE = "_nieuw", "_vorige", "_oud_"
"""Ends of schemas: being made, the release before, and older ones that could not be dropped yet."""
MARK = "Veilig Thuis, release "
"""How the comment of a schema of ours begins."""
PATIENCE, TRIES = "2s", 3
"""How long and how often to wait for a reader of what is to be dropped; the next publication tries again."""
SWAP_PATIENCE, SWAP_TRIES, GATES = "100ms", 200, 8
"""The same for readers of what is to be replaced. Who comes while we wait waits behind us. ``GATES`` are the connections that wait for
tables that are being read, each for its own."""
INDEXES = {
    "indicatoren": ("indicator", "periode_soort", "gebied_soort", "categorie_soort"),
    WIJK_BUURT: ("gebied", "indicator", "periode_soort"),
    "meerjarenbeeld": ("indicator", "gebied_soort", "gebied"),
}
"""Of the long tables; the marts of a subject go by period and area."""
BY_AREA = ("periode_soort", "gebied_soort", "periode")
TYPES = {
    "VARCHAR": "text", "BOOLEAN": "boolean", "TINYINT": "smallint", "SMALLINT": "smallint", "INTEGER": "integer", "BIGINT": "bigint",
    "DOUBLE": "double precision", "DATE": "date", "TIMESTAMP WITH TIME ZONE": "timestamptz", "TIMESTAMP": "timestamp",
}  # fmt: skip


LOST = ("08", "28", "3D", "57P")
"""How the codes begin of a connection that is not there, not let in, of no database, or ended by the server."""
BUSY = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected)
"""A reader is in the way: we waited too long (said of the whole statement when the moment was over just as the lock came), or it waits for
us as well. PostgreSQL looks for the latter after a second: longer than we wait, but not on a machine that stood still for so long."""
STANDS = later("What readers of PostgreSQL see is not changed, and the release in files stands.")


class PostgresError(UserError):
    """The release is not in PostgreSQL: why, and what to do. What readers of files see is not changed."""


@dataclass
class Published:
    """What was put into PostgreSQL."""

    release: str
    rows: dict[str, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    """what somebody has to look at"""
    seconds: float = 0.0


@dataclass(frozen=True)
class Selection:
    """Where the rows of a table come from."""

    database: str
    table: str
    columns: str = "*"
    where: str = "true"
    stale: str = ""
    """The condition that they are out of date: readers see a view that knows it."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What that view adds: column → expression."""

    @property
    def query(self) -> str:
        return f"select {self.columns} from {self.database}.{self.table} where {self.where}"


@dataclass(frozen=True)
class Unit:
    """A schema as readers see it: its tables, and who may read it."""

    schema: str
    tables: dict[str, Selection]
    roles: tuple[str, ...]


def follow(settings: Settings) -> list[str]:
    """Put the release that readers see into PostgreSQL, where that is set. What went wrong, or has to be looked at, in sentences.

    Raises nothing: the release in files stands, whatever happens here.
    """
    if settings.postgres_url is None:
        return []
    try:
        return publish(settings).notices
    except UserError as error:
        return [str(error)]
    except Exception as error:
        return [say("The release is not in PostgreSQL: {why}", why=sentence(error, settings))]


def catch_up(settings: Settings) -> list[str]:
    """What a night does that made no release: what a night before could not do, if there is such. As ``follow``."""
    if settings.postgres_url is None or not (wanted := store.current(settings)):
        return []
    try:
        with _told(), closing(_connect(settings)) as pg:
            seen = _seen(pg)
    except PostgresError:  # ``left_open`` tells it
        return []
    return follow(settings) if seen != wanted else []


def left_open(settings: Settings) -> list[str]:
    """What somebody has to look at, as PostgreSQL itself says now; empty where VT_POSTGRES_URL is not set.

    It cannot be reached, it shows another release than the files do, or what ``_notices`` finds.
    """
    if settings.postgres_url is None or not (wanted := store.current(settings)):
        return []
    try:
        with _told(), closing(_connect(settings)) as pg:
            seen, notices = _seen(pg), _notices(pg)
    except PostgresError as error:
        return [str(error)]
    told = say(
        "Readers of PostgreSQL see release {seen}, those of files {wanted}. Run: vt postgres", seen=seen or say("none"), wanted=wanted
    )
    return notices if seen == wanted else [told, *notices]


def _seen(pg: PostgresConnection) -> str:
    """The release that readers see; empty where there is none."""
    found = _run(pg, "select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace where nspname = 'marts'")
    return str(found[0][0]).removeprefix(MARK) if found else ""


def _connect(settings: Settings) -> PostgresConnection:
    assert settings.postgres_url is not None
    return psycopg2.connect(settings.postgres_url.get_secret_value(), application_name="veilig-thuis", connect_timeout=10)


def publish(settings: Settings, release: str = store.CURRENT) -> Published:
    """Put a release into the database of VT_POSTGRES_URL.

    Raises ``PostgresError``, also without that setting, and ``ReleaseError`` when there is no such release.
    """
    if settings.postgres_url is None:
        raise PostgresError(say("VT_POSTGRES_URL is not set: name the database, as postgresql://user:password@host/database."))
    begun = time.monotonic()
    content = store.read(settings, release)
    done = Published(content["release"])
    address = settings.postgres_url.get_secret_value()
    with _told(), closing(_connect(settings)) as pg, _source(settings, address, done.release) as con:
        _alone(pg)
        _roles(pg)
        _close_public(pg)
        units = _units(settings, con)
        if FACTS not in {u.schema for u in units}:
            _withdraw(pg, FACTS)
        for unit in units:
            _ours(pg, unit.schema)
            _clear(pg, unit.schema)
            _make(pg, con, unit, done)
        _swap(pg, settings, [u.schema for u in units])
        done.notices = _notices(pg)
    done.seconds = round(time.monotonic() - begun, 1)
    return done


@contextmanager
def _told() -> Iterator[None]:
    """What PostgreSQL refuses, as a sentence. Its own words hold no rows, but addresses: they are not passed on."""
    try:
        yield
    except (psycopg2.Error, duckdb.Error) as error:
        why, code = str(error).lower(), getattr(error, "pgcode", None) or ""
        lost = isinstance(error, psycopg2.OperationalError) and (not code or code.startswith(LOST))
        if isinstance(error, errors.DiskFull) or "no space left" in why:
            what = say("PostgreSQL's disk is full: make room there, and run vt postgres.")
        elif not lost:
            what = say("PostgreSQL refused what was asked ({code}): see its log.", code=code or type(error).__name__)
        elif "password" in why or "authentication" in why or "role " in why:
            what = say("PostgreSQL does not let us in: look at user and password in VT_POSTGRES_URL.")
        elif "does not exist" in why:
            what = say("PostgreSQL has no database of that name (VT_POSTGRES_URL): createdb it.")
        else:
            what = say("PostgreSQL cannot be reached, or the connection was lost (VT_POSTGRES_URL): is it running there?")
        raise PostgresError(f"{what} {say(STANDS)}") from None


@contextmanager
def _source(settings: Settings, address: str, release: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB with the release as ``uitgave``, what leaves as ``buiten`` when it has any, and the database as ``pg``.

    On memory: a connection that was opened read-only makes the database that it attaches read-only too.
    """
    folder = settings.releases / release
    with duck.connect(settings) as con:
        con.execute(f"load {text(duck.extension('duckdb-extension-postgres-scanner'))}")
        con.execute(f"attach {text(folder / store.DATABASE)} as uitgave (read_only)")
        if (path := folder / public.FOLDER / leaves.DATABASE).exists():
            con.execute(f"attach {text(path)} as buiten (read_only)")
        con.execute(f"attach {text(address)} as pg (type postgres)")
        yield con


def _units(settings: Settings, con: duckdb.DuckDBPyConnection) -> list[Unit]:
    """What is published. Of the long table what is up to stadsdeel; wijk and buurt, nine tenths of it, stand apart where asked for."""
    marts = _schema(con, "marts")
    long = LONG.partition(".")[2]
    said = {name: expression for name, expression in assess.beside(con, "uitgave").items() if name in STANDING}
    figures = Selection("uitgave", LONG, f"* exclude ({', '.join(STANDING)})", stale=assess.stale(con, "uitgave"), said=said)
    marts[long] = replace(figures, where=f"not {FINE}")
    if settings.postgres_wijk_buurt:
        marts[WIJK_BUURT] = replace(figures, where=FINE)
    marts["release"] = Selection("uitgave", "kwaliteit.release")
    found = [Unit("marts", marts, (ANALYST,)), Unit("kwaliteit", _schema(con, "kwaliteit"), (ANALYST,))]
    if settings.postgres_feiten:
        found.append(Unit(FACTS, _schema(con, FACTS), (ANALYST,)))
    if con.execute("select 1 from duckdb_databases() where database_name = 'buiten'").fetchone():
        release = Selection("uitgave", "kwaliteit.release", "release, peildatum")
        shown = Selection("buiten", leaves.STORED, stale=STALE)
        found.append(Unit("publicatie", {"indicatoren": shown, "release": release}, (ANALYST, READER)))
    return found


def _schema(con: duckdb.DuckDBPyConnection, schema: str) -> dict[str, Selection]:
    """All tables and views of a schema of the release."""
    names = con.execute(
        "select table_name from information_schema.tables where table_catalog = 'uitgave' and table_schema = ? order by 1", [schema]
    ).fetchall()
    return {name: Selection("uitgave", f"{schema}.{name}") for (name,) in names}


def _run(pg: PostgresConnection, statement: str | sql.Composable, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
    with pg.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def _alone(pg: PostgresConnection) -> None:
    """One publication at a time; the lock goes with the connection."""
    if _run(pg, "select pg_try_advisory_lock(hashtext('veilig-thuis'))") != [(True,)]:
        raise PostgresError(say("Another publication to PostgreSQL is at work: wait until it is done."))
    pg.commit()


def _roles(pg: PostgresConnection) -> None:
    """The roles, made where they are not there."""
    there = {name for (name,) in _run(pg, "select rolname from pg_roles where rolname in (%s, %s)", (ANALYST, READER))}
    for role in (ANALYST, READER):
        if role not in there:
            try:
                _run(pg, sql.SQL("create role {} nologin").format(sql.Identifier(role)))
            except errors.InsufficientPrivilege:
                raise PostgresError(
                    say(
                        "PostgreSQL has no role {role}, and this user may not make it. Once, as its owner: create role {role} nologin",
                        role=role,
                    )
                ) from None
    pg.commit()


LARGE_OBJECTS = (
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
    "lo_put(oid, bigint, bytea)",
    "lowrite(integer, bytea)",
)


def _open_to_all(pg: PostgresConnection) -> list[sql.Composable]:
    """The statements that take from everyone what they have by default (temporary tables, large objects), as far as they still have it."""
    database = str(_run(pg, "select current_database()")[0][0])
    asked: list[tuple[sql.Composable, str]] = [
        (
            sql.SQL("revoke temporary on database {} from public").format(sql.Identifier(database)),
            "has_database_privilege('public', current_database(), 'temporary')",
        ),
        (sql.SQL("revoke create on schema public from public"), "has_schema_privilege('public', 'public', 'create')"),
    ]
    asked += [
        (sql.SQL(f"revoke execute on function {name} from public"), f"has_function_privilege('public', '{name}', 'execute')")
        for name in LARGE_OBJECTS
    ]
    return [statement for statement, still in asked if _run(pg, f"select {still}") == [(True,)]]


def _close_public(pg: PostgresConnection) -> None:
    """Take it, where this user may; what it may not, ``_notices`` tells: PostgreSQL itself sometimes only warns."""
    for statement in _open_to_all(pg):
        try:
            _run(pg, statement)
            pg.commit()
        except errors.InsufficientPrivilege:
            pg.rollback()


def _notices(pg: PostgresConnection) -> list[str]:
    """What somebody has to look at, by what is so now: everyone may write, or views that keep an older release standing."""
    told = []
    if still := _open_to_all(pg):
        statements = "; ".join(s.as_string(pg) for s in still)
        told.append(say("PostgreSQL lets every user write; once, as its owner: {statements}", statements=statements))
    for schema, views in _run(pg, DEPENDING, (ASIDE, MARK)):
        told.append(
            say(
                "{views} in PostgreSQL read an older release, {schema}, which stays for that: "
                "make them anew on {now}, and it goes by itself.",
                views=views,
                schema=schema,
                now=str(schema).partition("_")[0],
            )
        )
    pg.commit()
    return told


DEPENDING = """
    select own.nspname, string_agg(distinct quote_ident(other.nspname) || '.' || quote_ident(view.relname), ', ')
    from pg_depend join pg_rewrite on pg_rewrite.oid = pg_depend.objid and pg_depend.classid = 'pg_rewrite'::regclass
    join pg_class as view on view.oid = pg_rewrite.ev_class join pg_namespace as other on other.oid = view.relnamespace
    join pg_class as base on base.oid = pg_depend.refobjid and pg_depend.refclassid = 'pg_class'::regclass
    join pg_namespace as own on own.oid = base.relnamespace
    where position(%s in own.nspname) > 0 and starts_with(obj_description(own.oid, 'pg_namespace'), %s) and other.nspname != own.nspname
    group by 1 order by 1
"""
"""Schemas of ours that are set aside, each with the views of others that read it."""


def _ours(pg: PostgresConnection, schema: str) -> None:
    """Raise ``PostgresError`` when a schema of that name is somebody else's."""
    found = _run(pg, "select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace where nspname = %s", (schema,))
    if found and not str(found[0][0]).startswith(MARK):
        raise PostgresError(
            say("The schema {schema} in PostgreSQL is not of this warehouse: name another database in VT_POSTGRES_URL.", schema=schema)
        )


def _tables(pg: PostgresConnection, schema: str) -> list[str]:
    return [str(n) for (n,) in _run(pg, "select tablename from pg_tables where schemaname = %s order by 1", (schema,))]


def _views(pg: PostgresConnection, schema: str) -> list[str]:
    return [str(n) for (n,) in _run(pg, "select viewname from pg_views where schemaname = %s order by 1", (schema,))]


def _clear(pg: PostgresConnection, schema: str) -> None:
    """Drop what a publication that broke off left, and older releases that could not be dropped before."""
    asked = "select nspname from pg_namespace where nspname = %s or starts_with(nspname, %s) order by 1"
    for (name,) in _run(pg, asked, (schema + NEW, schema + ASIDE)):
        _drop(pg, str(name))


def _withdraw(pg: PostgresConnection, schema: str) -> None:
    """Take a schema of ours, and the one before it, from its readers at once; it goes when nobody reads it or built on it."""
    for name in (schema, schema + OLD):
        own = sql.Identifier(name)
        if _run(
            pg, "select 1 from pg_namespace where nspname = %s and starts_with(obj_description(oid, 'pg_namespace'), %s)", (name, MARK)
        ):
            _run(pg, sql.SQL("revoke all on schema {} from {}").format(own, sql.Identifier(ANALYST)))
            pg.commit()
            _drop(pg, name)


def _named(pg: PostgresConnection, schema: str) -> list[tuple[str, list[str]]]:
    return [("view", _views(pg, schema)), ("table", _tables(pg, schema))]


def _drop(pg: PostgresConnection, schema: str) -> bool:
    """Drop a schema and the tables in it, and nothing that somebody else built on them; False when it has to stay for now."""
    ours = [(kind, sql.SQL(", ").join(sql.Identifier(schema, n) for n in names)) for kind, names in _named(pg, schema) if names]
    for _ in range(TRIES):
        try:
            _run(pg, sql.SQL("set local lock_timeout = {}").format(sql.Literal(PATIENCE)))
            for kind, names in ours:
                _run(pg, sql.SQL("drop {} {} restrict").format(sql.SQL(kind), names))
            _run(pg, sql.SQL("drop schema {} restrict").format(sql.Identifier(schema)))
            pg.commit()
            return True
        except BUSY:
            pg.rollback()
        except errors.DependentObjectsStillExist:
            pg.rollback()
            return False
    return False


def _type(kind: str) -> str:
    if kind.startswith("DECIMAL"):
        return kind.replace("DECIMAL", "numeric")
    return TYPES[kind]


def _make(pg: PostgresConnection, con: duckdb.DuckDBPyConnection, unit: Unit, done: Published) -> None:
    """A schema beside the one that readers see, with all that it will have when it takes its place."""
    schema, own = unit.schema + NEW, sql.Identifier(unit.schema + NEW)
    _run(pg, sql.SQL("create schema {}").format(own))
    _run(pg, sql.SQL("comment on schema {} is {}").format(own, sql.Literal(MARK + done.release)))
    columns = {name: _columns(con, source) for name, source in unit.tables.items()}
    stored = {name: name + ROWS if source.stale else name for name, source in unit.tables.items()}
    for name, kinds in columns.items():
        defined = sql.SQL(", ").join(sql.SQL("{} {}").format(sql.Identifier(c), sql.SQL(kind)) for c, kind in kinds.items())
        _run(pg, sql.SQL("create table {} ({})").format(sql.Identifier(schema, stored[name]), defined))
    pg.commit()
    con.execute("call pg_clear_cache()")
    for name, source in unit.tables.items():
        extra = "" if name == "release" else f", {text(done.release)} as release"
        done.rows[f"{unit.schema}.{name}"] = duck.number(
            con, f"insert into pg.{schema}.{stored[name]} select *{extra} from ({source.query})"
        )
        _index(pg, name, sql.Identifier(schema, stored[name]), columns[name])
        told = {"release": RELEASE["release"]} | texts(con, source.database, _read(source.table))
        if source.stale:
            _show(pg, schema, name, source, list(columns[name]))
        _describe(pg, sql.Identifier(schema, name), "view" if source.stale else "table", [*columns[name], *source.said], told)
    _run(pg, sql.SQL("revoke all on schema {} from public").format(own))
    for role in map(sql.Identifier, unit.roles):
        _run(pg, sql.SQL("grant usage on schema {} to {}").format(own, role))
        for name in unit.tables:
            _run(pg, sql.SQL("grant select on {} to {}").format(sql.Identifier(schema, name), role))
    pg.commit()
    for name in stored.values():
        _run(pg, sql.SQL("analyze {}").format(sql.Identifier(schema, name)))
    pg.commit()


def _columns(con: duckdb.DuckDBPyConnection, source: Selection) -> dict[str, str]:
    """The columns of a table as PostgreSQL has them; each row says of which release it is."""
    return {c: _type(kind) for c, kind, *_ in con.execute(f"describe {source.query}").fetchall()} | {"release": "text"}


def _read(table: str) -> str:
    """What readers of a release read, which has the texts, where its rows are stored apart."""
    return leaves.TABLE if table == leaves.STORED else table


def _show(pg: PostgresConnection, schema: str, name: str, source: Selection, columns: Sequence[str]) -> None:
    """The view of a table of rows."""
    now = as_of_now(source.stale)
    *own, release = [c for c in columns if c not in now]
    selected = [sql.Identifier(c) for c in own] + [sql.SQL(f"{expression} as {c}") for c, expression in now.items()]
    said = sql.SQL("").join(sql.SQL(f", {expression} as {c}") for c, expression in source.said.items())
    _run(
        pg,
        sql.SQL("create view {} as select {} from (select *{} from {}) as opslag").format(
            sql.Identifier(schema, name),
            sql.SQL(", ").join([*selected, sql.Identifier(release)]),
            said,
            sql.Identifier(schema, name + ROWS),
        ),
    )


def _describe(pg: PostgresConnection, relation: sql.Identifier, kind: str, columns: Sequence[str], told: Mapping[str, str]) -> None:
    """The texts of a table or view, by column, its own under the empty name."""
    for column, comment in told.items():
        if column in columns:
            named = sql.Identifier(*relation.strings, column)
            _run(pg, sql.SQL("comment on column {} is {}").format(named, sql.Literal(comment)))
        elif not column:
            _run(pg, sql.SQL("comment on {} {} is {}").format(sql.SQL(kind), relation, sql.Literal(comment)))


def _index(pg: PostgresConnection, name: str, table: sql.Identifier, columns: Mapping[str, str]) -> None:
    """The index that readers of ``name`` want."""
    wanted = INDEXES.get(name, BY_AREA)
    if set(wanted) <= columns.keys():
        _run(pg, sql.SQL("create index on {} ({})").format(table, sql.SQL(", ").join(map(sql.Identifier, wanted))))


def _swap(pg: PostgresConnection, settings: Settings, schemas: Sequence[str]) -> None:
    """Put what was made in the place of what readers see, all of it at once; the release before stays beside it.

    PostgreSQL looks up each table of a statement by itself: renaming alone would let a statement find one table before and another after
    it. So all that readers see is locked first: who reads is waited for, and who comes then waits, for a moment each time. What is being
    read is waited for all at once, each by a connection of its own: one after the other, a reader who has the second of two would wait
    behind us for the first.
    """
    there = {str(n) for (n,) in _run(pg, "select nspname from pg_namespace")}
    for schema in schemas:
        if schema + OLD in there and not _drop(pg, schema + OLD):
            _rename(pg, schema + OLD, f"{schema}{ASIDE}{time.time_ns()}")
            pg.commit()
    seen = [schema for schema in schemas if schema in there]
    relations = [(schema, name) for schema in seen for name in _shown(pg, schema)]
    with ExitStack() as stack, ThreadPoolExecutor(GATES) as pool:
        gates: list[PostgresConnection] = []
        for left in reversed(range(SWAP_TRIES)):
            try:
                read = [relation for relation in _run(pg, READ, (seen,)) if relation in relations]
                while len(gates) < min(GATES, len(read)):
                    gates.append(stack.enter_context(closing(_connect(settings))))
                _lock(pg, [relation for relation in relations if relation not in read])
                waiting = [pool.submit(_lock, gate, read[n :: len(gates)]) for n, gate in enumerate(gates)]
                wait(waiting)
                for one in waiting:
                    one.result()
                for schema in schemas:
                    if schema in seen:
                        _rename(pg, schema, schema + OLD)
                    _rename(pg, schema + NEW, schema)
                pg.commit()
                return
            except BUSY:
                pg.rollback()
                if not left:
                    raise PostgresError(_held(pg, seen)) from None
            finally:
                for gate in gates:
                    with suppress(psycopg2.Error):  # one that is gone holds nothing
                        gate.rollback()
            time.sleep(random.uniform(0, 0.1))  # noqa: S311  # a pause, no secret


READ = """
    select distinct nspname, relname
    from pg_locks join pg_class on pg_class.oid = pg_locks.relation join pg_namespace on pg_namespace.oid = pg_class.relnamespace
    where nspname = any(%s) and pid != pg_backend_pid()
"""
"""What is being read of some schemas."""


def _shown(pg: PostgresConnection, schema: str) -> list[str]:
    """What readers can name; whoever locks a view locks what it reads."""
    views = _views(pg, schema)
    return views + [table for table in _tables(pg, schema) if table.removesuffix(ROWS) not in views]


def _lock(pg: PostgresConnection, relations: Sequence[tuple[object, ...]]) -> None:
    """Keep everyone out of these until the end of the transaction; raises one of ``BUSY``."""
    _run(pg, sql.SQL("set local lock_timeout = {}").format(sql.Literal(SWAP_PATIENCE)))
    if relations:
        names = sql.SQL(", ").join(sql.Identifier(*map(str, relation)) for relation in relations)
        _run(pg, sql.SQL("lock table {} in access exclusive mode").format(names))


def _held(pg: PostgresConnection, schemas: Sequence[str]) -> str:
    """Who reads, so that nothing can take the place of what they read: users, and since when."""
    who = _run(
        pg,
        """
        select string_agg(distinct usename || ' (' || to_char(xact_start, 'YYYY-MM-DD HH24:MI') || ')', ', ')
        from pg_locks join pg_stat_activity using (pid) join pg_class on pg_class.oid = pg_locks.relation
        join pg_namespace on pg_namespace.oid = pg_class.relnamespace
        where nspname = any(%s) and granted and pid != pg_backend_pid()
        """,
        (list(schemas),),
    )[0][0]
    pg.commit()
    told = say(
        "Readers of PostgreSQL go on reading the old release, and only when they end can the new one take its place: {who}. End them, or "
        "wait, and run vt postgres.",
        who=who or "-",
    )
    return f"{told} {say(STANDS)}"


def _rename(pg: PostgresConnection, schema: str, name: str) -> None:
    _run(pg, sql.SQL("alter schema {} rename to {}").format(sql.Identifier(schema), sql.Identifier(name)))
