"""The true figures of a vintage, kept with it so that it can be audited when its release is long gone. Figures only."""

from pathlib import Path

import duckdb

from orchestration.disclosure import beside
from orchestration.sql import text

SCHEMA = "waarheid"

DECIDED_BEFORE = """
    select date_trunc('month', besluit_op)::date as maand, 1 as term
    from {facts}.fct_veiligheidsbeoordelingen where besluit_op < ontvangen_dag
    union all
    select date_trunc('month', ontvangen_dag)::date, -1
    from {facts}.fct_veiligheidsbeoordelingen where besluit_op < ontvangen_dag
"""
"""An assessment decided before the day of its report, after a correction of that day, is in no stock. By month, of no one."""


def keep(con: duckdb.DuckDBPyConnection, marts: str, decided: str | None, path: Path) -> None:
    """Copy what ``cells.build`` reads of ``marts`` into a new DuckDB file; ``con`` holds its table ``rules``, and
    what stands beside the figures (``beside.TABLES``)."""
    path.unlink(missing_ok=True)
    con.execute(f"attach {text(path)} as kept")
    try:
        con.execute(f"create schema kept.{SCHEMA}")
        for table in ("dim_periode", "dim_gebied", "dim_indicator"):
            con.execute(f"create table kept.{SCHEMA}.{table} as from {marts}.{table}")
        con.execute(
            f"""
            create table kept.{SCHEMA}.indicatoren as
            from {marts}.indicatoren
            where not voorlopig and (indicator::text, categorie_soort::text, gebied_soort::text, periode_soort::text)
                in (select (indicator, categorie_soort, gebied_soort, periode_soort) from rules)
            union all
            -- one figure of each category: the grid has them all, whatever the data
            from {marts}.indicatoren where gebied_soort = 'regio' and not contains(categorie_soort::text, '|')
                and (indicator::text, categorie_soort::text, gebied_soort::text, periode_soort::text)
                    not in (select (indicator, categorie_soort, gebied_soort, periode_soort) from rules)
            qualify row_number() over (partition by categorie_soort, categorie order by indicator, periode_soort, periode) = 1
            """
        )
        con.execute(f"create table kept.{SCHEMA}.decided_before as {decided or 'select null::date as maand, 0 as term where false'}")
        beside.keep(con, f"kept.{SCHEMA}")
    finally:
        con.execute("detach kept")
