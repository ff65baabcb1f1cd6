"""DuckDB as the whole project opens it: no network, no automatic extensions, encrypted spill files, Amsterdam time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import files
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from orchestration.files import make_folder
from orchestration.settings import Settings
from orchestration.sql import text

T = TypeVar("T")

TIME_ZONE = "Europe/Amsterdam"

FRESH = {"enable_external_file_cache": "false"}
"""DuckDB keeps what it read of a file, and takes a file that was written anew within the second, of the same size, for the old one."""


@cache
def extension(package: str) -> str:
    """The path of an extension: where its wheel put it, never from a download site."""
    return str(next(f for f in files(package) or [] if f.name.endswith(".duckdb_extension")).locate())


def httpfs() -> str:
    """The path of the extension whose OpenSSL writes encrypted files."""
    return extension("duckdb-extension-httpfs")


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """A connection on memory that can read and write encrypted files."""
    spill = make_folder(settings.root / "tmp")
    con = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            **FRESH,
            "memory_limit": settings.geheugen,
            "threads": settings.threads,
            "temp_directory": str(spill),
            "temp_file_encryption": "true",
        }
    )
    con.execute(f"load {text(httpfs())}")
    con.execute("set enable_progress_bar = false")
    con.execute(f"set global TimeZone = '{TIME_ZONE}'")  # of every connection to it: each statement side by side has one of its own
    return con


def row(con: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> tuple[Any, ...]:
    """The first row that a query or statement gives; for those that give one."""
    found: tuple[Any, ...] | None = con.execute(query, parameters).fetchone()
    assert found is not None
    return found


def number(con: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> int:
    """The one whole number that a query gives, or a statement: of ``copy`` and ``insert`` the rows."""
    return int(row(con, query, parameters)[0])


def texts(con: duckdb.DuckDBPyConnection, database: str, table: str) -> dict[str, str]:
    """The comments on a table or view (``schema.name``) and its columns, by column, in their order; its own under the empty name."""
    return all_texts(con, database).get(table, {})


def all_texts(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, dict[str, str]]:
    """``texts`` of every table and view that has any, by its name: to look through a catalog takes longer than to read it all."""
    found: dict[str, dict[str, str]] = {}
    for table, column, comment in con.execute(
        """
        select name, kolom, comment from (
            select database_name, schema_name || '.' || table_name as name, '' as kolom, -1 as plaats, comment from duckdb_tables()
            union all select database_name, schema_name || '.' || view_name, '', -1, comment from duckdb_views()
            union all select database_name, schema_name || '.' || table_name, column_name, column_index, comment from duckdb_columns()
        ) where database_name = $database and comment is not null order by name, plaats
        """,
        {"database": database},
    ).fetchall():
        found.setdefault(table, {})[column] = comment
    return found


def attach_build(con: duckdb.DuckDBPyConnection, settings: Settings, key: bytes, path: Path | None = None) -> None:
    """Attach the encrypted build file as ``veilig_thuis`` (``path`` for another file than the usual one)."""
    target = path or settings.build_db
    make_folder(target.parent)
    con.execute(f"attach {text(target)} as veilig_thuis (encryption_key '{key.hex()}')")


def in_parallel(con: duckdb.DuckDBPyConnection, tasks: Sequence[Callable[[duckdb.DuckDBPyConnection], T]], threads: int) -> list[T]:
    """Several independent statements at once: most tables are too small for DuckDB to part by itself. Results in the order of ``tasks``.

    Each gets a connection of its own to the database of ``con``; they share its tables. All are run to their end; then the error of the
    first that failed, in their order, is raised.
    """

    def run(task: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        with con.cursor() as own:
            return task(own)

    if len(tasks) == 1 or threads == 1:
        return [task(con) for task in tasks]
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(run, task) for task in tasks]
    return [future.result() for future in futures]
