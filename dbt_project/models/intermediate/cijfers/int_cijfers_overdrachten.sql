{%- set maten = {
    'overdrachten': {'teller': 'is_overdracht'},
    'overdrachten_en_afsluitingen': {'teller': '1'},
    'aandeel_overdrachten_betrokken': {
        'teller': "is_overdracht and betrokken = 'ja'",
        'noemer': "is_overdracht and betrokken != 'onbekend'"},
    'overdracht_doorlooptijd_gemiddeld': {
        'teller': 'case when is_overdracht then dagen_na_besluit / 7.0 end',
        'noemer': 'is_overdracht and dagen_na_besluit is not null'},
} %}
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
    select * from {{ ref('fct_overdrachten') }}
),

echte_overdrachten as (
    select * from overdrachten
    where is_overdracht
),

uitsplitsing as (
    {{ uitsplitsing('overdracht_id', uitsplitsingen) }}
),

{{ cijfers('overdrachten', 'uitsplitsing', 'overdracht_id', maten) }}
