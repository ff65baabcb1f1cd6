"""A release in PostgreSQL, for tools that read no files: marts for analysts, what leaves for everyone.

Everything is made in schemas beside those that readers see, with its rights, texts and indexes, and takes their place by renaming, in
one transaction: a statement reads one release, and what breaks off leaves the old one. One older release stays, for statements that began
before; what somebody else built on it is never destroyed. Nothing here touches the release folder.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import files

import duckdb
import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import connection as PostgresConnection  # noqa: N812 - a class, whatever its name

from orchestration.breakdown import sentence
from orchestration.disclosure import publish as leaves
from orchestration.duck import number
from orchestration.errors import UserError
from orchestration.language import say
from orchestration.release import public, store
from orchestration.settings import Settings
from orchestration.sql import text

ANALYST, READER = "vt_analist", "vt_lezer"
"""Roles that may read marts, and what leaves alone. They cannot log in themselves: a user is made a member."""
NEW, OLD, ASIDE = "_nieuw", "_vorige", "_oud_"
"""Ends of schemas: being made, the release before, and older ones that could not be dropped yet."""
MARK = "Veilig Thuis, release "
"""How the comment of a schema of ours begins."""
PATIENCE, TRIES = "2s", 3
"""How long and how often to wait for a reader of what is to be dropped; the next publication tries again."""
FINE = "gebied_soort in ('wijk', 'buurt')"
INDEXES = {
    "indicatoren": "indicator, periode_soort, gebied_soort, categorie_soort",
    "meerjarenbeeld": "indicator, gebied_soort, gebied",
}
"""Of the long tables; the marts of a subject go by period and area."""
BY_AREA = "periode_soort, gebied_soort, periode"
TYPES = {
    "VARCHAR": "text", "BOOLEAN": "boolean", "TINYINT": "smallint", "SMALLINT": "smallint", "INTEGER": "integer", "BIGINT": "bigint",
    "DOUBLE": "double precision", "DATE": "date", "TIMESTAMP WITH TIME ZONE": "timestamptz", "TIMESTAMP": "timestamp",
}  # fmt: skip


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
class Unit:
    """A schema as readers see it: its tables with the query of each, and who may read it."""

    schema: str
    tables: dict[str, str]
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


def behind(settings: Settings) -> str:
    """Why readers of PostgreSQL see another release than readers of files, and what to do; empty when they see the same."""
    if settings.postgres_url is None or not (wanted := store.current(settings)):
        return ""
    try:
        with _told(), closing(_connect(settings)) as pg:
            found = _run(pg, "select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace where nspname = 'marts'")
    except PostgresError as error:
        return str(error)
    seen = str(found[0][0]).removeprefix(MARK) if found else say("none")
    if seen == wanted:
        return ""
    return say("Readers of PostgreSQL see release {seen}, those of files {wanted}. Run: vt postgres", seen=seen, wanted=wanted)


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
    with _told(), closing(_connect(settings)) as pg, _source(settings, address, done.release) as duck:
        _alone(pg)
        _roles(pg)
        done.notices += _close_public(pg)
        units = _units(duck)
        for unit in units:
            _ours(pg, unit.schema)
            done.notices += _clear(pg, unit.schema)
            _make(pg, duck, unit, done)
        done.notices += _swap(pg, [u.schema for u in units])
    done.seconds = round(time.monotonic() - begun, 1)
    return done


@contextmanager
def _told() -> Iterator[None]:
    """What PostgreSQL refuses, as a sentence. Its own words hold no rows, but addresses: they are not passed on."""
    stands = say("What readers of PostgreSQL see is not changed, and the release in files stands.")
    try:
        yield
    except psycopg2.OperationalError as error:
        why = str(error).lower()
        if isinstance(error, errors.DiskFull) or "no space left" in why:
            what = say("PostgreSQL's disk is full: make room there, and run vt postgres.")
        elif "password" in why or "authentication" in why or "role " in why:
            what = say("PostgreSQL does not let us in: look at user and password in VT_POSTGRES_URL.")
        elif "does not exist" in why:
            what = say("PostgreSQL has no database of that name (VT_POSTGRES_URL): createdb it.")
        else:
            what = say("PostgreSQL cannot be reached, or the connection was lost (VT_POSTGRES_URL): is it running there?")
        raise PostgresError(f"{what} {stands}") from None
    except (psycopg2.Error, duckdb.Error) as error:
        code = getattr(error, "pgcode", None) or type(error).__name__
        full = "no space left" in str(error).lower()
        what = (
            say("PostgreSQL's disk is full: make room there, and run vt postgres.")
            if full
            else say("PostgreSQL refused what was asked ({code}): see its log.", code=code)
        )
        raise PostgresError(f"{what} {stands}") from None


@contextmanager
def _source(settings: Settings, address: str, release: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB with the release as ``uitgave``, what leaves as ``buiten`` when it has any, and the database as ``pg``.

    On memory: a connection that was opened read-only makes the database that it attaches read-only too.
    """
    extension = next(f for f in files("duckdb-extension-postgres-scanner") or [] if f.name.endswith(".duckdb_extension")).locate()
    folder = settings.releases / release
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "memory_limit": settings.geheugen,
        "threads": str(settings.threads),
    }  # fmt: skip
    with duckdb.connect(config=config) as con:
        con.execute(f"load {text(str(extension))}")
        con.execute(f"attach {text(folder / store.DATABASE)} as uitgave (read_only)")
        if (path := folder / public.FOLDER / leaves.DATABASE).exists():
            con.execute(f"attach {text(path)} as buiten (read_only)")
        con.execute(f"attach {text(address)} as pg (type postgres)")
        yield con


