{%- set maten = {
    'adviesvragen': {'teller': '1'},
} -%}
with adviesvragen as (
    select
        *,
        cast(null as varchar) as gebied_stadsdeel,
        cast(null as varchar) as gebied_wijk,
        cast(null as varchar) as gebied_buurt
    from {{ ref('fct_adviesvragen') }}
),

vormen as (
    select advies_id, vorm, vorm_groep from {{ ref('brg_adviesvraag_vorm') }}
),

uitsplitsing as (
    select advies_id, '' as categorie_soort, '' as categorie from adviesvragen
    union all
    select advies_id, 'melder', hoedanigheid from adviesvragen
    union all
    select advies_id, 'melder_groep', melder_groep from adviesvragen
    union all
    select advies_id, 'kanaal', kanaal from adviesvragen
    union all
    select advies_id, 'vorm', vorm from vormen
    union all
    select distinct advies_id, 'vorm_groep', vorm_groep from vormen
    union all
    select advies_id, 'vorm_groep', 'nog_niet_geregistreerd' from adviesvragen
    where advies_id not in (select vormen.advies_id from vormen)
),

{{ cijfers('adviesvragen', 'uitsplitsing', 'advies_id', maten) }}
