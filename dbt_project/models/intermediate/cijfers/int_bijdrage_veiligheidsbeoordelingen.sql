{{ config(materialized='view') }}
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
    {{ uitsplitsing('beoordelingen', 'melding_id', uitsplitsingen) }}
),

{{ bijdragen('veiligheidsbeoordelingen', 'beoordelingen', 'melding_id') }}
