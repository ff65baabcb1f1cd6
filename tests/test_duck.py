"""How DuckDB is opened."""

from pathlib import Path

import duckdb

from orchestration.disclosure.whole import opened
from orchestration.duck import connect
from orchestration.settings import Settings


def test_no_connection_takes_a_file_that_was_written_anew_for_the_old_one(settings: Settings, tmp_path: Path) -> None:
    asked = "select current_setting('enable_external_file_cache')"
    database = tmp_path / "x.duckdb"
    duckdb.connect(str(database)).close()
    with connect(settings) as con:
        assert con.execute(asked).fetchone() == (False,)
    with opened(database) as con:
        assert con.execute(asked).fetchone() == (False,)
