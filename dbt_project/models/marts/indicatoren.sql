{{ config(
    materialized='view',
    pre_hook=[
        "{{ maak_opsomming('lijst_indicator', 'indicator', ref('int_figuur'), 'volgorde') }}",
        "{{ maak_opsomming('lijst_indicator_naam', 'indicator_naam', ref('int_figuur'), 'volgorde') }}",
        "{{ maak_opsomming('lijst_eenheid', 'eenheid', ref('int_figuur'), 'volgorde') }}",
        "{{ maak_opsomming('lijst_categorie_soort', 'categorie_soort', ref('int_figuur'), 'volgorde') }}",
        "{{ maak_opsomming('lijst_categorie', 'categorie', ref('int_figuur'), 'volgorde') }}",
        "{{ maak_opsomming('lijst_categorie_naam', 'categorie_naam', ref('int_figuur'), 'volgorde') }}",
        "{{ maak_opsomming('lijst_periode_soort', 'periode_soort', ref('int_periode'), '-(periode_eind - periode_start)') }}",
        "{{ maak_opsomming('lijst_periode', 'periode', ref('int_periode'), 'periode_id') }}",
        "{{ maak_opsomming('lijst_gebied_soort', 'gebied_soort', ref('int_gebied'), 'gebied_id') }}",
        "{{ maak_opsomming('lijst_gebied', 'gebied', ref('int_gebied'), 'gebied_id') }}",
        "{{ maak_opsomming('lijst_gebied_naam', 'gebied_naam', ref('int_gebied'), 'gebied_id') }}",
        "create or replace type {{ target.database }}.marts.lijst_status as enum ('berekend', 'ontbreekt')",
    ]
) }}
with cijfers as (
    select * from {{ ref('int_cijfers') }}
),

figuren as (
    select
        figuur_id,
        {{ opsomming('indicator') }},
        {{ opsomming('indicator_naam') }},
        {{ opsomming('eenheid') }},
        {{ opsomming('categorie_soort') }},
        {{ opsomming('categorie') }},
        {{ opsomming('categorie_naam') }},
        factor,
        is_breuk,
        volgorde
    from {{ ref('int_figuur') }}
),

perioden as (
    select
        periode_id,
        {{ opsomming('periode_soort') }},
        {{ opsomming('periode') }},
        periode_start,
        periode_eind,
        voorlopig
    from {{ ref('int_periode') }}
),

gebieden as (
    select
        gebied_id,
        {{ opsomming('gebied_soort') }},
        {{ opsomming('gebied') }},
        {{ opsomming('gebied_naam') }}
    from {{ ref('int_gebied') }}
),

met_waarde as (
    select
        figuren.*,
        perioden.*,
        gebieden.*,
        {{ waarde('figuren', 'cijfers') }} as waarde,
        case when figuren.is_breuk then cijfers.teller end as teller,
        cijfers.noemer,
        case when figuren.is_breuk and cijfers.noemer is null then 'ontbreekt' else 'berekend' end as status
    from cijfers
    inner join figuren on cijfers.figuur_id = figuren.figuur_id
    inner join perioden on cijfers.periode_id = perioden.periode_id
    inner join gebieden on cijfers.gebied_id = gebieden.gebied_id
)

select
    indicator,
    periode_soort,
    periode,
    gebied_soort,
    gebied,
    categorie_soort,
    categorie,
    waarde,
    teller,
    noemer,
    eenheid,
    {{ opsomming('status') }},
    voorlopig,
    periode_start,
    periode_eind,
    indicator_naam,
    gebied_naam,
    categorie_naam,
    volgorde
from met_waarde
