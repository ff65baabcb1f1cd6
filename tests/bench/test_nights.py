"""Measurements of nights: what is told of them follows from what was run, and releases are held against each other row by row."""

import os
import stat
import subprocess
from pathlib import Path

import duckdb
import pytest

from orchestration.bench import plot
from orchestration.bench.nights import AFTER, BEFORE, HELP, MORE, NIGHT, WHOLE, NightsMeasurement, check_out, differing_rows
from orchestration.bench.running import PYTHON, Cost, measure
from orchestration.bench.scale import SizeMeasurement, read_raw, write_raw
from orchestration.errors import UserError
from orchestration.files import PRIVATE


def test_the_middle_round_counts_and_the_highest_peak() -> None:
    costs = {NIGHT: {BEFORE: [Cost(9, 8, 5), Cost(10, 8, 5), Cost(50, 8, 7)], AFTER: [Cost(4, 2, 3), Cost(3, 2, 3), Cost(5, 2, 3)]}}
    m = NightsMeasurement({BEFORE: "a", AFTER: "b"}, costs, {}, {})
    assert m.typical(NIGHT, BEFORE) == Cost(10, 8, 7)
    assert m.ratio(NIGHT) == pytest.approx(0.4)
    assert m.goal(NIGHT) == pytest.approx(4)
    assert m.missed == []


def test_a_goal_that_is_not_met_is_named() -> None:
    def one(seconds: float, mib: int = 100) -> list[Cost]:
        return [Cost(seconds, seconds, mib)]

    costs = {
        NIGHT: {BEFORE: one(10), AFTER: one(4.1)},
        HELP: {BEFORE: one(2), AFTER: one(0.4)},
        WHOLE: {BEFORE: one(100), AFTER: one(40, 4097)},
        MORE: {BEFORE: one(100), AFTER: one(10.1)},
    }
    m = NightsMeasurement({BEFORE: "a", AFTER: "b"}, costs, {WHOLE: Cost(12, 12, 100)}, {})
    assert [m.goal(what) for what in costs] == pytest.approx([4, 0.5, 42, 10])
    assert m.missed == [NIGHT, WHOLE, MORE], "longer; more memory; longer than a quarter of the whole"
    slow = {**costs, WHOLE: {BEFORE: one(100), AFTER: one(43)}}
    assert WHOLE in NightsMeasurement({}, slow, {WHOLE: Cost(12, 12, 100)}, {}).missed, "longer than the floor 3.5 times"


def test_releases_are_held_in_the_columns_that_both_have(tmp_path: Path) -> None:
    for name, rows, column in (("een", "(1, 'x'), (2, 'y')", "oud"), ("twee", "(2, 'y'), (3, 'z')", "nieuw")):
        folder = tmp_path / name / "releases" / "current" / "intern"
        folder.mkdir(parents=True)
        with duckdb.connect(str(folder / "veilig_thuis.duckdb")) as con:
            con.execute(
                f"create schema marts; create table marts.cijfers as select *, 1 as {column} from (values {rows}) as t(aantal, naam)"
            )
            con.execute(f"create table marts.alleen_{name} as select 1 as n")
    assert differing_rows(tmp_path / "een", tmp_path / "twee") == {"marts.cijfers": 2}


def test_a_command_that_fails_is_told_by_what_it_said_after_its_last_step(tmp_path: Path) -> None:
    heard: list[str] = []
    cost = measure(tmp_path, PYTHON, "-c", "import os; print(os.environ['VT_HOME'])", line=heard.append)
    assert heard == [str(tmp_path)]
    assert cost.seconds > 0 and cost.mib > 1
    said = "print('· starting'); print('held'); print('the disk is full'); print('no release yet')"
    with pytest.raises(UserError, match=r"did not go well: held the disk is full no release yet$"):
        measure(tmp_path, PYTHON, "-c", f"import sys; {said}; sys.exit(1)")


def test_sizes_that_were_measured_are_read_back_and_shown(tmp_path: Path) -> None:
    sizes = [
        SizeMeasurement(1, 1000, {"refresh": Cost(10, 12, 900), "Polars": Cost(0.5, 1, 90)}, {"refresh": {"starting": 2.0}}),
        SizeMeasurement(25, 25000, {"refresh": Cost(90, 120, 3900)}, {"refresh": {"starting": 2.5}}),
    ]
    usual = os.umask(PRIVATE)  # as every process of the warehouse has it
    try:
        write_raw(sizes, tmp_path / "scale.json")
    finally:
        os.umask(usual)
    assert stat.S_IMODE((tmp_path / "scale.json").stat().st_mode) == 0o644, "a night of another user puts it beside its pages"
    assert read_raw(tmp_path / "scale.json") == sizes
    shown = plot.page(sizes)
    assert "| refresh | 10.0 (12.0, 900) | 90.0 (120.0, 3,900) |" in shown
    assert "| Polars | 0.5 (1.0, 90) |  |" in shown
    assert "| starting | 2.0 | 2.5 |" in shown
    drawn = plot.draw(sizes, "Seconds", "times", lambda c: c.seconds)
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 3


def test_what_is_measured_is_the_project_as_it_is_now(tmp_path: Path) -> None:
    project, tree = tmp_path / "project", tmp_path / "tree"

    def commit(content: str) -> str:
        (project / "stand").write_text(content)
        git = ["git", "-C", str(project), "-c", "user.name=test", "-c", "user.email=test@example.org"]
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "--quiet", "-m", content], check=True)
        return subprocess.run([*git, "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()

    subprocess.run(["git", "init", "--quiet", "--initial-branch", "main", str(project)], check=True)
    first = commit("oud")
    assert check_out(project, tree, "HEAD") == first
    second = commit("nieuw")
    assert check_out(project, tree, "HEAD") == second, "a folder that was used goes on with what the project is now"
    assert (tree / "stand").read_text() == "nieuw"
    assert check_out(project, tree, first) == first
    with pytest.raises(UserError, match="rev-parse"):
        check_out(project, tree, "geen")
