{{ config(materialized='view') }}
{%- set uitsplitsingen = {
    'huishouden': ['meldingen', 'huishouden'],
    'melder': ['meldingen', 'hoedanigheid'],
    'melder_groep': ['meldingen', 'melder_groep'],
    'vorm': ['vormen', 'vorm'],
    'vorm_groep': ['vorm_groepen', 'vorm_groep'],
    'aard': ['aarden', 'aard'],
    'urgentie': ['meldingen', 'urgentie'],
    'betrokkenheid': ['meldingen', 'betrokkenheid'],
    'betrokkenheid_fase': ['meldingen', 'betrokkenheid_fase'],
    'huishouden|melder': ['meldingen', "huishouden || '|' || hoedanigheid"],
    'huishouden|melder_groep': ['meldingen', "huishouden || '|' || melder_groep"],
    'huishouden|vorm_groep': ['vorm_groepen', "huishouden || '|' || vorm_groep"],
} %}
-- Every category that a report falls in, breakdown by breakdown; the total is one of them.
with meldingen as (
    select * from {{ ref('fct_meldingen') }}
),

vormen as (
    select * from {{ ref('brg_melding_vorm') }}
),

aarden as (
    select * from {{ ref('brg_melding_aard') }}
),

vorm_groepen as (
    select distinct
        meldingen.melding_id,
        meldingen.huishouden,
        coalesce(vormen.vorm_groep, 'nog_niet_geregistreerd') as vorm_groep
    from meldingen
    left join vormen on meldingen.melding_id = vormen.melding_id
)

{{ uitsplitsing('meldingen', 'melding_id', uitsplitsingen) }}
