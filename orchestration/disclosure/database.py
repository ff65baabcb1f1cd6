"""The DuckDB file of what leaves: its rows, and a view that shows them and says from a day on that they are out of date.

Made in a process of its own that has read nothing but the Parquet file: DuckDB leaves in its blocks what stood in memory before. Here that
is nothing but what is published; and uncompressed, the same table gives the same bytes.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.sql import text
from orchestration.standing import as_of_now


def make(parquet: Path, database: Path, stored: str, shown: str, texts: Mapping[str, str]) -> None:
    """Make ``database`` with the table ``stored`` and the view ``shown``; ``texts`` by column, that of the view under the empty name."""
    command = [sys.executable, "-m", __name__, str(parquet), str(database), stored, shown, json.dumps(dict(texts))]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


STALE = "current_date >= verouderd_vanaf"


def _copy(parquet: str, database: str, stored: str, shown: str, texts: Mapping[str, str]) -> None:
    now = ", ".join(f"{expression} as {column}" for column, expression in as_of_now(STALE).items())
    with duckdb.connect(database, config={"threads": "1"}) as con:
        con.execute("set force_compression = 'uncompressed'")
        con.execute(f"create schema {stored.partition('.')[0]}; create table {stored} as from read_parquet({text(parquet)})")
        con.execute(f"comment on table {stored} is {text(f'De rijen van {shown} zoals ze zijn opgeslagen; lees die')}")
        con.execute(f"create schema {shown.partition('.')[0]}; create view {shown} as select * replace ({now}) from {stored}")
        for column, told in texts.items():
            con.execute(f"comment on {f'column {shown}.{column}' if column else f'view {shown}'} is {text(told)}")


if __name__ == "__main__":
    _copy(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], json.loads(sys.argv[5]))
