{%- set maten = {
    'betrokkenen': {'teller': '1'},
} -%}
with betrokkenen as (
    select
        *,
        row_number() over () as betrokkene_id
    from {{ ref('fct_betrokkenen') }}
),

uitsplitsing as (
    select betrokkene_id, '' as categorie_soort, '' as categorie from betrokkenen
    union all
    select betrokkene_id, 'geslacht', geslacht from betrokkenen
    union all
    select betrokkene_id, 'leeftijd', leeftijd from betrokkenen
),

{{ cijfers('betrokkenen', 'uitsplitsing', 'betrokkene_id', maten) }}
