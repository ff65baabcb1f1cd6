"""``kwaliteit.indicatoren``: of each indicator whether its figures can be relied on, and why not; and how that stands beside a figure.

It is of the indicator, never of one figure: beside what leaves it tells nothing of any.
"""

from collections.abc import Mapping, Sequence

import duckdb

from orchestration.sql import text
from orchestration.standing import CAREFUL, GOOD, TEXTS
from orchestration.transform.controle import BEKEND, Controle
from orchestration.transform.lineage import OF_INDICATORS

TABLE = "kwaliteit.indicatoren"
DESCRIBED = {"": "Een rij per indicator: hoe goed zijn cijfers in deze release zijn", "indicator": "Code van de indicator"} | TEXTS

DIFFERS = "Een eerder gepubliceerd cijfer wijkt af, en waarom is niet verklaard"
WAITING = "Er wachten rijen in quarantaine, zodat het cijfer nog kan veranderen"
WARNED = "Een controle van de gegevens eronder waarschuwt"


def make(con: duckdb.DuckDBPyConnection, table: str, controles: Sequence[Controle], rests_on: Mapping[str, frozenset[str]]) -> None:
    """Make ``table`` of the build attached as ``veilig_thuis``; ``rests_on`` has the tables that each subject is counted from.

    What intake warns of stays out: those rows are odd and count as they are.
    """
    pairs = [(subject, name) for subject, names in rests_on.items() for name in sorted(names)]
    doubted = {c.onderwerp for c in controles if c.uitkomst in ("gewaarschuwd", BEKEND) and c.uitgevoerd_met != "intake"}
    con.execute(
        f"""
        create table {table} as
        with rests as (select unnest($subjects) as onderwerp, unnest($names) as tabel),
        found as (
            select f.indicator,
                bool_or(tabel in (select entiteit from veilig_thuis.kwaliteit.quarantaine where status = 'open')) as waits,
                bool_or(list_contains($doubted, tabel)) as warned
            from ({OF_INDICATORS}) as f left join rests using (onderwerp) group by all
        ),
        reasons as (
            select indicator, concat_ws('; ',
                case when indicator in (select indicator from veilig_thuis.kwaliteit.aansluiting where oordeel = 'afwijkend')
                    then $differs end,
                case when waits then $waiting end, case when warned then $warning end) as kwaliteit_reden
            from found
        )
        select indicator, if(kwaliteit_reden = '', $good, $careful) as kwaliteit, nullif(kwaliteit_reden, '') as kwaliteit_reden
        from reasons order by indicator
        """,
        {
            "subjects": [s for s, _ in pairs],
            "names": [n for _, n in pairs],
            "doubted": sorted(doubted),
            "differs": DIFFERS,
            "waiting": WAITING,
            "warning": WARNED,
            "good": GOOD,
            "careful": CAREFUL,
        },
    )


BESIDE = {"peildatum": "Peildatum van de laatste levering"} | TEXTS
"""Columns that the release adds to the long table, with their texts."""


def beside(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, str]:
    """Each of ``BESIDE`` as an expression over ``indicator``, in the SQL of DuckDB and of PostgreSQL, as a release says it of itself.

    Constants: joined to the long table they would cost every reader of it, and its rows their order. Of a longer list (in) DuckDB makes
    a join after all.
    """
    ((peildatum,),) = con.execute(f"select peildatum from {database}.kwaliteit.release").fetchall()
    found = con.execute(
        f"select kwaliteit_reden, list(indicator order by indicator) from {database}.{TABLE} where kwaliteit_reden is not null"
        " group by all order by 1"
    ).fetchall()
    named = {reason: " or ".join(f"indicator = {text(code)}" for code in codes) for reason, codes in found}
    cases = " ".join(f"when {codes} then {text(reason)}" for reason, codes in named.items())
    reason = f"case {cases} end" if cases else "cast(null as varchar)"
    return {
        "peildatum": f"date '{peildatum}'",
        "kwaliteit": f"case when {reason} is null then '{GOOD}' else '{CAREFUL}' end",
        "kwaliteit_reden": reason,
    }


def stale(con: duckdb.DuckDBPyConnection, database: str) -> str:
    """The condition that a newer delivery has failed to come, as ``kwaliteit.release`` says."""
    ((moment,),) = con.execute(
        f"select strftime(verouderd_vanaf at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') from {database}.kwaliteit.release"
    ).fetchall()
    return f"now() >= timestamptz '{moment}'" if moment else "false"