def _units(con: duckdb.DuckDBPyConnection) -> list[Unit]:
    """What is published. Of the long table what is up to stadsdeel: wijk and buurt are nine tenths of it."""
    names = con.execute(
        "select table_name from information_schema.tables where table_catalog = 'uitgave' and table_schema = 'marts' order by 1"
    ).fetchall()
    tables = {name: f"from uitgave.marts.{name}" for (name,) in names}
    tables["indicatoren"] += f" where not {FINE}"
    found = [Unit("marts", tables | {"release": "from uitgave.kwaliteit.release"}, (ANALYST,))]
    if con.execute("select 1 from duckdb_databases() where database_name = 'buiten'").fetchone():
        shown = {"indicatoren": f"from buiten.{leaves.TABLE}", "release": "select release, peildatum from uitgave.kwaliteit.release"}
        found.append(Unit("publicatie", shown, (ANALYST, READER)))
    return found


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


def _close_public(pg: PostgresConnection) -> list[str]:
    """Take from everyone what PostgreSQL gives by default: temporary tables, large objects. What this user may not take is told."""
    database = str(_run(pg, "select current_database()")[0][0])
    wanted: list[sql.Composable] = [sql.SQL("revoke temporary on database {} from public").format(sql.Identifier(database))]
    wanted += [sql.SQL("revoke create on schema public from public")]
    wanted += [sql.SQL(f"revoke execute on function {name} from public") for name in LARGE_OBJECTS]
    left = []
    for statement in wanted:
        try:
            _run(pg, statement)
            pg.commit()
        except errors.InsufficientPrivilege:
            pg.rollback()
            left.append(statement.as_string(pg))
    open_still = _run(pg, "select has_database_privilege('public', current_database(), 'temporary')") if left else []
    pg.commit()
    return [say("PostgreSQL lets every user write; once, as its owner: {statements}", statements="; ".join(left))] if open_still else []


def _ours(pg: PostgresConnection, schema: str) -> None:
    """Raise ``PostgresError`` when a schema of that name is somebody else's."""
    found = _run(pg, "select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace where nspname = %s", (schema,))
    if found and not str(found[0][0]).startswith(MARK):
        raise PostgresError(
            say("The schema {schema} in PostgreSQL is not of this warehouse: name another database in VT_POSTGRES_URL.", schema=schema)
        )


def _tables(pg: PostgresConnection, schema: str) -> list[str]:
    return [str(n) for (n,) in _run(pg, "select tablename from pg_tables where schemaname = %s order by 1", (schema,))]


DEPENDING = """
    select distinct quote_ident(other.nspname) || '.' || quote_ident(view.relname)
    from pg_depend join pg_rewrite on pg_rewrite.oid = pg_depend.objid and pg_depend.classid = 'pg_rewrite'::regclass
    join pg_class as view on view.oid = pg_rewrite.ev_class join pg_namespace as other on other.oid = view.relnamespace
    join pg_class as base on base.oid = pg_depend.refobjid and pg_depend.refclassid = 'pg_class'::regclass
    join pg_namespace as own on own.oid = base.relnamespace
    where own.nspname = %s and other.nspname != own.nspname order by 1
"""


def _clear(pg: PostgresConnection, schema: str) -> list[str]:
    """Drop what a publication that broke off left, and older releases that could not be dropped before."""
    told = []
    for (name,) in _run(
        pg, "select nspname from pg_namespace where nspname = %s or starts_with(nspname, %s) order by 1", (schema + NEW, schema + ASIDE)
    ):
        if not _drop(pg, str(name)):
            told += _stands(pg, str(name))
    return told


def _stands(pg: PostgresConnection, schema: str) -> list[str]:
    """Why an older release is still there, when that is for somebody to mend."""
    views = [str(v) for (v,) in _run(pg, DEPENDING, (schema,))]
    pg.commit()
    if not views:
        return []
    return [
        say(
            "{views} in PostgreSQL read an older release, {schema}, which stays for that: make them anew on {now}, and it goes by itself.",
            views=", ".join(views),
            schema=schema,
            now=schema.partition("_")[0],
        )
    ]


