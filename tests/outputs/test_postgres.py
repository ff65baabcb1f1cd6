"""A release in a real PostgreSQL: what readers see, what they may not, and what a publication that breaks off leaves."""

import json
import subprocess
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest
from psycopg2 import errors
from pydantic import SecretStr
from typer.testing import CliRunner

from orchestration.alarm.conclude import conclude
from orchestration.cli import app
from orchestration.disclosure import publish as leaves
from orchestration.files import make_folder
from orchestration.health import examine
from orchestration.outputs import postgres as subject
from orchestration.outputs.postgres import ANALYST, READER, PostgresError, follow, left_open, publish
from orchestration.release import public, store
from orchestration.release.verdict import Uitkomst, Verdict
from orchestration.settings import Settings
from orchestration.standing import STALE, STALE_REASON
from orchestration.transform import steps
from tests.lib.packages import installed
from tests.lib.postgres import empty_database, postgres
from tests.lib.small_disk import run_on_small_disk

__all__ = ["postgres"]

AREAS = ("regio", "gemeente", "stadsdeel", "wijk", "buurt")


@pytest.fixture
def address(postgres: str) -> str:
    """An empty database; the roles are of the server, and stay."""
    return empty_database(postgres, "proef")


@pytest.fixture
def settings(tmp_path: Path, address: str) -> Settings:
    return Settings(home=tmp_path, postgres_url=address)


def made(settings: Settings, name: str, value: int, *, outside: bool = True, rows: int = 1, stale: str = "null") -> None:
    """A release in which every figure is ``value``, put before the readers; out of date from the moment ``stale``."""
    folder = settings.releases / name
    make_folder(folder / "intern")
    make_folder(folder / public.FOLDER)
    with duckdb.connect(str(folder / store.DATABASE)) as con:
        con.execute(
            f"""
            create schema marts; create schema kwaliteit; create schema facts;
            create table facts.fct_diensten as select {value} as dienst_id, date '2024-01-01' as gestart_op;
            create table kwaliteit.controles as select 'proef' as controle, 'geslaagd' as uitkomst;
            create table marts.indicatoren as
                select 'meldingen' as indicator, 'jaar' as periode_soort, '2024' as periode, unnest({list(AREAS)}) as gebied_soort,
                    'X' as gebied, '' as categorie_soort, '' as categorie, {value}.5::double as waarde, false as voorlopig,
                    date '2025-01-31' as peildatum, 'let_op' as kwaliteit, 'Er wacht iets' as kwaliteit_reden from range({rows});
            create table kwaliteit.indicatoren as
                select 'meldingen' as indicator, 'let_op' as kwaliteit, 'Er wacht iets' as kwaliteit_reden;
            create view marts.instroom as select 'jaar' as periode_soort, '2024' as periode, 'regio' as gebied_soort, {value} as meldingen,
                date '2024-01-01' as periode_start, null::bigint as leeg;
            create table kwaliteit.release as
                select '{name}' as release, date '2025-01-31' as peildatum, ({stale})::timestamptz as verouderd_vanaf;
            comment on table marts.indicatoren is 'Elk cijfer, ''t hele jaar'; comment on column marts.indicatoren.waarde is 'Het cijfer';
            comment on view marts.instroom is 'Instroom'; comment on column marts.instroom.meldingen is 'Meldingen';
            """
        )
    if outside:
        with duckdb.connect(str(folder / public.FOLDER / leaves.DATABASE)) as con:
            con.execute(
                f"""
                create schema opslag; create schema publicatie;
                create table {leaves.STORED} as select 'meldingen' as indicator, {value} as waarde, 'goed' as kwaliteit,
                    null::varchar as kwaliteit_reden, ({stale})::date as verouderd_vanaf;
                create view {leaves.TABLE} as from {leaves.STORED};
                comment on view {leaves.TABLE} is 'Wat mag'; comment on column {leaves.TABLE}.kwaliteit is 'Hoe goed'
                """
            )
    (folder / "release.json").write_text(json.dumps({"release": name}))
    link = settings.releases / store.CURRENT
    link.unlink(missing_ok=True)
    link.symlink_to(name)


