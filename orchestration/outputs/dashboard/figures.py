"""What the page asks of a release, in SQL: what there is to choose, and the figures of a choice, written as Dutch readers write them.

Both parts of a release get one view, ``shown``, with the same columns; nothing after that knows which part it is.
The release is attached as ``uitgave``.
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from orchestration import seeds
from orchestration.disclosure import publish
from orchestration.outputs.dashboard import texts
from orchestration.outputs.words import (
    MAY_STILL_WAIT,
    NOWHERE,
    STILL_WAIT,
    TOOK,
    TOOK_AND_WAITED,
    UNDETERMINED,
    UNFINISHED,
    WAITED,
    WORDS,
)
from orchestration.transform import catalogue

if TYPE_CHECKING:  # it takes a third of a second, and who asks for a figure alone does without
    import pandas

STEP = 1_000_000
"""Between the places of two indicators in the order of the menu: more than breakdowns have."""
MONTHS = ("jan.", "feb.", "mrt.", "apr.", "mei", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec.")
"""As one writes them in a text; babel has them without the point."""
EXACT = publish.DECIMALS | {"procent": 1}
"""Decimals of an exact figure that is not whole; what leaves has those it was rounded to."""

MACROS = """
create macro dutch(number, places) as translate(
    case places when 0 then format('{{:,.0f}}', round(number)) when 1 then format('{{:,.1f}}', round(number, 1))
        else format('{{:,.2f}}', round(number, 2)) end, ',.', '.,');
create macro places(unit, number) as case when unit = 'aantal' and number = round(number) then 0 else {places} end;
create macro called(kind, first_day) as case kind
    when 'jaar' then year(first_day)::varchar
    when 'halfjaar' then case when month(first_day) = 1 then '1e' else '2e' end || ' halfjaar ' || year(first_day)
    when 'kwartaal' then quarter(first_day) || 'e kw. ' || year(first_day)
    else {months}[month(first_day)] || ' ' || year(first_day) end;
"""

MENU = """
create table menu as
select * from (
    select indicator, categorie_soort, gebied_soort, periode_soort, min(volgorde) as volgorde from shown group by all
) join meanings using (indicator) left join breakdowns using (categorie_soort)
"""
"""All that there are figures of. ``meanings`` has an indicator a row, ``breakdowns`` a breakdown."""


STILL_WAITING = """
create view unfinished as
with waiting as (
    select maand, urgentie, unnest([
        {{'soort': 'regio', 'gebied': 'REGIO'}},
        {{'soort': if(gebied_gemeente = 'BUITEN', 'buiten', 'gemeente'), 'gebied': gebied_gemeente}},
        {{'soort': 'stadsdeel', 'gebied': gebied_stadsdeel}}
    ]) as place from uitgave.facts.fct_meldingen where vb_besluit_op is null
),
by_category as (
    select maand, place, unnest([
        {{'soort': '', 'waarde': ''}}, {{'soort': 'urgentie', 'waarde': urgentie::varchar}}
    ]) as category from waiting
)
select
    unnest({waited}) as indicator, periode_soort::varchar as periode_soort, periode::varchar as periode, place.soort as gebied_soort,
    place.gebied as gebied, category.soort as categorie_soort, category.waarde as categorie, true as nog_niet_af,
    count(*) as wachtend
from by_category join uitgave.marts.dim_periode on maand between periode_start and periode_eind
group by all
"""
"""Of which periods, areas and categories reports still wait on the day of the figures, and how many."""
MAY_BE_WAITING = """
create view unfinished as
select
    waits.indicator, periode_soort, periode, gebied_soort, gebied, categorie_soort, categorie, true as nog_niet_af, null::bigint as wachtend
from uitgave.publicatie.indicatoren as waits
left join (select * from uitgave.publicatie.indicatoren where indicator = '{nearly_all}') as nearly_all
    using (periode_soort, periode, gebied_soort, gebied, categorie_soort, categorie)
where list_contains({waited}, waits.indicator) and waits.waarde is not null
    -- five working days a week
    and (nearly_all.waarde is null or waits.periode_eind + to_days(ceil(nearly_all.waarde * 7 / 5)::int) > waits.peildatum)
