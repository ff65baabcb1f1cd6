"""What leaves: the same keys whatever the data, four statuses, values from published counts alone."""

import re
from pathlib import Path

import duckdb
import pandas
import pytest

from orchestration.disclosure import beside, database, publish
from orchestration.disclosure.whole import Publication
from orchestration.duck import texts
from orchestration.standing import CAREFUL, GOOD, STALE, STALE_REASON
from tests.lib.published import as_cells
from tests.lib.small_publication import PARAMETERS, rows, rules, world

KEY = "indicator, categorie_soort, categorie, gebied_soort, gebied, periode_soort, periode"


@pytest.fixture
def table(written: Path) -> duckdb.DuckDBPyRelation:
    return duckdb.read_parquet(str(written / publish.PARQUET))


def test_the_grid_is_whole_whatever_occurs(small: Publication, written: Path, tmp_path: Path) -> None:
    few, fewer = rows(9, reports=40, transfers=20)
    with world(few, fewer) as con:
        other = Publication.of(con, rules(), PARAMETERS, [], "marts", None)
        other.write(other.protect(prune=False), tmp_path)
    one, two = (duckdb.read_parquet(str(f / publish.PARQUET)).select(KEY).fetchall() for f in (written, tmp_path))
    assert one == two
    assert len(set(one)) == len(one)


def test_periods_that_run_and_areas_that_began_within_a_year_are_not_in_it(table: duckdb.DuckDBPyRelation) -> None:
    assert table.filter("periode = '2025'").fetchall() == []
    assert {p for (p,) in table.filter("gebied in ('EA', 'EA01', 'EA02')").select("periode").fetchall()} == {"2024"}
    assert {p for (p,) in table.filter("gebied = 'AA01'").select("periode").fetchall()} == {"2023", "2024"}
    assert {s for (s,) in table.filter("gebied = 'S' and periode = '2023'").select("status").fetchall()} == {publish.NONE}
    assert publish.NONE not in {s for (s,) in table.filter("gebied = 'S' and periode = '2024'").select("status").fetchall()}


def test_nothing_tells_nought_from_small_or_first_from_second(small: Publication, table: duckdb.DuckDBPyRelation) -> None:
    hidden = table.filter("status = 'onderdrukt' and eenheid = 'aantal'").select("waarde, teller, noemer, status").distinct().fetchall()
    assert hidden == [(None, None, None, publish.HIDDEN)]
    kinds = small.con.execute("select count(*) filter (waarde = 0), count(*) filter (waarde between 1 and 9) from cells").fetchone()
    assert kinds
    assert min(kinds) > 0
    assert {s for (s,) in table.select("status").distinct().fetchall()} <= set(publish.STATUSES)


def test_shares_follow_from_what_is_published(table: duckdb.DuckDBPyRelation) -> None:
    shares = (
        table.filter("indicator = 'aandeel_meldingen_professionals' and waarde is not null").select("waarde, teller, noemer").fetchall()
    )
    assert len(shares) > 5
    for value, above, below in shares:
        assert value == min(100, round(100 * above / below + 1e-9))
    hidden = table.filter("indicator like 'aandeel%' and waarde is null").select("teller, noemer, status").fetchall()
    assert hidden
    assert all(a is None or b is None for a, b, _ in hidden)
    rates = table.filter("indicator = 'meldingen_per_1000_huishoudens' and gebied = 'GM0363'").select("waarde, teller, noemer").fetchall()
    assert [(v, n) for v, t, n in rates] == [(t, None) for v, t, n in rates]  # of a thousand households


def test_what_has_no_households_is_missing(table: duckdb.DuckDBPyRelation) -> None:
    found = (
        table.filter("indicator = 'meldingen_per_1000_huishoudens' and gebied = 'S'")
        .select("periode, waarde, status")
        .order("1")
        .fetchall()
    )
    assert found == [("2023", None, publish.NONE), ("2024", None, publish.MISSING)]