def asked(address: str, query: str, role: str | None = None) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        if role:
            cursor.execute(f"set role {role}")
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def test_what_readers_see_is_the_release_with_its_texts(settings: Settings, address: str) -> None:
    made(settings, "r1", 7)
    done = publish(settings)
    assert done.rows == {
        "marts.indicatoren": 3, "marts.instroom": 1, "marts.release": 1, "kwaliteit.controles": 1, "kwaliteit.indicatoren": 1,
        "kwaliteit.release": 1, "publicatie.indicatoren": 1, "publicatie.release": 1,
    }  # fmt: skip
    assert done.notices == left_open(settings) == []
    assert asked(address, "select gebied_soort, waarde, voorlopig, release from marts.indicatoren order by 1", ANALYST) == [
        ("gemeente", 7.5, False, "r1"), ("regio", 7.5, False, "r1"), ("stadsdeel", 7.5, False, "r1"),
    ]  # fmt: skip
    assert asked(address, "select meldingen, periode_start::text, leeg from marts.instroom", ANALYST) == [(7, "2024-01-01", None)]
    assert asked(address, "select indicator, waarde, release from publicatie.indicatoren", READER) == [("meldingen", 7, "r1")]
    assert asked(address, "select release, peildatum::text from publicatie.release", READER) == [("r1", "2025-01-31")]
    texts = "select obj_description('marts.indicatoren'::regclass), col_description('marts.instroom'::regclass, 4)"
    assert asked(address, texts) == [("Elk cijfer, 't hele jaar", "Meldingen")]
    texts = "select obj_description('publicatie.indicatoren'::regclass), col_description('publicatie.indicatoren'::regclass, 4)"
    assert asked(address, texts) == [("Wat mag", "Hoe goed")]
    indexed = "select indexdef from pg_indexes where schemaname = 'marts' and tablename = 'indicatoren_opslag'"
    assert "(indicator, periode_soort, gebied_soort, categorie_soort)" in asked(address, indexed)[0][0]


@pytest.mark.parametrize(("stale", "is_stale"), [("null", False), ("now() - interval 1 day", True), ("now() + interval 2 day", False)])
def test_a_figure_is_out_of_date_by_itself(settings: Settings, address: str, stale: str, is_stale: bool) -> None:
    made(settings, "r1", 7, stale=stale)
    publish(settings)
    late = [(STALE, STALE_REASON)] if is_stale else [("goed", None)]
    assert asked(address, "select kwaliteit, kwaliteit_reden from publicatie.indicatoren", READER) == late
    late = [(STALE, f"{STALE_REASON}; Er wacht iets")] if is_stale else [("let_op", "Er wacht iets")]
    query = "select distinct kwaliteit, kwaliteit_reden, peildatum::text from marts.indicatoren"
    assert asked(address, query, ANALYST) == [(*late[0], "2025-01-31")]


FORBIDDEN = [
    "select * from marts.indicatoren_opslag",
    "select * from publicatie.indicatoren_opslag",
    "create table marts.x (a int)",
    "create schema x",
    "create temporary table x (a int)",
    "create table public.x (a int)",
    "select lo_create(0)",
    "select lo_from_bytea(0, 'x')",
    "update marts.indicatoren set waarde = 0",
    "delete from publicatie.indicatoren",
    "truncate marts.indicatoren",
    "drop schema marts cascade",
    "insert into publicatie.release values ('x')",
    "alter table publicatie.indicatoren add x int",
    "comment on table publicatie.indicatoren is 'x'",
    "create role x",
    "copy publicatie.indicatoren to '/tmp/x'",
]


@pytest.mark.parametrize("role", [ANALYST, READER])
def test_a_reader_writes_nothing(settings: Settings, address: str, role: str) -> None:
    made(settings, "r1", 7)
    publish(settings)
    allowed = []
    for statement in FORBIDDEN:
        with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
            cursor.execute(f"set role {role}")
            try:
                cursor.execute(statement)
                allowed.append(statement)
            except (errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState, errors.WrongObjectType):  # a view is not written
                pass
    assert allowed == []


def test_who_may_read_what_leaves_reads_nothing_else(settings: Settings, address: str) -> None:
    made(settings, "r1", 7)
    publish(settings)
    for table in ("marts.indicatoren", "marts.instroom", "marts.release", "kwaliteit.controles"):
        with pytest.raises(errors.InsufficientPrivilege):
            asked(address, f"select * from {table}", READER)
    assert asked(address, "select waarde from publicatie.indicatoren", ANALYST) == [(7,)]


