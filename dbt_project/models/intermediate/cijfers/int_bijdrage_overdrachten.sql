{{ config(materialized='view') }}
{%- set uitsplitsingen = {
    'uitstroom_soort': ['overdrachten', 'uitstroom_soort'],
    'ontvanger': ['echte_overdrachten', 'ontvanger'],
    'ontvanger_groep': ['echte_overdrachten', 'ontvanger_groep'],
    'betrokken': ['echte_overdrachten', 'betrokken'],
    'moment': ['echte_overdrachten', 'moment'],
    'ontvanger|betrokken': ['echte_overdrachten', "ontvanger || '|' || betrokken"],
    'ontvanger_groep|betrokken': ['echte_overdrachten', "ontvanger_groep || '|' || betrokken"],
} -%}
with overdrachten as (
    select
        *,
        case when is_overdracht then dagen_na_besluit / 7e0 end as weken
    from {{ ref('fct_overdrachten') }}
),

echte_overdrachten as (
    select * from overdrachten
    where is_overdracht
),

uitsplitsing as (
    {{ uitsplitsing('overdrachten', 'overdracht_id', uitsplitsingen) }}
),

{{ bijdragen('overdrachten', 'overdrachten', 'overdracht_id') }}
