"""Small tables in the shape of the history and of the marts, all in order, to be spoiled by each test in its own way."""

from datetime import date
from typing import Any

import duckdb

from orchestration.intake.contract import Entity, Field, load_contract
from orchestration.quality.frames import CheckedTable
from orchestration.quality.suites import Suite

PEILDATUM = date(2025, 1, 31)
PER_DAY, DAYS = 40, 420
"""Rows a day, and days up to the peildatum."""


def landing(suite: Suite) -> CheckedTable:
    """An entity with ``PER_DAY`` rows on each of ``DAYS`` days, its codes taken in turn; beside it the parent that has the day."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'Europe/Amsterdam'")
    con.execute("attach ':memory:' as veilig_thuis")
    con.execute("create schema veilig_thuis.historie")
    contract = load_contract()
    for name in dict.fromkeys([suite.table, *suite.options.get("bij", [])[:1]]):
        columns = ", ".join(_column(contract.entity(name), v) for v in contract.entity(name).fields)
        con.execute(
            f"""
            create table veilig_thuis.historie.{name} as
            select {columns}, 7 as _levering, '{name}.csv' as _bestand, i + 2 as _regel, true as _is_actueel
            from (select i, date '{PEILDATUM}' - (i // {PER_DAY})::integer as dag from range({PER_DAY * DAYS}) t(i))
            """
        )
    return CheckedTable(con, suite, PEILDATUM, (7,))


def _column(entity: Entity, v: Field) -> str:
    def value(name: str, kind: str) -> str:  # noqa: PLR0911  # one return for each kind of field reads best
        match v.veldsoort:
            case "nummer" | "bsn" if name.endswith("_id"):
                return f"md5('{name}' || i)::uuid"
            case "datum":
                return "dag"
            case "moment":
                return "(dag + interval 9 hour)::timestamptz"
            case "code":
                codes = load_contract().code_lists[str(v.codelijst)]
                rest = len(codes) - 1  # the first code is rare, so that a week of nothing else stands out
                return f"{list(codes)}[case when i % 10 = 0 then 1 else 2 + (i % {rest})::integer end]"
            case "gemeente":
                return "'GM0363'"
            case "geboortedatum" if kind == "INTEGER":
                return "1990"
            case "maand":
                return "strftime(dag, '%Y-%m')"
            case "decimaal":
                return "1"
            case _:
                return {"BOOLEAN": "false", "INTEGER": "1", "BIGINT": "1"}.get(kind, "'AA01'")

    return ", ".join(f"cast({value(name, kind)} as {kind}) as {name}" for name, kind in v.columns.items())


FIXED = """periode_soort varchar, periode varchar, periode_start date, periode_eind date, voorlopig boolean, gebied_soort varchar,
    gebied varchar, gebied_naam varchar"""


def release_table(suite: Suite) -> CheckedTable:
    """A mart with 2022 to 2024 and the running year, by year, for the region and two gemeenten."""
    con = duckdb.connect()
    con.execute("attach ':memory:' as veilig_thuis")
    con.execute("create schema veilig_thuis.marts")
    con.execute("use veilig_thuis.marts")
    con.execute("create table dim_indicator as from (values ('meldingen', 'aantal'), ('aandeel', 'procent')) t(indicator, eenheid)")
    con.execute(
        """
        create table dim_gebied as from (values ('regio', 'REGIO', null::date, null::date), ('gemeente', 'GM0363', null, null),
            ('gemeente', 'GM0384', null, null), ('gemeente', 'GM0457', null, date '2022-03-24'), ('stadsdeel', 'A', null, null))
            t(gebied_soort, gebied, geldig_van, geldig_tot)
        """
    )
    con.execute(
        "create table dim_periode as select 'jaar' as periode_soort, jaar::varchar as periode, "
        "make_date(jaar::integer, 1, 1) as periode_start, jaar >= 2015 as volledig, jaar > 2024 as voorlopig from range(2010, 2030) t(jaar)"
    )
    con.execute(
        f"""
        create table rooster as
        select 'jaar' as periode_soort, jaar::varchar as periode, make_date(jaar, 1, 1) as periode_start,
            make_date(jaar, 12, 31) as periode_eind, make_date(jaar, 12, 31) > date '{PEILDATUM}' as voorlopig,
            gebied_soort, gebied, gebied as gebied_naam
        from (select unnest(range(2022, 2026))::integer as jaar) cross join dim_gebied
        where geldig_tot is null or geldig_tot > make_date(jaar, 1, 1)
        """
    )
    con.execute(f"create table {suite.table} as {_MART.get(suite.table, WIDE)}")
    con.execute(f"create schema veilig_thuis.intermediate; create table veilig_thuis.intermediate.int_cijfers as from {suite.table}")
    return CheckedTable(con, suite, PEILDATUM)


WIDE = "select *, 100::bigint as aantal, 50.0::double as aandeel_x, 3.0::double as doorlooptijd_mediaan from rooster"
_MART: dict[str, str] = {
    "indicatoren": """
        select d.indicator, r.*, '' as categorie_soort, '' as categorie, 50::double as waarde, null::double as teller,
            null::double as noemer, d.eenheid, 'berekend' as status, 'Naam' as indicator_naam, '' as categorie_naam, 1 as volgorde
        from rooster r cross join dim_indicator d""",
    "meerjarenbeeld": "select 'meldingen' as indicator, 2024 as jaar, 'REGIO' as gebied, '' as categorie_soort, '' as categorie, "
    "'procent' as eenheid, 50::double as waarde",
}


def spoil(table: CheckedTable, *statements: str) -> None:
    """Change the table: ``{t}`` is its name, ``{dag}`` the peildatum."""
    for sql in statements:
        table.con.execute(sql.format(t=f"{table.schema}.{table.name}", dag=f"date '{PEILDATUM}'", s=table.schema, **_first(table)))


def _first(table: CheckedTable) -> dict[str, Any]:
    """The first key column and the event's column of the entity, for all."""
    if not table.historic:
        return {}
    entity = load_contract().entity(table.name)
    return {
        "sleutel": entity.primary_key_columns[0],
        "laatste": list(entity.columns)[-1],
        "bron": f"{table.schema}.{table.options.get('bij', [table.name])[0]}",
        "gebeurtenis": table.options["dag"],
    }
