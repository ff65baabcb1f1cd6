with casussen as (
    select
        *,
        {{ jaren_later('afgesloten_op', var('uitstroom_volg_jaren')) }} as gevolgd_tot
    from {{ ref('stg_casussen') }}
),

meldingen as (
    select
        fct_meldingen.*,
        casussen.huishouden_id
    from {{ ref('fct_meldingen') }} as fct_meldingen
    inner join casussen on fct_meldingen.casus_id = casussen.casus_id
),

gebiedsmelding as (
    select * from {{ ref('int_gebiedsmelding') }}
    where soort = 'casus'
),

peildatum as (
    select * from {{ ref('stg_peildatum') }}
),

opnieuw_gemeld as (
    select distinct casussen.casus_id
    from casussen
    inner join meldingen
        on
            casussen.huishouden_id = meldingen.huishouden_id
            and casussen.afgesloten_op < meldingen.ontvangen_dag
            and casussen.gevolgd_tot >= meldingen.ontvangen_dag
)

select
    casussen.casus_id,
    casussen.huishouden_id,
    casussen.geopend_op,
    casussen.afgesloten_op,
    case when not casussen.afsluiting_buiten_venster then {{ eerste_van_maand('casussen.afgesloten_op') }} end as maand,
    casussen.gevolgd_tot < peildatum.peildatum as is_gevolgd,
    opnieuw_gemeld.casus_id is not null as opnieuw_gemeld,
    {{ gebied_van('gebied', telt='casussen.afgesloten_op is not null') }},
    casussen._levering,
    casussen._bestand,
    casussen._regel
from casussen
cross join peildatum
left join opnieuw_gemeld on casussen.casus_id = opnieuw_gemeld.casus_id
left join gebiedsmelding on casussen.casus_id = gebiedsmelding.id
left join meldingen as gebied on gebiedsmelding.melding_id = gebied.melding_id
