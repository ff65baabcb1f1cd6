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
    cijfers.noemer,
    figuren.eenheid,
    case when figuren.is_breuk and cijfers.noemer is null then 'ontbreekt' else 'berekend' end as status,
    perioden.voorlopig,
    perioden.periode_start,
    perioden.periode_eind,
    figuren.indicator_naam,
    gebieden.gebied_naam,
    figuren.categorie_naam,
    figuren.volgorde
from cijfers
inner join figuren on cijfers.figuur_id = figuren.figuur_id
inner join perioden on cijfers.periode_id = perioden.periode_id
inner join gebieden on cijfers.gebied_id = gebieden.gebied_id