"""
"""The same by what is published alone: since the period ended, there was not yet the time in which nearly all are decided."""


def of_marts(con: duckdb.DuckDBPyConnection) -> None:
    """The view and the menu of exact figures."""
    con.execute("create view meanings as select indicator, indicator_naam, thema, definitie, eenheid from uitgave.marts.dim_indicator")
    con.execute("create view shown as from uitgave.marts.indicatoren")
    con.execute(STILL_WAITING.format(waited=list(WAITED)))
    _finish(con, EXACT)


def of_what_leaves(con: duckdb.DuckDBPyConnection) -> None:
    """The view and the menu of what leaves. It has figures and codes; what they mean is in the catalogue, which is no secret."""
    known = catalogue.indicators().values()
    _table(con, "defined", "indicator, thema, definitie, plaats", [(i.code, i.thema, i.definitie, i.volgorde) for i in known])
    kinds = con.execute("select distinct categorie_soort, categorie from uitgave.publicatie.indicatoren").fetchall()
    placed = [(k, v, catalogue.category_order(k, v)) for k, v in kinds]
    _table(con, "categories", "categorie_soort, categorie, plaats", placed)
    con.execute(
        f"""
        create view meanings as
        select distinct indicator, indicator_naam, thema, definitie, eenheid
        from uitgave.publicatie.indicatoren left join defined using (indicator);
        create view shown as
        select p.*, {STEP} * defined.plaats + categories.plaats as volgorde
        from uitgave.publicatie.indicatoren as p left join defined using (indicator) join categories using (categorie_soort, categorie)
        """
    )
    con.execute(MAY_BE_WAITING.format(waited=list(WAITED), nearly_all=WAITED[-1]))
    _finish(con, publish.DECIMALS)


def _table(con: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    lists = [list(column) for column in zip(*rows, strict=True)]
    selected = ", ".join(f"unnest(?) as {column}" for column in columns.split(", "))
    con.execute(f"create table {name} as select {selected}", lists)


def _finish(con: duckdb.DuckDBPyConnection, decimals: dict[str, int]) -> None:
    rows = seeds.rows("catalogue/categorie_soorten.csv")
    _table(con, "breakdowns", "categorie_soort, categorie_soort_naam", [(r["categorie_soort"], r["naam"]) for r in rows])
    places = "case unit " + " ".join(f"when '{unit}' then {count}" for unit, count in decimals.items()) + " else 1 end"
    con.execute(MACROS.format(places=places, months=list(MONTHS)))
    con.execute(MENU)


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see. With a breakdown it is of one area."""

    indicator: str
    breakdown: str
    area_kind: str
    areas: tuple[str, ...]
    period_kind: str
    first: str
    last: str

    @property
    def by_category(self) -> bool:
        return self.breakdown != ""


def options(con: duckdb.DuckDBPyConnection, what: str, label: str, **chosen: str) -> dict[str, str]:
    """Values of one thing on the menu with their names, given what was chosen before; in the order in which they are shown."""
    where = " and ".join(f"{name} = ${name}" for name in chosen) or "true"
    rows = con.cursor().execute(f"select {what}, any_value({label}) from menu where {where} group by all order by min(volgorde), 1", chosen)
    return dict(rows.fetchall())


def indicators(con: duckdb.DuckDBPyConnection, subjects: Sequence[str]) -> dict[str, str]:
    """Code and name of the indicators of some subjects of the catalogue."""
    rows = con.cursor().execute(
        """
        select indicator, any_value(indicator_naam) from menu where list_contains(?, thema)
        group by all order by min(list_position(?, thema)), min(volgorde), 1
        """,
        [list(subjects), list(subjects)],
    )
    return dict(rows.fetchall())


def areas(con: duckdb.DuckDBPyConnection, indicator: str, area_kind: str) -> dict[str, str]:
    """Code and name of the areas of a kind that have figures."""
    rows = con.cursor().execute(
        """select gebied, any_value(gebied_naam) from shown where indicator = ? and gebied_soort = ? group by all order by 2""",
        [indicator, area_kind],
    )
    return dict(rows.fetchall())


def periods(con: duckdb.DuckDBPyConnection, indicator: str, period_kind: str) -> dict[str, str]:
    """Code and name of the periods of a kind that have figures, oldest first."""
    rows = con.cursor().execute(
        """
        select periode, called(periode_soort, periode_start)
        from shown where indicator = ? and periode_soort = ? group by all order by min(periode_start)
        """,
        [indicator, period_kind],
    )
    return dict(rows.fetchall())


