"""MetricFlow says of the release what the long table says: each metric, by month, quarter, half-year and year, area and breakdown."""

import json
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.cli.metrics import metrics as cli_metrics
from orchestration.errors import UserError
from orchestration.release import store
from orchestration.settings import PROJECT
from orchestration.transform import metrics
from orchestration.transform.catalogue import TOTAL, Indicator, indicators
from tests.end_to_end.conftest import Chain

PYTHON = PROJECT / ".venv" / "metricflow" / "bin" / "python"

pytestmark = pytest.mark.xdist_group("bad_nights")

PERIODS = {"maand": "metric_time__month", "kwartaal": "metric_time__quarter", "halfjaar": "periode__halfjaar", "jaar": "metric_time__year"}
AREAS = {"regio": None, "gemeente": "gebied__gemeente", "stadsdeel": "gebied__stadsdeel"}
OF_TOTALS = [("maand", "stadsdeel"), ("kwartaal", "gemeente"), ("halfjaar", "regio"), *(("jaar", area) for area in AREAS)]
OF_BREAKDOWNS = [("maand", "gemeente"), ("jaar", "stadsdeel")]
"""Of which periods and areas is asked: a question takes MetricFlow some two tenths of a second."""


@pytest.fixture(scope="module")
def installed() -> None:
    if not PYTHON.exists() and "CI" not in os.environ:
        pytest.skip("MetricFlow is an environment of its own: make metrics")


def questions() -> list[dict[str, Any]]:
    """Each metric, by each kind of period and area that it has."""
    found = []
    for indicator in indicators().values():
        for breakdown in indicator.uitsplitsingen:
            if metrics.without(indicator, breakdown):
                continue
            for period, area in OF_TOTALS if breakdown == TOTAL else OF_BREAKDOWNS:
                if not (period == "halfjaar" and indicator.soort == "voorraad"):
                    found.append(_question(indicator, breakdown, period, area))
    return found


def _question(indicator: Indicator, breakdown: str, period: str, area: str) -> dict[str, Any]:
    # of a metric by sums the category comes by itself
    category = metrics.dimension(indicator) + breakdown if breakdown != TOTAL and indicator.code in metrics.COUNTED else None
    where = [f"{{{{ Dimension('{name}') }}}} is not null" for name in (AREAS[area] if area == "stadsdeel" else None, category) if name]
    return {
        "indicator": indicator.code,
        "soort": indicator.soort,
        "categorie_soort": breakdown,
        "periode_soort": period,
        "gebied_soort": area,
        "metric": metrics.metric(indicator, breakdown),
        "period": PERIODS[period],
        "area": AREAS[area],
        "category": category,
        "where": where,
    }


def ask(database: Path, asked: list[dict[str, Any]], folder: Path, project: Path = metrics.FOLDER) -> Path:
    """The answers to all questions, in a file of their number, period, area, category and figure."""
    names = {
        "VT_RELEASE_DATABASE": str(database),
        "DBT_PROJECT_DIR": str(project),
        "DBT_PROFILES_DIR": str(project),
        "DBT_LOG_PATH": str(folder),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
    }
    command = [str(PYTHON), str(PROJECT / "tests" / "lib" / "ask_metrics.py")]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, env={**os.environ, **names}, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    path = folder / "answers.csv"
    path.write_text(done.stdout)
    return path


DIFFERENCES = """
with questions as (
    select row_number() over () - 1 as number, * from read_json(getvariable('questions'))
),

told as (
    select number, try_cast(period as date) as periode_start, period as periode, area, category, value
    from read_csv(
        getvariable('answers'),
        header = false,
        nullstr = '',
        columns = {number: 'bigint', period: 'varchar', area: 'varchar', category: 'varchar', value: 'double'}
    )
),

expected as (
    select
        questions.number,
        case when questions.periode_soort = 'halfjaar' then cijfers.periode else cast(cijfers.periode_start as varchar) end as periode,
        case when questions.gebied_soort != 'regio' then cijfers.gebied end as area,
        nullif(cijfers.categorie, '') as category,
        cijfers.waarde
    from questions
    inner join vt.marts.indicatoren as cijfers
        on
            questions.indicator = cijfers.indicator
            and questions.categorie_soort = cijfers.categorie_soort
            and questions.periode_soort = cijfers.periode_soort
            and (questions.gebied_soort = cijfers.gebied_soort or (questions.gebied_soort = 'gemeente' and cijfers.gebied_soort = 'buiten'))
    where
        not cijfers.voorlopig
        and cijfers.periode_start >= (select min(periode_start) from vt.marts.dim_periode where periode_soort = 'maand' and volledig)
        -- where no row of a fact counts, the long table has a nought or an empty figure and MetricFlow nothing
        and (questions.soort not in ('mediaan', 'p90') or cijfers.waarde is not null)
        and (questions.soort != 'uniek' or cijfers.waarde != 0)
),

compared as (
    select
        coalesce(expected.number, told.number) as number,
        coalesce(expected.periode, cast(told.periode_start as varchar), told.periode) as periode,
        coalesce(expected.area, told.area) as area,
        coalesce(expected.category, told.category) as category,
        expected.number is null as extra,
        told.number is null as missing,
        expected.waarde,
        told.value
    from expected
    full outer join told
        on
            expected.number = told.number
            and expected.periode = coalesce(cast(told.periode_start as varchar), told.periode)
            and expected.area is not distinct from told.area
            and expected.category is not distinct from told.category
)

select questions.metric, questions.periode_soort, questions.gebied_soort, compared.* exclude (number)
from compared
inner join questions on compared.number = questions.number
where
    compared.extra
    or compared.missing
    or (compared.waarde is null) != (compared.value is null)
    or abs(compared.waarde - compared.value) > 1e-9 * greatest(1, abs(compared.waarde))
"""


