{{ config(materialized='view') }}
with meldingen as (
    select * from {{ ref('fct_meldingen') }}
),

uitsplitsing as (
    select * from {{ ref('int_melding_uitsplitsing') }}
),

{{ bijdragen('meldingen', 'meldingen', 'melding_id') }}
