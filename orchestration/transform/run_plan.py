"""Runs a plan on the build: ``python -m orchestration.transform.run_plan PLAN RESULTS``, with the environment of ``dbt.environment``.

What dbt does with its models, seeds and checks, in DuckDB alone (``plan``). A table or view is replaced where it stands, in one statement;
what follows a step that failed is skipped. The outcomes are written as dbt writes them (``run_results.json``); each step that ended is a
line of JSON on standard output, in the form of dbt's log, which is what Dagster reads.
"""

import argparse
import heapq
import json
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.declared import of_project
from orchestration.files import write_over
from orchestration.settings import PROJECT
from orchestration.sql import text
from orchestration.transform import plan
from orchestration.transform.build_file import attach
from orchestration.transform.dbt_names import KNOWN_FAILURES, SEEDS
from orchestration.transform.plan import CHECK, SEED, TABLE, VIEW, Step

DBT_PROJECT = PROJECT / "dbt_project"
RUN = str(uuid.uuid4())


@dataclass
class StepResult:
    """How a step ended: ``status`` in dbt's words, moments in UTC."""

    step: Step
    status: str
    started: datetime
    ended: datetime
    message: str = ""
    failures: int | None = None
    """Rows on which a check fails or warns."""
    rows: int | None = None
    """Of a table that was made."""

    @property
    def went_well(self) -> bool:
        return self.status in ("success", "pass", "warn")

    @property
    def memory_came_short(self) -> bool:
        return self.status == "error" and "Out of Memory Error" in self.message


def connect() -> duckdb.DuckDBPyConnection:
    """A connection as dbt's profile has it, with the build attached."""
    profile = of_project(DBT_PROJECT / "profiles.yml")["veilig_thuis"]["outputs"]["build"]
    con = duckdb.connect(config={name: str(value) for name, value in profile["config_options"].items()})
    for name, value in profile["settings"].items():
        con.execute(f"set global {name} = {text(str(value))}")
    attach(con)
    return con


def run(
    con: duckdb.DuckDBPyConnection, steps: list[Step], known: Mapping[str, int], threads: int, told: Callable[[StepResult], None]
) -> list[StepResult]:
    """Run steps, ``threads`` at once, each after those before it; in the order in which they ended. ``known``: see ``_check``.

    Schemas are made first. A step that follows one that is not among ``steps`` does not wait for it. One that memory came short for is run
    once more when all others that run have ended, by itself and in one thread of DuckDB: of two large ones at once, each takes what the
    other wants, and a thread wants its own.
    """
    for schema in sorted({s.schema for s in steps if s.kind != CHECK}):
        con.execute(f"create schema if not exists veilig_thuis.{schema}")
    place = {s.key: at for at, s in enumerate(steps)}
    order = TopologicalSorter({s.key: [key for key in s.after if key in place] for s in steps})
    order.prepare()
    lost, ended, own, standing = set[str](), list[StepResult](), threading.local(), _standing(con)

    def work(step: Step) -> StepResult:
        if not hasattr(own, "con"):
            own.con = con.cursor()
        return _run(own.con, step, known, standing.get(f"{step.schema}.{step.name}"))

    def end(result: StepResult) -> None:
        ended.append(result)
        told(result)
        if not result.went_well:
            lost.add(result.step.key)
        order.done(result.step.key)

    def work_alone(step: Step) -> StepResult:
        usual = duck.number(con, "select current_setting('threads')")
        con.execute("set global threads = 1")
        try:
            return work(step)
        finally:
            con.execute(f"set global threads = {usual}")

    with ThreadPoolExecutor(threads) as pool:
        ready, running, short = list[int](), set[Future[StepResult]](), list[Step]()
        while order.is_active():
            for key in order.get_ready():
                heapq.heappush(ready, place[key])  # first what most others wait for
            while short and not running:
                end(work_alone(short.pop()))
            while ready and len(running) < threads and not short:
                step = steps[heapq.heappop(ready)]
                if lost.isdisjoint(step.after):
                    running.add(pool.submit(work, step))
                else:
                    now = datetime.now(UTC)
                    end(StepResult(step, "skipped", now, now, "Skipping due to fail in upstream node"))
            if running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for result in (future.result() for future in done):
                    if result.memory_came_short:
                        short.append(result.step)
                    else:
                        end(result)
    return ended


