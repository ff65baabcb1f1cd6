{%- set maten = {
    'meldingen': {'teller': '1'},
    'aandeel_meldingen_politie': {'teller': "melder_groep = 'politie'", 'noemer': '1'},
    'aandeel_meldingen_professionals': {'teller': "melder_soort = 'professionals'", 'noemer': '1'},
    'aandeel_meldingen_inwoners': {'teller': "melder_soort = 'inwoners'", 'noemer': '1'},
    'aandeel_hermeldingen': {'teller': "betrokkenheid = 'hermelding'", 'noemer': '1'},
    'eerdere_incidenten_gemiddeld': {'teller': 'eerdere_incidenten', 'noemer': 'eerdere_incidenten is not null'},
    'aandeel_vb_binnen_termijn_instroom': {'teller': 'vb_binnen_termijn', 'noemer': 'vb_binnen_termijn is not null'},
    'aandeel_acuut_binnen_2_uur': {'teller': 'acuut_binnen_termijn', 'noemer': 'acuut_binnen_termijn is not null'},
} -%}
with meldingen as (
    select * from {{ ref('fct_meldingen') }}
),

uitsplitsing as (
    select * from {{ ref('int_melding_uitsplitsing') }}
),

{{ cijfers('meldingen', 'uitsplitsing', 'melding_id', maten) }}
