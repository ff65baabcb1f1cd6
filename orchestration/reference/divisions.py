"""Amsterdam in wijken and buurten as it is now beside the newest division that counts: what was added, gone, split, merged or renamed.

What was split or merged is seen by area: points within each new buurt are looked for in the buurten of before, and the other way round.
"""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.reference.households import city
from orchestration.reference.sources import GEBIEDEN
from orchestration.sql import text

MOVED, KEPT = frozenset({"toegevoegd", "vervallen"}), frozenset({"hernoemd", "verplaatst"})
GRID = 14
"""Points in each direction over an area; some 60 to 200 fall within it."""
PART = 0.1
"""A buurt comes from another when at least this part of its points lies there."""
PRECISION = 6
"""Decimals of degrees: about a decimetre."""


def source_of(indeling: date) -> str:
    """The source whose copy has the borders of a division that counts."""
    return f"{GEBIEDEN}_{indeling}"


def changes(con: duckdb.DuckDBPyConnection, path: Path, before: Path | None) -> list[tuple[Any, ...]]:
    """What is different: soort, code, naam, verandering, toelichting. ``path``: areas of now; ``before``: those of the division, if read.

    Makes the tables ``gebieden`` and ``indeling_nu``; ``buurten``, ``stadsdelen`` and ``kwb`` are there.
    """
    con.execute(f"create or replace table gebieden as from read_parquet({text(path)})")
    con.execute(
        """
        create or replace table indeling_nu as
        select b.code as buurt_code, b.naam as buurt, w.code as wijk_code, w.naam as wijk, s.code as stadsdeel_code, s.naam as stadsdeel,
            greatest(b.begint, w.begint) as begint
        from gebieden as b
        inner join gebieden as w on w.soort = 'wijk' and w.code = b.in_code
        inner join gebieden as s on s.soort = 'stadsdeel' and s.code = w.in_code
        where b.soort = 'buurt'
        """
    )
    con.execute("create or replace table indeling_was as from buurten where indeling = (select max(indeling) from buurten)")
    _origins(con, before)
    return con.execute(
        """
        with nu as (
            select 'buurt' as soort, buurt_code as code, buurt as naam, wijk_code as ligt_in from indeling_nu
            union select 'wijk', wijk_code, wijk, stadsdeel_code from indeling_nu
            union select 'stadsdeel', code, naam, null from gebieden where soort = 'stadsdeel'
        ),
        was as (
            select 'buurt' as soort, buurt_code as code, buurt as naam, wijk_code as ligt_in from indeling_was
            union select 'wijk', wijk_code, wijk, stadsdeel_code from indeling_was
            union select 'stadsdeel', stadsdeel_code, stadsdeel, null from stadsdelen where geldig_tot is null
        ),
        verschil as (
            select coalesce(nu.soort, was.soort) as soort, coalesce(nu.code, was.code) as code, coalesce(nu.naam, was.naam) as naam,
                was.code is null as is_nieuw, nu.code is null as is_weg, was.naam as heette, was.ligt_in as lag_in, nu.ligt_in,
                was.naam <> nu.naam as is_hernoemd, was.ligt_in <> nu.ligt_in as is_verplaatst
            from nu full join was on was.soort = nu.soort and was.code = nu.code
        ),
        uit as (select nieuw as code, string_agg(oud, ', ' order by oud) as van, count(*) as aantal from herkomst group by all),
        naar as (select oud as code, string_agg(nieuw, ', ' order by nieuw) as naar, count(*) as aantal from herkomst group by all),
        een_op_een as (
            select herkomst.nieuw, herkomst.oud from herkomst
            inner join uit on uit.code = herkomst.nieuw and uit.aantal = 1 inner join naar on naar.code = herkomst.oud and naar.aantal = 1
            where herkomst.oud not in (select buurt_code from indeling_nu) and herkomst.nieuw not in (select buurt_code from indeling_was)
        )
        select verschil.soort, verschil.code, verschil.naam,
            case
                when verschil.soort = 'buurt' and verschil.code in (select nieuw from een_op_een) then 'hernummerd'
                when verschil.soort = 'buurt' and verschil.code in (select oud from een_op_een) then 'hernummerd'
                when is_nieuw and uit.aantal > 1 then 'samengevoegd'
                when is_nieuw and uit.aantal = 1 then 'afgesplitst'
                when is_weg and naar.aantal > 1 then 'gesplitst'
                when is_weg and naar.aantal = 1 then 'opgegaan'
                when is_nieuw then 'toegevoegd'
                when is_weg then 'vervallen'
                when is_verplaatst then 'verplaatst'
                else 'hernoemd'
            end as verandering,
            concat_ws('; ',
                case when is_nieuw then 'uit ' || uit.van end, case when is_weg then 'naar ' || naar.naar end,
                case when is_hernoemd then 'heette ' || heette end,
                case when is_verplaatst then 'lag in ' || lag_in || ', nu in ' || ligt_in end
            ) as toelichting
        from verschil
        left join uit on verschil.soort = 'buurt' and is_nieuw and uit.code = verschil.code
        left join naar on verschil.soort = 'buurt' and is_weg and naar.code = verschil.code
        where is_nieuw or is_weg or is_hernoemd or is_verplaatst
        order by case verschil.soort when 'stadsdeel' then 1 when 'wijk' then 2 else 3 end, verschil.code
        """
    ).fetchall()


