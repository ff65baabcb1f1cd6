-- Assessments decided in ended months: an open one has no month, and is not in it.
select
    beoordelingen.melding_id,
    beoordelingen.maand,
    beoordelingen.urgentie,
    beoordelingen.werkdagen,
    coalesce(beoordelingen.gebied_stadsdeel, beoordelingen.gebied_gemeente) as gebied
from veilig_thuis.facts.fct_veiligheidsbeoordelingen as beoordelingen
inner join veilig_thuis.marts.dim_periode as maanden
    on beoordelingen.maand = maanden.periode_start and maanden.periode_soort = 'maand' and maanden.volledig and not maanden.voorlopig
