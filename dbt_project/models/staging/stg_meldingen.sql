{{ config(materialized='table') }}
-- A table where its neighbours are views: the local day costs more than all else of a row, and many models ask for it.
with bron as (
    select * from {{ source('historie', 'meldingen') }}
),

actueel as (
    select
        melding_id,
        casus_id,
        ontvangen_op,
        {{ lokale_dag('ontvangen_op') }} as ontvangen_dag,
        hoedanigheid,
        huishouden_met_kinderen,
        gemeente_code,
        stadsdeel_code,
        buurt_code,
        urgentie,
        eerdere_incidenten,
        acuut_beoordeeld_op,
        acuut_vermoeden,
        nummer_volgorde,
        _levering,
        _bestand,
        _regel
    from bron
    where
        {{ telt_mee('meldingen') }}
)

select * from actueel
