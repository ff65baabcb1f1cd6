{{ config(materialized='view') }}
{%- set uitsplitsingen = {
    'aanvrager': ['gebeurtenissen', 'aanvrager'],
} -%}
{#- Where a row comes from: its rows, and what it has of the columns that not all have. -#}
{%- set gebied = ['gebied_stadsdeel', 'gebied_wijk', 'gebied_buurt'] -%}
{%- set bronnen = [
    ['instroom', 'fct_meldingen', 'true', ['melder_soort', 'melder_groep']],
    ['instroom', 'fct_adviesvragen', 'true', ['melder_soort', 'melder_groep']],
    ['casus', 'fct_casussen', 'afgesloten_op is not null', ['is_gevolgd', 'opnieuw_gemeld'] + gebied],
    ['monitormoment', 'fct_monitormomenten', 'uitgevoerd_op is not null', ['structurele_veiligheid', 'directe_veiligheid'] + gebied],
    ['huisverbod', 'fct_huisverboden', 'true', ['aanvrager'] + gebied],
] -%}
{%- set kolommen = {
    'melder_soort': 'string', 'melder_groep': 'string', 'is_gevolgd': 'boolean', 'opnieuw_gemeld': 'boolean',
    'structurele_veiligheid': 'boolean', 'directe_veiligheid': 'boolean', 'aanvrager': 'string',
    'gebied_stadsdeel': 'string', 'gebied_wijk': 'string', 'gebied_buurt': 'string',
} -%}
-- Inflow as a whole (no city districts there: requests for advice have none), casussen closed, monitoring and huisverboden.
with alle as (
    {{ onder_elkaar(bronnen, kolommen) }}
),

gebeurtenissen as (
    select
        *,
        {{ rijnaam(['bron', '_levering', '_bestand', '_regel']) }} as gebeurtenis_id
    from alle
),

uitsplitsing as (
    {{ uitsplitsing('gebeurtenissen', 'gebeurtenis_id', uitsplitsingen) }}
),

{{ bijdragen('effect', 'gebeurtenissen', 'gebeurtenis_id') }}
