{%- set kolommen = {
    'gestart': ['bigint', 'diensten_gestart'],
    'afgesloten': ['bigint', 'diensten_afgesloten'],
    'doorlooptijd_gemiddeld': ['double', 'dienst_doorlooptijd_gemiddeld'],
    'doorlooptijd_mediaan': ['double', 'dienst_doorlooptijd_mediaan'],
    'doorlooptijd_p90': ['double', 'dienst_doorlooptijd_p90'],
    'aandeel_binnen_termijn': ['double', 'aandeel_diensten_binnen_termijn'],
    'gestart_voorwaarden_vervolg': ['bigint', 'diensten_gestart', 'dienst_soort', 'voorwaarden_vervolg'],
    'afgesloten_voorwaarden_vervolg': ['bigint', 'diensten_afgesloten', 'dienst_soort', 'voorwaarden_vervolg'],
    'doorlooptijd_gemiddeld_voorwaarden_vervolg': ['double', 'dienst_doorlooptijd_gemiddeld', 'dienst_soort', 'voorwaarden_vervolg'],
    'doorlooptijd_mediaan_voorwaarden_vervolg': ['double', 'dienst_doorlooptijd_mediaan', 'dienst_soort', 'voorwaarden_vervolg'],
    'doorlooptijd_p90_voorwaarden_vervolg': ['double', 'dienst_doorlooptijd_p90', 'dienst_soort', 'voorwaarden_vervolg'],
    'aandeel_binnen_termijn_voorwaarden_vervolg': ['double', 'aandeel_diensten_binnen_termijn', 'dienst_soort', 'voorwaarden_vervolg'],
    'gestart_onderzoek': ['bigint', 'diensten_gestart', 'dienst_soort', 'onderzoek'],
    'afgesloten_onderzoek': ['bigint', 'diensten_afgesloten', 'dienst_soort', 'onderzoek'],
    'doorlooptijd_gemiddeld_onderzoek': ['double', 'dienst_doorlooptijd_gemiddeld', 'dienst_soort', 'onderzoek'],
    'doorlooptijd_mediaan_onderzoek': ['double', 'dienst_doorlooptijd_mediaan', 'dienst_soort', 'onderzoek'],
    'doorlooptijd_p90_onderzoek': ['double', 'dienst_doorlooptijd_p90', 'dienst_soort', 'onderzoek'],
    'aandeel_binnen_termijn_onderzoek': ['double', 'aandeel_diensten_binnen_termijn', 'dienst_soort', 'onderzoek'],
    'onderzoeken': ['bigint', 'onderzoeken_uitkomst'],
    'huiselijk_geweld_bevestigd': ['bigint', 'onderzoeken_uitkomst', 'uitkomst_huiselijk_geweld', 'bevestigd'],
    'huiselijk_geweld_niet_bevestigd': ['bigint', 'onderzoeken_uitkomst', 'uitkomst_huiselijk_geweld', 'niet_bevestigd'],
    'huiselijk_geweld_weerlegd': ['bigint', 'onderzoeken_uitkomst', 'uitkomst_huiselijk_geweld', 'weerlegd'],
    'kindermishandeling_bevestigd': ['bigint', 'onderzoeken_uitkomst', 'uitkomst_kindermishandeling', 'bevestigd'],
    'kindermishandeling_niet_bevestigd': ['bigint', 'onderzoeken_uitkomst', 'uitkomst_kindermishandeling', 'niet_bevestigd'],
    'kindermishandeling_weerlegd': ['bigint', 'onderzoeken_uitkomst', 'uitkomst_kindermishandeling', 'weerlegd'],
} -%}
-- Diensten started and closed, how long they took, and what investigations found.
with {{ draaitabel(
    kolommen,
    ['regio', 'gemeente', 'buiten', 'stadsdeel'],
    vorig_jaar=['afgesloten'],
    normen=['aandeel_binnen_termijn_onderzoek']
) }}
