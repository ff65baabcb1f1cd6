{%- set maten = {
    'overdrachten': {'teller': 'is_overdracht'},
    'overdrachten_en_afsluitingen': {'teller': '1'},
    'aandeel_overdrachten_betrokken': {
        'teller': "is_overdracht and betrokken = 'ja'",
        'noemer': "is_overdracht and betrokken != 'onbekend'"},
    'overdracht_doorlooptijd_gemiddeld': {
        'teller': 'case when is_overdracht then dagen_na_besluit / 7.0 end',
        'noemer': 'is_overdracht and dagen_na_besluit is not null'},
} -%}
with overdrachten as (
    select * from {{ ref('fct_overdrachten') }}
),

echte_overdrachten as (
    select * from overdrachten where is_overdracht
),

uitsplitsing as (
    select overdracht_id, '' as categorie_soort, '' as categorie from overdrachten
    union all
    select overdracht_id, 'uitstroom_soort', uitstroom_soort from overdrachten
    union all
    select overdracht_id, 'ontvanger', ontvanger from echte_overdrachten
    union all
    select overdracht_id, 'ontvanger_groep', ontvanger_groep from echte_overdrachten
    union all
    select overdracht_id, 'betrokken', betrokken from echte_overdrachten
    union all
    select overdracht_id, 'moment', moment from echte_overdrachten
    union all
    select overdracht_id, 'ontvanger|betrokken', ontvanger || '|' || betrokken from echte_overdrachten
    union all
    select overdracht_id, 'ontvanger_groep|betrokken', ontvanger_groep || '|' || betrokken from echte_overdrachten
),

{{ cijfers('overdrachten', 'uitsplitsing', 'overdracht_id', maten) }}
