"""From a finished build to a release: copy, count, seal, and only then switch."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.duck import in_parallel
from orchestration.files import FILE_MODE, FOLDER_MODE, make_folder, sha256, sync, sync_folder
from orchestration.quality import page
from orchestration.register.register import Register
from orchestration.release import diff, hold, revisions, store
from orchestration.release.trace import FOLDER
from orchestration.release.trace import keep as keep_contributions
from orchestration.settings import Settings
from orchestration.sql import text
from orchestration.transform.controle import Controle
from orchestration.transform.dbt import Contributions
from orchestration.transform.steps import write_json

PAGE = Path("intern") / "controles.html"
"""The page of results, for people; ``kwaliteit.controles`` has the same rows."""

SCHEMAS = ("facts", "marts", "kwaliteit")
"""What a release holds. Staging, intermediate and history stay in the build."""


def write_release(
    settings: Settings,
    con: duckdb.DuckDBPyConnection,
    controles: list[Controle],
    code_versie: str,
    descriptions: dict[str, dict[str, str]],
    moment: datetime | None = None,
    contributions: Contributions | None = None,
    public: Callable[[Path, dict[str, Any]], dict[str, Any] | None] | None = None,
) -> dict[str, Any]:
    """Make a release folder of the build attached to ``con`` as ``veilig_thuis`` and return its ``release.json``.

    The folder gets its final name when it is whole; ``current`` is not touched. Database, Parquet and ``release.json`` are written with
    the rights of their owner alone (folder mode 0700): the figures in it are exact. ``descriptions`` are the texts of tables and columns.
    With ``contributions`` the release can be traced (``release.trace``); ``public`` puts what leaves beside the database.
    """
    moment = moment or datetime.now(UTC)
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
        revisions.table(con, settings, "uitgave.kwaliteit.herzieningen")
        aansluiting = dict(con.execute("select oordeel, count(*) from uitgave.kwaliteit.aansluiting group by all").fetchall())
        facts = {
            "release": release,
            "vorige_release": previous,
            "gemaakt_op": moment.isoformat(timespec="seconds"),
            "organisatie": settings.organisatie,
            "omgeving": settings.omgeving.value,
            "peildatum": peildatum.isoformat(),
            "levering": levering,
            "code_versie": code_versie,
        }
        _write_release_row(con, facts)
        rows = _write_parquet(settings, con, folder / "intern" / "parquet")
        if contributions:
            keep_contributions(con, folder / FOLDER, contributions)
    finally:
        con.execute("detach uitgave")
    leaves = public(folder / store.DATABASE, facts) if public else None
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
    for path in folder.rglob("*"):  # DuckDB and others made some of it, by the umask of the process
        path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)
    sync(folder)
    folder.rename(settings.releases / release)
    sync_folder(settings.releases)
    return content


def _after_all(settings: Settings, moment: datetime) -> datetime:
    """``moment``, or a second after the newest release when the clock was set back: ids go up, whatever the clock does."""
    there = store.release_ids(settings)
    newest = datetime.strptime(there[-1].partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if there else moment
    return moment if not there or moment.replace(microsecond=0) > newest else newest + timedelta(seconds=1)


LEVERINGEN = "(from veilig_thuis.historie.leveringen where uitkomst = 'opgenomen')"


def _copy_table(con: duckdb.DuckDBPyConnection, table: str, texts: dict[str, str]) -> None:
    """A table with its descriptions, in one write; ``texts`` by column, that of the table itself under the empty name."""
    on_table, on_column = "comment on table uitgave.{}{} is {};", 'comment on column uitgave.{}."{}" is {};'
    comments = "".join((on_column if c else on_table).format(table, c, text(told)) for c, told in texts.items())
    con.execute(f"begin; create table uitgave.{table} as from veilig_thuis.{table}; {comments} commit")


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
    con.execute("set preserve_insertion_order = false")
    con.execute("set checkpoint_threshold = '1TB'")  # once, beside the writing of Parquet, not after each small table
    tables = [f"{schema}.{name}" for schema, name in relations]
    in_parallel(con, [partial(_copy_table, table=t, texts=descriptions.get(t, {})) for t in tables], settings.threads)


def _write_controles(con: duckdb.DuckDBPyConnection, controles: list[Controle]) -> None:
    con.execute(
        """
        create table uitgave.kwaliteit.controles (
            naam varchar, uitgevoerd_met varchar, onderwerp varchar, uitkomst varchar, ernst varchar, aantal bigint, toelichting varchar
        )
        """
    )
    con.execute("comment on table uitgave.kwaliteit.controles is 'Een rij per controle van deze verversing, met uitkomst'")
    names = ("naam", "uitgevoerd_met", "onderwerp", "uitkomst", "ernst", "aantal", "toelichting")
    columns = [[getattr(c, name) for c in controles] for name in names]
    con.execute(f"insert into uitgave.kwaliteit.controles select {', '.join(['unnest(?)'] * len(names))}", columns)


def _write_release_row(con: duckdb.DuckDBPyConnection, facts: dict[str, Any]) -> None:
    con.execute(
        """
        create table uitgave.kwaliteit.release as
        select ? as release, ? as vorige_release, cast(? as timestamptz) as gemaakt_op, ? as organisatie, ? as omgeving,
            cast(? as date) as peildatum, cast(? as integer) as levering, ? as code_versie
        """,
        list(facts.values()),
    )
    con.execute("comment on table uitgave.kwaliteit.release is 'Deze release: een rij'")


def _write_parquet(settings: Settings, con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """A file of each table; returns the rows of each, by ``schema.table``."""
    names = "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'uitgave' order by estimated_size desc, 1"
    tables = [name for (name,) in con.execute(names).fetchall()]
    for schema in SCHEMAS:
        (folder / schema).mkdir(exist_ok=True)

    def write(own: duckdb.DuckDBPyConnection, table: str) -> int:
        path = folder / f"{table.replace('.', '/')}.parquet"
        (count,) = duck.row(own, f"copy uitgave.{table} to {text(path)} (format parquet, compression zstd)")
        return int(count)

    def checkpoint(own: duckdb.DuckDBPyConnection) -> int:
        own.execute("checkpoint uitgave")  # what detaching would do afterwards, on its own
        return 0

    tasks: list[Callable[[duckdb.DuckDBPyConnection], int]] = [checkpoint, *(partial(write, table=table) for table in tables)]
    _, *counts = in_parallel(con, tasks, settings.threads)
    return dict(sorted(zip(tables, counts, strict=True)))


def _hashes(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): sha256(path) for path in sorted(p for p in folder.rglob("*") if p.is_file())}
