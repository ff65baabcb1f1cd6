{{ config(materialized='view') }}
{%- set uitsplitsingen = {
    'geslacht': ['betrokkenen', 'geslacht'],
    'leeftijd': ['betrokkenen', 'leeftijd'],
} -%}
with betrokkenen as (
    select
        *,
        row_number() over () as betrokkene_id
    from {{ ref('fct_betrokkenen') }}
),

uitsplitsing as (
    {{ uitsplitsing('betrokkenen', 'betrokkene_id', uitsplitsingen) }}
),

{{ bijdragen('betrokkenen', 'betrokkenen', 'betrokkene_id') }}
