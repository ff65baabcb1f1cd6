{{ config(materialized='view') }}
{%- set uitsplitsingen = {
    'aanvrager': ['gebeurtenissen', 'aanvrager'],
} -%}
-- Inflow as a whole (no city districts there: requests for advice have none), casussen closed, monitoring and huisverboden.
with alle as (
    select
        'instroom' as bron,
        maand,
        melder_soort,
        melder_groep,
        gebied_gemeente,
        _levering,
        _bestand,
        _regel
    from {{ ref('fct_meldingen') }}
    union all by name
    select
        'instroom' as bron,
        maand,
        melder_soort,
        melder_groep,
        gebied_gemeente,
        _levering,
        _bestand,
        _regel
    from {{ ref('fct_adviesvragen') }}
    union all by name
    select
        'casus' as bron,
        maand,
        is_gevolgd,
        opnieuw_gemeld,
        gebied_gemeente,
        gebied_stadsdeel,
        gebied_wijk,
        gebied_buurt,
        _levering,
        _bestand,
        _regel
    from {{ ref('fct_casussen') }}
    where afgesloten_op is not null
    union all by name
    select
        'monitormoment' as bron,
        maand,
        structurele_veiligheid,
        directe_veiligheid,
        gebied_gemeente,
        gebied_stadsdeel,
        gebied_wijk,
        gebied_buurt,
        _levering,
        _bestand,
        _regel
    from {{ ref('fct_monitormomenten') }}
    where uitgevoerd_op is not null
    union all by name
    select
        'huisverbod' as bron,
        maand,
        aanvrager,
        gebied_gemeente,
        gebied_stadsdeel,
        gebied_wijk,
        gebied_buurt,
        _levering,
        _bestand,
        _regel
    from {{ ref('fct_huisverboden') }}
),

gebeurtenissen as (
    select
        *,
        row_number() over () as gebeurtenis_id
    from alle
),

uitsplitsing as (
    {{ uitsplitsing('gebeurtenissen', 'gebeurtenis_id', uitsplitsingen) }}
),

{{ bijdragen('effect', 'gebeurtenissen', 'gebeurtenis_id') }}
