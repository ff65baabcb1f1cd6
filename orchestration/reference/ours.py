"""Reference data as they count now: the seeds, with what was accepted in their place, as tables to compare with."""

from typing import Any

import duckdb

from orchestration import seeds
from orchestration.declared import of_project
from orchestration.reference.accepted import SEEDS_OF, files_of
from orchestration.seeds import SEEDS
from orchestration.settings import Settings
from orchestration.sql import text


def _config(seed: str) -> dict[str, Any]:
    declared = of_project(SEEDS / "_seeds.yml")["seeds"]
    found: dict[str, Any] = next(s for s in declared if s["name"] == seed)["config"]
    return found


def types(seed: str) -> dict[str, str]:
    """Column → type, as dbt has them."""
    found: dict[str, str] = _config(seed)["column_types"]
    return found


def keys(seed: str) -> list[str]:
    """What an accepted row stands in the place of, as dbt has it; of ``buurten`` a whole division."""
    found: list[str] = _config(seed)["meta"]["aanvaard_per"]
    return found


def load(settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of ``SEEDS_OF``, and ``stadsdelen`` and ``gemeenten``."""
    for seed, file in (*SEEDS_OF.items(), ("stadsdelen", "areas/stadsdelen.csv"), ("gemeenten", "areas/gemeenten.csv")):
        columns = "{" + ", ".join(f"{text(c)}: {text(t)}" for c, t in types(seed).items()) + "}"
        con.execute(f"create or replace table {seed} as from read_csv({text(seeds.place(file))}, header = true, columns = {columns})")
        for path in files_of(settings, seed) if seed in SEEDS_OF else ():
            con.execute(f"create or replace table nieuwe as from read_csv({text(str(path))}, header = true, columns = {columns})")
            same = " and ".join(f"nieuwe.{k} = {seed}.{k}" for k in keys(seed))
            con.execute(f"delete from {seed} where exists (from nieuwe where {same})")
            con.execute(f"insert into {seed} by name from nieuwe")
