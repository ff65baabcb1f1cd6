{{ config(materialized='view') }}
with cijfers as (
    select * from {{ ref('int_cijfers') }}
),

figuren as (
    select * from {{ ref('int_figuur') }}
),

perioden as (
    select * from {{ ref('int_periode') }}
),

gebieden as (
    select * from {{ ref('int_gebied') }}
),

breuken as (
    select * from {{ ref('int_breuk') }}
)

select
    figuren.indicator,
    perioden.periode_soort,
    perioden.periode,
    gebieden.gebied_soort,
    gebieden.gebied,
    figuren.categorie_soort,
    figuren.categorie,
    {{ waarde('figuren', 'cijfers') }} as waarde,
    case when figuren.is_breuk then cijfers.teller end as teller,
    case when figuren.is_breuk then cijfers.noemer end as noemer,
    figuren.eenheid,
    {{ als_een_van(
        ['berekend', 'ontbreekt'], "case when (figuren.is_breuk or figuren.leeg_ontbreekt) and cijfers.noemer is null then 'ontbreekt' else 'berekend' end"
    ) }} as status,
    perioden.voorlopig,
    perioden.periode_start,
    perioden.periode_eind,
    figuren.indicator_naam,
    gebieden.gebied_naam,
    figuren.categorie_naam,
    figuren.volgorde,
    coalesce(eigen.vergelijkbaarheid, overal.vergelijkbaarheid, alles.vergelijkbaarheid) as vergelijkbaarheid,
    coalesce(eigen.vergelijkbaarheid_reden, overal.vergelijkbaarheid_reden, alles.vergelijkbaarheid_reden) as vergelijkbaarheid_reden
from cijfers
inner join figuren on cijfers.figuur_id = figuren.figuur_id
inner join perioden on cijfers.periode_id = perioden.periode_id
inner join gebieden on cijfers.gebied_id = gebieden.gebied_id
-- a break in this figure of this area, in this figure everywhere, or in everything of this area
left join breuken as eigen
    on
        cijfers.figuur_id = eigen.figuur_id
        and cijfers.gebied_id = eigen.gebied_id
        and cijfers.periode_id = eigen.periode_id
left join breuken as overal
    on
        cijfers.figuur_id = overal.figuur_id
        and cijfers.periode_id = overal.periode_id
        and overal.gebied_id = 0
left join breuken as alles
    on
        cijfers.gebied_id = alles.gebied_id
        and cijfers.periode_id = alles.periode_id
        and alles.figuur_id = 0