CHOSEN = """
with found as (
    select *, {series} as reeks
    from shown
    left join unfinished using (indicator, periode_soort, periode, gebied_soort, gebied, categorie_soort, categorie)
    where indicator = $indicator and categorie_soort = $breakdown and gebied_soort = $area_kind and list_contains($areas, gebied)
        and periode_soort = $period_kind and periode between $first and $last
),
-- a figure that is not there has its place too
grid as (
    select * from (
        select distinct periode, periode_start, voorlopig from shown
        where indicator = $indicator and periode_soort = $period_kind and periode between $first and $last
    ) cross join (
        select {series} as reeks, min({series_order}) as reeks_volgorde from shown
        where indicator = $indicator and gebied_soort = $area_kind and {of_series} group by all
    )
),
written as (
    select
        grid.*, waarde, waarde is not null as getoond, vergelijkbaarheid_reden as breuk, wachtend,
        waarde is not null and nog_niet_af is not null as is_nog_niet_af,
        case
            when found.indicator is null then '{nowhere_word}'
            when status = '{hidden}' then '{hidden_word}'
            when status = '{missing}' then '{missing_word}'
            when status = '{none}' then '{none_word}'
            when waarde is null then '{undetermined_word}'
            else dutch(waarde, places(eenheid, waarde)) || case when eenheid = 'procent' then '%' else '' end
                || case when nog_niet_af is null then '' else ' ({unfinished_word})' end
        end as cijfer,
        -- a letter: it stands beside a number
        case when breuk is not null then chr(96 + (dense_rank() over (order by breuk))::int) end as noot
    from grid left join found using (periode, reeks)
)
select
    periode, called($period_kind, periode_start) as periode_naam, reeks, voorlopig, waarde, cijfer, getoond, breuk, noot, is_nog_niet_af,
    wachtend,
    case when getoond then cijfer else '<em>' || cijfer || '</em>' end
        || case when noot is null then '' else '<sup>' || noot || '</sup>' end as cel
from written order by periode_start, reeks_volgorde, reeks
"""


def chosen(con: duckdb.DuckDBPyConnection, choice: Choice) -> "pandas.DataFrame":
    """A row per period and series (category, or area); ``cijfer`` is how the figure is written, or why there is none; ``cel`` that as HTML,
    with the letter of its break (``noot``)."""
    name, order, which = ("categorie_naam", "volgorde", "categorie_soort = $breakdown")
    if not choice.by_category:
        name, order, which = ("gebied_naam", "list_position($areas, gebied)", "list_contains($areas, gebied)")
    statuses = {"hidden": publish.HIDDEN, "missing": publish.MISSING, "none": publish.NONE, "nowhere": NOWHERE}
    words = {f"{key}_word": WORDS[status] for key, status in (statuses | {"undetermined": UNDETERMINED}).items()}
    words["unfinished_word"] = UNFINISHED
    query = CHOSEN.format(series=name, series_order=order, of_series=which, **statuses, **words)
    found = con.cursor().execute(
        query,
        {
            "indicator": choice.indicator,
            "breakdown": choice.breakdown,
            "area_kind": choice.area_kind,
            "areas": list(choice.areas),
            "period_kind": choice.period_kind,
            "first": choice.first,
            "last": choice.last,
        },
    )
    return found.df()


@dataclass(frozen=True)
class About:
    """What a choice is of."""

    title: str
    definition: str
    kwaliteit: str
    reason: str
    """Why it is not good, as HTML"""


def about(con: duckdb.DuckDBPyConnection, choice: Choice) -> About:
    """The name of what was chosen, with its unit, breakdown and area; its definition, as HTML; and how good it is."""
    ((name, unit, breakdown, definition),) = (
        con.cursor()
        .execute(
            """
            select any_value(indicator_naam), any_value(eenheid), any_value(categorie_soort_naam), any_value(definitie)
            from menu where indicator = ? and categorie_soort = ?
            """,
            [choice.indicator, choice.breakdown],
        )
        .fetchall()
    )
    ((kwaliteit, reason),) = (
        con.cursor()
        .execute("select any_value(kwaliteit), any_value(kwaliteit_reden) from shown where indicator = ?", [choice.indicator])
        .fetchall()
    )
    of_area = areas(con, choice.indicator, choice.area_kind)[choice.areas[0]] if len(choice.areas) == 1 else ""
    parts = [name, catalogue.UNITS.get(unit, ""), f"naar {breakdown.lower()}" if choice.by_category else "", of_area]
    return About(
        ", ".join(part for part in parts if part), html.escape((definition or "").rstrip(".")), kwaliteit, html.escape(reason or "")
    )


def differs(indicator: str) -> list[str]:
    """Why how long it took and how long they waited are not the same, at either of the two."""
    return [texts.DIFFERENT.format(why=TOOK_AND_WAITED)] if indicator in (*TOOK, *WAITED) else []


def legend(found: "pandas.DataFrame") -> list[str]:
    """What the marks in chart and table mean, of those that are there."""
    lines = [texts.LEGEND_RUNNING] if found["voorlopig"].any() else []
    gaps = set(found.loc[~found["getoond"], "cijfer"])
    lines += [told for word, told in texts.LEGENDS.items() if word in gaps]
    lines += [texts.LEGEND_GAP] if gaps else []
    if found["is_nog_niet_af"].any():
        is_known = found.loc[found["is_nog_niet_af"], "wachtend"].notna().all()
        lines.append(texts.LEGEND_UNFINISHED.format(meant=STILL_WAIT if is_known else MAY_STILL_WAIT))
    breaks = found.dropna(subset="noot").drop_duplicates("noot").sort_values("noot")
    letters = zip(breaks["noot"], breaks["breuk"], strict=True)
    return lines + [texts.LEGEND_BREAK.format(letter=letter, reason=html.escape(reason)) for letter, reason in letters]
