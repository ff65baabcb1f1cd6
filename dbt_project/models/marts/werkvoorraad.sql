{%- set mart = {
    'omschrijving': 'Een rij per afgelopen periode en gebied - wat aan het eind van de periode open stond.',
    'gebieden': ['regio', 'gemeente', 'buiten', 'stadsdeel'],
    'kolommen': {
        'vb_open': 'vb_open',
        'vb_open_werkdagen_0_5': 'vb_open wachttijd=0-5',
        'vb_open_werkdagen_6_20': 'vb_open wachttijd=6-20',
        'vb_open_werkdagen_21_60': 'vb_open wachttijd=21-60',
        'vb_open_werkdagen_61_en_meer': 'vb_open wachttijd=61+',
        'vb_open_urgentie_1': 'vb_open urgentie=1',
        'vb_open_urgentie_2': 'vb_open urgentie=2',
        'vb_open_urgentie_3': 'vb_open urgentie=3',
        'vb_open_urgentie_4': 'vb_open urgentie=4',
        'vb_open_over_termijn': 'vb_open_over_termijn',
        'vb_open_zonder_zicht': 'vb_open_zonder_zicht',
        'diensten_open': 'diensten_open',
        'diensten_open_voorwaarden_vervolg': 'diensten_open dienst_soort=voorwaarden_vervolg',
        'diensten_open_onderzoek': 'diensten_open dienst_soort=onderzoek',
        'diensten_open_over_termijn': 'diensten_open_over_termijn',
    },
    'vorig_jaar': ['vb_open'],
} -%}
{{ config(meta={'mart': mart}) }}
-- Work stock at the end of each period that has ended.
with {{ draaitabel(mart) }}
