{%- set mart = {
    'omschrijving': 'Een rij per periode en gebied - veiligheidsbeoordelingen, hun uitkomst en doorlooptijd.',
    'gebieden': ['regio', 'gemeente', 'buiten', 'stadsdeel'],
    'kolommen': {
        'vb_afgerond': 'vb_afgerond',
        'uitkomst_acuut': 'vb_afgerond vb_uitkomst=acuut',
        'aandeel_acuut': 'aandeel_vb_uitkomst vb_uitkomst=acuut',
        'uitkomst_structureel': 'vb_afgerond vb_uitkomst=structureel',
        'aandeel_structureel': 'aandeel_vb_uitkomst vb_uitkomst=structureel',
        'uitkomst_eenmalig': 'vb_afgerond vb_uitkomst=eenmalig',
        'aandeel_eenmalig': 'aandeel_vb_uitkomst vb_uitkomst=eenmalig',
        'uitkomst_andere_leefdomeinen': 'vb_afgerond vb_uitkomst=andere_leefdomeinen',
        'aandeel_andere_leefdomeinen': 'aandeel_vb_uitkomst vb_uitkomst=andere_leefdomeinen',
        'uitkomst_geen_zorgen': 'vb_afgerond vb_uitkomst=geen_zorgen',
        'aandeel_geen_zorgen': 'aandeel_vb_uitkomst vb_uitkomst=geen_zorgen',
        'aandeel_onveilig': 'aandeel_vb_onveilig',
        'besluit_overdracht': 'vb_afgerond vb_besluit=overdracht',
        'besluit_voorwaarden_vervolg': 'vb_afgerond vb_besluit=voorwaarden_vervolg',
        'besluit_onderzoek': 'vb_afgerond vb_besluit=onderzoek',
        'besluit_omgezet_in_advies': 'vb_afgerond vb_besluit=omgezet_in_advies',
        'besluit_geen_vervolg': 'vb_afgerond vb_besluit=geen_vervolg',
        'doorlooptijd_gemiddeld': 'vb_doorlooptijd_gemiddeld',
        'doorlooptijd_mediaan': 'vb_doorlooptijd_mediaan',
        'doorlooptijd_p90': 'vb_doorlooptijd_p90',
        'aandeel_binnen_termijn': 'aandeel_vb_binnen_termijn',
        'aandeel_binnen_termijn_instroom': 'aandeel_vb_binnen_termijn_instroom',
        'aandeel_acuut_binnen_2_uur': 'aandeel_acuut_binnen_2_uur',
    },
    'vorig_jaar': ['vb_afgerond'],
    'normen': ['aandeel_binnen_termijn'],
} -%}
{{ config(meta={'mart': mart}) }}
-- Safety assessments decided: outcome, decision, and how long they took.
with {{ draaitabel(mart) }}
