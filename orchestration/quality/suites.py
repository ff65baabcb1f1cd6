"""The suites of Great Expectations, as the files in ``expectations/suites`` have them.

A file makes one suite for each table that it lists: its expectations in Great Expectations' own words, with the table's columns filled in.
Of its own a file has ``alleen`` and ``niet`` (tables), ``per`` (once for each of these fields), and in ``meta`` the check's name, the frame
that it looks at (``quality.frames``), what it says and who mends what it finds. Expectations of one name are one check.
"""

import importlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from orchestration.declared import of_project
from orchestration.intake.contract import load_contract
from orchestration.settings import PROJECT

SUITES = PROJECT / "expectations" / "suites"

BLOCKING = "critical"
"""The severity at which a failing expectation holds the release back; any other is a warning."""

PARAMETER = "$PARAMETER"
"""What stands for a value that is known when the suite is run: Great Expectations' own way of writing it."""


@dataclass(frozen=True)
class Suite:
    """What is expected of one table: ``expectations`` as Great Expectations takes them, ``parameters`` as queries on the build."""

    name: str
    schema: str
    table: str
    options: dict[str, Any]
    parameters: dict[str, str]
    expectations: tuple[dict[str, Any], ...]

    @property
    def controles(self) -> dict[str, list[dict[str, Any]]]:
        """Name of each check → its expectations, in the order of the file."""
        found: dict[str, list[dict[str, Any]]] = {}
        for e in self.expectations:
            found.setdefault(e["meta"]["naam"], []).append(e)
        return found

    def of_frame(self, frame: str) -> list[dict[str, Any]]:
        """The expectations that look at a frame."""
        return [e for e in self.expectations if e["meta"]["frame"] == frame]


def warm_up() -> None:
    """Begin to import Great Expectations, which takes seconds, beside whatever runs now."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    threading.Thread(target=importlib.import_module, args=["great_expectations"], daemon=True).start()


@cache
def load(edge: str) -> tuple[Suite, ...]:
    """The suites of ``expectations/suites/<edge>.yaml``: ``landing`` or ``uitgave``."""
    content = of_project(SUITES / f"{edge}.yaml")
    return tuple(
        Suite(
            content["naam"].format(tabel=table),
            content["schema"],
            table,
            options,
            content.get("parameters", {}),
            tuple(e for template in content["verwachtingen"] for e in _expand(template, table, options)),
        )
        for table, options in content["tabellen"].items()
    )


def _expand(template: dict[str, Any], table: str, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The expectations that a template gives on a table: none, one, or one for each field under ``per``."""
    if table not in template.get("alleen", [table]) or table in template.get("niet", []):
        return
    bare = {k: v for k, v in template.items() if k not in {"alleen", "niet", "per"}}
    if "per" not in template:
        yield bare
        return
    fields = options[template["per"]] if template["per"] in options else _of_contract(table).get(template["per"], [])
    for name in fields:
        yield _fill(bare, {"{veld}": name, "{codelijst}": fields[name] if isinstance(fields, dict) else ""})


def _of_contract(entity: str) -> dict[str, dict[str, str]]:
    """What ``per`` may go by in the delivery contract: the fields of the key, with a code list, of a gemeente, of days and moments."""
    if entity not in load_contract().names:
        return {}
    found = load_contract().entity(entity)
    days = {v.name: v.mag_na_peildatum for v in found.fields if v.veldsoort in {"datum", "moment"}}
    return {
        "sleutel": dict.fromkeys(found.primary_key_columns, ""),
        "code": {v.name: v.codelijst for v in found.fields if v.codelijst},
        "gemeente": {v.name: "" for v in found.fields if v.veldsoort == "gemeente"},
        "datum": dict.fromkeys(days, ""),
        "datum_tot_peildatum": {name: "" for name, later in days.items() if not later},
    }


def of_contract(suite: Suite) -> dict[str, Any]:
    """Parameters that every suite on the history has: the contract's columns and code lists, the first day that an event can be of."""
    contract = load_contract()
    columns = list(contract.entity(suite.table).columns) if suite.table in contract.names else []
    lists = {f"codelijst_{name}": list(codes) for name, codes in contract.code_lists.items()}
    return {"kolommen": columns, "vroegste_dag": earliest_day(), **lists}


@cache
def earliest_day() -> date:
    """The first day that an event can be of: what dbt leaves out of the figures before it (its variable of that name)."""
    project = of_project(PROJECT / "dbt_project" / "dbt_project.yml")
    return date.fromisoformat(project["vars"]["vroegste_dag"])


def _fill(value: Any, names: dict[str, str]) -> Any:
    match value:
        case dict():
            return {k: _fill(v, names) for k, v in value.items()}
        case list():
            return [_fill(v, names) for v in value]
        case str():
            for name, text in names.items():
                value = value.replace(name, text)
    return value
