{%- set kolommen = {
    'vb_afgerond': ['bigint', 'vb_afgerond'],
    'uitkomst_acuut': ['bigint', 'vb_afgerond', 'vb_uitkomst', 'acuut'],
    'aandeel_acuut': ['double', 'aandeel_vb_uitkomst', 'vb_uitkomst', 'acuut'],
    'uitkomst_structureel': ['bigint', 'vb_afgerond', 'vb_uitkomst', 'structureel'],
    'aandeel_structureel': ['double', 'aandeel_vb_uitkomst', 'vb_uitkomst', 'structureel'],
    'uitkomst_eenmalig': ['bigint', 'vb_afgerond', 'vb_uitkomst', 'eenmalig'],
    'aandeel_eenmalig': ['double', 'aandeel_vb_uitkomst', 'vb_uitkomst', 'eenmalig'],
    'uitkomst_andere_leefdomeinen': ['bigint', 'vb_afgerond', 'vb_uitkomst', 'andere_leefdomeinen'],
    'aandeel_andere_leefdomeinen': ['double', 'aandeel_vb_uitkomst', 'vb_uitkomst', 'andere_leefdomeinen'],
    'uitkomst_geen_zorgen': ['bigint', 'vb_afgerond', 'vb_uitkomst', 'geen_zorgen'],
    'aandeel_geen_zorgen': ['double', 'aandeel_vb_uitkomst', 'vb_uitkomst', 'geen_zorgen'],
    'aandeel_onveilig': ['double', 'aandeel_vb_onveilig'],
    'besluit_overdracht': ['bigint', 'vb_afgerond', 'vb_besluit', 'overdracht'],
    'besluit_voorwaarden_vervolg': ['bigint', 'vb_afgerond', 'vb_besluit', 'voorwaarden_vervolg'],
    'besluit_onderzoek': ['bigint', 'vb_afgerond', 'vb_besluit', 'onderzoek'],
    'besluit_omgezet_in_advies': ['bigint', 'vb_afgerond', 'vb_besluit', 'omgezet_in_advies'],
    'besluit_geen_vervolg': ['bigint', 'vb_afgerond', 'vb_besluit', 'geen_vervolg'],
    'doorlooptijd_gemiddeld': ['double', 'vb_doorlooptijd_gemiddeld'],
    'doorlooptijd_mediaan': ['double', 'vb_doorlooptijd_mediaan'],
    'doorlooptijd_p90': ['double', 'vb_doorlooptijd_p90'],
    'aandeel_binnen_termijn': ['double', 'aandeel_vb_binnen_termijn'],
    'aandeel_binnen_termijn_instroom': ['double', 'aandeel_vb_binnen_termijn_instroom'],
    'aandeel_acuut_binnen_2_uur': ['double', 'aandeel_acuut_binnen_2_uur'],
} -%}
-- Safety assessments decided: outcome, decision, and how long they took.
with {{ draaitabel(
    kolommen,
    ['regio', 'gemeente', 'buiten', 'stadsdeel'],
    vorig_jaar=['vb_afgerond'],
    normen=['aandeel_binnen_termijn']
) }}
