"""A plan makes what ``dbt build`` makes, and ends as it does when something is wrong."""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.settings import PROJECT
from orchestration.transform import dbt, plan, run_plan
from orchestration.transform.plan import CHECK, SEED, TABLE, VIEW, Step
from tests.lib.build import Build, copy_of
from tests.lib.permitted import PERMITTED
from tests.lib.warehouse import warehouse_in

COLUMNS = """
    select schema_name, table_name, column_name, data_type, column_index, is_nullable, comment from duckdb_columns()
    where database_name = 'veilig_thuis' order by all
"""
RELATIONS = """
    select schema_name, table_name, 'table', comment from duckdb_tables() where database_name = 'veilig_thuis'
    union all select schema_name, view_name, 'view', comment from duckdb_views() where database_name = 'veilig_thuis' order by all
"""


@pytest.mark.xdist_group("gouden")
def test_a_plan_makes_what_dbt_build_makes(tmp_path: Path) -> None:
    """Every table and view, its columns, types and rows, and the outcome of every check, on a registration of what the contract allows."""
    deliveries, _ = PERMITTED
    warehouse = warehouse_in(tmp_path / "vt")
    warehouse.take_in(*deliveries)
    ours = Build(warehouse.settings)
    ours.historie()
    theirs = copy_of(ours, tmp_path / "dbt")
    assert ours.make() == theirs.dbt("build", "--exclude-resource-type", "unit_test")
    results = {}
    for build in (ours, theirs):
        found = json.loads((build.target / "run_results.json").read_text())["results"]
        kept = ("status", "failures", "relation_name", "compiled_code", "message")
        results[build.settings.root] = {
            r["unique_id"]: {k: r[k] or None for k in kept if not (k == "message" and r["unique_id"].startswith(("model", "seed")))}
            for r in found
            if r["unique_id"].split(".")[0] in ("model", "test", "seed")
        }
    assert results[ours.settings.root] == results[theirs.settings.root]
    with ours.open() as mine, theirs.open() as other:
        assert mine.execute(RELATIONS).fetchall() == other.execute(RELATIONS).fetchall()
        assert mine.execute(COLUMNS).fetchall() == other.execute(COLUMNS).fetchall()
        tables = [f"{schema}.{name}" for schema, name, *_ in mine.execute(RELATIONS).fetchall()]
        assert len(tables) > 120
        rows = 0
        for table in tables:
            counted = f"select count(*), sum(hash(rij)::hugeint) from {table} as rij"
            here = mine.execute(counted).fetchone()
            assert here == other.execute(counted).fetchone(), table
            assert here
            rows += here[0]
    assert rows > 10_000


def step(kind: str, name: str, sql: str, *after: str, **more: object) -> Step:
    relation = "" if kind == CHECK else f"veilig_thuis.main.{name}"
    made = Step(f"{kind}.{name}", name, f"{name}.sql", kind, "main", relation, sql, list(after))
    return replace(made, severity="ERROR", warn_if="!= 0", error_if="!= 0", **more) if kind == CHECK else replace(made, **more)  # type: ignore[arg-type]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect()
    opened.execute("attach ':memory:' as veilig_thuis")
    return opened


Run = Callable[..., dict[str, str]]


@pytest.fixture
def ended(con: duckdb.DuckDBPyConnection) -> Run:
    """Runs steps; name → status."""

    def run(*steps: Step, known: dict[str, int] | None = None) -> dict[str, str]:
        told: list[run_plan.StepResult] = []
        results = run_plan.run(con, list(steps), known or {}, 2, told.append)
        assert told == results
        return {r.step.name: r.status for r in results}

    return run


