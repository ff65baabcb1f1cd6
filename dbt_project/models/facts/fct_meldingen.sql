with meldingen as (
    select * from {{ ref('stg_meldingen') }}
),

gebied as (
    select * from {{ ref('int_melding_gebied') }}
),

betrokkenheid as (
    select * from {{ ref('int_melding_betrokkenheid') }}
),

melders as (
    select * from {{ ref('dim_melder') }}
),

beoordelingen as (
    select * from {{ ref('stg_veiligheidsbeoordelingen') }}
),

kalender as (
    select * from {{ ref('dim_datum') }}
),

-- The last day seen and the first day from which a look-back is whole
grenzen as (
    select
        max(stg_peildatum.peildatum) as peildatum,
        {{ jaren_later('min(meldingen.ontvangen_dag)', var('terugblik_jaren')) }} as terugblik_heel_vanaf
    from meldingen
    cross join {{ ref('stg_peildatum') }} as stg_peildatum
),

gemeten as (
    select
        meldingen.melding_id,
        beoordelingen.besluit_op as vb_besluit_op,
        -- no working day lies after the receipt and up to a decision before it (a receipt that was corrected later)
        case
            when beoordelingen.besluit_op < meldingen.ontvangen_dag then 0
            else besluit.werkdag_nummer - ontvangst.werkdag_nummer
        end as vb_werkdagen,
        peil.werkdag_nummer - ontvangst.werkdag_nummer as werkdagen_tot_peildatum,
        meldingen.ontvangen_dag >= grenzen.terugblik_heel_vanaf as betrokkenheid_vergelijkbaar
    from meldingen
    cross join grenzen
    left join beoordelingen on meldingen.melding_id = beoordelingen.melding_id
    left join kalender as ontvangst on meldingen.ontvangen_dag = ontvangst.dag
    left join kalender as besluit on beoordelingen.besluit_op = besluit.dag
    left join kalender as peil on grenzen.peildatum = peil.dag
)

select
    meldingen.melding_id,
    meldingen.casus_id,
    meldingen.ontvangen_dag,
    {{ eerste_van_maand('meldingen.ontvangen_dag') }} as maand,
    meldingen.hoedanigheid,
    melders.melder_groep,
    melders.melder_soort,
    case when meldingen.huishouden_met_kinderen then 'met_kinderen' else 'zonder_kinderen' end as huishouden,
    meldingen.urgentie,
    meldingen.eerdere_incidenten,
    gebied.gebied_gemeente,
    gebied.gebied_stadsdeel,
    gebied.gebied_wijk,
    gebied.gebied_buurt,
    gebied.stadsdeel_toegerekend,
    betrokkenheid.betrokkenheid,
    betrokkenheid.betrokkenheid_fase,
    gemeten.betrokkenheid_vergelijkbaar,
    meldingen.acuut_vermoeden,
    {{ verstreken_minuten('meldingen.ontvangen_op', 'meldingen.acuut_beoordeeld_op') }} as acuut_minuten,
    {{ verstreken_minuten('meldingen.ontvangen_op', 'meldingen.acuut_beoordeeld_op') }} <= {{ var('termijn_acuut_minuten') }}
        as acuut_binnen_termijn,
    gemeten.vb_besluit_op,
    gemeten.vb_werkdagen,
    case when gemeten.vb_besluit_op is null then gemeten.werkdagen_tot_peildatum else gemeten.vb_werkdagen end as vb_wachttijd_werkdagen,
    case
        when gemeten.vb_besluit_op is not null then gemeten.vb_werkdagen <= {{ var('termijn_vb_werkdagen') }}
        when gemeten.werkdagen_tot_peildatum > {{ var('termijn_vb_werkdagen') }} then false
    end as vb_binnen_termijn,
    meldingen._levering,
    meldingen._bestand,
    meldingen._regel
from meldingen
inner join gebied on meldingen.melding_id = gebied.melding_id
inner join betrokkenheid on meldingen.melding_id = betrokkenheid.melding_id
inner join gemeten on meldingen.melding_id = gemeten.melding_id
inner join melders on meldingen.hoedanigheid = melders.hoedanigheid
