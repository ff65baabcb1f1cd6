{%- set maten = {
    'vb_afgerond': {'teller': '1'},
    'aandeel_vb_onveilig': {'teller': "uitkomst in ('acuut', 'structureel')", 'noemer': '1'},
    'vb_doorlooptijd_gemiddeld': {'teller': 'werkdagen', 'noemer': 'werkdagen is not null'},
    'aandeel_vb_binnen_termijn': {'teller': 'binnen_termijn', 'noemer': 'binnen_termijn is not null'},
} -%}
with beoordelingen as (
    select * from {{ ref('fct_veiligheidsbeoordelingen') }}
    where besluit_op is not null
),

uitsplitsing as (
    select melding_id, '' as categorie_soort, '' as categorie from beoordelingen
    union all
    select melding_id, 'vb_uitkomst', uitkomst from beoordelingen
    union all
    select melding_id, 'vb_besluit', besluit from beoordelingen
    union all
    select melding_id, 'urgentie', urgentie from beoordelingen
),

{{ cijfers('beoordelingen', 'uitsplitsing', 'melding_id', maten) }}
