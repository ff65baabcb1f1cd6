{%- set kolommen = {
    'vb_open': ['bigint', 'vb_open'],
    'vb_open_werkdagen_0_5': ['bigint', 'vb_open', 'wachttijd', '0-5'],
    'vb_open_werkdagen_6_20': ['bigint', 'vb_open', 'wachttijd', '6-20'],
    'vb_open_werkdagen_21_60': ['bigint', 'vb_open', 'wachttijd', '21-60'],
    'vb_open_werkdagen_61_en_meer': ['bigint', 'vb_open', 'wachttijd', '61+'],
    'vb_open_urgentie_1': ['bigint', 'vb_open', 'urgentie', '1'],
    'vb_open_urgentie_2': ['bigint', 'vb_open', 'urgentie', '2'],
    'vb_open_urgentie_3': ['bigint', 'vb_open', 'urgentie', '3'],
    'vb_open_urgentie_4': ['bigint', 'vb_open', 'urgentie', '4'],
    'vb_open_over_termijn': ['bigint', 'vb_open_over_termijn'],
    'vb_open_zonder_zicht': ['bigint', 'vb_open_zonder_zicht'],
    'diensten_open': ['bigint', 'diensten_open'],
    'diensten_open_voorwaarden_vervolg': ['bigint', 'diensten_open', 'dienst_soort', 'voorwaarden_vervolg'],
    'diensten_open_onderzoek': ['bigint', 'diensten_open', 'dienst_soort', 'onderzoek'],
    'diensten_open_over_termijn': ['bigint', 'diensten_open_over_termijn'],
} -%}
-- Work stock at the end of each period that has ended.
with {{ draaitabel(kolommen, ['regio', 'gemeente', 'buiten', 'stadsdeel'], vorig_jaar=['vb_open']) }}
