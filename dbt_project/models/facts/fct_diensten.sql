with diensten as (
    select * from {{ ref('stg_diensten') }}
),

meldingen as (
    select * from {{ ref('fct_meldingen') }}
),

kalender as (
    select * from {{ ref('dim_datum') }}
)

select
    diensten.dienst_id,
    diensten.melding_id,
    diensten.soort as dienst_soort,
    diensten.gestart_op,
    diensten.afgesloten_op,
    diensten.uitkomst_huiselijk_geweld,
    diensten.uitkomst_kindermishandeling,
    diensten.voortijdig,
    meldingen.urgentie,
    meldingen.vb_besluit_op,
    kalender.eerstvolgende_werkdag as termijn_eindigt_op,
    {{ dagen_tussen('meldingen.vb_besluit_op', 'diensten.afgesloten_op') }} as dagen_na_besluit,
    diensten.afgesloten_op <= kalender.eerstvolgende_werkdag as binnen_termijn,
    {{ gebied_van('meldingen') }},
    diensten._levering,
    diensten._bestand,
    diensten._regel
from diensten
inner join meldingen on diensten.melding_id = meldingen.melding_id
-- the day on which the term ends, moved on when it is no working day
left join kalender on {{ dbt.dateadd('day', var('termijn_dienst_dagen'), 'meldingen.vb_besluit_op') }} = kalender.dag
