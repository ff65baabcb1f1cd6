"""Questions to a release: every query of docs/question-table-query.md has an answer, and ``vt sql`` gives it."""

import json
import re

import duckdb
import pytest
from typer.testing import CliRunner, Result

from orchestration.cli import app
from orchestration.cli.sql import QueryError
from orchestration.release import store
from orchestration.settings import PROJECT, Settings

pytestmark = pytest.mark.xdist_group("uitgave")

ROW = re.compile(r"^\| (.+) \| (\w+) \| (\w+) \| `([\w.]+)` \| `(select .+)` \|$", re.MULTILINE)
QUESTIONS = ROW.findall((PROJECT / "docs" / "question-table-query.md").read_text())


def test_every_indicator_has_a_question_with_an_answer(released: Settings) -> None:
    with duckdb.connect(str(released.releases / "current" / store.DATABASE), read_only=True) as con:
        names = {n for (n,) in con.execute("select indicator_naam from marts.dim_indicator").fetchall()}
        assert {q[0] for q in QUESTIONS} == names
        answers = {q[0]: len(con.execute(q[4]).fetchall()) for q in QUESTIONS}
        found = {
            name: (areas, periods)
            for name, areas, periods in con.execute(
                "select indicator_naam::varchar, list(distinct gebied_soort::varchar), list(distinct periode_soort::varchar) "
                "from marts.indicatoren group by all"
            ).fetchall()
        }
    # this registration has no buurten: what goes down to them goes down to stadsdelen here, and a query on buurten gives nothing
    smallest, shortest = {"buurt": "stadsdeel"}, ("maand", "kwartaal", "halfjaar", "jaar")
    for name, area, period, _, query in QUESTIONS:
        areas, periods = found[name]
        lowest = next(a for a in ("buurt", "wijk", "stadsdeel", "gemeente", "regio") if a in areas)
        assert (smallest.get(area, area), period) == (lowest, next(p for p in shortest if p in periods)), name
        assert bool(answers[name]) is ("gebied_soort = 'buurt'" not in query), name


def vt_sql(settings: Settings, monkeypatch: pytest.MonkeyPatch, *args: str) -> Result:
    monkeypatch.setenv("VT_HOME", str(settings.root))
    return CliRunner().invoke(app, ["sql", *args])


def test_the_answer_as_a_table_as_csv_and_as_json(released: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "select vergelijkbaarheid, soort from marts.dim_vergelijkbaarheid order by volgorde limit 1"
    assert "noemer_ontbreekt" in vt_sql(released, monkeypatch, query).stdout
    assert vt_sql(released, monkeypatch, query, "--csv").stdout == "vergelijkbaarheid,soort\nnoemer_ontbreekt,noemer\n"
    assert json.loads(vt_sql(released, monkeypatch, query, "--json").stdout) == [
        {"vergelijkbaarheid": "noemer_ontbreekt", "soort": "noemer"}
    ]


def test_every_code_in_the_figures_has_its_reason(released: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    used = "select distinct vergelijkbaarheid::varchar as code from marts.indicatoren where vergelijkbaarheid is not null"
    without = f"select code from ({used}) where code not in (select vergelijkbaarheid from marts.dim_vergelijkbaarheid)"
    assert json.loads(vt_sql(released, monkeypatch, used, "--json").stdout)
    assert json.loads(vt_sql(released, monkeypatch, without, "--json").stdout) == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("select waarde from marts.indicatorn", "indicatoren"),
        ("delete from marts.dim_gebied", "read-only"),
        ("copy marts.dim_gebied to '/tmp/gebied.csv'", "disabled"),
        ("from read_csv('/etc/hostname')", "disabled"),
    ],
)
def test_a_release_is_read_only_and_alone(released: Settings, monkeypatch: pytest.MonkeyPatch, query: str, sentence: str) -> None:
    done = vt_sql(released, monkeypatch, query)
    assert isinstance(done.exception, QueryError)
    assert sentence in str(done.exception) and "docs/marts.md" in str(done.exception)
