-- What was open at the end of each month: reports without a decision, and diensten.
with meldingen as (
    select * from {{ ref('fct_meldingen') }}
),

diensten as (
    select * from {{ ref('fct_diensten') }}
),

contacten as (
    select * from {{ ref('stg_veiligheidscontacten') }}
),

peildatum as (
    select * from {{ ref('stg_peildatum') }}
),

kalender as (
    select * from {{ ref('dim_datum') }}
),

wachttijden as (
    select * from {{ ref('afgeleide_categorieen') }}
    where codelijst = 'wachttijd'
),

maandeinden as (
    select
        kalender.maand_start as maand,
        kalender.maand_eind,
        kalender.werkdag_nummer,
        {{ dbt.dateadd('day', 1 - var('zicht_dagen'), 'kalender.maand_eind') }} as zicht_vanaf
    from kalender
    cross join peildatum
    where
        kalender.dag = kalender.maand_eind
        and kalender.dag <= peildatum.peildatum
),

open_meldingen as (
    select
        meldingen.melding_id,
        meldingen.ontvangen_dag,
        meldingen.urgentie,
        meldingen.gebied_gemeente,
        meldingen.gebied_stadsdeel,
        meldingen.gebied_wijk,
        meldingen.gebied_buurt,
        meldingen._levering,
        meldingen._bestand,
        meldingen._regel,
        maandeinden.maand,
        maandeinden.maand_eind,
        maandeinden.zicht_vanaf,
        maandeinden.werkdag_nummer - ontvangst.werkdag_nummer as werkdagen_open
    from meldingen
    inner join maandeinden
        on
            meldingen.ontvangen_dag <= maandeinden.maand_eind
            and coalesce(meldingen.vb_besluit_op, date '9999-12-31') > maandeinden.maand_eind
    left join kalender as ontvangst on meldingen.ontvangen_dag = ontvangst.dag
),

in_zicht as (
    select distinct
        open_meldingen.maand,
        open_meldingen.melding_id
    from open_meldingen
    inner join contacten on open_meldingen.melding_id = contacten.melding_id
    where contacten.contact_op between open_meldingen.zicht_vanaf and open_meldingen.maand_eind
)

select
    'veiligheidsbeoordeling' as soort,
    open_meldingen.maand,
    open_meldingen.maand_eind,
    open_meldingen.melding_id,
    cast(null as bigint) as dienst_id,
    cast(null as string) as dienst_soort,
    open_meldingen.urgentie,
    open_meldingen.werkdagen_open,
    wachttijden.code as wachttijd,
    open_meldingen.werkdagen_open > {{ var('termijn_vb_werkdagen') }} as over_termijn,
    in_zicht.melding_id is null and open_meldingen.ontvangen_dag < open_meldingen.zicht_vanaf as zonder_zicht,
    {{ gebied_van('open_meldingen') }},
    open_meldingen._levering,
    open_meldingen._bestand,
    open_meldingen._regel
from open_meldingen
left join in_zicht
    on
        open_meldingen.maand = in_zicht.maand
        and open_meldingen.melding_id = in_zicht.melding_id
left join wachttijden
    on
        open_meldingen.werkdagen_open >= wachttijden.van
        and (wachttijden.tot_en_met is null or open_meldingen.werkdagen_open <= wachttijden.tot_en_met)

union all

select
    'dienst' as soort,
    maandeinden.maand,
    maandeinden.maand_eind,
    diensten.melding_id,
    diensten.dienst_id,
    diensten.dienst_soort,
    diensten.urgentie,
    cast(null as integer) as werkdagen_open,
    cast(null as string) as wachttijd,
    diensten.termijn_eindigt_op < maandeinden.maand_eind as over_termijn,
    cast(null as boolean) as zonder_zicht,
    {{ gebied_van('diensten') }},
    diensten._levering,
    diensten._bestand,
    diensten._regel
from diensten
inner join maandeinden
    on
        diensten.gestart_op <= maandeinden.maand_eind
        and coalesce(diensten.afgesloten_op, date '9999-12-31') > maandeinden.maand_eind
