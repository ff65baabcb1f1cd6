with momenten as (
    select * from {{ ref('stg_monitormomenten') }}
),

gebiedsmelding as (
    select * from {{ ref('int_gebiedsmelding') }}
    where soort = 'monitormoment'
),

meldingen as (
    select * from {{ ref('fct_meldingen') }}
)

select
    momenten.moment_id,
    momenten.casus_id,
    momenten.gepland_op,
    momenten.uitgevoerd_op,
    {{ eerste_van_maand('momenten.uitgevoerd_op') }} as maand,
    momenten.directe_veiligheid,
    momenten.structurele_veiligheid,
    momenten.nieuw_geweld,
    {{ gebied_van('meldingen', telt='momenten.uitgevoerd_op is not null') }},
    momenten._levering,
    momenten._bestand,
    momenten._regel
from momenten
left join gebiedsmelding on momenten.moment_id = gebiedsmelding.id
left join meldingen on gebiedsmelding.melding_id = meldingen.melding_id
