"""The grid: every figure that the rules name, for ended periods, and every count under it, with its true value beside it."""

from collections.abc import Iterable
from datetime import date

import duckdb

from orchestration.disclosure import shares
from orchestration.disclosure.rules import COUNTS, Rule, RuleError
from orchestration.language import say

SHARE_KINDS = ("aandeel", "aandeel_naar", "verhouding", "per_1000")
WAIT_KINDS = ("wachttijd_mediaan", "wachttijd_p90")
"""Of all that came in, those that still wait among them."""
MEAN_KINDS = ("gemiddelde", "mediaan", "p90", *WAIT_KINDS)

UNLISTED = "ongepubliceerd"
"""The rule of a count that is published nowhere and that follows from published ones: what is left of a share, buurt unknown."""


class RelationError(Exception):
    """What should hold of the true figures does not: the attacker would be a wrong one, and nothing may leave."""


KEY = "indicator, categorie_soort, categorie, gebied_soort, gebied, periode_soort, periode"
"""The key of a published figure, as SQL."""


def build(con: duckdb.DuckDBPyConnection, rules: Iterable[Rule], marts: str = "marts", until: date | None = None) -> None:
    """Make the tables ``figures``, ``cells`` and ``parts`` in ``con`` of the rules and of the tables in schema ``marts``.

    Of periods that have ended, and not after ``until``.

    Raises ``RuleError`` for a share whose counts are not all named, ``RelationError`` where a share does not stand on what it is said to.
    """
    rules = list(rules)
    con.execute("create or replace table rules (indicator text, categorie_soort text, gebied_soort text, periode_soort text, regel text)")
    con.executemany("insert into rules values (?, ?, ?, ?, ?)", [(r.indicator, r.breakdown, r.area, r.period, r.rule) for r in rules])
    con.execute(
        f"""
        create or replace table periods as
        select periode_soort::text as periode_soort, periode::text as periode, periode_start, periode_eind,
            list_position(['jaar', 'halfjaar', 'kwartaal', 'maand'], periode_soort::text) as fineness
        from {marts}.dim_periode where not voorlopig and volledig and periode_eind <= date '{until or date.max}';
        create or replace table areas as
        select gebied_soort::text as gebied_soort, gebied::text as gebied, valt_onder::text as valt_onder, geldig_van, geldig_tot
        from {marts}.dim_gebied;
        create or replace table truths as
        select indicator::text as indicator, categorie_soort::text as categorie_soort, categorie::text as categorie,
            gebied_soort::text as gebied_soort, gebied::text as gebied, periode::text as periode,
            waarde, teller, noemer, status::text as status
        from {marts}.indicatoren
        where not voorlopig and (indicator::text, categorie_soort::text, gebied_soort::text, periode_soort::text)
            in (select (indicator, categorie_soort, gebied_soort, periode_soort) from rules);
        create or replace table categories as
        with single as (
            select distinct categorie_soort::text as categorie_soort, categorie::text as categorie
            from {marts}.indicatoren where gebied_soort = 'regio' and not contains(categorie_soort::text, '|')
        ),
        crossed as (select distinct categorie_soort from rules where contains(categorie_soort, '|'))
        select * from single
        union all
        select crossed.categorie_soort, a.categorie || '|' || b.categorie
        from crossed
        join single as a on a.categorie_soort = split_part(crossed.categorie_soort, '|', 1)
        join single as b on b.categorie_soort = split_part(crossed.categorie_soort, '|', 2);
        create or replace table figures as
        select
            rules.indicator, rules.categorie_soort, categories.categorie, rules.gebied_soort, areas.gebied,
            rules.periode_soort, periods.periode, rules.regel, dim.soort::text as soort, dim.eenheid::text as eenheid, dim.factor,
            periods.periode_start, periods.periode_eind,
            coalesce(areas.geldig_van <= periods.periode_eind, true) and coalesce(areas.geldig_tot > periods.periode_start, true) as bestaat
        from rules
        join {marts}.dim_indicator as dim on dim.indicator::text = rules.indicator
        join categories using (categorie_soort)
        join areas using (gebied_soort)
        join periods using (periode_soort)
        -- wijken and buurten were divided anew within a year: only the years in which one existed whole
        where rules.gebied_soort not in ('wijk', 'buurt') or (
            coalesce(areas.geldig_van <= periods.periode_start, true) and coalesce(areas.geldig_tot > periods.periode_eind, true)
        );
        """
    )
    _share_parts(con)
    con.execute(
        f"""
        create or replace table cells as
        with named as (
            select indicator as reeks, indicator, 'waarde' as deel, * exclude (indicator) from figures where soort in {COUNTS} and bestaat
            union all
            select figures.indicator || ':' || part, figures.indicator, part, figures.* exclude (indicator)
            from figures join own_parts using (indicator) where bestaat
        )
        select
            row_number() over (order by reeks, named.categorie_soort, named.categorie, named.gebied_soort, named.gebied, named.periode)
                - 1 as cel,
            named.reeks, named.categorie_soort, named.categorie, named.gebied_soort, named.gebied, named.periode_soort, named.periode,
            named.regel, named.soort, named.periode_start, named.periode_eind,
            coalesce(case named.deel when 'waarde' then truths.waarde when 'teller' then truths.teller else truths.noemer end, 0)::bigint
                as waarde
        from named
        left join truths on truths.indicator = named.indicator and truths.categorie_soort = named.categorie_soort
            and truths.categorie = named.categorie and truths.gebied_soort = named.gebied_soort and truths.gebied = named.gebied
            and truths.periode = named.periode
        order by cel;
        """
    )
    _check_parts(con)


