{%- set mart = {
    'omschrijving': 'Een rij per periode van de regio - formatie, bezetting en ziekteverzuim, en wat daarmee besloten is.',
    'gebieden': ['regio'],
    'kolommen': {
        'formatie_fte': 'formatie_fte',
        'bezetting_fte': 'bezetting_fte',
        'verzuim_procent': 'verzuim_procent',
        'vb_afgerond': 'vb_afgerond',
        'vb_afgerond_per_fte': 'vb_afgerond_per_fte',
        'vb_instroom_min_afgerond': 'vb_instroom_min_afgerond',
    },
    'onder_nul': 'vb_instroom_min',
} -%}
{{ config(meta={'mart': mart}) }}
-- Posts, filled posts and sickness absence, beside what was decided with them.
with {{ draaitabel(mart) }}
