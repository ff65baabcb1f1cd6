{{ config(materialized='view') }}
{%- set uitsplitsingen = {
    'geslacht': ['betrokkenen', 'geslacht'],
    'leeftijd': ['betrokkenen', 'leeftijd'],
} -%}
with betrokkenen as (
    select
        *,
        {{ rijnaam(['melding_id', 'volgnummer']) }} as betrokkene_id
    from {{ ref('fct_betrokkenen') }}
),

uitsplitsing as (
    {{ uitsplitsing('betrokkenen', 'betrokkene_id', uitsplitsingen) }}
),

{{ bijdragen('betrokkenen', 'betrokkenen', 'betrokkene_id') }}
