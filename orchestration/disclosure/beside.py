"""What stands beside a figure that leaves: names, days, breaks, how good it is.

All of it follows from the key of the figure and from what holds for its indicator or its area as a whole, never from the figure.
"""

import duckdb

from orchestration.disclosure.cells import KEY
from orchestration.standing import GOOD
from orchestration.transform import catalogue

TABLES = ("beside_names", "beside_breaks", "beside_standing")
"""Names of categories; where breaks lie; how good the figures of an indicator are."""
COLUMNS = (
    "periode_start", "periode_eind", "voorlopig", "indicator_naam", "gebied_naam", "categorie_naam", "vergelijkbaarheid",
    "vergelijkbaarheid_reden", "kwaliteit", "kwaliteit_reden",
)  # fmt: skip


def gather(con: duckdb.DuckDBPyConnection, marts: str) -> None:
    """Make ``TABLES`` of a release; ``con`` holds the table ``figures``."""
    kinds = con.execute("select distinct categorie_soort, categorie from figures order by all").fetchall()
    names = [catalogue.category_name(kind, value) for kind, value in kinds]
    con.execute(
        "create or replace table beside_names as select unnest(?) as categorie_soort, unnest(?) as categorie, unnest(?) as categorie_naam",
        [[k for k, _ in kinds], [v for _, v in kinds], names],
    )
    con.execute(
        f"""
        create or replace table beside_breaks as from {marts}.dim_breuk;
        create or replace table beside_standing as from {marts.removesuffix("marts")}kwaliteit.indicatoren
        """
    )


def gather_kept(con: duckdb.DuckDBPyConnection, schema: str) -> None:
    """The same of what ``keep`` wrote."""
    for table in TABLES:
        con.execute(f"create or replace table {table} as from {schema}.{table}")


def keep(con: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Copy ``TABLES`` into a schema."""
    for table in TABLES:
        con.execute(f"create table {schema}.{table} as from {table}")


def select(marts: str) -> str:
    """Query of the key of each row of ``figures``, with ``COLUMNS``.

    The break of one figure in one area goes before that of the figure everywhere, and this before that of all in an area; as in marts.
    """
    return f"""
    with broken as (
        select {", ".join(f"figures.{c}" for c in KEY.split(", "))},
            arg_min({{'code': b.vergelijkbaarheid, 'reason': b.vergelijkbaarheid_reden}},
                2 * (b.indicator is null)::int + (b.gebied is null)::int) as breuk
        from figures join beside_breaks as b using (periode_soort, periode)
        where (b.indicator is null or (b.indicator, b.categorie_soort, b.categorie)
                = (figures.indicator, figures.categorie_soort, figures.categorie))
            and (b.gebied is null or (b.gebied_soort, b.gebied) = (figures.gebied_soort, figures.gebied))
        group by all
    )
    select {", ".join(f"figures.{c}" for c in KEY.split(", "))},
        figures.periode_start, figures.periode_eind, false as voorlopig, dim_indicator.indicator_naam::text as indicator_naam,
        dim_gebied.gebied_naam::text as gebied_naam, beside_names.categorie_naam, breuk.code as vergelijkbaarheid,
        breuk.reason as vergelijkbaarheid_reden, coalesce(standing.kwaliteit, '{GOOD}') as kwaliteit, standing.kwaliteit_reden
    from figures left join broken using ({KEY})
    join beside_names using (categorie_soort, categorie)
    join {marts}.dim_indicator as dim_indicator on dim_indicator.indicator::text = figures.indicator
    join {marts}.dim_gebied as dim_gebied on dim_gebied.gebied_soort::text = figures.gebied_soort
        and dim_gebied.gebied::text = figures.gebied
    left join beside_standing as standing on standing.indicator = figures.indicator
    """