def test_a_mean_is_of_thirty_and_a_median_of_a_hundred(small: Publication, table: duckdb.DuckDBPyRelation) -> None:
    found = dict(table.filter("indicator = 'vb_doorlooptijd_gemiddeld'").select("gebied || ' ' || periode, waarde").fetchall())
    of = dict(
        small.con.execute("select gebied || ' ' || periode, noemer from truths where indicator = 'vb_doorlooptijd_gemiddeld'").fetchall()
    )
    for key, value in found.items():
        assert (value is not None) == (of.get(key, 0) >= 28), key
        assert value is None or value == round(value, 1)
    assert None in found.values()
    assert set(found.values()) != {None}
    medians = table.filter("indicator = 'vb_doorlooptijd_mediaan' and waarde is not null").select("periode").fetchall()
    assert {p for (p,) in medians} == {k.split()[1] for k, n in of.items() if k.startswith("REGIO") and n >= 98}
    assert PARAMETERS.base == 5


def test_a_waiting_time_is_of_a_hundred_that_came_in(small: Publication, table: duckdb.DuckDBPyRelation, tmp_path: Path) -> None:
    """Who still waits counts too. Where so many wait that it is not reached, nothing is shown, as where it is of too few."""
    came_in = "indicator = 'meldingen' and gebied = 'REGIO' and categorie_soort = ''"
    of = dict(small.con.execute(f"select periode, waarde from truths where {came_in}").fetchall())
    waits = small.con.execute("select indicator, periode, waarde from truths where indicator like 'wachttijd%'").fetchall()
    true = {(indicator, period): value for indicator, period, value in waits}
    found = table.filter("indicator like 'wachttijd%'").select("indicator, periode, waarde, teller, noemer, status").fetchall()
    assert {p for _, p, *_ in found} == {"2023", "2024", *(f"{y}-Q{q}" for y in (2023, 2024) for q in range(1, 5))}
    for indicator, period, *told in found:
        value = true[indicator, period] if of[period] >= 98 else None
        assert told == [value, None, None, publish.HIDDEN if value is None else publish.PUBLISHED], (indicator, period)
    assert {told[0] is None for _, period, *told in found if of[period] >= 98} == {False, True}, "one is not reached, others are"
    assert any(of[period] < 98 and true[indicator, period] is not None for indicator, period, *_ in found), "one is of too few"
    few, fewer = rows(9, reports=150, transfers=20)
    with world(few, fewer) as con:
        other = Publication.of(con, rules(), PARAMETERS, [], "marts", None)
        other.write(other.protect(prune=False), tmp_path)
    shown = duckdb.read_parquet(str(tmp_path / publish.PARQUET)).filter("indicator like 'wachttijd%' and waarde is not null")
    assert shown.fetchall() == []


def test_the_file_for_a_spreadsheet_has_the_same_rows_in_dutch_numbers(written: Path) -> None:
    """Read by pandas as a Dutch spreadsheet does: semicolons, decimal commas, UTF-8 by its mark; and every text is quoted."""
    sheet = pandas.read_csv(written / publish.CSV, sep=";", decimal=",", encoding="utf-8-sig", keep_default_na=False, dtype=str)
    parquet = pandas.read_parquet(written / publish.PARQUET)
    assert list(sheet.columns) == list(publish.COLUMNS)
    for name in publish.NUMBERS:
        as_numbers = pandas.to_numeric(sheet[name].str.replace(",", ".")).rename(name)
        pandas.testing.assert_series_equal(as_numbers, parquet[name].astype("float64"), check_exact=True)
    told = [c for c in publish.COLUMNS if c not in publish.NUMBERS]
    wanted = as_cells(duckdb.read_parquet(str(written / publish.PARQUET))).df()
    assert sheet[told].equals(wanted[told].astype(sheet[told].dtypes))
    _, *lines = (written / publish.CSV).read_text(encoding="utf-8-sig").splitlines()
    assert [line.count('"') / 2 for line in lines] == parquet[told].notna().sum(axis=1).tolist()
    assert any(re.search(r";\d+,\d+;", line) for line in lines)
    assert not any(re.search(r";\d+\.\d*;", line) for line in lines)


