"""Every relation between counts that an attacker can reason with; each is tested on the true figures first."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from orchestration import seeds
from orchestration.disclosure.cells import UNLISTED, RelationError
from orchestration.language import say

EQUAL, AT_LEAST, AT_MOST = "=", ">=", "<="


@dataclass(frozen=True)
class Special:
    """A relation between different series, in each area and period where all its counts are: the sum of its terms against 0."""

    name: str
    sense: str
    terms: tuple[tuple[int, str, str, str], ...]
    """coefficient, series, breakdown, category"""


def build(con: duckdb.DuckDBPyConnection, decided_before: str | None = None) -> None:
    """Make ``relation_terms`` (relation, sense, cell, coefficient) and ``constants``, and add the unlisted cells to ``cells``.

    ``decided_before`` is a query that gives ``maand`` and ``term``: what assessments decided before their report was received put
    between two stocks. Raises ``RelationError`` when a relation does not hold on the true figures.
    """
    con.execute(
        """
        create or replace table relation_terms (relatie text, sense text, cel bigint, coefficient integer);
        create or replace table constants (relatie text, constante bigint);
        create or replace table pairs (kind text, sense text, parent bigint, child bigint);
        """
    )
    _seed(con)
    _breakdowns(con)
    _crossings(con)
    _code_lists(con)
    _areas(con)
    _periods(con)
    con.execute(
        """
        insert into relation_terms
        select kind || ':' || parent, sense, child, 1 from pairs
        union all select distinct kind || ':' || parent, sense, parent, -1 from pairs;
        """
    )
    _unique_counts(con)
    _stocks(con, decided_before)
    _specials(con)
    _complements(con)
    check(con)


def check(con: duckdb.DuckDBPyConnection) -> None:
    """Hold every relation to the true figures. Raises ``RelationError`` with keys of cells, never values."""
    false = con.execute(
        """
        with sums as (
            select relatie, sense, sum(coefficient * waarde) - coalesce(any_value(constante), 0) as total, min(cel) as cel
            from relation_terms join cells using (cel) left join constants using (relatie) group by relatie, sense
        )
        select relatie, reeks, gebied, periode, count(*) over () from sums join cells using (cel)
        where not case sense when '=' then total = 0 when '>=' then total >= 0 else total <= 0 end
        order by relatie limit 5
        """
    ).fetchall()
    if false:
        told = "; ".join(f"{relation} ({series}, {area}, {period})" for relation, series, area, period, _ in false)
        raise RelationError(say("{n} relations do not hold on the true figures: {told}", n=false[0][-1], told=told))
    if con.execute("select count(*) from relation_terms").fetchone() == (0,):
        raise RelationError(say("There is no relation between the figures: an attacker without any finds nothing."))


def _seed(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create or replace table kinds (categorie_soort text, exclusive boolean)")
    con.executemany(
        "insert into kinds values (?, ?)",
        [(r["categorie_soort"], r["precies_een"] == "true") for r in seeds.rows("catalogue/categorie_soorten.csv")],
    )
    con.execute("create or replace table codes (codelijst text, code text, hoort_bij text)")
    con.executemany(
        "insert into codes values (?, ?, ?)",
        [(r["codelijst"], r["code"], r["hoort_bij"]) for r in seeds.rows("codes/codelijsten.csv")],
    )


COVERED = ("vorm_groep",)
"""Breakdowns of which everything counted has at least one value."""
DISJOINT = ("uitkomst_huiselijk_geweld", "uitkomst_kindermishandeling")
"""Breakdowns of which everything counted has at most one value."""


def _breakdowns(con: duckdb.DuckDBPyConnection) -> None:
    """Categories of one breakdown against the total."""
    within = """
        from cells as child join cells as parent on parent.reeks = child.reeks and parent.categorie_soort = ''
            and parent.gebied_soort = child.gebied_soort and parent.gebied = child.gebied and parent.periode = child.periode
        join kinds on kinds.categorie_soort = child.categorie_soort and not contains(child.categorie_soort, '|')
        where child.categorie_soort != ''
    """
    con.execute(f"insert into pairs select 'uitsplitsing ' || child.categorie_soort, '=', parent.cel, child.cel {within} and exclusive")
    con.execute(f"insert into pairs select 'deel van ' || child.cel, '<=', parent.cel, child.cel {within} and not exclusive")
    con.execute(
        f"""insert into pairs select 'dekt ' || child.categorie_soort, '>=', parent.cel, child.cel {within}
            and child.categorie_soort in {(*COVERED, "")}"""
    )
    con.execute(
        f"""insert into pairs select 'hooguit een ' || child.categorie_soort, '<=', parent.cel, child.cel {within}
            and child.categorie_soort in {DISJOINT}"""
    )


def _crossings(con: duckdb.DuckDBPyConnection) -> None:
    """Crossed breakdowns against the breakdowns that they cross."""
    for place, other in ((1, 2), (2, 1)):
        within = f"""
            from cells as child join cells as parent on parent.reeks = child.reeks
                and parent.categorie_soort = split_part(child.categorie_soort, '|', {place})
                and parent.categorie = split_part(child.categorie, '|', {place})
                and parent.gebied_soort = child.gebied_soort and parent.gebied = child.gebied and parent.periode = child.periode
            join kinds on kinds.categorie_soort = split_part(child.categorie_soort, '|', {other})
            where contains(child.categorie_soort, '|')
        """
        name = f"'kruising {place} ' || child.categorie_soort"
        con.execute(f"insert into pairs select {name}, '=', parent.cel, child.cel {within} and exclusive")
        con.execute(f"insert into pairs select {name} || child.cel, '<=', parent.cel, child.cel {within} and not exclusive")
        con.execute(f"insert into pairs select {name}, '>=', parent.cel, child.cel {within} and kinds.categorie_soort in {(*COVERED, '')}")


def _code_lists(con: duckdb.DuckDBPyConnection) -> None:
    """Codes against the groups of their list, alone and crossed."""
    for fine, coarse, exclusive in (
        ("melder", "melder_groep", True),
        ("vorm", "vorm_groep", False),
        ("ontvanger", "ontvanger_groep", True),
    ):
        for place in (0, 1, 2):
            if place == 0:
                kind, up, group = f"'{fine}'", f"'{coarse}'", "codes.hoort_bij"
                code = "child.categorie"
                shape = f"child.categorie_soort = {kind}"
            else:
                mine, beside = f"split_part({{}}, '|', {place})", f"split_part({{}}, '|', {3 - place})"
                shape = f"contains(child.categorie_soort, '|') and {mine.format('child.categorie_soort')} = '{fine}'"
                code = mine.format("child.categorie")
                halves = [f"'{coarse}'", beside.format("child.categorie_soort")]
                groups = ["codes.hoort_bij", beside.format("child.categorie")]
                if place == 2:
                    halves.reverse()
                    groups.reverse()
                up, group = f"{halves[0]} || '|' || {halves[1]}", f"{groups[0]} || '|' || {groups[1]}"
            within = f"""
                from cells as child join codes on codes.codelijst = '{fine}' and codes.code = {code}
                join cells as parent on parent.reeks = child.reeks and parent.categorie_soort = {up} and parent.categorie = {group}
                    and parent.gebied_soort = child.gebied_soort and parent.gebied = child.gebied and parent.periode = child.periode
                where {shape}
            """
            con.execute(f"insert into pairs select 'groep {fine}', '{'=' if exclusive else '>='}', parent.cel, child.cel {within}")
            if not exclusive:
                con.execute(f"insert into pairs select 'in groep ' || child.cel, '<=', parent.cel, child.cel {within}")


ADDS_UP = "{0}.soort != 'uniek'"
"""Counts of different things do not add up over areas and periods."""


def _areas(con: duckdb.DuckDBPyConnection) -> None:
    """Areas against the area that they are part of; what is in no wijk is a cell of its own."""
    _rests(con)
    con.execute(
        f"""
        insert into pairs
        with parents as (
            select gebied_soort, gebied, coalesce(valt_onder, case when gebied_soort = 'buiten' then 'REGIO' end) as valt_onder from areas
            union all select 'rest', gebied || ' zonder wijk', gebied from areas where gebied_soort = 'stadsdeel'
        ),
        found as (
            select parent.cel as parent, child.cel as child, child.gebied_soort, child.soort,
                -- the gemeenten make the region with BUITEN only
                bool_or(child.gebied_soort in ('buiten', 'stadsdeel', 'rest', 'buurt')) over (partition by parent.cel) as whole
            from cells as child
            join parents using (gebied_soort, gebied)
            join cells as parent on parent.gebied = parents.valt_onder and parent.reeks = child.reeks
                and parent.categorie_soort = child.categorie_soort and parent.categorie = child.categorie and parent.periode = child.periode
        )
        select 'gebied', case when whole then '=' else '<=' end, parent, child from found where {ADDS_UP.format("found")}
        """
    )


def _rests(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        f"""
        insert into cells
        with found as (
            select parent.cel as parent, sum(child.waarde) as known
            from cells as child join areas on areas.gebied_soort = 'wijk' and areas.gebied = child.gebied
            join cells as parent on parent.gebied_soort = 'stadsdeel' and parent.gebied = areas.valt_onder and parent.reeks = child.reeks
                and parent.categorie_soort = child.categorie_soort and parent.categorie = child.categorie and parent.periode = child.periode
            where child.gebied_soort = 'wijk' and {ADDS_UP.format("child")}
            group by parent.cel
        )
        select (select max(cel) from cells) + row_number() over (order by cel), reeks, categorie_soort, categorie,
            'rest', gebied || ' zonder wijk', periode_soort, periode, '{UNLISTED}', soort, periode_start, periode_eind, waarde - known
        from found join cells on cells.cel = found.parent
        """
    )


def _periods(con: duckdb.DuckDBPyConnection) -> None:
    """Periods against the longer one that they are in, for what counts by day: from each kind to the next longer one that is named."""
    con.execute(
        f"""
        insert into pairs
        with levels as (
            select distinct reeks, categorie_soort, gebied_soort, periode_soort,
                list_position(['jaar', 'halfjaar', 'kwartaal', 'maand'], periode_soort) as fineness
            from cells where {ADDS_UP.format("cells")} and soort != 'voorraad' and gebied_soort != 'rest'
        ),
        steps as (
            select *, lag(periode_soort) over (partition by reeks, categorie_soort, gebied_soort order by fineness) as longer from levels
        ),
        found as (
            select parent.cel as parent, child.cel as child, parent.periode_eind - parent.periode_start + 1 as asked,
                sum(child.periode_eind - child.periode_start + 1) over (partition by parent.cel) as days,
                areas.geldig_van > parent.periode_start as begins
            from cells as child join steps using (reeks, categorie_soort, gebied_soort, periode_soort)
            join areas using (gebied_soort, gebied)
            join cells as parent on parent.reeks = child.reeks and parent.categorie_soort = child.categorie_soort
                and parent.categorie = child.categorie and parent.gebied_soort = child.gebied_soort and parent.gebied = child.gebied
                and parent.periode_soort = steps.longer
                and child.periode_start >= parent.periode_start and child.periode_eind <= parent.periode_eind
            where longer is not null
        )
        select 'periode', '=', parent, child from found where days = asked or begins
        """
    )


def _unique_counts(con: duckdb.DuckDBPyConnection) -> None:
    """Different casussen: no more in a part than in the whole, and no more in the whole than in its parts together."""
    con.execute(
        """
        create or replace temp table nested as
        select parent.cel as parent, child.cel as child
        from cells as child join areas using (gebied_soort, gebied)
        join cells as parent on parent.gebied = coalesce(areas.valt_onder, 'REGIO') and parent.cel != child.cel
            and parent.reeks = child.reeks
            and parent.categorie_soort = child.categorie_soort and parent.categorie = child.categorie and parent.periode = child.periode
        where child.soort = 'uniek' and child.gebied_soort in ('gemeente', 'buiten', 'stadsdeel');
        insert into relation_terms
        select 'uniek deel:' || child, '<=', unnest([child, parent]), unnest([1, -1]) from nested
        union all select 'uniek geheel:' || parent, '>=', child, 1 from nested
        union all select distinct 'uniek geheel:' || parent, '>=', parent, -1 from nested;
        """
    )


def _stocks(con: duckdb.DuckDBPyConnection, decided_before: str | None) -> None:
    """A stock is the one before, with what came in and without what was settled."""
    for stock, came, went, flow in (
        ("vb_open", "meldingen", "vb_afgerond", "maand"),
        ("diensten_open", "diensten_gestart", "diensten_afgesloten", "kwartaal"),
    ):
        con.execute(
            f"""
            insert into relation_terms
            with turns as (
                select now.cel as now, before.cel as before, came.cel as came, went.cel as went
                from cells as came
                join cells as went on went.reeks = '{went}' and went.periode = came.periode and went.gebied = came.gebied
                    and went.categorie_soort = came.categorie_soort and went.categorie = came.categorie
                join cells as now on now.reeks = '{stock}' and now.periode_soort = 'maand' and now.periode_eind = came.periode_eind
                    and now.gebied = came.gebied and now.categorie_soort = came.categorie_soort and now.categorie = came.categorie
                join cells as before on before.reeks = '{stock}' and before.periode_soort = 'maand'
                    and before.periode_eind + 1 = came.periode_start
                    and before.gebied = came.gebied and before.categorie_soort = came.categorie_soort and before.categorie = came.categorie
                where came.reeks = '{came}' and came.periode_soort = '{flow}'
                    and came.categorie_soort in ('', 'dienst_soort')
            )
            select 'voorraad:' || now, '=', unnest([now, before, came, went]), unnest([1, -1, -1, 1]) from turns
            """
        )
    if decided_before:
        con.execute(
            f"""
            insert into constants
            select 'voorraad:' || cel, sum(term) from ({decided_before}) as corrected
            join cells on cells.reeks = 'vb_open' and cells.categorie_soort = '' and cells.gebied_soort = 'regio'
                and cells.periode_soort = 'maand' and cells.periode_start = corrected.maand
            group by cel
            """
        )


def _group(code_list: str, group: str) -> list[str]:
    return [r["code"] for r in seeds.rows("codes/codelijsten.csv") if r["codelijst"] == code_list and r["hoort_bij"] == group]


def _all_but(code_list: str, code: str) -> list[str]:
    return [r["code"] for r in seeds.rows("codes/codelijsten.csv") if r["codelijst"] == code_list and r["code"] != code]


def _is(
    name: str, series: str, parts: Sequence[tuple[str, str, str]], breakdown: str = "", category: str = "", sense: str = EQUAL
) -> Special:
    """``series`` is the sum of ``parts``."""
    return Special(name, sense, ((1, series, breakdown, category), *((-1, *part) for part in parts)))


def specials() -> list[Special]:
    """What different series have to do with each other."""
    waiting = [
        r["code"] for r in seeds.rows("catalogue/afgeleide_categorieen.csv") if r["codelijst"] == "wachttijd" and int(r["van"] or 0) > 0
    ]
    professionals, in_charge, other = (
        _group("melder_groep", "professionals"),
        _group("ontvanger_groep", "regiehoudend"),
        _group("ontvanger_groep", "overige_hulpverlening"),
    )  # fmt: skip
    inflow = ("meldingen", "adviesvragen")
    transfers, outflow = "overdrachten", "overdrachten_en_afsluitingen"
    own, groups = "aandeel_{}:teller", "ontvanger_groep"
    found = [
        _is("wachttijd", "vb_open_over_termijn", [("vb_open", "wachttijd", w) for w in waiting]),
        _is("zonder zicht", "vb_open_zonder_zicht", [("vb_open", "", "")], sense=AT_MOST),
        _is("diensten over termijn", "diensten_open_over_termijn", [("diensten_open", "", "")], sense=AT_MOST),
        _is("regiehoudend", outflow, [(transfers, groups, g) for g in in_charge], "uitstroom_soort", "regiehoudend"),
        _is("overige", outflow, [(transfers, groups, g) for g in other], "uitstroom_soort", "overige_hulpverlening"),
        _is("overdrachten", transfers, [(outflow, "uitstroom_soort", s) for s in ("regiehoudend", "overige_hulpverlening")]),
        _is("casussen", "casussen_met_melding", [("meldingen", "", "")], sense=AT_MOST),
        _is("professionals", own.format("meldingen_professionals"), [("meldingen", "melder_groep", g) for g in professionals]),
        _is("onveilig", own.format("vb_onveilig"), [("vb_afgerond", "vb_uitkomst", u) for u in ("acuut", "structureel")]),
        _is("inwoners", own.format("inwoners_instroom"), [(s, "melder_groep", "inwoners") for s in inflow]),
        _is("instroom", "aandeel_inwoners_instroom:noemer", [(s, "", "") for s in inflow]),
        _is(
            "geen politie",
            own.format("professionals_niet_politie"),
            [(s, "melder_groep", g) for s in inflow for g in professionals if g != "politie"],
        ),
        _is(
            "aanvragers",
            own.format("huisverboden_hulpverlening"),
            [("huisverboden", "aanvrager", a) for a in _all_but("huisverbod_aanvrager", "politie")],
        ),
        _is("betrokkenheid bekend", "aandeel_overdrachten_betrokken:noemer", [(transfers, "betrokken", b) for b in ("ja", "nee")]),
        _is(
            "fasen",
            "meldingen",
            [("meldingen", "betrokkenheid_fase", f) for f in ("tijdens_vb", "na_vb", "monitoring")],
            "betrokkenheid",
            "vervolgmelding",
        ),
        _is("onderzoeken", "onderzoeken_uitkomst", [("diensten_afgesloten", "dienst_soort", "onderzoek")], sense=AT_MOST),
        _is("gevolgd", "aandeel_zonder_hermelding_2jaar:noemer", [("casussen_uitgestroomd", "", "")], sense=AT_MOST),
        _is("acuut", "aandeel_acuut_binnen_2_uur:noemer", [("meldingen", "", "")], sense=AT_MOST),
    ]
    found += [
        _is(
            "professionals in " + h,
            own.format("meldingen_professionals"),
            [("meldingen", "huishouden|melder_groep", f"{h}|{g}") for g in professionals],
            "huishouden",
            h,
        )
        for h in ("met_kinderen", "zonder_kinderen")
    ]
    found += [
        _is(f"{of} {c}".strip(), f"{series}:noemer", [(of, kind, c)], kind, c, AT_MOST)
        for series, of, kind, categories in (
            ("aandeel_vb_binnen_termijn_instroom", "meldingen", "urgentie", ("1", "2", "3", "4")),
            ("aandeel_diensten_binnen_termijn", "diensten_afgesloten", "dienst_soort", ("voorwaarden_vervolg", "onderzoek")),
        )
        for kind, c in (("", ""), *((kind, c) for c in categories))
    ]
    found += [
        _is(
            f"betrokkenheid bekend {g}",
            "aandeel_overdrachten_betrokken:noemer",
            [(transfers, f"{groups}|betrokken", f"{g}|{b}") for b in ("ja", "nee")],
            groups,
            g,
        )
        for g in (*in_charge, *other)
    ]
    return found


def _specials(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create or replace table special_terms"
        " (name text, sense text, coefficient integer, reeks text, categorie_soort text, categorie text)"
    )
    con.executemany("insert into special_terms values (?, ?, ?, ?, ?, ?)", [(s.name, s.sense, *t) for s in specials() for t in s.terms])
    con.execute(
        """
        insert into relation_terms
        with asked as (select name, count(*) as terms from special_terms group by name),
        found as (
            select name, sense, cel, coefficient, gebied_soort, gebied, periode,
                count(*) over (partition by name, gebied_soort, gebied, periode) as terms
            from special_terms join cells using (reeks, categorie_soort, categorie)
        )
        select 'verband ' || name || ':' || gebied || ' ' || periode, sense, cel, coefficient from found join asked using (name, terms)
        """
    )
    # a special one of which every count is named but that is found nowhere names a category that is no more
    lost = con.execute(
        """
        select name from special_terms
        where not exists (select 1 from relation_terms where relatie ^@ ('verband ' || special_terms.name || ':'))
        group by name having bool_and((reeks, categorie_soort) in (select distinct (reeks, categorie_soort) from cells))
        order by name
        """
    ).fetchall()
    if lost:
        raise RelationError(
            say(
                "Nowhere is there a relation {known}: it names a category that is none. See relations.specials.",
                known=", ".join(n for (n,) in lost),
            )
        )


def _complements(con: duckdb.DuckDBPyConnection) -> None:
    """What is below the line of a share and not above it: a cell that is published nowhere. It is never negative."""
    con.execute(
        f"""
        create or replace temp table complements as
        with sums as (
            select indicator, categorie_soort, categorie, gebied_soort, gebied, periode_soort, periode,
                sum(case part when 'noemer' then coefficient else -coefficient end * waarde) as waarde, min(cel) as eerste
            from parts join figures using (indicator, categorie_soort, categorie, gebied_soort, gebied, periode_soort, periode)
            where soort in ('aandeel', 'aandeel_naar')
            group by all
        )
        select (select max(cel) from cells)
            + row_number() over (order by indicator, categorie_soort, categorie, gebied_soort, gebied, periode) as cel, *
        from sums;
        insert into relation_terms
        select 'rest van aandeel:' || complements.cel, '=', parts.cel, case part when 'noemer' then coefficient else -coefficient end
        from complements join parts using (indicator, categorie_soort, categorie, gebied_soort, gebied, periode_soort, periode)
        union all select 'rest van aandeel:' || cel, '=', cel, -1 from complements;
        insert into cells
        select complements.cel, indicator || ':rest', complements.categorie_soort, complements.categorie, complements.gebied_soort,
            complements.gebied, complements.periode_soort, complements.periode, '{UNLISTED}', 'aantal', cells.periode_start,
            cells.periode_eind, complements.waarde
        from complements join cells on cells.cel = eerste;
        """
    )
