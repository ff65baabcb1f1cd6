"""What reads a release: types and texts that arrive in pandas, polars and pyarrow, and nothing that facts need not tell."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

from orchestration.landing.store import ORIGIN
from orchestration.release import publish, store
from tests.end_to_end.conftest import Chain

pytestmark = pytest.mark.xdist_group("demo")

SHOWN = "schema_name in ('facts', 'marts', 'kwaliteit')"
BY_YEAR = [
    ("indicator", "==", "meldingen"),
    ("periode_soort", "==", "jaar"),
    ("gebied_soort", "==", "gemeente"),
    ("categorie_soort", "==", ""),
]
"""One indicator by year and gemeente, as pandas and pyarrow filter."""


@pytest.fixture(scope="module")
def release(demo: tuple[Chain, dict[str, Any]]) -> Path:
    return (demo[0].home / "releases" / "current").resolve()


@pytest.fixture(scope="module")
def con(release: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(release / store.DATABASE), read_only=True) as opened:
        yield opened


def parquet(release: Path, table: str) -> Path:
    return release / "intern" / "parquet" / f"{table.replace('.', '/')}.parquet"


def test_text_is_text_in_every_table(con: duckdb.DuckDBPyConnection) -> None:
    """In every table that readers are told of: the one below the long table is what they need not look at."""
    kinds = {k for (k,) in con.execute(f"select distinct data_type from duckdb_columns() where {SHOWN}").fetchall()}
    assert {"VARCHAR", "DATE", "BIGINT", "DOUBLE"} <= kinds
    assert not {k for k in kinds if k.startswith("ENUM")}


def test_every_table_and_column_says_what_it_is(con: duckdb.DuckDBPyConnection) -> None:
    silent = f"""
        select schema_name || '.' || table_name from duckdb_tables() where coalesce(comment, '') = ''
        union all select schema_name || '.' || view_name from duckdb_views() where coalesce(comment, '') = '' and not internal
        union all select schema_name || '.' || table_name || '.' || column_name from duckdb_columns() where coalesce(comment, '') = ''
        and {SHOWN}
    """
    assert con.execute(silent).fetchall() == []
    (columns,) = con.execute(f"select count(*) from duckdb_columns() where {SHOWN}").fetchone() or (0,)
    assert columns > 400


def test_facts_tell_no_line_of_a_delivery_no_moment_and_no_order_of_registration(con: duckdb.DuckDBPyConnection, release: Path) -> None:
    told = con.execute(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'facts' and (list_contains(?, column_name) "
        "or data_type like 'TIME%')",
        [list(ORIGIN)],
    ).fetchall()
    assert told == []
    for (table,) in con.execute("select table_name from duckdb_tables() where schema_name = 'facts'").fetchall():
        rows = con.execute(f"from facts.{table}").fetchall()
        assert rows == con.execute(f"from facts.{table} order by all").fetchall(), table
        assert duckdb.execute("from read_parquet(?)", [str(parquet(release, f"facts.{table}"))]).fetchall() == rows


def test_parquet_has_the_texts_of_the_table(con: duckdb.DuckDBPyConnection, release: Path) -> None:
    tables = f"select schema_name, table_name, comment from duckdb_tables() where {SHOWN}"
    views = f"select schema_name, view_name, comment from duckdb_views() where {SHOWN}"
    for schema, table, comment in con.execute(f"{tables} union all {views}").fetchall():
        kept = pyarrow.parquet.read_metadata(parquet(release, f"{schema}.{table}")).metadata
        columns = con.execute(
            "select 'kolom.' || column_name, comment from duckdb_columns() where schema_name = ? and table_name = ?", [schema, table]
        ).fetchall()
        texts = {key.decode(): value.decode() for key, value in kept.items() if key == b"tabel" or key.startswith(b"kolom.")}
        assert texts == {"tabel": comment, **dict(columns)}


def test_a_reader_of_one_indicator_reads_one_piece(release: Path) -> None:
    """By the statistics of the file: few of its many pieces can hold it; and all is in the order that is said."""
    path = parquet(release, publish.LONG)
    content = pyarrow.parquet.read_metadata(path)
    wanted = 0
    for piece in range(content.num_row_groups):
        columns = {c.path_in_schema: c.statistics for c in (content.row_group(piece).column(i) for i in range(content.num_columns))}
        wanted += all(columns[name].min <= value <= columns[name].max for name, _, value in BY_YEAR)
    assert content.num_row_groups > 300
    assert 1 <= wanted <= 8
    pieces = duckdb.execute(
        """
        select count(*), count(distinct (gebied_soort, periode_soort)) from (
            select gebied_soort, periode_soort, lag(gebied_soort || periode_soort) over (order by file_row_number) as before
            from read_parquet(?, file_row_number = true)
        ) where gebied_soort || periode_soort is distinct from before
        """,
        [str(path)],
    ).fetchone()
    assert pieces is not None and pieces[0] == pieces[1]


READ = """
import json, sys, pandas
frame = pandas.read_parquet(sys.argv[1], filters=[tuple(f) for f in json.loads(sys.argv[2])])
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
print(json.dumps({"rows": len(frame), "sum": float(frame["waarde"].sum()), "mib": peak}))
"""


def test_pandas_reads_one_indicator_in_little_memory(con: duckdb.DuckDBPyConnection, release: Path) -> None:
    """From the whole long table, in a process of its own; pandas and pyarrow by themselves take half of it."""
    path = str(parquet(release, publish.LONG))
    out = subprocess.run([sys.executable, "-c", READ, path, json.dumps(BY_YEAR)], capture_output=True, text=True, check=True)
    found = json.loads(out.stdout)
    where = " and ".join(f"{name} = '{value}'" for name, _, value in BY_YEAR)
    assert (found["rows"], found["sum"]) == con.execute(f"select count(*), sum(waarde) from {publish.LONG} where {where}").fetchone()
    assert found["mib"] <= 300


def test_the_file_up_to_stadsdeel_is_the_first_of_the_long_table(release: Path) -> None:
    small = str(release / "intern" / "parquet" / publish.UP_TO_STADSDEEL)
    assert {k for (k,) in duckdb.execute("select distinct gebied_soort from read_parquet(?)", [small]).fetchall()} == {
        "regio", "gemeente", "buiten", "stadsdeel",
    }  # fmt: skip
    (count,) = duckdb.execute("select count(*) from read_parquet(?)", [small]).fetchone() or (0,)
    assert count > 1_000_000
    first = [duckdb.execute(f"from '{path}' limit 1000").fetchall() for path in (small, parquet(release, publish.LONG))]
    assert first[0] == first[1]
    differ = "select * from '{}' where gebied_soort not in ('wijk', 'buurt') and indicator = 'meldingen'"
    one, two = differ.format(small), differ.format(parquet(release, publish.LONG))
    assert duckdb.execute(f"({one}) except all ({two}) union all (({two}) except all ({one}))").fetchall() == []


def test_days_and_whole_numbers_arrive_as_such(con: duckdb.DuckDBPyConnection, release: Path) -> None:
    """A date, a whole number that may be missing, a truth value: in pyarrow, polars and pandas."""
    path = parquet(release, "facts.fct_diensten")
    arrow = pyarrow.parquet.read_schema(path)
    kinds = {name: arrow.field(name).type for name in ("gestart_op", "dagen_na_besluit", "binnen_termijn", "dienst_soort")}
    assert kinds == {
        "gestart_op": pyarrow.date32(),
        "dagen_na_besluit": pyarrow.int64(),
        "binnen_termijn": pyarrow.bool_(),
        "dienst_soort": pyarrow.string(),
    }
    truth = con.execute(
        """select min(gestart_op), sum(dagen_na_besluit), count(*) - count(dagen_na_besluit), count(*) filter (binnen_termijn)
        from facts.fct_diensten"""
    ).fetchone()
    assert truth is not None and truth[2] > 0, "some have no number"
    in_polars = polars.read_parquet(path)
    assert [in_polars.schema[n] for n in kinds] == [polars.Date, polars.Int64, polars.Boolean, polars.String]
    days = in_polars["dagen_na_besluit"]
    assert (in_polars["gestart_op"].min(), days.sum(), days.null_count(), in_polars["binnen_termijn"].sum()) == truth
    in_pandas = pandas.read_parquet(path, dtype_backend="numpy_nullable")
    assert str(in_pandas["dagen_na_besluit"].dtype) == "Int64" and str(in_pandas["binnen_termijn"].dtype) == "boolean"
    found = (in_pandas["gestart_op"].min(), in_pandas["dagen_na_besluit"].sum(), in_pandas["dagen_na_besluit"].isna().sum())
    assert (*found, in_pandas["binnen_termijn"].sum()) == truth
