{%- set maten = {
    'meldingen': {
        'teller': 'count(*)'},
    'aandeel_meldingen_politie': {
        'teller': "count_if(melder_groep = 'politie')",
        'noemer': 'count(*)'},
    'aandeel_meldingen_professionals': {
        'teller': "count_if(melder_soort = 'professionals')",
        'noemer': 'count(*)'},
    'aandeel_meldingen_inwoners': {
        'teller': "count_if(melder_soort = 'inwoners')",
        'noemer': 'count(*)'},
    'aandeel_hermeldingen': {
        'teller': "count_if(betrokkenheid = 'hermelding')",
        'noemer': 'count(*)'},
    'eerdere_incidenten_gemiddeld': {
        'teller': 'coalesce(sum(eerdere_incidenten), 0)',
        'noemer': 'count(eerdere_incidenten)'},
    'aandeel_vb_binnen_termijn_instroom': {
        'teller': 'count_if(vb_binnen_termijn)',
        'noemer': 'count(vb_binnen_termijn)'},
    'aandeel_acuut_binnen_2_uur': {
        'teller': 'count_if(acuut_binnen_termijn)',
        'noemer': 'count(acuut_binnen_termijn)'},
    'aandeel_inwoners_instroom': {
        'teller': "count_if(melder_soort = 'inwoners')",
        'noemer': 'count(*)'},
    'aandeel_professionals_niet_politie': {
        'teller': "count_if(melder_soort = 'professionals' and melder_groep != 'politie')",
        'noemer': 'count(*)'},
} -%}
with rijen as (
    select
        meldingen.*,
        uitsplitsing.categorie_soort,
        uitsplitsing.categorie
    from {{ ref('fct_meldingen') }} as meldingen
    inner join {{ ref('int_melding_uitsplitsing') }} as uitsplitsing on meldingen.melding_id = uitsplitsing.melding_id
),

{{ maandcijfers('rijen', maten) }}
