"""Several independent statements at once on one database: most tables of a delivery are too small for DuckDB to part by itself."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import duckdb

from orchestration.duck import TIME_ZONE

T = TypeVar("T")


def in_parallel(con: duckdb.DuckDBPyConnection, tasks: Sequence[Callable[[duckdb.DuckDBPyConnection], T]], threads: int) -> list[T]:
    """The results of ``tasks``, in their order. Each gets a connection of its own to the database of ``con``; they share its tables.

    All are run to their end; then the error of the first that failed, in their order, is raised.
    """

    def run(task: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        with con.cursor() as own:
            own.execute(f"set TimeZone = '{TIME_ZONE}'")
            return task(own)

    if len(tasks) == 1 or threads == 1:
        return [task(con) for task in tasks]
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(run, task) for task in tasks]
    return [future.result() for future in futures]
