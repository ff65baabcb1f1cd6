with overdrachten as (
    select * from {{ ref('stg_overdrachten') }}
),

ontvangers as (
    select * from {{ ref('dim_ontvanger') }}
),

gebiedsmelding as (
    select * from {{ ref('int_gebiedsmelding') }}
    where soort = 'overdracht'
),

meldingen as (
    select * from {{ ref('fct_meldingen') }}
)

select
    overdrachten.overdracht_id,
    overdrachten.casus_id,
    overdrachten.melding_id,
    overdrachten.moment,
    overdrachten.overgedragen_op,
    {{ eerste_van_maand('overdrachten.overgedragen_op') }} as maand,
    overdrachten.ontvanger,
    ontvangers.ontvanger_groep,
    ontvangers.uitstroom_soort,
    ontvangers.is_overdracht,
    case overdrachten.ontvanger_betrokken when true then 'ja' when false then 'nee' else 'onbekend' end as betrokken,
    case
        when overdrachten.overgedragen_op >= genoemd.vb_besluit_op
            then {{ dagen_tussen('genoemd.vb_besluit_op', 'overdrachten.overgedragen_op') }}
    end as dagen_na_besluit,
    {{ gebied_van('gebied') }},
    overdrachten._levering,
    overdrachten._bestand,
    overdrachten._regel
from overdrachten
inner join ontvangers on overdrachten.ontvanger = ontvangers.ontvanger
left join meldingen as genoemd on overdrachten.melding_id = genoemd.melding_id
left join gebiedsmelding on overdrachten.overdracht_id = gebiedsmelding.id
left join meldingen as gebied on gebiedsmelding.melding_id = gebied.melding_id
