"""The batches that the suites are held against, read with DuckDB."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd

from orchestration.duck import TIME_ZONE
from orchestration.settings import Settings

BEGIN = date(2015, 1, 1)
"""Veilig Thuis exists since this day (Wmo 2015)."""


def landed_reports(settings: Settings, con: duckdb.DuckDBPyConnection, leveringen: list[int]) -> pd.DataFrame:
    """The reports as landed by these deliveries, deletions left out."""
    paths = [str(settings.landing / f"{n:08d}" / "meldingen.parquet") for n in leveringen]
    return con.execute(
        "select * exclude verwijderd from read_parquet(?, union_by_name = true) where not coalesce(verwijderd, false)", [paths]
    ).df()


def indicators(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """``marts.indicatoren`` of the attached build from stadsdeel up; decimals as doubles, which Great Expectations needs.

    The millions of rows below (wijk, buurt) come from the same models and are held by dbt's tests on the whole table.
    """
    return con.execute(
        """
        select * replace (cast(waarde as double) as waarde, cast(teller as double) as teller, cast(noemer as double) as noemer)
        from veilig_thuis.marts.indicatoren
        where gebied_soort not in ('wijk', 'buurt')
        """
    ).df()


def bounds(peildatum: date) -> dict[str, Any]:
    """The bounds that a run gives: first and last moment at which a report can have been received."""
    zone = ZoneInfo(TIME_ZONE)
    begin = datetime(BEGIN.year, BEGIN.month, BEGIN.day, tzinfo=zone)
    end = datetime(peildatum.year, peildatum.month, peildatum.day, tzinfo=zone) + timedelta(days=1)
    return {"begin": begin, "eind": end}
