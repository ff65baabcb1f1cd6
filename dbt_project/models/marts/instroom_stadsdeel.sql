{%- set mart = {
    'omschrijving': 'Een rij per periode en stadsdeel - meldingen.',
    'gebieden': ['stadsdeel'],
    'kolommen': {
        'meldingen': 'meldingen',
        'meldingen_per_1000_huishoudens': 'meldingen_per_1000_huishoudens',
        'meldingen_met_kinderen': 'meldingen huishouden=met_kinderen',
        'aandeel_met_kinderen': 'aandeel_meldingen_huishouden huishouden=met_kinderen',
        'meldingen_zonder_kinderen': 'meldingen huishouden=zonder_kinderen',
        'aandeel_zonder_kinderen': 'aandeel_meldingen_huishouden huishouden=zonder_kinderen',
        'eerste_meldingen': 'meldingen betrokkenheid=eerste_melding',
        'hermeldingen': 'meldingen betrokkenheid=hermelding',
        'aandeel_hermeldingen': 'aandeel_hermeldingen',
        'vervolgmeldingen': 'meldingen betrokkenheid=vervolgmelding',
        'casussen_met_melding': 'casussen_met_melding',
        'meldingen_per_casus': 'meldingen_per_casus',
        'betrokkenen': 'betrokkenen',
    },
    'vorig_jaar': ['meldingen'],
} -%}
{{ config(meta={'mart': mart}) }}
-- Inflow of each stadsdeel.
with {{ draaitabel(mart) }}
