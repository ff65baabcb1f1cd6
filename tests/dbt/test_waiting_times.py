"""The waiting times of the warehouse beside those of two libraries of others (lifelines, statsmodels): test oracles, no part of it."""

import json
import os
import random
import subprocess
from collections.abc import Iterator

import duckdb
import pytest

from orchestration.settings import PROJECT
from orchestration.transform import dbt
from tests.lib.build import Build

pytestmark = pytest.mark.xdist_group("leeg")

TOOLS = PROJECT / ".venv" / "tools" / "bin" / "python"
KINDS = ("wachttijd_mediaan", "wachttijd_p90")
Cohort = list[tuple[int, int]]
"""Of each report the working days, and whether it was decided then (1) or still waits (0)."""


def cohorts() -> Iterator[Cohort]:
    """A thousand: of none and of one, all decided and none, with many ties, and of which hardly any was decided."""
    rng = random.Random(20241231)
    yield []
    yield [(3, 1)]
    yield [(3, 0)]
    for _ in range(997):
        size, longest, decided = (
            rng.choice((1, 2, 3, 5, 10, 40, 200)),
            rng.choice((1, 3, 10, 60, 250)),
            rng.choice((0, 0.05, 0.3, 0.5, 0.9, 1)),
        )
        yield [(rng.randint(0, longest), int(rng.random() < decided)) for _ in range(size)]


@pytest.fixture(scope="module")
def ours(empty: tuple[Build, dict[str, str]]) -> tuple[dict[int, list[tuple[float, float]]], dict[int, list[float | None]]]:
    """By cohort: the curve on the days that something was decided, and both waiting times; by the SQL that dbt makes of the model."""
    nodes = json.loads(dbt.MANIFEST.read_text())["nodes"]
    sql = nodes["model.veilig_thuis.int_cijfers_meldingen"]["compiled_code"]
    before, after = sql.split("wachttijden as (")
    assert "from overgebleven" in after
    curve = before.rstrip().rstrip(",") + " select figuur_id, werkdagen, deel from overgebleven where besloten > 0 and gebied_id = 1"
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as veilig_thuis; create schema veilig_thuis.intermediate; use veilig_thuis.intermediate")
        con.execute(
            "create table int_periode as select 1::smallint as periode_id, 'maand' as periode_soort, date '2024-01-01' as periode_start, "
            "date '2024-01-31' as periode_eind, null::smallint as deel_van"
        )
        con.execute("create table int_figuur as select unnest(range(4000))::smallint as figuur_id, 'wachttijd' as wijze, '' as soort")
        con.execute("update int_figuur set soort = case when figuur_id % 2 = 0 then 'wachttijd_mediaan' else 'wachttijd_p90' end")
        rows = [(2 * i + kind, days, ended) for i, cohort in enumerate(cohorts()) for kind in (0, 1) for days, ended in cohort]
        con.execute(
            "create table int_bijdrage_meldingen as select unnest($figure)::smallint as figuur_id, 1::smallint as periode_id, "
            "0::smallint as gemeente_id, 0::smallint as stadsdeel_id, 0::smallint as wijk_id, 0::smallint as buurt_id, "
            "unnest($days)::double as teller, unnest($ended)::double as noemer, null::bigint as geteld_id",
            dict(zip(("figure", "days", "ended"), map(list, zip(*rows, strict=True)), strict=True)),
        )
        curves: dict[int, list[tuple[float, float]]] = {}
        for figure, days, part in con.execute(f"select * from ({curve}) where figuur_id % 2 = 0 order by all").fetchall():
            curves.setdefault(figure // 2, []).append((days, part))
        times: dict[int, list[float | None]] = {}
        for figure, value in con.execute(f"select figuur_id, teller from ({sql}) where gebied_id = 1 order by all").fetchall():
            times.setdefault(figure // 2, []).append(value)
        return curves, times


@pytest.fixture(scope="module")
def theirs() -> list[list[dict[str, list[tuple[float, float]]]]]:
    """By cohort that is not empty, what lifelines and statsmodels say."""
    if not TOOLS.exists() and "CI" not in os.environ:
        pytest.skip("the tools are not installed: make .venv/tools/.ready")
    asked = json.dumps([cohort for cohort in cohorts() if cohort])
    script = PROJECT / "tests" / "lib" / "waiting_times.py"
    done = subprocess.run([TOOLS, "-P", script], input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[list[dict[str, list[tuple[float, float]]]]] = json.loads(done.stdout)
    return found


def test_the_waiting_times_are_those_of_two_libraries(
    ours: tuple[dict[int, list[tuple[float, float]]], dict[int, list[float | None]]],
    theirs: list[list[dict[str, list[tuple[float, float]]]]],
) -> None:
    curves, times = ours
    filled = [i for i, cohort in enumerate(cohorts()) if cohort]
    assert len(filled) >= 990
    assert set(times) == set(filled)  # nobody came: there is no figure, and the noughts leave it empty
    for i, libraries in zip(filled, theirs, strict=True):
        for library in libraries:
            assert times[i] == library["days"], i
            assert [day for day, _ in curves.get(i, [])] == [day for day, _ in library["curve"]], i
            assert [part for _, part in curves.get(i, [])] == pytest.approx([part for _, part in library["curve"]], abs=1e-9), i


def test_the_cohorts_are_of_every_kind() -> None:
    made = list(cohorts())
    assert len(made) == 1000
    assert min(map(len, made)) == 0
    assert sum(len(c) == 1 for c in made) > 50
    assert sum(len(c) > len(set(c)) for c in made) > 300  # with ties
    assert sum(bool(c) and sum(ended for _, ended in c) < 0.1 * len(c) for c in made) > 100  # hardly any decided
    assert sum(bool(c) and all(ended for _, ended in c) for c in made) > 100
