{%- set maten = {
    'vb_afgerond': {'teller': '1'},
    'aandeel_vb_onveilig': {'teller': "uitkomst in ('acuut', 'structureel')", 'noemer': '1'},
    'vb_doorlooptijd_gemiddeld': {'teller': 'werkdagen', 'noemer': 'werkdagen is not null'},
    'aandeel_vb_binnen_termijn': {'teller': 'binnen_termijn', 'noemer': 'binnen_termijn is not null'},
} %}
{%- set uitsplitsingen = {
    'vb_uitkomst': ['beoordelingen', 'uitkomst'],
    'vb_besluit': ['beoordelingen', 'besluit'],
    'urgentie': ['beoordelingen', 'urgentie'],
} -%}
with beoordelingen as (
    select * from {{ ref('fct_veiligheidsbeoordelingen') }}
    where besluit_op is not null
),

uitsplitsing as (
    {{ uitsplitsing('melding_id', uitsplitsingen) }}
),

{{ cijfers('beoordelingen', 'uitsplitsing', 'melding_id', maten) }}
