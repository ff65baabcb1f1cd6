"""What leaves: the same keys whatever the data, four statuses, values from published counts alone."""

import re
from pathlib import Path

import duckdb
import pandas
import pytest

from orchestration.disclosure import publish
from orchestration.disclosure.whole import Publication
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


def test_the_file_for_a_spreadsheet_has_the_same_rows_in_dutch_numbers(written: Path) -> None:
    """Read by pandas as a Dutch spreadsheet does: semicolons, decimal commas, UTF-8 by its mark; and every text is quoted."""
    sheet = pandas.read_csv(written / publish.CSV, sep=";", decimal=",", encoding="utf-8-sig", keep_default_na=False, dtype=str)
    parquet = pandas.read_parquet(written / publish.PARQUET)
    assert list(sheet.columns) == list(publish.COLUMNS)
    for name in ("waarde", "teller", "noemer"):
        as_numbers = pandas.to_numeric(sheet[name].str.replace(",", ".")).rename(name)
        pandas.testing.assert_series_equal(as_numbers, parquet[name].astype("float64"), check_exact=True)
    texts = [c for c in publish.COLUMNS if c not in ("waarde", "teller", "noemer")]
    assert sheet[texts].equals(parquet[texts])
    _, *lines = (written / publish.CSV).read_text(encoding="utf-8-sig").splitlines()
    assert all(line.count('"') == 2 * len(texts) for line in lines)
    assert any(re.search(r";\d+,\d+;", line) for line in lines)
    assert not any(re.search(r";\d+\.\d*;", line) for line in lines)


def test_the_database_says_what_the_file_says_and_explains_itself(written: Path) -> None:
    with duckdb.connect(str(written / publish.DATABASE), read_only=True) as con:
        same = f"(from {publish.TABLE} except all from read_parquet('{written / publish.PARQUET}'))"
        assert con.execute(f"select count(*) from {same}").fetchone() == (0,)
        told = con.execute("select comment from duckdb_tables()").fetchone()
        assert told
        assert "afgerond" in told[0]
        assert con.execute("select count(*) from duckdb_columns() where comment is null and schema_name = 'publicatie'").fetchone() == (0,)
