-- First report, repeat or follow-up; and of a follow-up where the open casus with the latest earlier report stood on the day of receipt.
with eerdere as (
    select * from {{ ref('int_melding_eerdere') }}
),

per_melding as (
    select
        melding_id,
        bool_or(eerdere_casus_open) as heeft_open_casus
    from eerdere
    group by melding_id
),

laatste_open as (
    select
        melding_id,
        ontvangen_dag,
        eerdere_melding_id,
        eerdere_casus_id
    from eerdere
    where eerdere_casus_open
    qualify row_number() over (partition by melding_id order by eerder_ontvangen_op desc, eerdere_nummer_volgorde desc) = 1
),

besluiten as (
    select
        melding_id,
        besluit_op
    from {{ ref('stg_veiligheidsbeoordelingen') }}
),

monitoring as (
    select
        casus_id,
        min(gepland_op) as eerste_gepland_op
    from {{ ref('stg_monitormomenten') }}
    group by casus_id
),

overdrachten as (
    select
        casus_id,
        min(overgedragen_op) as eerste_overgedragen_op
    from {{ ref('stg_overdrachten') }}
    group by casus_id
),

lopende_diensten as (
    select distinct laatste_open.melding_id
    from laatste_open
    inner join {{ ref('stg_meldingen') }} as meldingen on laatste_open.eerdere_casus_id = meldingen.casus_id
    inner join {{ ref('stg_diensten') }} as diensten on meldingen.melding_id = diensten.melding_id
    where
        diensten.gestart_op <= laatste_open.ontvangen_dag
        and (diensten.afgesloten_op is null or diensten.afgesloten_op > laatste_open.ontvangen_dag)
),

fasen as (
    select
        laatste_open.melding_id,
        case
            when besluiten.besluit_op is null or besluiten.besluit_op > laatste_open.ontvangen_dag then 'tijdens_vb'
            when
                monitoring.eerste_gepland_op <= laatste_open.ontvangen_dag
                and overdrachten.eerste_overgedragen_op <= laatste_open.ontvangen_dag
                and lopende_diensten.melding_id is null
                then 'monitoring'
            else 'na_vb'
        end as betrokkenheid_fase
    from laatste_open
    left join besluiten on laatste_open.eerdere_melding_id = besluiten.melding_id
    left join monitoring on laatste_open.eerdere_casus_id = monitoring.casus_id
    left join overdrachten on laatste_open.eerdere_casus_id = overdrachten.casus_id
    left join lopende_diensten on laatste_open.melding_id = lopende_diensten.melding_id
)

select
    meldingen.melding_id,
    fasen.betrokkenheid_fase,
    case
        when per_melding.melding_id is null then 'eerste_melding'
        when per_melding.heeft_open_casus then 'vervolgmelding'
        else 'hermelding'
    end as betrokkenheid
from {{ ref('stg_meldingen') }} as meldingen
left join per_melding on meldingen.melding_id = per_melding.melding_id
left join fasen on meldingen.melding_id = fasen.melding_id
