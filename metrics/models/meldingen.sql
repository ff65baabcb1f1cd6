-- Reports of ended months that belong to a casus, for what does not add up over months and areas: different casussen.
select
    meldingen.melding_id,
    meldingen.casus_id,
    meldingen.maand,
    coalesce(meldingen.gebied_stadsdeel, meldingen.gebied_gemeente) as gebied
from veilig_thuis.facts.fct_meldingen as meldingen
inner join veilig_thuis.facts.fct_casussen as casussen on meldingen.casus_id = casussen.casus_id
inner join veilig_thuis.marts.dim_periode as maanden
    on meldingen.maand = maanden.periode_start and maanden.periode_soort = 'maand' and maanden.volledig and not maanden.voorlopig
