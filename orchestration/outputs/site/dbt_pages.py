"""dbt's own documentation as one page: its template with the manifest of the run, and a catalog of the tables as they are.

``dbt docs generate --static`` makes the same, after parsing and compiling once more.
"""

import json
from pathlib import Path
from typing import Any

import duckdb

from orchestration.settings import PROJECT
from orchestration.transform.dbt_inside import CATALOG, DOCS, MANIFEST

NO_STATS = {"has_stats": {"id": "has_stats", "label": "Has Stats?", "value": False, "include": False, "description": ""}}


def render(con: duckdb.DuckDBPyConnection, manifest: Path) -> str:
    """The page; the build is attached to ``con`` as ``veilig_thuis``. It names no folder of this machine."""
    read = json.loads(manifest.read_text(encoding="utf-8").replace(str(PROJECT), ""))
    template = DOCS.read_text(encoding="utf-8")
    return template.replace(MANIFEST, _inline(read)).replace(CATALOG, _inline(catalog(con, read)))


def catalog(con: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> dict[str, Any]:
    """Columns and types of every model, seed and source of the manifest that is there."""
    there: dict[str, dict[str, Any]] = {}
    for table, column, kind, place in con.execute(
        """
        select schema_name || '.' || table_name, column_name, data_type, column_index from duckdb_columns()
        where database_name = 'veilig_thuis' order by all
        """
    ).fetchall():
        there.setdefault(table, {})[column] = {"type": kind, "index": place, "name": column, "comment": None}

    def of(node: dict[str, Any]) -> dict[str, Any]:
        name = node.get("identifier") or node.get("alias") or node["name"]
        columns = there.get(f"{node['schema']}.{name}")
        where = {"type": "table", "schema": node["schema"], "name": name, "database": "veilig_thuis", "comment": None, "owner": None}
        return {"metadata": where, "columns": columns, "stats": NO_STATS, "unique_id": node["unique_id"]} if columns else {}

    return {
        "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/catalog/v1.json", "env": {}},
        "nodes": {key: found for key, node in manifest["nodes"].items() if (found := of(node))},
        "sources": {key: found for key, node in manifest["sources"].items() if (found := of(node))},
        "errors": None,
    }


def _inline(content: dict[str, Any]) -> str:
    """As it can stand in a script of a page."""
    return json.dumps(content, ensure_ascii=False).replace("</", "<\\/")