def test_what_memory_came_short_for_is_made_once_more_by_itself(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at once take what the other wants; alone, in one thread, each has enough. What never has enough is an error, told once."""
    both, tried, make = threading.Barrier(2), list[tuple[str, int]](), run_plan._make

    def short_beside_another(own: duckdb.DuckDBPyConnection, made: Step, standing: str | None) -> int | None:
        tried.append((made.name, int(own.execute("select current_setting('threads')").fetchall()[0][0])))
        if [name for name, _ in tried].count(made.name) == 1 and made.name in ("a", "b"):
            both.wait(timeout=10)
            raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate")
        if made.name == "never":
            raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate")
        return make(own, made, standing)

    monkeypatch.setattr(run_plan, "_make", short_beside_another)
    con.execute("set threads = 2")
    steps = [step(TABLE, "a", "select 1 as n"), step(TABLE, "b", "select 2 as n"), step(TABLE, "c", "select 3 as n", "table.a", "table.b")]
    told: list[run_plan.StepResult] = []
    ended = run_plan.run(con, steps, {}, 2, told.append)
    assert {r.step.name: r.status for r in ended} == {"a": "success", "b": "success", "c": "success"}
    assert sorted(tried) == [("a", 1), ("a", 2), ("b", 1), ("b", 2), ("c", 2)]
    assert con.execute("select n from veilig_thuis.main.c").fetchall() == [(3,)]
    ended = run_plan.run(con, [step(TABLE, "never", "select 1 as n"), step(TABLE, "d", "select 4 as n", "table.never")], {}, 2, told.append)
    assert [(r.step.name, r.status, r.memory_came_short) for r in ended] == [("never", "error", True), ("d", "skipped", False)]
    assert [r.step.name for r in told].count("never") == 1
    assert con.execute("select current_setting('threads')").fetchall() == [(2,)]


def test_what_follows_a_failure_is_skipped_and_the_rest_is_made(ended: Run) -> None:
    assert ended(
        step(TABLE, "goed", "select 1 as a"),
        step(CHECK, "fout", "select * from veilig_thuis.main.goed", "table.goed"),
        step(TABLE, "kind", "select * from veilig_thuis.main.goed", "table.goed", "test.fout"),
        step(VIEW, "kleinkind", "select * from veilig_thuis.main.kind", "table.kind"),
        step(CHECK, "op_het_kind", "select * from veilig_thuis.main.kind where a > 1", "table.kind"),
        step(TABLE, "kapot", "select er_niet"),
        step(TABLE, "apart", "select 2 as a"),
    ) == {
        "goed": "success", "fout": "fail", "kind": "skipped", "kleinkind": "skipped", "op_het_kind": "skipped", "kapot": "error",
        "apart": "success",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("severity", "known", "status"),
    [
        ("ERROR", {}, "fail"),
        ("warn", {}, "warn"),
        ("ERROR", {"drie": 3}, "warn"),
        ("ERROR", {"drie": 2}, "fail"),
        ("warn", {"drie": 2}, "warn"),
    ],
)
def test_a_check_that_finds_rows(ended: Run, severity: str, known: dict[str, int], status: str) -> None:
    found = replace(step(CHECK, "drie", "select unnest([1, 2, 3])"), severity=severity)
    assert ended(found, known=known) == {"drie": status}


def test_a_table_in_the_place_of_a_view_and_the_other_way_round(con: duckdb.DuckDBPyConnection, ended: Run) -> None:
    for kind in (VIEW, TABLE, TABLE, VIEW, VIEW):
        assert ended(step(kind, "a", "select 1 as a")) == {"a": "success"}
        assert con.execute(f"select count(*) from duckdb_{kind}s() where {kind}_name = 'a'").fetchone() == (1,)


@pytest.mark.parametrize(
    ("contract", "told"),
    [
        ({"a": "bigint"}, "a: INTEGER, in the contract BIGINT"),
        ({"a": "integer", "b": "date"}, "b: missing, in the contract DATE"),
        ({}, ""),
        ({"a": "integer"}, ""),
    ],
)
def test_a_model_is_held_to_its_contract(con: duckdb.DuckDBPyConnection, contract: dict[str, str], told: str) -> None:
    (result,) = run_plan.run(con, [step(TABLE, "a", "select 1 as a", contract=contract)], {}, 1, lambda _: None)
    assert (result.status, told in result.message) == (("error" if told else "success"), True)
    there = con.execute("select count(*) from duckdb_tables() where table_name = 'a'").fetchone()
    assert there == (int(not told),), "what breaks its contract does not stay"


def test_a_seed_has_its_types_and_an_empty_cell_is_no_value(con: duckdb.DuckDBPyConnection, ended: Run, tmp_path: Path) -> None:
    (tmp_path / "lijst.csv").write_text('code,tekst,dag\n01,"a, b",2024-01-01\n02,,\n')
    seed = replace(step(SEED, "lijst", "code varchar, tekst varchar, dag date"), file=str(tmp_path / "lijst.csv"))
    for _ in range(2):
        assert ended(seed) == {"lijst": "success"}
    found = con.execute("select code, tekst, dag::varchar from veilig_thuis.main.lijst").fetchall()
    assert found == [("01", "a, b", "2024-01-01"), ("02", None, None)]


def test_a_plan_up_to_some_models_has_what_they_rest_on_and_no_checks() -> None:
    steps = [
        step(SEED, "a", ""), step(TABLE, "b", "", "seed.a"), step(CHECK, "c", "", "table.b"), step(TABLE, "d", "", "table.b", "test.c"),
        step(TABLE, "e", "", "table.d"),
    ]  # fmt: skip
    assert [s.name for s in run_plan.upstream(steps, ["d"])] == ["a", "b", "d"]


def node(kind: str, name: str, *reads: str, **config: object) -> dict[str, Any]:
    """A node of a compiled manifest, with what a plan reads of it."""
    usual = {"enabled": True, "materialized": "table", "severity": "ERROR", "warn_if": "!= 0", "error_if": "!= 0"}
    return {
        "unique_id": f"{kind}.{name}", "resource_type": kind, "name": name, "original_file_path": name, "schema": "s",
        "relation_name": name, "compiled_code": "select 1", "depends_on": {"nodes": list(reads)}, "columns": {},
        "config": usual | ({"materialized": "test"} if kind == "test" else {}) | config,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        (node("model", "m", materialized="incremental"), "model m .* materialized: incremental"),
        (node("snapshot", "s", materialized="snapshot"), "materialized: snapshot"),
        (node("operation", "o", materialized="view"), "resource_type: operation"),
        (node("model", "m", **{"pre-hook": ["x"]}), "pre-hook"),
        (node("model", "m", persist_docs={"relation": True}), "persist_docs"),
        (node("test", "t", fail_calc="sum(n)"), r"fail_calc: sum\(n\)"),
        (node("test", "t", limit=5), "limit: 5"),
        (node("test", "t", store_failures=True), "store_failures: True"),
    ],
)
def test_what_dbt_would_do_and_a_plan_does_not_makes_no_plan(odd: dict[str, Any], told: str) -> None:
    with pytest.raises(plan.PlanError, match=told):
        plan.of_manifest({"nodes": {odd["unique_id"]: odd}}, Path())


def test_a_project_that_does_not_compile_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(dbt.DBT_PROJECT, tmp_path / "dbt_project", ignore=shutil.ignore_patterns("target", "logs"))
    shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    (tmp_path / "dbt_project" / "models" / "marts" / "kapot.sql").write_text("select * from {{ ref('er_is_niets') }}")
    monkeypatch.setattr(dbt, "DBT_PROJECT", tmp_path / "dbt_project")
    with pytest.raises(subprocess.CalledProcessError):
        dbt._compile(tmp_path / "doel", {})
    assert "er_is_niets" in capsys.readouterr().err


def test_the_checks_of_what_a_model_rests_on_come_before_it() -> None:
    nodes = [
        node("model", "eerste", "source.s"), node("model", "tweede", "model.eerste"), node("model", "derde", "model.tweede"),
        node("test", "op_bron", "source.s"),
        node("test", "op_eerste", "model.eerste"), node("test", "op_beide", "model.eerste", "model.derde"),
    ]  # fmt: skip
    steps = plan.of_manifest({"nodes": {n["unique_id"]: n for n in nodes}}, Path())
    after = {s.name: set(s.after) for s in steps}
    assert after["eerste"] == {"test.op_bron"}
    assert after["tweede"] == {"model.eerste", "test.op_bron", "test.op_eerste"}
    assert after["derde"] == {"model.tweede", "test.op_bron", "test.op_eerste"}
    assert after["op_beide"] == {"model.eerste", "model.derde"}
    place = {s.key: at for at, s in enumerate(steps)}
    assert all(place[key] < place[s.key] for s in steps for key in s.after)