def differences(
    database: Path, asked: list[dict[str, Any]], folder: Path, project: Path = metrics.FOLDER
) -> tuple[int, list[tuple[Any, ...]]]:
    """How many figures MetricFlow tells, and which are not those of the long table: too few, too many, or another."""
    (folder / "questions.json").write_text(json.dumps(asked))
    answers = ask(database, asked, folder, project)
    with duckdb.connect() as con:
        con.execute(f"attach '{database}' as vt (read_only)")
        con.execute("set variable questions = ?", [str(folder / "questions.json")])
        con.execute("set variable answers = ?", [str(answers)])
        return answers.read_text().count("\n"), con.execute(DIFFERENCES).fetchall()


@pytest.fixture(scope="module")
def running(installed: None, base: Chain, small: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """A release in whose peildatum a month is running, and so all that is longer."""
    chain = base.copy(tmp_path_factory.mktemp("metrics") / "vt")
    shutil.copy(small[2], chain.home / "inbox")
    assert chain.refresh()["uitkomst"] == "gepubliceerd"
    return chain


@pytest.fixture(scope="module")
def database(running: Chain) -> Path:
    return running.home / "releases" / "current" / store.DATABASE


def test_a_metric_is_the_figure_of_the_long_table(database: Path, tmp_path: Path) -> None:
    asked = questions()
    assert {q["indicator"] for q in asked} == {i.code for i in indicators().values() if not metrics.left_out(i)}
    told, other = differences(database, asked, tmp_path)
    assert not other, f"{len(other)} of {told}: {other[:20]}"
    assert told > 100_000


FAULTS = [
    ("_metrics.yml", r"    non_additive_dimension:\n.*\n.*window_choice: max\n", "", ("vb_open", "jaar", "regio")),
    ("cijfers.sql", "and not voorlopig", "", ("meldingen", "maand", "stadsdeel")),
    ("veiligheidsbeoordelingen.sql", "inner join", "left join", ("vb_doorlooptijd_mediaan", "jaar", "regio")),
    ("gebieden.sql", "'buiten'", "''", ("meldingen", "kwartaal", "gemeente")),
    ("maanden.sql", "not voorlopig\n        and periode_start >=", "periode_start >=", ("diensten_open", "jaar", "stadsdeel")),
]
"""Text of a file, what stands there instead, and whose figure is another then: a stock added up, a running month, an open
assessment, an area that is missing, a running year."""


def test_a_fault_in_the_metrics_is_noticed(database: Path, tmp_path: Path) -> None:
    project = tmp_path / "metrics"
    shutil.copytree(metrics.FOLDER, project)
    for name, text, other, _ in FAULTS:
        path = project / "models" / name
        changed = re.sub(text, other, path.read_text())
        assert changed != path.read_text(), name
        path.write_text(changed)
    parse = [str(PYTHON.with_name("dbt")), "--quiet", "parse", "--project-dir", str(project), "--profiles-dir", str(project)]
    subprocess.run([*parse, "--log-path", str(tmp_path)], check=True)
    wrong = {fault[-1] for fault in FAULTS}
    asked = [q for q in questions() if q["categorie_soort"] == TOTAL and (q["indicator"], q["periode_soort"], q["gebied_soort"]) in wrong]
    _, other = differences(database, asked, tmp_path, project)
    assert {row[:3] for row in other} == wrong


def test_a_question_as_a_user_asks_it(running: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as outside:
        outside.setblocking(False)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{outside.getsockname()[1]}")
        running.vt("metrics", "query", "--metrics", "vb_open", "--group-by", "metric_time__year", "--csv", str(tmp_path / "stock.csv"))
        with pytest.raises(BlockingIOError):
            outside.accept()  # mf itself asks for newer versions
    stock = duckdb.read_csv(str(tmp_path / "stock.csv")).order("metric_time__year").fetchall()
    with duckdb.connect(str(running.home / "releases" / "current" / store.DATABASE), read_only=True) as con:
        assert (
            stock
            == con.execute(
                "select cast(periode_start as timestamp), cast(waarde as bigint) from marts.indicatoren where indicator = 'vb_open' "
                "and periode_soort = 'jaar' and gebied_soort = 'regio' and categorie_soort = '' order by all"
            ).fetchall()
        )


def test_without_metricflow_a_user_is_told_what_installs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("orchestration.cli.metrics.PROJECT", tmp_path)
    with pytest.raises(UserError, match="make metrics"):
        cli_metrics([])
