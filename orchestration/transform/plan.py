"""The work plan of a build: every seed, model and check of the dbt project as dbt compiled it, with what must have gone well before each.

dbt reads and compiles the project and knows its graph; that is the same every night, so it is done once, with the environment
(``dbt.parse``). A night runs the plan (``run_plan``): of the 30 s that ``dbt build`` takes on a small registration DuckDB works for 7, the
rest goes to what the plan says already (docs/measurements.md). A test holds what a plan makes to what ``dbt build`` makes.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from orchestration.errors import UserError
from orchestration.language import later, say

SEED, TABLE, VIEW, CHECK = "seed", "table", "view", "test"
ACCEPTS = "macro.veilig_thuis.met_aanvaard"
"""The macro whose SQL depends on what a person accepted of the reference data."""
ENGINES = "macros/engines.sql"
"""Where the macros of post-hooks stand; a plan is of DuckDB."""
OF_DUCKDB = "duckdb__"
"""How dbt begins the name of what a macro is on DuckDB."""
RUN, NOTHING_TO_RUN = frozenset({"seed", "model", "test"}), frozenset({"analysis", "unit_test"})
"""Kinds of nodes that a plan runs, and that no build does."""
USUAL: dict[str, object] = {
    "pre-hook": [], "fail_calc": "count(*)", "limit": None, "store_failures": None, "persist_docs": {}, "sql_header": None, "grants": {},
}  # fmt: skip
"""Options of dbt that would change what a step does, with the value that changes nothing."""


class PlanError(UserError):
    """The project asks something that a plan does not do; the message says which model or check, and what."""


@dataclass(frozen=True)
class Step:
    """One thing to make or to check."""

    key: str
    """dbt's unique id."""
    name: str
    file: str
    """Where it is defined, below the dbt project."""
    kind: str
    """``seed``, ``table``, ``view`` or ``test``"""
    schema: str
    relation: str
    """Its name in SQL; empty for a check."""
    sql: str
    """Its query; of a seed the columns with their types."""
    after: list[str]
    """Keys that must have gone well: what it reads, and the checks of everything that it rests on."""
    contract: dict[str, str] = field(default_factory=dict)
    """Column → type, where a contract holds it to them."""
    hooks: list[str] = field(default_factory=list)
    """Statements that follow."""
    severity: str = ""
    warn_if: str = ""
    error_if: str = ""

    @property
    def label(self) -> str:
        """What it is and where it stands, as dbt heads an error with it."""
        return f"{'model' if self.kind in (TABLE, VIEW) else self.kind} {self.name} ({self.file})"


def read(path: Path) -> list[Step]:
    """A plan that was written: each step stands after those that it follows."""
    return [Step(**step) for step in json.loads(path.read_text(encoding="utf-8"))]


def write(steps: Iterable[Step], path: Path) -> None:
    """Write a plan."""
    path.write_text(json.dumps([asdict(s) for s in steps], ensure_ascii=False), encoding="utf-8")


def of_manifest(manifest: Mapping[str, Any], project: Path) -> list[Step]:
    """The plan of a compiled project. Raises ``PlanError`` when it asks something of dbt that a plan does not do."""
    nodes = {key: n for key, n in manifest["nodes"].items() if n["resource_type"] not in NOTHING_TO_RUN and n["config"]["enabled"]}
    parents = {key: set(n["depends_on"].get("nodes", [])) for key, n in nodes.items()}
    checks = [key for key, n in nodes.items() if n["resource_type"] == "test"]

    @cache
    def above(key: str) -> frozenset[str]:
        direct = parents.get(key, set())
        return frozenset(direct).union(*(above(p) for p in direct))

    after = {key: {p for p in parents[key] if p in nodes} for key in nodes}
    for key in nodes:
        if key not in checks:
            after[key] |= {c for c in checks if parents[c] and parents[c] <= above(key)}
    return [_step(nodes[key], sorted(after[key]), project) for key in _in_order(after)]


def _in_order(after: Mapping[str, set[str]]) -> list[str]:
    """Each key after those that it follows: by how many wait for it, directly or not, which are always fewer than wait for those."""
    followers = {key: {other for other, before in after.items() if key in before} for key in after}

    @cache
    def below(key: str) -> frozenset[str]:
        return frozenset(followers[key]).union(*(below(f) for f in followers[key]))

    return sorted(after, key=lambda key: (-len(below(key)), key))


def _step(node: Mapping[str, Any], after: list[str], project: Path) -> Step:
    config, kind = node["config"], node["config"]["materialized"]
    made = Step(
        key=node["unique_id"],
        name=node["name"],
        file=node["original_file_path"],
        kind=kind,
        schema=node["schema"],
        relation=node["relation_name"] or "",
        sql=_columns(node, project) if kind == SEED else node.get("compiled_code") or "",
        after=after,
    )
    wrong = {"materialized": kind} if kind not in (SEED, TABLE, VIEW, CHECK) else {}
    wrong |= {"resource_type": node["resource_type"]} if node["resource_type"] not in RUN else {}
    wrong |= {name: config[name] for name, usual in USUAL.items() if config.get(name, usual) not in (usual, None)}
    if wrong:
        told = later(
            "{step} has {options}: no night would do that, which runs the project without dbt (orchestration/transform/run_plan.py)."
        )
        raise PlanError(
            say(
                told,
                step=f"{node['resource_type']} {made.name} ({made.file})",
                options=", ".join(f"{name}: {value}" for name, value in wrong.items()),
            )
        )
    if kind == CHECK:
        return Step(**asdict(made) | {n: config[n] for n in ("severity", "warn_if", "error_if")})
    contract = {c: v["data_type"] for c, v in node["columns"].items()} if node.get("contract", {}).get("enforced") else {}
    return Step(**asdict(made) | {"contract": contract, "hooks": _hooks(node, project)})


def _columns(seed: Mapping[str, Any], project: Path) -> str:
    """The columns of a seed in the order of its file, with their types."""
    with (project / seed["original_file_path"]).open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file))
    return ", ".join(f"{name} {seed['config']['column_types'][name]}" for name in names)


class _Relation(str):
    """A model as macros know it: ``{{ this }}`` and its parts."""

    database: str
    schema: str


def _hooks(node: Mapping[str, Any], project: Path) -> list[str]:
    """The post-hooks, which dbt renders when it runs them; they call nothing but DuckDB's macros of ``ENGINES``."""
    wanted = [hook["sql"] for hook in node["config"].get("post-hook") or []]
    if not wanted:
        return []
    this = _Relation(node["relation_name"])
    this.database, this.schema = node["database"], node["schema"]
    environment = Environment(autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701  (SQL, of the project's own)
    macros = environment.from_string((project / ENGINES).read_text(encoding="utf-8"), {"this": this}).module
    known = {n.removeprefix(OF_DUCKDB): getattr(macros, n) for n in dir(macros) if n.startswith(OF_DUCKDB)}
    return [environment.from_string(sql).render(known) for sql in wanted]
