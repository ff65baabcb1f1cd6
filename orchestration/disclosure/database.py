"""The DuckDB file of what leaves, made in a process of its own that has read nothing but the Parquet file.

DuckDB leaves in its blocks what stood in memory before. Here that is nothing but what is published; and uncompressed, the same table gives
the same bytes.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.sql import text


def make(parquet: Path, database: Path, table: str, texts: Mapping[str, str]) -> None:
    """Make ``database`` with ``table``; ``texts`` are by column, that of the table under the empty name."""
    command = [sys.executable, "-m", __name__, str(parquet), str(database), table, json.dumps(dict(texts))]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _copy(parquet: str, database: str, table: str, texts: Mapping[str, str]) -> None:
    with duckdb.connect(database, config={"threads": "1"}) as con:
        con.execute("set force_compression = 'uncompressed'")
        con.execute(f"create schema {table.partition('.')[0]}; create table {table} as from read_parquet({text(parquet)})")
        for column, told in texts.items():
            con.execute(f"comment on {f'column {table}.{column}' if column else f'table {table}'} is {text(told)}")


if __name__ == "__main__":
    _copy(sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))
