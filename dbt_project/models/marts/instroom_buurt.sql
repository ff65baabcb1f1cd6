{%- set mart = {
    'omschrijving': 'Een rij per periode en wijk of buurt waar meldingen over waren.',
    'gebieden': ['wijk', 'buurt'],
    'kolommen': {
        'meldingen': 'meldingen',
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
    },
} -%}
{{ config(meta={'mart': mart}) }}
-- Inflow of each wijk and buurt, where there was any.
with {{ draaitabel(mart) }}
