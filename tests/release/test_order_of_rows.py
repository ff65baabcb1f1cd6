"""The Parquet file of the long table has its rows in the order of the table, whatever is said of its indicators."""

from pathlib import Path

import duckdb
import pytest

from orchestration.release.publish import PIECE, _rows_of_long


@pytest.mark.parametrize("doubted", [0, 60], ids=["of none", "of many"])
def test_rows_go_out_in_the_order_of_the_table(tmp_path: Path, doubted: int) -> None:
    path = tmp_path / "indicatoren.parquet"
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("attach ':memory:' as uitgave; create schema uitgave.opslag; create schema uitgave.kwaliteit")
        con.execute("create type uitgave.opslag.codes as enum (select 'i' || n from range(60) t(n))")
        con.execute(
            "create table uitgave.opslag.indicatoren as select ('i' || n % 60)::uitgave.opslag.codes as indicator, n::double as waarde "
            "from range(2000000) t(n)"
        )
        con.execute("create table uitgave.kwaliteit.release as select date '2024-12-31' as peildatum")
        con.execute(
            "create table uitgave.kwaliteit.indicatoren as select 'i' || n as indicator, "
            f"case when n < {doubted} then 'odd' end as kwaliteit_reden from range(60) t(n)"
        )
        con.execute(f"copy {_rows_of_long(con)} to '{path}' (format parquet, row_group_size {PIECE})")
        rows = f"read_parquet('{path}', file_row_number = true)"
        assert con.execute(f"select count(*), count(*) filter (waarde <> file_row_number) from {rows}").fetchone() == (2000000, 0)
        assert con.execute(f"select count(kwaliteit_reden) > 0 from {rows}").fetchone() == (doubted > 0,)