def _standing(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What stands in the build: schema and name → ``table`` or ``view``."""
    found = con.execute(
        "select schema_name || '.' || table_name, 'table' from duckdb_tables() where database_name = 'veilig_thuis' "
        "union all select schema_name || '.' || view_name, 'view' from duckdb_views() where database_name = 'veilig_thuis'"
    )
    return dict(found.fetchall())


def _run(con: duckdb.DuckDBPyConnection, step: Step, known: Mapping[str, int], standing: str | None) -> StepResult:
    started = datetime.now(UTC)
    try:
        if step.kind == CHECK:
            status, failures, message = _check(con, step, known.get(step.name))
            return StepResult(step, status, started, datetime.now(UTC), message, failures)
        rows = _make(con, step, standing)
        return StepResult(step, "success", started, datetime.now(UTC), "OK" if rows is None else f"{rows} rijen", rows=rows)
    except (duckdb.Error, BrokenContractError) as error:
        kind = "Compilation" if isinstance(error, BrokenContractError) else "Runtime"
        return StepResult(step, "error", started, datetime.now(UTC), f"{kind} Error in {step.label}\n  {error}")


class BrokenContractError(Exception):
    """A model does not give the columns that its contract names."""


def _make(con: duckdb.DuckDBPyConnection, step: Step, standing: str | None) -> int | None:
    """Make a seed, table or view in the place of what stands there; the rows of a table."""
    if standing and standing != (VIEW if step.kind == VIEW else TABLE):
        con.execute(f"drop {standing} {step.relation}")
    if step.kind == SEED:
        con.execute(f"create or replace table {step.relation} ({step.sql})")
        file = _own_seeds().get(step.name, DBT_PROJECT / step.file)
        con.execute(f"copy {step.relation} from {text(file)} (format csv, header true, delimiter ',')")
        return None
    made = con.execute(f"create or replace {step.kind} {step.relation} as (\n{step.sql}\n)").fetchone()
    if step.contract:
        _hold(con, step)
    for hook in step.hooks:
        con.execute(hook)
    return int(made[0]) if made and step.kind == TABLE else None


@cache
def _own_seeds() -> dict[str, Any]:
    return dict(json.loads(os.environ.get(SEEDS, "{}")))


def _hold(con: duckdb.DuckDBPyConnection, step: Step) -> None:
    """Hold what was made to its contract, names and types in any order; what does not hold does not stay."""
    types = ", ".join(f"typeof(null::{kind})" for kind in step.contract.values())
    wanted = dict(zip(step.contract, con.execute(f"select {types}").fetchone() or (), strict=True))
    found = {name: kind for name, kind, *_ in con.execute(f"describe {step.relation}").fetchall()}
    if found != wanted:
        con.execute(f"drop {step.kind} {step.relation}")
        names = [name for name in {**found, **wanted} if found.get(name) != wanted.get(name)]
        odd = (f"{n}: {found.get(n, 'missing')[:80]}, in the contract {wanted.get(n, 'missing')[:80]}" for n in names)
        raise BrokenContractError(f"This model has an enforced contract that failed. {'; '.join(odd)}")


def _check(con: duckdb.DuckDBPyConnection, step: Step, accepted: int | None) -> tuple[str, int, str]:
    """Status, rows and message of a check. ``accepted``: rows that are known (the ledger of known failures); up to these it warns."""
    warn_if, error_if = (step.warn_if, step.error_if) if accepted is None else ("!= 0", f"> {accepted}")
    found = con.execute(f"select count(*), count(*) {warn_if}, count(*) {error_if} from (\n{step.sql}\n) as dbt_internal_test").fetchone()
    assert found is not None
    count, warns, fails = found
    got = f"Got {count} result{'' if count == 1 else 's'}"
    if fails and step.severity.lower() == "error":
        return "fail", count, f"{got}, configured to fail if {error_if}"
    if warns:
        return "warn", count, f"{got}, configured to warn if {warn_if}"
    return "pass", 0, ""


def upstream(steps: list[Step], names: Iterable[str], given: Iterable[str] = ()) -> list[Step]:
    """The steps of these names and all that they follow, without checks; not those that are ``given``, nor what these follow."""
    known = {s.key: s for s in steps if s.name not in set(given)}
    found, open_ = set[str](), [s.key for s in steps if s.name in set(names)]
    while open_:
        key = open_.pop()
        if key in known and key not in found and known[key].kind != CHECK:
            found.add(key)
            open_ += known[key].after
    return [s for s in steps if s.key in found]


TOLD_AS = {TABLE: "LogModelResult", VIEW: "LogModelResult", SEED: "LogSeedResult", CHECK: "LogTestResult"}


def as_event(result: StepResult) -> dict[str, Any]:
    """What Dagster reads, in the form of dbt's log."""
    step, seconds = result.step, (result.ended - result.started).total_seconds()
    level = "info" if result.status in ("success", "pass") else "warn" if result.status == "warn" else "error"
    rows = f", {result.failures} rows" if result.failures else f", {result.message}" if result.rows is not None else ""
    return {
        "info": {
            "name": TOLD_AS[step.kind] if result.status != "skipped" else "SkippingDetails",
            "msg": f"{result.status} {step.kind} {step.name}{rows} ({seconds:.2f} s)",
            "level": level,
            "invocation_id": RUN,
            "ts": result.ended.isoformat(),
        },
        "data": {
            "node_info": {
                "unique_id": step.key,
                "resource_type": step.key.split(".", 1)[0],
                "materialized": step.kind,
                "node_status": result.status,
                "node_started_at": result.started.isoformat(),
                "node_finished_at": result.ended.isoformat(),
            },
            "status": result.message if result.rows is not None else result.status,
            "execution_time": seconds,
            **({"num_failures": result.failures} if result.failures is not None else {}),
        },
    }


def as_results(results: Iterable[StepResult], seconds: float) -> dict[str, Any]:
    """What ``run_results.json`` holds."""
    return {
        "metadata": {"invocation_id": RUN, "generated_at": datetime.now(UTC).isoformat()},
        "results": [
            {
                "unique_id": r.step.key,
                "status": r.status,
                "execution_time": (r.ended - r.started).total_seconds(),
                "message": r.message,
                "failures": r.failures,
                "relation_name": None if r.step.kind == SEED else r.step.relation or None,
                "compiled_code": None if r.step.kind == SEED else r.step.sql,
            }
            for r in results
        ],
        "elapsed_time": seconds,
    }


def main() -> None:
    """Run a plan as the arguments say. Exit code 1 when a step did not go well."""
    parser = argparse.ArgumentParser()
    parser.add_argument("plan", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--without-checks", action="store_true")
    parser.add_argument("--up-to", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--given", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quiet", action="store_true")
    asked = parser.parse_args()
    began = time.perf_counter()
    steps = plan.read(asked.plan)
    if asked.up_to:
        steps = upstream(steps, asked.up_to, asked.given)
    if asked.without_checks:
        steps = [s for s in steps if s.kind != CHECK]

    def told(result: StepResult) -> None:
        if not asked.quiet:
            print(json.dumps(as_event(result), ensure_ascii=False), flush=True)  # noqa: T201  (what whoever started it reads)

    with connect() as con:
        results = run(con, steps, json.loads(os.environ.get(KNOWN_FAILURES, "{}")), asked.threads, told)
    write_over(asked.results, json.dumps(as_results(results, time.perf_counter() - began), ensure_ascii=False).encode())
    raise SystemExit(0 if all(r.went_well for r in results) else 1)


if __name__ == "__main__":
    main()
