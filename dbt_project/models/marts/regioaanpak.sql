{%- set mart = {
    'omschrijving': 'Een rij per periode en gebied - wat de Regioaanpak 2020-2025 wil zien veranderen.',
    'gebieden': ['regio', 'gemeente', 'buiten', 'stadsdeel'],
    'kolommen': {
        'aandeel_inwoners_instroom': 'aandeel_inwoners_instroom',
        'aandeel_professionals_niet_politie': 'aandeel_professionals_niet_politie',
        'aandeel_zonder_hermelding_2jaar': 'aandeel_zonder_hermelding_2jaar',
        'aandeel_structureel_veilig': 'aandeel_structureel_veilig',
        'aandeel_directe_veiligheid': 'aandeel_directe_veiligheid',
        'huisverboden': 'huisverboden',
        'huisverboden_politie': 'huisverboden aanvrager=politie',
        'huisverboden_veilig_thuis': 'huisverboden aanvrager=veilig_thuis',
        'huisverboden_hulpverlening': 'huisverboden aanvrager=hulpverlening',
        'aandeel_huisverboden_hulpverlening': 'aandeel_huisverboden_hulpverlening',
    },
} -%}
{{ config(meta={'mart': mart}) }}
-- What the Regioaanpak 2020-2025 wants to see change.
with {{ draaitabel(mart) }}
