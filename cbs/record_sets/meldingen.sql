-- Grain: a report with the decision of its assessment; it belongs to the period in which that was taken.
with betrokkenen as (
    select
        melding_id,
        count(*) as betrokkenen
    from facts.fct_betrokkenen
    group by melding_id
)

select
    beoordelingen.besluit_op as telt_op,
    nummers.melding_nummer as nummer,
    nummers.casus_nummer,
    meldingen.ontvangen_dag as ontvangen_op,
    meldingen.hoedanigheid,
    meldingen.huishouden,
    meldingen.urgentie,
    meldingen.eerdere_incidenten,
    meldingen.betrokkenheid,
    meldingen.acuut_vermoeden as acuut,
    beoordelingen.gestart_op as vb_gestart_op,
    beoordelingen.besluit_op,
    beoordelingen.uitkomst,
    beoordelingen.besluit,
    meldingen._levering,
    meldingen._bestand,
    meldingen._regel,
    nullif(meldingen.gebied_gemeente, 'BUITEN') as gemeente,
    coalesce(melding_lijsten.vormen, []) as vormen,
    coalesce(melding_lijsten.aarden, []) as aarden,
    coalesce(betrokkenen.betrokkenen, 0) as betrokkenen
from facts.fct_veiligheidsbeoordelingen as beoordelingen
inner join facts.fct_meldingen as meldingen on beoordelingen.melding_id = meldingen.melding_id
inner join kluis.meldingen as nummers
    on meldingen._levering = nummers._levering and meldingen._regel = nummers.regel
left join melding_lijsten on meldingen.melding_id = melding_lijsten.melding_id
left join betrokkenen on meldingen.melding_id = betrokkenen.melding_id
where beoordelingen.besluit_op is not null
