with beoordelingen as (
    select * from {{ ref('stg_veiligheidsbeoordelingen') }}
),

meldingen as (
    select * from {{ ref('fct_meldingen') }}
)

select
    beoordelingen.melding_id,
    beoordelingen.gestart_op,
    beoordelingen.besluit_op,
    {{ eerste_van_maand('beoordelingen.besluit_op') }} as maand,
    beoordelingen.uitkomst,
    beoordelingen.besluit,
    meldingen.ontvangen_dag,
    meldingen.urgentie,
    meldingen.vb_werkdagen as werkdagen,
    meldingen.vb_werkdagen <= {{ var('termijn_vb_werkdagen') }} as binnen_termijn,
    {{ gebied_van('meldingen') }},
    beoordelingen._levering,
    beoordelingen._bestand,
    beoordelingen._regel
from beoordelingen
inner join meldingen on beoordelingen.melding_id = meldingen.melding_id
