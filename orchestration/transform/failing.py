"""The rows on which a dbt test of the last run fails, asked of the build: what they are called, never what they hold."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.keys.keyring import Keyring
from orchestration.language import say
from orchestration.settings import Settings
from orchestration.transform import dbt

KEY = re.compile(
    r"mart|kolom|feiten|entiteit|codelijst|indicator|ontvanger|jaar|levering_nummer"
    r"|_levering|_bestand|_regel|periode(_soort)?|gebied(_soort)?|categorie(_soort)?|\w+_(id|code)"
)
"""Columns that say which row it is; whatever else a test gives of a row stays in the build."""

NUMBERED = {
    "figuur_id": ("int_figuur", ("indicator", "categorie_soort", "categorie")),
    "periode_id": ("int_periode", ("periode",)),
    "gebied_id": ("int_gebied", ("gebied",)),
}
"""Numbers of the build → the table and the columns that say what they stand for."""

NAMES = 12
"""Names of columns that a sentence gives; ``rows`` gives all."""


@dataclass(frozen=True)
class FailingRows:
    """Rows of a failing test, by their keys."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    left_out: list[str]
    """Columns that the test gives and that are no keys."""


def compiled(target: Path) -> dict[str, str]:
    """Name of every dbt test that ran in ``target`` → its query, as it was compiled for that run."""
    path = target / "run_results.json"
    results = json.loads(path.read_text())["results"] if path.exists() else []
    known = dbt.nodes()
    return {
        known[r["unique_id"]]["name"]: r["compiled_code"]
        for r in results
        if r.get("compiled_code") and r["unique_id"] in known and known[r["unique_id"]]["resource_type"] in dbt.CHECKED
    }


def rows(con: duckdb.DuckDBPyConnection, query: str, limit: int) -> FailingRows:
    """The first rows of a test's query, on a connection that has the build attached as ``veilig_thuis``."""
    given = [str(name) for name, *_ in con.execute(f"describe {query}").fetchall()]
    keys = [name for name in given if KEY.fullmatch(name)]
    if not keys:
        return FailingRows([], [], given)
    shown, joins = [], []
    for key in keys:
        table, columns = NUMBERED.get(key, ("", ()))
        if table:
            joins.append(f"left join veilig_thuis.intermediate.{table} using ({key})")
            shown += [f"{table}.{column}" for column in columns]
        else:
            shown.append(f'rij."{key}"')
    wanted = f"select {', '.join(shown)} from (select {', '.join(keys)} from ({query})) as rij {' '.join(joins)} order by all limit {limit}"
    found = con.execute(wanted)
    return FailingRows([d[0] for d in found.description or []], found.fetchall(), [name for name in given if name not in keys])


def name_columns(settings: Settings, keyring: Keyring, target: Path, failed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """dbt's failures (``BuildReport.gefaald``), with in the sentence what a test fails on that has columns in its meta as ``noemt``."""
    naming = {n["name"]: n["config"].get("meta", {}).get("noemt") for n in dbt.nodes().values() if n["resource_type"] in dbt.CHECKED}
    if not any(f["aantal"] and naming.get(f["naam"]) for f in failed):
        return failed
    queries = compiled(target)
    told = []
    with suppress(duckdb.Error), duck.connect(settings) as con:  # what broke down under dbt may keep the build from opening too
        duck.attach_build(con, settings, keyring.derive("build"))
        for f in failed:
            if f["aantal"] and (columns := naming.get(f["naam"])) and f["naam"] in queries:
                found = con.execute(f"select distinct {', '.join(columns)} from ({queries[f['naam']]}) order by all").fetchall()
                names = [".".join(map(str, row)) for row in found]
                shown = ", ".join(names[:NAMES])
                text = say("{explanation}; on {names}", explanation=f["toelichting"], names=shown)
                if (more := len(names) - NAMES) > 0:
                    text = say("{explanation}; on {names} and {more} more", explanation=f["toelichting"], names=shown, more=more)
                told.append(f | {"toelichting": text})
            else:
                told.append(f)
        return told
    return failed
