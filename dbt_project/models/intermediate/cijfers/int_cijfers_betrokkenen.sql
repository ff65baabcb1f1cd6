{%- set maten = {
    'betrokkenen': {'teller': '1'},
} %}
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
    {{ uitsplitsing('betrokkene_id', uitsplitsingen) }}
),

{{ cijfers('betrokkenen', 'uitsplitsing', 'betrokkene_id', maten) }}
