{%- set kolommen = {
    'meldingen': ['bigint', 'meldingen'],
    'meldingen_per_1000_huishoudens': ['double', 'meldingen_per_1000_huishoudens'],
    'meldingen_met_kinderen': ['bigint', 'meldingen', 'huishouden', 'met_kinderen'],
    'aandeel_met_kinderen': ['double', 'aandeel_meldingen_huishouden', 'huishouden', 'met_kinderen'],
    'meldingen_zonder_kinderen': ['bigint', 'meldingen', 'huishouden', 'zonder_kinderen'],
    'aandeel_zonder_kinderen': ['double', 'aandeel_meldingen_huishouden', 'huishouden', 'zonder_kinderen'],
    'eerste_meldingen': ['bigint', 'meldingen', 'betrokkenheid', 'eerste_melding'],
    'hermeldingen': ['bigint', 'meldingen', 'betrokkenheid', 'hermelding'],
    'aandeel_hermeldingen': ['double', 'aandeel_hermeldingen'],
    'vervolgmeldingen': ['bigint', 'meldingen', 'betrokkenheid', 'vervolgmelding'],
    'casussen_met_melding': ['bigint', 'casussen_met_melding'],
    'meldingen_per_casus': ['double', 'meldingen_per_casus'],
    'betrokkenen': ['bigint', 'betrokkenen'],
} -%}
-- Inflow of each stadsdeel.
with {{ draaitabel(kolommen, ['stadsdeel'], vorig_jaar=['meldingen']) }}