def _drop(pg: PostgresConnection, schema: str) -> bool:
    """Drop a schema and the tables in it, and nothing that somebody else built on them; False when it has to stay for now."""
    tables = sql.SQL(", ").join(sql.Identifier(schema, t) for t in _tables(pg, schema))
    for _ in range(TRIES):
        try:
            _run(pg, sql.SQL("set local lock_timeout = {}").format(sql.Literal(PATIENCE)))
            if tables.as_string(pg):
                _run(pg, sql.SQL("drop table {} restrict").format(tables))
            _run(pg, sql.SQL("drop schema {} restrict").format(sql.Identifier(schema)))
            pg.commit()
            return True
        except errors.LockNotAvailable:
            pg.rollback()
        except errors.DependentObjectsStillExist:
            pg.rollback()
            return False
    return False


def _type(kind: str) -> str:
    if kind.startswith("DECIMAL"):
        return kind.replace("DECIMAL", "numeric")
    return TYPES[kind]


def _make(pg: PostgresConnection, duck: duckdb.DuckDBPyConnection, unit: Unit, done: Published) -> None:
    """A schema beside the one that readers see, with all that it will have when it takes its place."""
    schema, own = unit.schema + NEW, sql.Identifier(unit.schema + NEW)
    _run(pg, sql.SQL("create schema {}").format(own))
    columns = {}
    for name, query in unit.tables.items():
        columns[name] = {c: _type(kind) for c, kind, *_ in duck.execute(f"describe {query}").fetchall()}
        columns[name] |= {} if "release" in columns[name] else {"release": "text"}
        defined = sql.SQL(", ").join(sql.SQL("{} {}").format(sql.Identifier(c), sql.SQL(kind)) for c, kind in columns[name].items())
        _run(pg, sql.SQL("create table {} ({})").format(sql.Identifier(schema, name), defined))
    _run(pg, sql.SQL("comment on schema {} is {}").format(own, sql.Literal(MARK + done.release)))
    pg.commit()
    duck.execute("call pg_clear_cache()")
    for name, query in unit.tables.items():
        extra = "" if name == "release" else f", {text(done.release)} as release"
        rows = number(duck, f"insert into pg.{schema}.{name} select *{extra} from ({query})")
        done.rows[f"{unit.schema}.{name}"] = rows
    for name, kinds in columns.items():
        told = _texts(duck, unit, name) | ({} if name == "release" else {"release": say("Release that the row is of")})
        for column, comment in told.items():
            if column in kinds:
                _run(pg, sql.SQL("comment on column {} is {}").format(sql.Identifier(schema, name, column), sql.Literal(comment)))
            elif not column:
                _run(pg, sql.SQL("comment on table {} is {}").format(sql.Identifier(schema, name), sql.Literal(comment)))
        wanted = [c.strip() for c in INDEXES.get(name, BY_AREA).split(",")]
        if set(wanted) <= kinds.keys():
            _run(
                pg, sql.SQL("create index on {} ({})").format(sql.Identifier(schema, name), sql.SQL(", ").join(map(sql.Identifier, wanted)))
            )
    _run(pg, sql.SQL("revoke all on schema {} from public").format(own))
    for role in map(sql.Identifier, unit.roles):
        _run(pg, sql.SQL("grant usage on schema {} to {}").format(own, role))
        _run(pg, sql.SQL("grant select on all tables in schema {} to {}").format(own, role))
    pg.commit()
    for name in unit.tables:
        _run(pg, sql.SQL("analyze {}").format(sql.Identifier(schema, name)))
    pg.commit()


def _texts(duck: duckdb.DuckDBPyConnection, unit: Unit, table: str) -> dict[str, str]:
    """The texts of a table of the release, by column; its own under the empty name."""
    of = (
        ("buiten", "publicatie")
        if unit.schema == "publicatie" and table != "release"
        else ("uitgave", "kwaliteit" if table == "release" else "marts")
    )
    found = duck.execute(
        """
        select '', comment from duckdb_tables() where (database_name, schema_name, table_name) = ($d, $s, $t)
        union all select '', comment from duckdb_views() where (database_name, schema_name, view_name) = ($d, $s, $t)
        union all select column_name, comment from duckdb_columns() where (database_name, schema_name, table_name) = ($d, $s, $t)
        """,
        {"d": of[0], "s": of[1], "t": table},
    ).fetchall()
    return {name: comment for name, comment in found if comment}


def _swap(pg: PostgresConnection, schemas: Sequence[str]) -> list[str]:
    """Put what was made in the place of what readers see, all of it at once; the release before stays beside it."""
    told = []
    there = {str(n) for (n,) in _run(pg, "select nspname from pg_namespace")}
    for schema in schemas:
        if schema + OLD in there and not _drop(pg, schema + OLD):
            moved = f"{schema}{ASIDE}{time.time_ns()}"
            _rename(pg, schema + OLD, moved)
            pg.commit()
            told += _stands(pg, moved)
    for schema in schemas:
        if schema in there:
            _rename(pg, schema, schema + OLD)
        _rename(pg, schema + NEW, schema)
    pg.commit()
    return told


def _rename(pg: PostgresConnection, schema: str, name: str) -> None:
    _run(pg, sql.SQL("alter schema {} rename to {}").format(sql.Identifier(schema), sql.Identifier(name)))