def _origins(con: duckdb.DuckDBPyConnection, before: Path | None) -> None:
    """Make the table ``herkomst``: nieuw, oud — buurten that are new and lie in one that is gone, or in part of one that stays."""
    if before is None:
        con.execute("create or replace table herkomst as select '' as nieuw, '' as oud limit 0")
        return
    con.execute(f"create or replace table gebieden_was as from read_parquet({text(before)})")
    for name, table, other in (("nieuw", "gebieden", "gebieden_was"), ("oud", "gebieden_was", "gebieden")):
        con.execute(
            f"""
            create or replace table zijden_{name} as
            with ringen as (
                select code, unnest(flatten(cast(geometrie as double[][][][]))) as ring,
                    code not in (select code from {other} where soort = 'buurt') as is_anders
                from {table} where soort = 'buurt'
            )
            select code, is_anders, ring[i][1] as x1, ring[i][2] as y1, ring[i + 1][1] as x2, ring[i + 1][2] as y2
            from (select code, is_anders, ring, unnest(range(1, len(ring))) as i from ringen)
            """
        )
        con.execute(
            f"""
            create or replace table punten_{name} as
            with kaders as (
                select code, min(x1) as west, max(x1) as oost, min(y1) as zuid, max(y1) as noord
                from zijden_{name} where is_anders group by all
            ),
            rooster as (
                select code, west + (oost - west) * (i + 0.5) / {GRID} as x, zuid + (noord - zuid) * (j + 0.5) / {GRID} as y
                from kaders, range({GRID}) as a(i), range({GRID}) as b(j)
            )
            select rooster.code, x, y from rooster inner join zijden_{name} as z
                on z.code = rooster.code and (z.y1 > y) <> (z.y2 > y) and x < (z.x2 - z.x1) * (y - z.y1) / (z.y2 - z.y1) + z.x1
            group by all having count(*) % 2 = 1
            """
        )
    both = " union ".join(
        f"""
        select {"binnen.code, gevonden.code" if name == "nieuw" else "gevonden.code, binnen.code"}
        from (
            select punten.code, z.code as gevonden, x, y from punten_{name} as punten inner join zijden_{target} as z
                on (z.y1 > y) <> (z.y2 > y) and x < (z.x2 - z.x1) * (y - z.y1) / (z.y2 - z.y1) + z.x1
            group by all having count(*) % 2 = 1
        ) as raak
        inner join (select code, count(*) as aantal from punten_{name} group by all) as binnen on binnen.code = raak.code
        inner join (select distinct code from zijden_{target}) as gevonden on gevonden.code = raak.gevonden
        group by binnen.code, gevonden.code, binnen.aantal having count(*) >= {PART} * binnen.aantal
        """
        for name, target in (("nieuw", "oud"), ("oud", "nieuw"))
    )
    con.execute(f"create or replace table herkomst as select distinct nieuw, oud from ({both}) as t(nieuw, oud)")


def begins(con: duckdb.DuckDBPyConnection, newest: date, asked: date) -> date:
    """The first day of the division: the last on which something began that the one before has otherwise, or the day that was asked for."""
    (found,) = duck.row(
        con,
        """
        select max(nu.begint) from indeling_nu as nu left join indeling_was as was using (buurt_code)
        where was.buurt_code is null or was.buurt <> nu.buurt or was.wijk_code <> nu.wijk_code or was.wijk <> nu.wijk
        """,
    )
    return found if found is not None and newest < found <= asked else asked


def as_seed(begins: date) -> str:
    """Query of the rows of the division as the seed ``buurten`` has them; households from the newest KWB with these codes."""
    households = (
        f"(select code, jaar, huishoudens from kwb where soort = 'buurt' and code like 'BU{city()[2:]}%' "
        "and jaar = (select max(jaar) from kwb where soort = 'buurt' and huishoudens is not null))"
    )
    return f"""
        select date '{begins}' as indeling, buurt_code, buurt, wijk_code, wijk, stadsdeel_code, stadsdeel,
            case when kwb.huishoudens is not null then kwb.jaar end as huishoudens_jaar, kwb.huishoudens
        from indeling_nu left join {households} as kwb on kwb.code = 'BU{city()[2:]}' || buurt_code
    """


def write_geojson(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write the table ``gebieden`` as a FeatureCollection in degrees of WGS 84; the number of areas."""
    con.execute(
        f"""
        copy (
            select '{{"type":"FeatureCollection","features":[' || chr(10) || string_agg(json_object(
                'type', 'Feature', 'properties', json_object('code', code, 'naam', naam, 'soort', soort),
                'geometry', json_object('type', 'MultiPolygon', 'coordinates', list_transform(cast(geometrie as double[][][][]),
                    lambda v: list_transform(v, lambda ring: list_transform(ring, lambda p:
                        list_transform(p, lambda c: round(c, {PRECISION}))))))
            )::varchar, ',' || chr(10) order by soort, code) || chr(10) || ']}}'
            from gebieden
        ) to {text(str(path))} (format csv, header false, quote '', escape '', delimiter E'\\x01')
        """
    )
    return duck.number(con, "select count(*) from gebieden")
