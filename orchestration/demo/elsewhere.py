"""The demo of another organisation: the made-up registration moved into its gemeenten, as large as its households make it.

Which published figures it adds up to is lost on the way; what remains is the shape, and that nothing in it exists.
"""

from math import ceil

import duckdb

from orchestration import seeds
from orchestration.demo.errors import DemoError
from orchestration.language import later, say
from orchestration.sql import text

NUMBERS = ("advies", "casus", "huishouden", "melding", "dienst", "overdracht", "contact", "moment_nr", "huisverbod", "persoon")
"""Columns of numbers, which a second copy has of its own."""
APART = 1_000_000
"""How far apart the numbers of copies lie."""
PARENTS = (("advies", "adviesvragen"), ("melding", "meldingen"), ("casus", "casussen"))
"""Column → the table whose rows a row goes with; the first that it has."""


def share() -> float:
    """How many reports this organisation has for each of the demo's: its households by theirs, of the last year that both have."""
    ours = seeds.rows("households/huishoudens_gemeente.csv")
    theirs = seeds.rows(seeds.SEEDS / "households/huishoudens_gemeente.csv")
    years = {r["jaar"] for r in ours} & {r["jaar"] for r in theirs}
    if not years:
        raise DemoError(say("{file} has no year that the demo has households of.", file=seeds.place("households/huishoudens_gemeente.csv")))

    def households(rows: list[dict[str, str]]) -> int:
        return sum(int(r["huishoudens"] or 0) for r in rows if r["jaar"] == max(years))

    return households(ours) / households(theirs)


def move(con: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    """Move the registration, a table for each entity in ``con``, to the organisation that this process works for."""
    size = share()
    _places(con)
    _receivers(con)
    for name in tables:
        con.execute(f"alter table {name} rename to eigen_{name}")
        con.execute(f"create table {name} as from eigen_{name} limit 0")
    for copy in range(ceil(size)):
        _copy(con, tables, copy, min(1.0, size - copy))
    con.execute(f"update capaciteit set formatie = formatie * {size}, bezetting = bezetting * {size}")
    con.execute(f"update meldingen set stadsdeel_code = '', buurt_code = '', gemeente_code = {_place('casus')} where {AT_HOME}")
    con.execute(f"update adviesvragen set gemeente_code = {_place('advies')} where {AT_HOME}")
    con.execute(
        "update overdrachten set ontvanger = (select codes[1 + (hash(overdracht) % len(codes))::int] from ontvangers where oud = ontvanger)"
        " where ontvanger in (select oud from ontvangers)"
    )


AT_HOME = "gemeente_code in (select gemeente_code from thuis)"


def _copy(con: duckdb.DuckDBPyConnection, tables: list[str], copy: int, part: float) -> None:
    """Add a part of the casussen and requests for advice, with all that goes with them, under numbers of its own."""
    chosen = f"hash({{}}, {copy}) % 1000000 < {round(part * 1_000_000)}"
    con.execute(f"create or replace temp table gekozen_casussen as select casus from eigen_casussen where {chosen.format('casus')}")
    con.execute(
        f"create or replace temp table gekozen_adviesvragen as select advies from eigen_adviesvragen where {chosen.format('advies')}"
    )
    con.execute(
        "create or replace temp table gekozen_meldingen as "
        "select distinct melding from eigen_meldingen semi join gekozen_casussen using (casus)"
    )
    for name in tables:
        columns = [row[0] for row in con.execute(f"describe eigen_{name}").fetchall()]
        parent = next(((column, table) for column, table in PARENTS if column in columns), None)
        if parent is None and copy:
            continue  # of no case: once
        shifted = ", ".join(f"{c} + {copy * APART} as {c}" for c in columns if c in NUMBERS)
        rows = f"select * {f'replace ({shifted})' if shifted else ''} from eigen_{name}"
        going_with = f" semi join gekozen_{parent[1]} using ({parent[0]})" if parent else ""
        con.execute(f"insert into {name} by name {rows}{going_with}")


def _places(con: duckdb.DuckDBPyConnection) -> None:
    """``thuis``, the demo's gemeenten, and ``plaatsen``, ours, each with a stretch of 0 to 1 as long as its part of the households."""
    home = [r["gemeente_code"] for r in seeds.rows(seeds.SEEDS / "areas/gemeenten.csv")]
    con.execute(f"create table thuis as select unnest([{', '.join(map(text, home))}]) as gemeente_code")
    file = text(seeds.place("households/huishoudens_gemeente.csv"))
    con.execute(
        f"""
        create table plaatsen as
        with recent as (
            select gemeente_code, huishoudens::bigint as n from read_csv({file}, all_varchar = true)
            qualify jaar = max(jaar) over ()
        )
        select gemeente_code, coalesce(sum(n) over (order by gemeente_code rows between unbounded preceding and 1 preceding), 0)
            / sum(n) over () as van, sum(n) over (order by gemeente_code) / sum(n) over () as tot
        from recent
        """
    )


def _place(number: str) -> str:
    """SQL for the gemeente that a case or request falls to, by its number."""
    where = f"hash({number}, 'plaats') % 1000000 / 1000000.0"
    return f"(select p.gemeente_code from plaatsen as p where {where} >= p.van and {where} < p.tot)"


def _receivers(con: duckdb.DuckDBPyConnection) -> None:
    """``ontvangers``: a receiver that we do not have → ours of the same kind (uitstroom_soort)."""
    ours, theirs = (_kinds(seeds.rows(path)) for path in ("codes/codelijsten.csv", seeds.SEEDS / "codes/codelijsten.csv"))
    con.execute("create table ontvangers (oud varchar, codes varchar[])")
    for code, kind in theirs.items():
        if code in ours:
            continue
        if not (instead := [c for c, k in ours.items() if k == kind]):
            told = later("{file} has no ontvanger of the kind {kind}, and the demo hands over to one.")
            raise DemoError(say(told, file=seeds.place("codes/codelijsten.csv"), kind=kind))
        con.execute("insert into ontvangers values ($1, $2)", [code, instead])


def _kinds(rows: list[dict[str, str]]) -> dict[str, str]:
    """Receiver → kind of uitstroom."""
    groups = {r["code"]: r["hoort_bij"] for r in rows if r["codelijst"] == "ontvanger_groep"}
    return {r["code"]: groups[r["hoort_bij"]] for r in rows if r["codelijst"] == "ontvanger"}
