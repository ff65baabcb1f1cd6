{{ config(materialized='view') }}
-- A casus counts where and when a report about it does, and its line is that of the casus.
with casussen as (
    select
        meldingen.melding_id,
        meldingen.casus_id,
        meldingen.maand,
        meldingen.gebied_gemeente,
        meldingen.gebied_stadsdeel,
        meldingen.gebied_wijk,
        meldingen.gebied_buurt,
        casussen._levering,
        casussen._bestand,
        casussen._regel
    from {{ ref('fct_meldingen') }} as meldingen
    inner join {{ ref('fct_casussen') }} as casussen on meldingen.casus_id = casussen.casus_id
),

uitsplitsing as (
    {{ uitsplitsing('casussen', 'melding_id') }}
),

{{ bijdragen('gemelde_casussen', 'casussen', 'melding_id', geteld='casus_id') }}
