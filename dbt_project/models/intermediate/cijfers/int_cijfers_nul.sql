-- What did not occur stands as 0 in the total and in single breakdowns, for the region, gemeenten, BUITEN and stadsdelen, in every period of
-- the window; of stocks in every period that has ended. A share by X keeps its whole as denominator. What is missing where nothing was
-- delivered (leeg_ontbreekt) stands empty, from the first delivery on that brings its entity.
with gevonden as (
    select * from {{ ref('int_cijfers_gevonden') }}
    where gebied_id in (
        select int_gebied.gebied_id from {{ ref('int_gebied') }} as int_gebied
        where int_gebied.diepte <= 2
    )
),

figuren as (
    select * from {{ ref('int_figuur') }}
    where not is_gekruist and periodes = 'alle'
),

gebieden as (
    select * from {{ ref('int_gebied') }}
    where diepte <= 2
),

perioden as (
    select * from {{ ref('int_periode') }}
    where in_venster
),

rooster as (
    select
        figuren.figuur_id,
        figuren.indicator,
        figuren.is_telling,
        figuren.is_breuk,
        figuren.leeg_ontbreekt,
        perioden.periode_id,
        gebieden.gebied_id
    from figuren
    inner join gebieden on figuren.diepte >= gebieden.diepte
    inner join perioden
        on
            (gebieden.geldig_van is null or gebieden.geldig_van <= perioden.periode_eind)
            and (gebieden.geldig_tot is null or gebieden.geldig_tot > perioden.periode_start)
            and (figuren.soort != 'voorraad' or not perioden.voorlopig)
    where
        not figuren.leeg_ontbreekt
        or figuren.onderwerp in (select geleverd.entiteit from {{ ref('stg_levering_entiteiten') }} as geleverd)
),

ontbrekend as (
    select rooster.*
    from rooster
    left join gevonden
        on
            rooster.figuur_id = gevonden.figuur_id
            and rooster.periode_id = gevonden.periode_id
            and rooster.gebied_id = gevonden.gebied_id
    where gevonden.figuur_id is null
),

gehelen as (
    select
        figuren.indicator,
        gevonden.periode_id,
        gevonden.gebied_id,
        max(gevonden.noemer) as noemer
    from gevonden
    inner join figuren on gevonden.figuur_id = figuren.figuur_id
    where figuren.soort = 'aandeel_naar'
    group by figuren.indicator, gevonden.periode_id, gevonden.gebied_id
)

select
    ontbrekend.figuur_id,
    ontbrekend.periode_id,
    ontbrekend.gebied_id,
    case when not ontbrekend.leeg_ontbreekt and (ontbrekend.is_telling or ontbrekend.is_breuk) then cast(0 as double) end as teller,
    case when not ontbrekend.leeg_ontbreekt and ontbrekend.is_breuk then coalesce(gehelen.noemer, 0) end as noemer
from ontbrekend
left join gehelen
    on
        ontbrekend.indicator = gehelen.indicator
        and ontbrekend.periode_id = gehelen.periode_id
        and ontbrekend.gebied_id = gehelen.gebied_id
