{{ config(materialized='view') }}
{%- set uitsplitsingen = {
    'wachttijd': ['werkvoorraad', 'wachttijd'],
    'urgentie': ['werkvoorraad', "case when soort = 'veiligheidsbeoordeling' then urgentie end"],
    'dienst_soort': ['werkvoorraad', 'dienst_soort'],
} -%}
with werkvoorraad as (
    select
        *,
        {{ rijnaam(['soort', 'maand', 'melding_id', 'dienst_id']) }} as werkvoorraad_id
    from {{ ref('fct_werkvoorraad_maand') }}
),

uitsplitsing as (
    {{ uitsplitsing('werkvoorraad', 'werkvoorraad_id', uitsplitsingen) }}
),

{{ bijdragen('werkvoorraad', 'werkvoorraad', 'werkvoorraad_id') }}
