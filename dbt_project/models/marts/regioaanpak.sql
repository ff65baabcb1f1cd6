{%- set kolommen = {
    'aandeel_inwoners_instroom': ['double', 'aandeel_inwoners_instroom'],
    'aandeel_professionals_niet_politie': ['double', 'aandeel_professionals_niet_politie'],
    'aandeel_zonder_hermelding_2jaar': ['double', 'aandeel_zonder_hermelding_2jaar'],
    'aandeel_structureel_veilig': ['double', 'aandeel_structureel_veilig'],
    'aandeel_directe_veiligheid': ['double', 'aandeel_directe_veiligheid'],
    'huisverboden': ['bigint', 'huisverboden'],
    'huisverboden_politie': ['bigint', 'huisverboden', 'aanvrager', 'politie'],
    'huisverboden_veilig_thuis': ['bigint', 'huisverboden', 'aanvrager', 'veilig_thuis'],
    'huisverboden_hulpverlening': ['bigint', 'huisverboden', 'aanvrager', 'hulpverlening'],
    'aandeel_huisverboden_hulpverlening': ['double', 'aandeel_huisverboden_hulpverlening'],
} -%}
-- What the Regioaanpak 2020-2025 wants to see change.
with {{ draaitabel(kolommen, ['regio', 'gemeente', 'buiten', 'stadsdeel']) }}
