"""The work plan of a build: every seed, model and check of the dbt project as dbt compiled it, with what must have gone well before each.

dbt reads and compiles the project and knows its graph; that is the same every night, so it is done once, with the environment
(``dbt.parse``). A night runs the plan (``run_plan``): of the 30 s that ``dbt build`` takes on a small registration DuckDB works for 7, the
rest goes to what the plan says already (docs/measurements.md). A test holds what a plan makes to what ``dbt build`` makes.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

SEED, TABLE, VIEW, CHECK = "seed", "table", "view", "test"
ACCEPTS = "macro.veilig_thuis.met_aanvaard"
"""The macro whose SQL depends on what a person accepted of the reference data."""
LISTS = "macros/lists.sql"
"""Where the macros of post-hooks stand."""


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
    """The plan of a compiled project."""
    nodes = {key: n for key, n in manifest["nodes"].items() if n["resource_type"] in ("seed", "model", "test") and n["config"]["enabled"]}
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


def _in_order(after: Mapping[str, set[str]]) -> Iterator[str]:
    """Each key after those that it follows; first what most others wait for."""
    followers = defaultdict[str, set[str]](set)
    for key, before in after.items():
        for other in before:
            followers[other].add(key)

    @cache
    def below(key: str) -> frozenset[str]:
        return frozenset(followers[key]).union(*(below(f) for f in followers[key]))

    done = set[str]()
    while ready := [key for key in after if key not in done and after[key] <= done]:
        first = max(ready, key=lambda key: (len(below(key)), key))
        done.add(first)
        yield first
    assert len(done) == len(after)


def _step(node: Mapping[str, Any], after: list[str], project: Path) -> Step:
    config, kind = node["config"], node["config"]["materialized"]
    made = Step(
        key=node["unique_id"],
        name=node["name"],
        file=node["original_file_path"],
        kind=kind,
        schema=node["schema"],
        relation=node["relation_name"] or "",
        sql=_columns(node, project) if kind == SEED else node["compiled_code"],
        after=after,
    )
    assert kind in (SEED, TABLE, VIEW, CHECK), f"{made.label}: a plan knows no materialization {kind}"
    assert not config.get("pre-hook") and config.get("fail_calc", "count(*)") == "count(*)" and not config.get("limit"), made.label
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
    """The post-hooks, which dbt renders when it runs them; they call nothing but the macros of ``LISTS``."""
    wanted = [hook["sql"] for hook in node["config"].get("post-hook") or []]
    if not wanted:
        return []
    this = _Relation(node["relation_name"])
    this.database, this.schema = node["database"], node["schema"]
    environment = Environment(autoescape=False)  # noqa: S701  (SQL, of the project's own)
    macros = environment.from_string((project / LISTS).read_text(encoding="utf-8"), {"this": this}).module
    return [environment.from_string(sql).render({n: getattr(macros, n) for n in dir(macros) if not n.startswith("_")}) for sql in wanted]