def test_wijk_and_buurt_and_facts_are_there_by_a_setting_alone(settings: Settings, address: str) -> None:
    """A setting that goes takes from readers at once what it brought, the release before too."""
    fine, facts = "select gebied_soort from marts.indicatoren_wijk_buurt order by 1", "select dienst_id, release from {}.fct_diensten"
    for number in (1, 2):
        made(settings, f"r{number}", number)
        whole = Settings(home=settings.root, postgres_url=address, postgres_wijk_buurt=True, postgres_feiten=True)
        assert publish(whole).rows["marts.indicatoren_wijk_buurt"] == 2
    assert asked(address, fine, ANALYST) == [("buurt",), ("wijk",)]
    assert asked(address, facts.format("facts"), ANALYST) == [(2, "r2")]
    assert asked(address, facts.format("facts_vorige"), ANALYST) == [(1, "r1")]
    with pytest.raises(errors.InsufficientPrivilege):
        asked(address, facts.format("facts"), READER)
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        cursor.execute("create view public.eigen as select * from facts.fct_diensten")
        con.commit()
    publish(settings)
    for query in (facts.format("facts"), facts.format("facts_vorige"), fine):
        with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedTable)):
            asked(address, query, ANALYST)
    assert asked(address, "select nspname from pg_namespace where nspname like 'facts%'") == [("facts",)], "somebody's view stays"
    made(settings, "r3", 3)
    publish(whole)
    assert asked(address, facts.format("facts"), ANALYST) == [(3, "r3")]


def test_the_next_release_takes_its_place_and_one_before_it_stays(settings: Settings, address: str) -> None:
    for number in (1, 2, 3):
        made(settings, f"r{number}", number, outside=number != 2)
        publish(settings)
    assert asked(address, "select distinct release from marts.indicatoren", ANALYST) == [("r3",)]
    assert asked(address, "select release from marts_vorige.release", ANALYST) == [("r2",)]
    schemas = [n for (n,) in asked(address, "select nspname from pg_namespace where nspname ~ '^(marts|publicatie)' order by 1")]
    assert schemas == ["marts", "marts_vorige", "publicatie", "publicatie_vorige"]


@pytest.mark.thorough
def test_readers_meet_no_error_and_no_mixture_during_many_publications(settings: Settings, address: str) -> None:
    """Twenty readers, each statement over two tables of one release; a release says the same number in both.

    Every other publication is told at once that it and a reader wait for each other, as on a machine that stood still for a second.
    """
    hurried = settings.model_copy(update={"postgres_url": SecretStr(f"{address}?options=-c%20deadlock_timeout%3D1ms")})
    made(settings, "r0", 0, rows=200)
    publish(settings)
    stop, faults, seen = threading.Event(), [], set()
    asks = """
        select count(distinct i.release), min(i.release), bool_and(i.waarde = m.meldingen + 0.5 and m.release = i.release)
        from {} cross join {}
    """
    tables = ("marts.indicatoren i", "marts.instroom m")
    queries = [asks.format(*tables), asks.format(*reversed(tables))]

    def read(query: str) -> None:
        with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
            con.autocommit = True
            cursor.execute(f"set role {ANALYST}")
            while not stop.is_set():
                try:
                    cursor.execute(query)
                    count, release, same = cursor.fetchone() or (0, "", False)
                    seen.add(release)
                    if count != 1 or not same:
                        faults.append((count, release, same))
                except psycopg2.Error as error:
                    faults.append(repr(error))
                    return

    readers = [threading.Thread(target=read, args=(queries[n % 2],)) for n in range(20)]
    for reader in readers:
        reader.start()
    for number in range(1, 21):
        made(settings, f"r{number}", number, outside=False, rows=200)
        publish(hurried if number % 2 else settings)
    stop.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert len(seen) > 1


@pytest.mark.parametrize("busy", subject.BUSY)
def test_a_reader_in_the_way_is_tried_again(
    settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch, busy: type[psycopg2.Error]
) -> None:
    made(settings, "r1", 1)
    publish(settings)
    made(settings, "r2", 2)
    real, raised = subject._lock, []

    def lock(*given: Any) -> None:
        if not raised:
            raised.append(busy())
            raise raised[0]
        real(*given)

    monkeypatch.setattr(subject, "_lock", lock)
    publish(settings)
    assert raised and asked(address, "select release from marts.release") == [("r2",)]


