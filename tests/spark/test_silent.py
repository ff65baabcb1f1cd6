"""What differs between DuckDB and Spark without a word, each held to the macro or the form that ends it; without that it does differ."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.settings import PROJECT
from tests.lib.spark import ask, macro, spark_python

pytestmark = pytest.mark.xdist_group("spark")

Macro = Callable[..., str]


def _max_by(m: Macro) -> str:
    return f"select {m('laatste_volgens', 'w', 'n')} from (values (7, 1), (null, 2)) as t (w, n)"


def _count_if(m: Macro) -> str:
    return f"select {m('aantal_waar', 'w')} from (values (cast(null as boolean))) as t (w)"


def _day(moment: str) -> Callable[[Macro], str]:
    return lambda m: f"select {m('lokale_dag', 't')} from (select cast('{moment}' as timestamp with time zone) as t) as alle"


def _begin(m: Macro) -> str:
    return f"select cast({m('begin_van_dag', '2024-03-31')} = cast('2024-03-30 23:00:00+00:00' as timestamp with time zone) as string)"


def _minutes(m: Macro) -> str:
    ends = {"van": "00:30:00", "tot": "01:30:10"}
    inside = "select " + ", ".join(f"cast('2024-03-31 {t}+00:00' as timestamp with time zone) as {n}" for n, t in ends.items())
    return f"select {m('verstreken_minuten', 'van', 'tot')} from ({inside}) as alle"


CASES: dict[str, tuple[Callable[[Macro], str], str | None]] = {
    "the last value that there is": (_max_by, "7"),
    "how many, where nothing can be said": (_count_if, None),
    "summer: half past ten in UTC is the next day": (_day("2024-06-30 22:30:00+00:00"), "2024-07-01"),
    "winter: half past ten in UTC is that day": (_day("2024-01-31 22:30:00+00:00"), "2024-01-31"),
    "a day begins": (_begin, "true"),
    "an hour over a change of the clock": (_minutes, "60.166666666666664"),
    "weeks are no decimal": (lambda m: "select 10 / 7e0", "1.4285714285714286"),
    "whole numbers divide into a double": (lambda m: "select 10 / 7", "1.4285714285714286"),
    "29 February a year on": (lambda m: "select " + m("jaren_later", "date '2024-02-29'", 1), "2025-02-28"),
    "28 February a year back": (lambda m: "select " + m("jaren_eerder", "date '2025-02-28'", 1), "2024-02-28"),
    "days between": (lambda m: "select " + m("dagen_tussen", "date '2024-02-28'", "date '2024-03-01'"), "2"),
    "Sunday is 7": (lambda m: "select " + m("weekdag", "date '2024-06-30'"), "7"),
    "a month in text": (lambda m: "select " + m("als_maand", "date '2024-06-30'"), "2024-06"),
    "whole division": (lambda m: f"select {m('gehele_deling', '17', '5')}", "3"),
    "texts in order, once each": (
        lambda m: f"select {m('samengevoegd', 'w', verschillend=True)} from (values ('b'), ('a'), (null), ('b')) as t (w)",
        "a, b",
    ),
    "different ones": (lambda m: f"select {m('aantal_verschillende', 'w', 9)} from (values (3), (null), (3), (4)) as t (w)", "2"),
    "the same draws": (lambda m: f"select cast(sum(round(1000000 * lot)) as bigint) from ({m('loting', 1000, 1)}) as alle", None),
    "a product that runs": (
        lambda m: (
            f"select max(p) from (select {m('lopend_product', 'w', 'order by n')} as p from (values (1, 2e0), (2, 4e0)) as t (n, w)) as q"
        ),
        "8.0",
    ),
    "days in a row": (
        lambda m: f"select count(*) || ' ' || max(dag) from ({m('dagenreeks', '2024-02-28', '2024-03-02')}) as q",
        "3 2024-03-01",
    ),
    "empty ones last": (
        lambda m: (
            "select n from (select w, row_number() over (order by w nulls last) as n from (values (1), (null)) as t (w)) as q "
            "where w is null"
        ),
        "2",
    ),
    "columns as rows": (
        lambda m: (
            f"select max(kolom || waarde) from (select {m('per_kolom', ['a', 'b'], ['x', 'y'])} from (values (1e0, 2e0)) as t (x, y)) as q"
        ),
        "b2.0",
    ),
    "every column but one": (lambda m: f"select {m('alles_behalve', 'a')} from (values (1, 2)) as t (a, b)", "2"),
}
BARE = {
    "max_by": ("select max_by(w, n) from (values (7, 1), (null, 2)) as t (w, n)", [[None]]),
    "count_if": ("select count_if(w) from (values (cast(null as boolean))) as t (w)", [["0"]]),
    "decimal": ("select 10 / 7.0", [["1.428571"]]),
    "nulls": (
        "select n from (select w, row_number() over (order by w) as n from (values (1), (null)) as t (w)) where w is null",
        [["1"]],
    ),
    "grouping sets": ("select count(*) from (select 1 as a where false) as t group by grouping sets ((), (a))", []),
    "strict": ("select cast('drie' as integer)", "NumberFormatException"),
    "division by nothing": ("select 1 / 0", "ArithmeticException"),
}
"""What Spark gives where nothing is done about it."""

CELLS = [("'s-Graveland", "C:\\map\\nieuw"), (None, 'met "aanhaling"'), ("een\nregel", "x"), (" spatie ", "None")]
"""What stands in cells of a seed."""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spark_python()
    return tmp_path_factory.mktemp("spark")


@pytest.fixture(scope="module")
def answers(work: Path) -> dict[str, Any]:
    """What Spark says to every case, by its name; asked in one session."""
    cells = work / "met 'n aanhaling.csv"
    lines = [",".join("" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in row) for row in CELLS]
    cells.write_text("naam,opmerking,getal,dag\n" + "".join(f"{line},,\n" for line in lines), encoding="utf-8")
    other = work / "anders.csv"
    other.write_text("naam,opmerkingen\na,b\n", encoding="utf-8")
    wrong = work / "fout.csv"
    wrong.write_text("getal\ndrie\n", encoding="utf-8")

    def spark(name: str, *given: Any, **named: Any) -> str:
        return macro("spark", name, *given, **named)

    asked = {name: _for_spark(make(spark)) for name, (make, _) in CASES.items()} | {name: sql for name, (sql, _) in BARE.items()}
    asked["_database"] = "create database main"
    asked["_seed"] = macro(
        "", "spark_csv", "seed", str(cells), {"naam": "varchar", "opmerking": "varchar", "getal": "integer", "dag": "date"}
    )
    asked["cells"] = "select * from main.seed"
    asked["_other"] = macro("", "spark_csv", "other", str(other), {"naam": "varchar", "opmerking": "varchar"})
    asked["another name"] = "select * from main.other"
    asked["_wrong"] = macro("", "spark_csv", "wrong", str(wrong), {"getal": "integer"})
    asked["no number"] = "select * from main.wrong"
    return dict(zip(asked, ask(work, list(asked.values())), strict=True))


def _for_spark(sql: str) -> str:
    return sql.replace("timestamp with time zone", "timestamp")


@pytest.mark.parametrize("name", CASES)
def test_both_engines_give_the_same(name: str, answers: dict[str, Any]) -> None:
    def of_duckdb(macro_name: str, *given: Any, **named: Any) -> str:
        return macro("duckdb", macro_name, *given, **named)

    make, expected = CASES[name]
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'Europe/Amsterdam'")
        found = con.execute(make(of_duckdb)).fetchall()
    texts = [[None if value is None else str(value) for value in row] for row in found]
    assert answers[name] == texts
    if name != "the same draws":
        assert texts == [[expected]]


@pytest.mark.parametrize("name", BARE)
def test_without_it_spark_differs(name: str, answers: dict[str, Any]) -> None:
    assert answers[name] == BARE[name][1]


def test_cells_of_a_seed_arrive_as_they_are(answers: dict[str, Any]) -> None:
    assert answers["cells"] == [[*row, None, None] for row in CELLS]


def test_a_seed_that_is_not_of_its_columns_is_an_error(answers: dict[str, Any]) -> None:
    assert isinstance(answers["another name"], str)
    assert isinstance(answers["no number"], str)


def test_models_have_no_form_that_differs_without_a_word() -> None:
    """Decimals divide into decimals on Spark; a grand total of no rows is a row on DuckDB alone; macros stand for the rest."""
    forms = {
        "division by a decimal": re.compile(r"/ \d+\.\d+\b(?!e)"),
        "a function with a macro of its own": re.compile(r"\b(max_by|count_if|epoch_us|string_agg|strftime|to_years|isodow)\("),
        "the zone": re.compile(r"at time zone"),
        "a grand total alone": re.compile(r"group by (\{\{ per_gebied\(\) \}\}|grouping sets|cube|rollup)"),
    }
    folder = PROJECT / "dbt_project"
    files = [p for part in ("models", "macros", "tests") for p in (folder / part).rglob("*.sql") if p.name != "engines.sql"]
    found = [f"{p.name}: {what}" for p in files for what, form in forms.items() if form.search(p.read_text(encoding="utf-8"))]
    assert found == []
