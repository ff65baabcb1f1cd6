{{ config(materialized='view') }}
{%- set uitsplitsingen = {
    'dienst_soort': ['diensten', 'dienst_soort'],
    'uitkomst_huiselijk_geweld': ['diensten', 'uitkomst_huiselijk_geweld'],
    'uitkomst_kindermishandeling': ['diensten', 'uitkomst_kindermishandeling'],
} -%}
with diensten as (
    select
        *,
        'gestart' as gebeurtenis,
        'gestart ' || dienst_id as gebeurtenis_id,
        {{ eerste_van_maand('gestart_op') }} as maand,
        cast(null as double) as weken
    from {{ ref('fct_diensten') }}
    union all
    select
        *,
        'afgesloten' as gebeurtenis,
        'afgesloten ' || dienst_id as gebeurtenis_id,
        {{ eerste_van_maand('afgesloten_op') }} as maand,
        dagen_na_besluit / 7e0 as weken
    from {{ ref('fct_diensten') }}
    where afgesloten_op is not null
),

uitsplitsing as (
    {{ uitsplitsing('diensten', 'gebeurtenis_id', uitsplitsingen) }}
),

{{ bijdragen('diensten', 'diensten', 'gebeurtenis_id') }}