def test_what_postgres_refuses_is_not_called_a_lost_connection(address: str) -> None:
    with pytest.raises(PostgresError, match=r"refused what was asked \(57014\)"), subject._told():
        asked(f"{address}?options=-c%20statement_timeout%3D1ms", "select pg_sleep(5)")


def test_a_view_that_somebody_made_is_kept_and_told_of(settings: Settings, address: str) -> None:
    made(settings, "r1", 1)
    publish(settings)
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        cursor.execute("create schema eigen; create view eigen.instroom as select * from marts.instroom")
        con.commit()
    told = []
    for number in (2, 3, 4):
        made(settings, f"r{number}", number)
        told.append(publish(settings).notices)
    assert told[0] == [] and told[1] == told[2] != []
    assert "eigen.instroom" in told[1][0]
    assert asked(address, "select meldingen from eigen.instroom") == [(1,)]
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        cursor.execute("drop view eigen.instroom")
        con.commit()
    made(settings, "r5", 5)
    assert publish(settings).notices == []
    assert asked(address, "select count(*) from pg_namespace where nspname like 'marts%'") == [(2,)]


def test_a_reader_who_goes_on_reading_is_waited_for_and_named(settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "SWAP_TRIES", 3)
    made(settings, "r1", 1)
    publish(settings)
    made(settings, "r2", 2)
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        cursor.execute("select meldingen from marts.instroom")  # a transaction that stays open
        (told,) = follow(settings)
        assert "dagster (20" in told and "run vt postgres" in told and "the release in files stands" in told
        cursor.execute("select meldingen from marts.instroom")
        assert cursor.fetchall() == [(1,)]
    assert follow(settings) == []
    assert asked(address, "select release from marts.release") == [("r2",)]


def test_a_reader_of_the_release_before_holds_nothing_up(settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "PATIENCE", "100ms")
    for number in (1, 2):
        made(settings, f"r{number}", number)
        publish(settings)
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        cursor.execute("select meldingen from marts_vorige.instroom")
        for number in (3, 4):
            made(settings, f"r{number}", number)
            assert publish(settings).notices == []
        assert cursor.fetchall() == [(1,)]
    made(settings, "r5", 5)
    publish(settings)
    assert asked(address, "select count(*) from pg_namespace where nspname like 'marts%'") == [(2,)]


def test_a_user_that_owns_nothing_is_told_what_its_owner_has_to_do(
    settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The publisher may make schemas and no more: what stands open to all stays so, and is told until the owner closes it."""
    made(settings, "r1", 1)
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        con.autocommit = True
        cursor.execute("select 1 from pg_roles where rolname = 'uitgever'")
        if not cursor.fetchall():
            cursor.execute("create user uitgever")
        cursor.execute("grant create on database proef to uitgever")
    own = Settings(home=settings.root, postgres_url=address.replace("dagster@", "uitgever@"))
    with monkeypatch.context() as patched:
        patched.setattr(subject, "READER", "vt_onbekend")
        (told,) = follow(own)
    assert "no role vt_onbekend" in told and "create role vt_onbekend nologin" in told
    (told,) = publish(own).notices
    assert left_open(own) == [told]
    assert asked(address, "select waarde from publicatie.indicatoren", READER) == [(1,)]
    statements = told.partition("as its owner: ")[2]
    assert statements.count("revoke") == 1 + len(subject.LARGE_OBJECTS), "PostgreSQL 15 lets nobody create in public"
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        cursor.execute(statements)
        con.commit()
    assert left_open(own) == publish(own).notices == []


def test_a_schema_of_somebody_else_is_left_alone(settings: Settings, address: str) -> None:
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        cursor.execute("create schema marts; create table marts.eigen as select 1 as n")
        con.commit()
    made(settings, "r1", 1)
    with pytest.raises(PostgresError, match="The schema marts in PostgreSQL is not of this warehouse"):
        publish(settings)
    assert asked(address, "select n from marts.eigen") == [(1,)]


@pytest.mark.parametrize("step", ["_make", "_swap", "texts"])
def test_a_publication_that_breaks_off_leaves_the_old_release(
    settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    made(settings, "r1", 1)
    publish(settings)
    made(settings, "r2", 2)

    def cut(*_: object) -> None:
        raise psycopg2.OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patched:
        patched.setattr(subject, step, cut)
        (told,) = follow(settings)
    assert "the connection was lost" in told and "the release in files stands" in told
    assert asked(address, "select distinct release from marts.indicatoren") == [("r1",)]
    assert ["see release r1, those of files r2" in told for told in left_open(settings)] == [True]
    assert follow(settings) == left_open(settings) == []
    assert asked(address, "select distinct release from marts.indicatoren") == [("r2",)]


def test_a_connection_that_is_lost_while_rows_are_written(settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server ends every connection of ours half-way."""
    made(settings, "r1", 1)
    publish(settings)
    made(settings, "r2", 2)
    texts: Callable[..., dict[str, str]] = subject.texts

    def kill(*given: Any) -> dict[str, str]:
        asked(address, "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'proef' and pid != pg_backend_pid()")
        return texts(*given)

    monkeypatch.setattr(subject, "texts", kill)
    (told,) = follow(settings)
    assert "the connection was lost" in told
    assert asked(address, "select distinct release from marts.indicatoren") == [("r1",)]


def test_two_publications_at_once(settings: Settings, address: str) -> None:
    made(settings, "r1", 1)
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext('veilig-thuis'))")
        assert follow(settings) == ["Another publication to PostgreSQL is at work: wait until it is done."]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("@127.0.0.1:1/proef", "cannot be reached"),
        ("@{server}/nergens", "has no database of that name"),
        ("niemand@{server}/proef", "does not let us in"),
    ],
)
def test_where_it_cannot_go_is_told_without_the_address(settings: Settings, address: str, where: str, said: str) -> None:
    made(settings, "r1", 1)
    server = address.partition("@")[2].partition("/")[0]
    wanted = where.format(server=server)
    user = "dagster:geheim" if wanted.startswith("@") else ""
    other = Settings(home=settings.root, postgres_url=f"postgresql://{user}{wanted}")
    (told,) = follow(other)
    assert said in told and "geheim" not in told and "127.0.0.1" not in told
    assert [said in told for told in left_open(other)] == [True]


