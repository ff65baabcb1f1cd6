"""What two engines made of the same rows, held against each other in DuckDB: every table, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration import duck
from orchestration.sql import text

CLOSE = 1e-12
"""How far two doubles may lie apart, in times their size, and be told apart from what really differs: the last bits of a sum."""


@dataclass(frozen=True)
class Held:
    """One table of both engines."""

    table: str
    """Schema and name."""
    rows: int
    """Of DuckDB."""
    rows_spark: int | None
    """None where Spark has no such table."""
    unequal: int = 0
    """Rows of DuckDB that Spark does not have, to the last bit."""
    different: int = 0
    """Of these, and the other way round: rows that differ in more than the last bits of a double."""
    columns: str = ""
    """Columns that one of the two has alone."""

    @property
    def agrees(self) -> bool:
        """Nothing differs but last bits."""
        return self.rows_spark == self.rows and not self.different and not self.columns


def hold(con: duckdb.DuckDBPyConnection, table: str, spark: Path) -> Held:
    """Hold table ``table`` (schema and name) of the attached build to the Parquet files of a folder.

    A value of Spark is read as one of DuckDB's type; an enumeration as its text.
    """
    types = _types(con, f"veilig_thuis.{table}")
    rows = duck.number(con, f"select count(*) from veilig_thuis.{table}")
    if not any(spark.glob("*.parquet")):
        return Held(table, rows, None)
    source = f"read_parquet({text(spark / '*.parquet')})"
    rows_spark = duck.number(con, f"select count(*) from {source}")
    if odd := sorted(set(types) ^ set(_types(con, source))):
        return Held(table, rows, rows_spark, columns=", ".join(odd))
    read = ", ".join(f"cast({name} as {'varchar' if kind.startswith('ENUM') else kind}) as {name}" for name, kind in types.items())
    told = [
        duck.row(con, f"select count(*), sum(hash(rij)) from (select {read} from {each}) as rij")
        for each in (f"veilig_thuis.{table}", source)
    ]
    if told[0] == told[1]:  # every row is the same, in whatever order: a hundred million of them are read once each
        return Held(table, rows, rows_spark)
    for one, other, kept in (("veilig_thuis." + table, source, "alleen_duckdb"), (source, "veilig_thuis." + table, "alleen_spark")):
        con.execute(f"create or replace temp table {kept} as select {read} from {one} except all select {read} from {other}")
    unequal = duck.number(con, "select greatest((select count(*) from alleen_duckdb), (select count(*) from alleen_spark))")
    return Held(table, rows, rows_spark, unequal, _different(con, types) if unequal else 0)


def _types(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {name: str(kind) for name, kind, *_ in con.execute(f"describe select * from {table}").fetchall()}


def _different(con: duckdb.DuckDBPyConnection, types: Mapping[str, str]) -> int:
    """Of what one engine has alone, beside what the other has alone: how many differ in more than the last bits of doubles."""
    doubles = [name for name, kind in types.items() if kind == "DOUBLE"]
    order = ", ".join([name for name in types if name not in doubles] + doubles)
    near = [f"(d.{n} is not distinct from s.{n} or abs(d.{n} - s.{n}) <= {CLOSE} * greatest(abs(d.{n}), abs(s.{n})))" for n in doubles]
    same = " and ".join([f"d.{n} is not distinct from s.{n}" for n in types if n not in doubles] + near)
    numbered = "select *, row_number() over (order by {order}) as plaats from {table}"
    return duck.number(
        con,
        f"with d as ({numbered.format(order=order, table='alleen_duckdb')}), s as ({numbered.format(order=order, table='alleen_spark')}) "
        "select count(*) from d full join s on d.plaats = s.plaats "
        f"where not coalesce({same}, false) or d.plaats is null or s.plaats is null",
    )
