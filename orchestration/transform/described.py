"""What dbt makes of the models, for people: columns of sources, staging and facts in their YAML, and compiled examples of the macros.

Names, order and types of columns are those of the tables. A column's text is what stands in the file; of one that is new, the doc
block ``k_<table>_<column>`` or ``k_<column>`` in ``kolommen.md``.
"""

import json
import os
import re
import subprocess
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from orchestration import duck
from orchestration.errors import UserError
from orchestration.intake.contract import load_contract
from orchestration.keys.keyring import Keyring, open_keyring
from orchestration.landing.history import REGISTER_TABLES, build_history
from orchestration.language import say
from orchestration.settings import Settings
from orchestration.transform import column_texts, dbt

Columns = dict[str, dict[str, str]]
"""By table, as schema.table: its columns in order, with their DuckDB types."""

MODELS = dbt.DBT_PROJECT / "models"
SOURCES = MODELS / "staging" / "_historie.yml"
STAGING = MODELS / "staging" / "_staging.yml"
FACTS = MODELS / "facts" / "_facts.yml"

EXAMPLES = ("int_cijfers_diensten", "werkvoorraad")
"""Models that are little but a macro, shown as compiled: figures from contributions, and a wide mart from the long table."""

UP_TO_FACTS = ["+path:models/facts", "path:models/staging"]


class TextError(UserError):
    """A column has no text."""


def of_tables(con: duckdb.DuckDBPyConnection) -> Columns:
    """The columns of the build that is attached as ``veilig_thuis``."""
    rows = con.execute(
        "select concat_ws('.', schema_name, table_name), column_name, lower(data_type) from duckdb_columns()"
        " where database_name = 'veilig_thuis' order by schema_name, table_name, column_index"
    ).fetchall()
    found: Columns = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def of_models() -> tuple[Columns, dict[str, str]]:
    """The same, of the models as they are now, whatever their YAML says, asked of DuckDB on tables without a row; and ``compiled``."""
    _name_new_sources()
    with TemporaryDirectory() as home:
        settings = Settings(home=Path(home), key_file=None)
        keyring = open_keyring(settings.key_path)
        nodes = _compile(settings, keyring)
        chosen = {name: n for name, n in nodes.items() if n["resource_type"] in dbt.BUILT and n["name"] not in EXAMPLES}
        chosen = {name: n for name, n in chosen.items() if n["resource_type"] == "seed" or n.get("compiled_code")}
        needs = {name: chosen.keys() & n["depends_on"].get("nodes", []) for name, n in chosen.items()}
        with duck.connect(settings) as con:
            con.execute("attach ':memory:' as veilig_thuis")
            build_history(settings, con, keyring)
            for schema in {n["schema"] for n in chosen.values()}:
                con.execute(f"create schema veilig_thuis.{schema}")
            for name in TopologicalSorter(needs).static_order():
                con.execute(_empty(chosen[name]))
            return of_tables(con), compiled(nodes)


def _name_new_sources() -> None:
    """Let dbt know of an entity that is new in the contract: it reads no project of which a model names a source that it does not know."""
    known = SOURCES.read_text(encoding="utf-8")
    new = [e.name for e in load_contract().entities if f"- name: {e.name}\n" not in known]
    if new:
        SOURCES.write_text(known + "".join(f"      - name: {name}\n" for name in new), encoding="utf-8")


def _compile(settings: Settings, keyring: Keyring) -> dict[str, dict[str, Any]]:
    """The nodes of the project, with compiled SQL up to the facts and of ``EXAMPLES``."""
    target = settings.build / "dbt"
    dbt.prepare(target)
    folders = ["--project-dir", str(dbt.DBT_PROJECT), "--profiles-dir", str(dbt.DBT_PROJECT)]
    command = [dbt.EXECUTABLE, "--quiet", "compile", "--target", "build", *folders, "--select", *UP_TO_FACTS, *EXAMPLES]
    with dbt.environment(settings, keyring) as names:
        subprocess.run(command, env={**os.environ, **names, "DBT_TARGET_PATH": str(target)}, check=True)
    return dbt.nodes(target / "manifest.json")


def compiled(nodes: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The SQL that dbt made of ``EXAMPLES``, by name of the model."""
    found = {n["name"]: n for n in nodes.values() if n["name"] in EXAMPLES}
    return {
        name: f"-- What dbt makes of {n['original_file_path']}; made by `make docs`.\n{n['compiled_code'].strip()}\n"
        for name, n in found.items()
    }


def _empty(node: dict[str, Any]) -> str:
    if node["resource_type"] == "seed":
        columns = ", ".join(f"{name} {kind}" for name, kind in node["config"]["column_types"].items())
        return f"create table {node['relation_name']} ({columns})"
    return f"create view {node['relation_name']} as {node['compiled_code']}"


def sources_yaml(columns: Columns) -> str:
    """``_historie.yml``: the tables that dbt reads, from contract and register."""
    tables = REGISTER_TABLES | {e.name: f"Een rij per versie van een rij. {e.description}." for e in load_contract().entities}
    lines = [
        "# Made by `make docs` of the delivery contract and of what the history makes of it; change those, not this file.",
        "version: 2",
        "sources:",
        "  - name: historie",
        "    schema: historie",
        '    description: "De stand van elke rij bij elke levering, afgeleid uit de landing en het register."',
        "    tables:",
    ]
    for table, text in tables.items():
        described = (f"          - {{name: {column}, description: {text_of(table, column)}}}" for column in columns[f"historie.{table}"])
        lines += [f"      - name: {table}", f"        description: {json.dumps(text, ensure_ascii=False)}", "        columns:", *described]
    return "\n".join(lines) + "\n"


def models_yaml(path: Path, columns: Columns) -> str:
    """A file of models with the columns that they have; everything else in it as it is. In facts each column has its type: a contract."""
    return re.sub(
        r"(?m)(^  - name: (?P<model>\w+)\n(?:^(?!  - name:|    columns:).*\n)*?^    columns:\n)(?P<old>(?:^      - \{.*\}\n)*)",
        lambda found: (
            found[1] + _columns(found["model"], found["old"], columns[f"{path.parent.name}.{found['model']}"], with_type=path == FACTS)
        ),
        path.read_text(),
    )


def _columns(model: str, old: str, columns: dict[str, str], *, with_type: bool) -> str:
    texts = dict(re.findall(r"(?m)^      - \{name: (\w+),.*? description: (.*)\}$", old))
    quoted = {column: f'"{kind}"' if "," in kind else kind for column, kind in columns.items()}  # decimal(15,6)
    kinds = {column: f" data_type: {kind}," if with_type else "" for column, kind in quoted.items()}
    table = model.partition("_")[2]
    return "".join(
        f"      - {{name: {column},{kinds[column]} description: {texts.get(column) or text_of(table, column)}}}\n" for column in columns
    )


def text_of(table: str, column: str) -> str:
    """The reference to the text of a column."""
    name = column.removeprefix("_")
    known = column_texts.blocks()
    for block in (f"k_{table}_{name}", f"k_{column}", f"k_{name}"):
        if block in known:
            return f"'{{{{ doc(\"{block}\") }}}}'"
    raise TextError(
        say(
            "Column {column} of {table} has no text. Add to {file}: {{% docs k_{name} %}}what it is, in Dutch{{% enddocs %}}",
            column=column,
            table=table,
            file=column_texts.PATH.relative_to(MODELS.parent.parent),
            name=name,
        )
    )