def test_without_the_setting_nothing_happens(settings: Settings) -> None:
    made(settings, "r1", 1)
    plain = Settings(home=settings.root)
    assert follow(plain) == left_open(plain) == []
    assert Settings(home=settings.root, postgres_url="").postgres_url is None, "an address that is set to nothing is not set"
    with pytest.raises(PostgresError, match="VT_POSTGRES_URL is not set"):
        publish(plain)


def verdict() -> Verdict:
    return Verdict(Uitkomst.GEPUBLICEERD, "r2", "r1", "2025-01-31")


def test_a_verdict_says_what_is_open_in_postgres_until_it_is_not(settings: Settings) -> None:
    """What a night was told is repeated as long as something is open, and the alert goes by one cause."""
    made(settings, "r1", 1)
    publish(settings)
    made(settings, "r2", 2)
    steps.record(settings, "postgres", {"zinnen": ["PostgreSQL's disk is full."]})
    held = conclude(settings, verdict())
    told = ["PostgreSQL's disk is full.", "Readers of PostgreSQL see release r1, those of files r2. Run: vt postgres"]
    assert [line for line in held.aandacht if "PostgreSQL" in line] == told
    assert held.signalen["postgres"] == " ".join(told)
    publish(settings)
    held = conclude(settings, verdict())
    assert "postgres" not in held.signalen and not [line for line in held.aandacht if "PostgreSQL" in line]


