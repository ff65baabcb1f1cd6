{{ config(materialized='view') }}
{%- set uitsplitsingen = {
    'melder': ['adviesvragen', 'hoedanigheid'],
    'melder_groep': ['adviesvragen', 'melder_groep'],
    'kanaal': ['adviesvragen', 'kanaal'],
    'vorm': ['vormen', 'vorm'],
    'vorm_groep': ['vorm_groepen', 'vorm_groep'],
} -%}
with adviesvragen as (
    select
        *,
        cast(null as string) as gebied_stadsdeel,
        cast(null as string) as gebied_wijk,
        cast(null as string) as gebied_buurt
    from {{ ref('fct_adviesvragen') }}
),

vormen as (
    select
        advies_id,
        vorm,
        vorm_groep
    from {{ ref('brg_adviesvraag_vorm') }}
),

vorm_groepen as (
    select distinct
        adviesvragen.advies_id,
        coalesce(vormen.vorm_groep, 'nog_niet_geregistreerd') as vorm_groep
    from adviesvragen
    left join vormen on adviesvragen.advies_id = vormen.advies_id
),

uitsplitsing as (
    {{ uitsplitsing('adviesvragen', 'advies_id', uitsplitsingen) }}
),

{{ bijdragen('adviesvragen', 'adviesvragen', 'advies_id') }}
