{%- set maten = {
    'vb_open': {'teller': "soort = 'veiligheidsbeoordeling'"},
    'vb_open_over_termijn': {'teller': "soort = 'veiligheidsbeoordeling' and over_termijn"},
    'vb_open_zonder_zicht': {'teller': 'zonder_zicht'},
    'diensten_open': {'teller': "soort = 'dienst'"},
    'diensten_open_over_termijn': {'teller': "soort = 'dienst' and over_termijn"},
} %}
{%- set uitsplitsingen = {
    'wachttijd': ['werkvoorraad', 'wachttijd'],
    'urgentie': ['werkvoorraad', "case when soort = 'veiligheidsbeoordeling' then urgentie end"],
    'dienst_soort': ['werkvoorraad', 'dienst_soort'],
} -%}
with werkvoorraad as (
    select
        *,
        row_number() over () as werkvoorraad_id
    from {{ ref('fct_werkvoorraad_maand') }}
),

uitsplitsing as (
    {{ uitsplitsing('werkvoorraad_id', uitsplitsingen) }}
),

{{ cijfers('werkvoorraad', 'uitsplitsing', 'werkvoorraad_id', maten, voorraad=true) }}