def test_by_hand(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.postgres_url is not None
    made(settings, "r1", 1)
    monkeypatch.setenv("VT_HOME", str(settings.root))
    monkeypatch.setenv("VT_POSTGRES_URL", settings.postgres_url.get_secret_value())
    done = CliRunner().invoke(app, ["postgres"])
    assert done.exit_code == 0
    assert "Readers of PostgreSQL see r1: 8 tables, 10 rows" in " ".join(done.output.split())
    found = {part.what: part for part in examine(settings, {}, alert=False)}
    assert (found["PostgreSQL"].good, found["PostgreSQL"].text) == (True, "readers see r1")
    made(settings, "r2", 2)
    found = {part.what: part for part in examine(settings, {}, alert=False)}
    assert not found["PostgreSQL"].good and "vt postgres" in found["PostgreSQL"].text


FULL = """
import json, os, shutil, sys
from contextlib import closing
from pathlib import Path
import psycopg2
from orchestration.outputs.postgres import follow, publish
from orchestration.settings import Settings
from tests.lib.packages import installed
from tests.lib.postgres import served
from tests.outputs.test_postgres import asked, made

disk = Path(sys.argv[1])
with served() as server, closing(psycopg2.connect(server)) as con:
    if os.geteuid() == 0:
        shutil.chown(disk, "postgres")
    con.autocommit = True
    con.cursor().execute(f"create tablespace klein location '{disk}'")
    con.cursor().execute("create database vol tablespace klein")
    address = server.rpartition("/")[0] + "/vol"
    settings = Settings(home=Path(sys.argv[1]).parent / "data", postgres_url=address)
    told = []
    for release, rows in (("r1", 1), ("r2", 400_000), ("r3", 1)):
        made(settings, release, 1, rows=rows)
        told.append([follow(settings), asked(address, "select distinct release from marts.indicatoren")[0][0]])
    sys.stdout.write(json.dumps(told))
"""


def test_a_full_disk_of_postgres_leaves_both_as_they_were() -> None:
    """The database lies on a real file system of 40 MiB; a release that does not fit there is told, and the next one that does comes."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # the user of PostgreSQL gets there
        Path(folder).chmod(0o755)
        done = run_on_small_disk(Path(folder), 40, FULL)
    assert done.returncode == 0, done.stderr
    first, (told, seen), after = json.loads(done.stdout.splitlines()[-1])
    assert (first, after) == ([[], "r1"], [[], "r3"])
    assert seen == "r1"
    assert told == [
        "PostgreSQL's disk is full: make room there, and run vt postgres. "
        "What readers of PostgreSQL see is not changed, and the release in files stands."
    ]


# --- other clients ------------------------------------------------------------------------------------------------------------------------

AS_IN_R = """
suppressPackageStartupMessages(library(RPostgreSQL))
con <- dbConnect(PostgreSQL(), host = "127.0.0.1", port = {port}, dbname = "proef", user = "r_lezer", password = "x")
found <- dbGetQuery(con, "select periode, meldingen, leeg, periode_start, waarde, voorlopig
    from marts.instroom join marts.indicatoren using (periode, gebied_soort)")
cat(sapply(found, function(column) class(column)[1]), "\n")
cat(found$meldingen, is.na(found$leeg), format(found$periode_start), found$waarde, found$voorlopig, "\n")
"""


def lets_in(address: str, name: str) -> str:
    """Make a user, as docs/readers.md says; the port of the server."""
    with closing(psycopg2.connect(address)) as con, con.cursor() as cursor:
        cursor.execute(f"drop role if exists {name}; create user {name} password 'x' in role {ANALYST}")
        con.commit()
    return address.rpartition(":")[2].partition("/")[0]


def test_r_reads_days_as_days_and_a_whole_number_that_is_missing_as_missing(settings: Settings, address: str, tmp_path: Path) -> None:
    program = installed("Rscript", "r-base-core", "r-cran-rpostgresql")
    made(settings, "r1", 7)
    publish(settings)
    script = tmp_path / "read.R"
    script.write_text(AS_IN_R.format(port=lets_in(address, "r_lezer")))
    done = subprocess.run([program, script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    kinds, values = done.stdout.splitlines()
    assert kinds.split() == ["character", "integer", "numeric", "Date", "numeric", "logical"]  # its bigint is a number with NA
    assert values.split() == ["7", "TRUE", "2024-01-01", "7.5", "FALSE"]


def test_odbc_reads_it(settings: Settings, address: str) -> None:
    """By psqlODBC, the road of Excel and of BI tools on Windows. A truth is a number there when ``BoolsAsChar`` is 0."""
    program = installed("isql", "unixodbc", "odbc-postgresql")
    made(settings, "r1", 7)
    publish(settings)
    query = "select voorlopig, periode_start, leeg, meldingen from marts.instroom join marts.indicatoren using (periode, gebied_soort)"
    link = f"Driver=PostgreSQL Unicode;Servername=127.0.0.1;Port={lets_in(address, 'odbc_lezer')};Database=proef;UID=odbc_lezer;PWD=x"
    done = subprocess.run(
        [program, "-k", f"{link};BoolsAsChar=0", "-b", "-c", "-d;"], input=query, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    head, row = done.stdout.splitlines()[-2:]
    assert head == "voorlopig;periode_start;leeg;meldingen"
    assert row == "0;2024-01-01;;7"