def _share_parts(con: duckdb.DuckDBPyConnection) -> None:
    """``own_parts``: what of a share has cells of its own; ``part_terms``: on which counts each figure of a share stands."""
    kinds = f"soort in {SHARE_KINDS}"
    shown = con.execute(
        f"select distinct indicator, categorie_soort, categorie, gebied from figures where {kinds} and bestaat order by all"
    ).fetchall()
    if unknown := sorted({code for code, *_ in shown} - set(shares.SHARES)):
        raise RuleError(
            say(
                "{known}: on which counts it stands is not known. Add it to SHARES (orchestration/disclosure/shares.py).",
                known=", ".join(unknown),
            )
        )
    con.execute("create or replace table own_parts (indicator text, part text)")
    own = [
        (code, part)
        for code in sorted({code for code, *_ in shown})
        for part, given in (("teller", shares.SHARES[code].numerator), ("noemer", shares.SHARES[code].denominator))
        if given is None and not (part == shares.DENOMINATOR and shares.SHARES[code].households)
    ]
    if own:
        con.executemany("insert into own_parts values (?, ?)", own)
    con.execute(
        """
        create or replace table part_terms (
            indicator text, categorie_soort text, categorie text, gebied text, part text,
            coefficient integer, reeks text, cel_categorie_soort text, cel_categorie text, cel_gebied text
        )
        """
    )
    rows = [
        (code, breakdown, category, area, part, coefficient, series, b, c, a or area)
        for code, breakdown, category, area in shown
        for part in (shares.NUMERATOR, shares.DENOMINATOR)
        for coefficient, series, b, c, a in shares.terms(code, part, breakdown, category, area)
    ]
    if rows:
        columns = list(zip(*rows, strict=True))
        con.execute("insert into part_terms select " + ", ".join(["unnest(?)"] * len(columns)), [list(c) for c in columns])


def _check_parts(con: duckdb.DuckDBPyConnection) -> None:
    """``parts``: figure of a share, part, cell and coefficient; each is tested on the true figures."""
    con.execute(
        """
        create or replace table parts as
        select figures.indicator, figures.categorie_soort, figures.categorie, figures.gebied_soort, figures.gebied, figures.periode_soort,
            figures.periode, part, coefficient, cells.cel, cells.waarde, part_terms.reeks
        from figures
        join part_terms using (indicator, categorie_soort, categorie, gebied)
        left join cells on cells.reeks = part_terms.reeks and cells.categorie_soort = part_terms.cel_categorie_soort
            and cells.categorie = part_terms.cel_categorie and cells.gebied = part_terms.cel_gebied and cells.periode = figures.periode
        where figures.bestaat
        """
    )
    missing = con.execute(
        "select distinct indicator, reeks, gebied_soort, periode_soort from parts where cel is null order by all limit 3"
    ).fetchall()
    if missing:
        told = "; ".join(f"{i} stands on {r}, for {g} by {p}" for i, r, g, p in missing)
        raise RuleError(say("{told}: that count is not named in full. Add a rule for it, or take the rule of the share away.", told=told))
    wrong = con.execute(
        """
        select indicator, part, gebied, periode, count(*) over () from (
            select indicator, categorie_soort, categorie, gebied_soort, gebied, periode, part, sum(coefficient * parts.waarde) as made,
                any_value(case part when 'teller' then truths.teller else truths.noemer end) as said
            from parts join truths using (indicator, categorie_soort, categorie, gebied_soort, gebied, periode)
            group by all
        ) where made != said order by all limit 3
        """
    ).fetchall()
    if wrong:
        told = "; ".join(f"{part} of {i} in {g}, {p}" for i, part, g, p, _ in wrong)
        raise RelationError(
            say(
                "{n} parts of shares are not the counts they are said to be: {told}. See disclosure/shares.py.",
                n=wrong[0][-1],
                told=told,
            )
        )
