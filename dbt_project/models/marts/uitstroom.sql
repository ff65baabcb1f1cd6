{%- set mart = {
    'omschrijving': 'Een rij per periode en gebied - overdrachten, afsluitingen en uitgestroomde casussen.',
    'gebieden': ['regio', 'gemeente', 'buiten', 'stadsdeel'],
    'kolommen': {
        'overdrachten_en_afsluitingen': 'overdrachten_en_afsluitingen',
        'regiehoudend': 'overdrachten_en_afsluitingen uitstroom_soort=regiehoudend',
        'aandeel_regiehoudend': 'aandeel_uitstroom uitstroom_soort=regiehoudend',
        'overige_hulpverlening': 'overdrachten_en_afsluitingen uitstroom_soort=overige_hulpverlening',
        'aandeel_overige_hulpverlening': 'aandeel_uitstroom uitstroom_soort=overige_hulpverlening',
        'clientsysteem': 'overdrachten_en_afsluitingen uitstroom_soort=clientsysteem',
        'aandeel_clientsysteem': 'aandeel_uitstroom uitstroom_soort=clientsysteem',
        'geen_vervolg': 'overdrachten_en_afsluitingen uitstroom_soort=geen_vervolg',
        'aandeel_geen_vervolg': 'aandeel_uitstroom uitstroom_soort=geen_vervolg',
        'overdrachten': 'overdrachten',
        'overdrachten_na_veiligheidsbeoordeling': 'overdrachten moment=veiligheidsbeoordeling',
        'overdrachten_na_voorwaarden_vervolg': 'overdrachten moment=voorwaarden_vervolg',
        'overdrachten_na_onderzoek': 'overdrachten moment=onderzoek',
        'overdrachten_betrokken_ja': 'overdrachten betrokken=ja',
        'overdrachten_betrokken_nee': 'overdrachten betrokken=nee',
        'overdrachten_betrokken_onbekend': 'overdrachten betrokken=onbekend',
        'aandeel_betrokken': 'aandeel_overdrachten_betrokken',
        'doorlooptijd_gemiddeld': 'overdracht_doorlooptijd_gemiddeld',
        'casussen_uitgestroomd': 'casussen_uitgestroomd',
    },
    'vorig_jaar': ['overdrachten', 'casussen_uitgestroomd'],
} -%}
{{ config(meta={'mart': mart}) }}
-- Outflow: transfers, closings and casussen closed.
with {{ draaitabel(mart) }}
