-- The work stock in the months after the last whole one, per scenario, with what the look-back says of looking so far ahead.
with vooruitblik as (
    select * from {{ ref('int_vooruitblik') }}
),

-- the last whole month, and whether it is known how many posts were filled in it
peilmaand as (
    select
        maandcijfers.maand,
        coalesce(sum(capaciteit.bezetting_fte), 0) > 0 as met_bezetting
    from {{ ref('int_werkvoorraad_maandcijfers') }} as maandcijfers
    left join {{ ref('fct_capaciteit') }} as capaciteit on maandcijfers.maand = capaciteit.maand
    where maandcijfers.vooruit = 0
    group by maandcijfers.maand
),

terugblik as (
    select
        horizon,
        100 * {{ aantal_waar('binnen') }} / count(*) as dekking_procent,
        avg(fout_midden) as fout_midden,
        avg(fout_gelijk) as fout_gelijk
    from {{ ref('vooruitblik_terugblik') }}
    group by horizon
    having count(*) = {{ var('terugblik_maanden') }}
),

gekozen as (
    select
        vooruitblik.*,
        peilmaand.met_bezetting or vooruitblik.scenario not like 'bezetting%' as is_berekend
    from vooruitblik
    inner join peilmaand on vooruitblik.gemaakt_op = peilmaand.maand
)

select
    gekozen.scenario,
    gekozen.scenario_naam,
    gekozen.maand_eind,
    cast(gekozen.horizon as integer) as horizon,
    terugblik.dekking_procent,
    terugblik.fout_midden,
    terugblik.fout_gelijk,
    {{ als_maand('gekozen.maand') }} as maand,
    case when gekozen.is_berekend then gekozen.laag end as laag,
    case when gekozen.is_berekend then gekozen.midden end as midden,
    case when gekozen.is_berekend then gekozen.hoog end as hoog,
    case when gekozen.is_berekend then 'berekend' else 'ontbreekt' end as status,
    {{ als_maand('gekozen.gemaakt_op') }} as peil_maand,
    terugblik.fout_midden < terugblik.fout_gelijk as slaat_gelijk
from gekozen
left join terugblik on gekozen.horizon = terugblik.horizon
order by gekozen.scenario desc, gekozen.horizon asc
