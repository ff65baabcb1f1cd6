{%- set kolommen = {
    'overdrachten_en_afsluitingen': ['bigint', 'overdrachten_en_afsluitingen'],
    'regiehoudend': ['bigint', 'overdrachten_en_afsluitingen', 'uitstroom_soort', 'regiehoudend'],
    'aandeel_regiehoudend': ['double', 'aandeel_uitstroom', 'uitstroom_soort', 'regiehoudend'],
    'overige_hulpverlening': ['bigint', 'overdrachten_en_afsluitingen', 'uitstroom_soort', 'overige_hulpverlening'],
    'aandeel_overige_hulpverlening': ['double', 'aandeel_uitstroom', 'uitstroom_soort', 'overige_hulpverlening'],
    'clientsysteem': ['bigint', 'overdrachten_en_afsluitingen', 'uitstroom_soort', 'clientsysteem'],
    'aandeel_clientsysteem': ['double', 'aandeel_uitstroom', 'uitstroom_soort', 'clientsysteem'],
    'geen_vervolg': ['bigint', 'overdrachten_en_afsluitingen', 'uitstroom_soort', 'geen_vervolg'],
    'aandeel_geen_vervolg': ['double', 'aandeel_uitstroom', 'uitstroom_soort', 'geen_vervolg'],
    'overdrachten': ['bigint', 'overdrachten'],
    'overdrachten_na_veiligheidsbeoordeling': ['bigint', 'overdrachten', 'moment', 'veiligheidsbeoordeling'],
    'overdrachten_na_voorwaarden_vervolg': ['bigint', 'overdrachten', 'moment', 'voorwaarden_vervolg'],
    'overdrachten_na_onderzoek': ['bigint', 'overdrachten', 'moment', 'onderzoek'],
    'overdrachten_betrokken_ja': ['bigint', 'overdrachten', 'betrokken', 'ja'],
    'overdrachten_betrokken_nee': ['bigint', 'overdrachten', 'betrokken', 'nee'],
    'overdrachten_betrokken_onbekend': ['bigint', 'overdrachten', 'betrokken', 'onbekend'],
    'aandeel_betrokken': ['double', 'aandeel_overdrachten_betrokken'],
    'doorlooptijd_gemiddeld': ['double', 'overdracht_doorlooptijd_gemiddeld'],
    'casussen_uitgestroomd': ['bigint', 'casussen_uitgestroomd'],
} -%}
-- Outflow: transfers, closings and casussen closed.
with {{ draaitabel(kolommen, ['regio', 'gemeente', 'buiten', 'stadsdeel'], vorig_jaar=['overdrachten', 'casussen_uitgestroomd']) }}
