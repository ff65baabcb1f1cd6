{%- set maten = {
    'overdrachten': {
        'teller': 'count_if(is_overdracht)'},
    'overdrachten_en_afsluitingen': {
        'teller': 'count(*)'},
    'aandeel_overdrachten_betrokken': {
        'teller': "count_if(is_overdracht and betrokken = 'ja')",
        'noemer': "count_if(is_overdracht and betrokken != 'onbekend')"},
    'overdracht_doorlooptijd_gemiddeld': {
        'teller': 'coalesce(sum(dagen_na_besluit) filter (where is_overdracht), 0) / 7',
        'noemer': 'count(dagen_na_besluit) filter (where is_overdracht)'},
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

rijen as (
    select
        overdrachten.*,
        uitsplitsing.categorie_soort,
        uitsplitsing.categorie
    from overdrachten
    inner join uitsplitsing on overdrachten.overdracht_id = uitsplitsing.overdracht_id
),

{{ maandcijfers('rijen', maten) }}