def test_the_database_says_what_the_file_says_and_explains_itself(written: Path) -> None:
    with duckdb.connect(str(written / publish.DATABASE), read_only=True) as con:
        same = f"(from {publish.TABLE} except all from read_parquet('{written / publish.PARQUET}'))"
        assert con.execute(f"select count(*) from {same}").fetchone() == (0,)
        told = texts(con, Path(publish.DATABASE).stem, publish.TABLE)
        assert "afgerond" in told.pop("")
        assert told == publish.COLUMNS
        assert con.execute("select count(*) from duckdb_columns() where comment is null and schema_name = 'publicatie'").fetchone() == (0,)


def test_what_stands_beside_a_figure_is_of_its_key(table: duckdb.DuckDBPyRelation) -> None:
    """The break of one figure in one area goes before that of the figure, and this before that of the area; where none is, nothing stands.

    The small world has a break of all in S in 2024, of reports by the police in 2024, and of these in GM0358.
    """
    by_police = "indicator = 'meldingen' and categorie = 'politie' and periode = '2024' and gebied in ('GM0358', 'REGIO', 'S')"
    assert dict(table.filter(by_police).select("gebied, vergelijkbaarheid").fetchall()) == {
        "GM0358": "gemeente_2024",
        "REGIO": "politie_2024",
        "S": "politie_2024",
    }
    of_weesp = table.filter("vergelijkbaarheid = 'weesp_2022'").select("gebied, periode, vergelijkbaarheid_reden").distinct().fetchall()
    assert of_weesp == [("S", "2024", "Weesp hoort erbij")]
    assert table.filter("periode_soort != 'jaar' and vergelijkbaarheid is not null").fetchall() == []
    assert table.filter("(vergelijkbaarheid is null) != (vergelijkbaarheid_reden is null)").fetchall() == []
    days = table.filter("periode = '2024-Q2'").select("periode_start, periode_eind, voorlopig").distinct().fetchall()
    assert [(str(a), str(b), c) for a, b, c in days] == [("2024-04-01", "2024-06-30", False)]
    assert set(table.select("indicator = 'overdrachten', kwaliteit, kwaliteit_reden").distinct().fetchall()) == {
        (False, GOOD, None),
        (True, CAREFUL, "Er wachten rijen in quarantaine"),
    }
    assert table.filter("categorie = 'politie'").select("categorie_naam").distinct().fetchall() == [("Politie",)]


@pytest.mark.parametrize(
    ("day", "stale"), [("current_date - 1", True), ("current_date", True), ("current_date + 1", False), ("null", False)]
)
def test_the_database_says_by_itself_when_it_is_out_of_date(written: Path, tmp_path: Path, day: str, stale: bool) -> None:
    parquet, path = tmp_path / "p.parquet", tmp_path / "d.duckdb"
    source = f"from read_parquet('{written / publish.PARQUET}')"
    duckdb.sql(f"copy (select * replace (({day})::date as verouderd_vanaf) {source}) to '{parquet}' (format parquet)")
    database.make(parquet, path, publish.STORED, publish.TABLE, publish.COLUMNS)
    with duckdb.connect(":memory:") as con:
        con.execute(f"attach '{path}' as elders (read_only)")
        found = set(con.execute(f"select distinct kwaliteit, kwaliteit_reden from elders.{publish.TABLE}").fetchall())
    waits = "Er wachten rijen in quarantaine"
    if stale:
        assert found == {(STALE, STALE_REASON), (STALE, f"{STALE_REASON}; {waits}")}
    else:
        assert found == {(GOOD, None), (CAREFUL, waits)}


def test_what_stands_beside_is_kept_for_the_audit_of_later(small: Publication, tmp_path: Path) -> None:
    small.keep(tmp_path / "kept.duckdb")
    with duckdb.connect(str(tmp_path / "kept.duckdb"), read_only=True) as con:
        for table in beside.TABLES:
            kept = con.execute(f"from waarheid.{table} order by all").fetchall()
            assert kept == small.con.execute(f"from {table} order by all").fetchall() != []
