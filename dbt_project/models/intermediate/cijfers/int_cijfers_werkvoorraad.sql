{%- set maten = {
    'vb_open': {'teller': "soort = 'veiligheidsbeoordeling'"},
    'vb_open_over_termijn': {'teller': "soort = 'veiligheidsbeoordeling' and over_termijn"},
    'vb_open_zonder_zicht': {'teller': 'zonder_zicht'},
    'diensten_open': {'teller': "soort = 'dienst'"},
    'diensten_open_over_termijn': {'teller': "soort = 'dienst' and over_termijn"},
} -%}
with werkvoorraad as (
    select
        *,
        row_number() over () as werkvoorraad_id
    from {{ ref('fct_werkvoorraad_maand') }}
),

uitsplitsing as (
    select werkvoorraad_id, '' as categorie_soort, '' as categorie from werkvoorraad
    union all
    select werkvoorraad_id, 'wachttijd', wachttijd from werkvoorraad
    union all
    select werkvoorraad_id, 'urgentie', urgentie from werkvoorraad where soort = 'veiligheidsbeoordeling'
    union all
    select werkvoorraad_id, 'dienst_soort', dienst_soort from werkvoorraad
),

{{ cijfers('werkvoorraad', 'uitsplitsing', 'werkvoorraad_id', maten, voorraad=true) }}
