-- Transfers to each party that holds or gives help, and whether it was involved already.
with figuren as (
    select
        figuur_id,
        split_part(categorie, '|', 1) as ontvanger,
        split_part(categorie, '|', 2) as betrokken
    from {{ ref('int_figuur') }}
    where indicator = 'overdrachten' and categorie_soort in ('ontvanger', 'ontvanger|betrokken')
),

gebieden as (
    select * from {{ ref('int_gebied') }}
    where diepte <= 2
),

per_partij as (
    select
        cijfers.periode_id,
        cijfers.gebied_id,
        figuren.ontvanger,
        sum(case when figuren.betrokken = '' then cijfers.teller else 0 end) as overdrachten,
        sum(case when figuren.betrokken = 'ja' then cijfers.teller else 0 end) as betrokken,
        sum(case when figuren.betrokken = 'nee' then cijfers.teller else 0 end) as niet_betrokken,
        sum(case when figuren.betrokken = 'onbekend' then cijfers.teller else 0 end) as betrokken_onbekend
    from {{ ref('int_cijfers') }} as cijfers
    inner join figuren on cijfers.figuur_id = figuren.figuur_id
    group by cijfers.periode_id, cijfers.gebied_id, figuren.ontvanger
),

perioden as (
    select * from {{ ref('int_periode') }}
),

ontvangers as (
    select * from {{ ref('dim_ontvanger') }}
)

select
    cast(perioden.periode_soort as string) as periode_soort,
    cast(perioden.periode as string) as periode,
    perioden.periode_start,
    perioden.periode_eind,
    perioden.voorlopig,
    cast(gebieden.gebied_soort as string) as gebied_soort,
    cast(gebieden.gebied as string) as gebied,
    cast(gebieden.gebied_naam as string) as gebied_naam,
    per_partij.ontvanger,
    ontvangers.ontvanger_naam,
    ontvangers.ontvanger_groep,
    ontvangers.ontvanger_groep_naam,
    cast(per_partij.overdrachten as bigint) as overdrachten,
    cast(per_partij.betrokken as bigint) as betrokken,
    cast(per_partij.niet_betrokken as bigint) as niet_betrokken,
    cast(per_partij.betrokken_onbekend as bigint) as betrokken_onbekend,
    100 * per_partij.betrokken / nullif(per_partij.betrokken + per_partij.niet_betrokken, 0) as aandeel_betrokken
from per_partij
inner join perioden on per_partij.periode_id = perioden.periode_id
inner join gebieden on per_partij.gebied_id = gebieden.gebied_id
inner join ontvangers on per_partij.ontvanger = ontvangers.ontvanger
