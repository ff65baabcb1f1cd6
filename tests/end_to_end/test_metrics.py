"""MetricFlow says of the release what the long table says: each metric, by month, quarter, half-year and year, area and breakdown."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.release import store
from orchestration.settings import PROJECT
from orchestration.transform import metrics
from orchestration.transform.catalogue import TOTAL, Indicator, indicators
from tests.end_to_end.conftest import Chain

PYTHON = PROJECT / ".venv" / "metricflow" / "bin" / "python"

PERIODS = {"maand": "metric_time__month", "kwartaal": "metric_time__quarter", "halfjaar": "periode__halfjaar", "jaar": "metric_time__year"}
AREAS = {"regio": None, "gemeente": "gebied__gemeente", "stadsdeel": "gebied__stadsdeel"}
OF_BREAKDOWNS = [("maand", "gemeente"), ("kwartaal", "stadsdeel"), ("jaar", "regio"), ("jaar", "gemeente")]
"""In which of them breakdowns are asked for: MetricFlow needs a tenth of a second for a question."""


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
            for period, area in [(p, a) for p in PERIODS for a in AREAS] if breakdown == TOTAL else OF_BREAKDOWNS:
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


def ask(database: Path, asked: list[dict[str, Any]], folder: Path) -> Path:
    """The answers to all questions, in a file of their number, period, area, category and figure."""
    names = {
        "VT_RELEASE_DATABASE": str(database),
        "DBT_PROJECT_DIR": str(metrics.FOLDER),
        "DBT_PROFILES_DIR": str(metrics.FOLDER),
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


def differences(database: Path, asked: list[dict[str, Any]], folder: Path) -> tuple[int, list[tuple[Any, ...]]]:
    """How many figures MetricFlow tells, and which are not those of the long table: too few, too many, or another."""
    (folder / "questions.json").write_text(json.dumps(asked))
    answers = ask(database, asked, folder)
    with duckdb.connect() as con:
        con.execute(f"attach '{database}' as vt (read_only)")
        con.execute("set variable questions = ?", [str(folder / "questions.json")])
        con.execute("set variable answers = ?", [str(answers)])
        return answers.read_text().count("\n"), con.execute(DIFFERENCES).fetchall()


def test_a_metric_is_the_figure_of_the_long_table(installed: None, base: Chain, tmp_path: Path) -> None:
    asked = questions()
    told, other = differences(base.home / "releases" / "current" / store.DATABASE, asked, tmp_path)
    assert not other, f"{len(other)} of {told}: {other[:20]}"
    assert told > 50_000
    indicator_codes = {i.code for i in indicators().values() if not metrics.left_out(i)}
    assert {q["indicator"] for q in asked} == indicator_codes
