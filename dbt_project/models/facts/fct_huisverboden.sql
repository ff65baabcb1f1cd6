with huisverboden as (
    select * from {{ ref('stg_huisverboden') }}
),

gebiedsmelding as (
    select * from {{ ref('int_gebiedsmelding') }}
    where soort = 'huisverbod'
),

meldingen as (
    select * from {{ ref('fct_meldingen') }}
)

select
    huisverboden.huisverbod_id,
    huisverboden.casus_id,
    huisverboden.opgelegd_op,
    {{ eerste_van_maand('huisverboden.opgelegd_op') }} as maand,
    huisverboden.aanvrager,
    {{ gebied_van('meldingen') }},
    huisverboden._levering,
    huisverboden._bestand,
    huisverboden._regel
from huisverboden
left join gebiedsmelding on huisverboden.huisverbod_id = gebiedsmelding.id
left join meldingen on gebiedsmelding.melding_id = meldingen.melding_id
