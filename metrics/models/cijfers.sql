-- The long table as what adds up: ended months, in areas that do not overlap. Those are stadsdelen, gemeenten without, and BUITEN; all gemeenten
-- and BUITEN for an indicator that goes no lower. From the first report or request on, for only from there every nought stands in it.
with cijfers as (
    select * from veilig_thuis.marts.indicatoren
    where periode_soort = 'maand' and not voorlopig
),

stadsdelen as (
    select distinct indicator from cijfers
    where gebied_soort = 'stadsdeel'
),

verdeelde_gemeenten as (
    select distinct valt_onder as gemeente from veilig_thuis.marts.dim_gebied
    where gebied_soort = 'stadsdeel'
)

select
    cijfers.indicator,
    cijfers.categorie_soort,
    cijfers.categorie,
    cijfers.categorie_naam,
    cijfers.gebied,
    cijfers.periode_start as maand,
    cijfers.noemer,
    indicatoren.factor * coalesce(cijfers.teller, cijfers.waarde) as teller
from cijfers
inner join veilig_thuis.marts.dim_indicator as indicatoren on cijfers.indicator = indicatoren.indicator
inner join veilig_thuis.marts.dim_periode as maanden
    on cijfers.periode_start = maanden.periode_start and maanden.periode_soort = 'maand' and maanden.volledig
where
    cijfers.gebied_soort in ('stadsdeel', 'buiten')
    or (
        cijfers.gebied_soort = 'gemeente'
        and (
            cijfers.gebied not in (select verdeelde_gemeenten.gemeente from verdeelde_gemeenten)
            or cijfers.indicator not in (select stadsdelen.indicator from stadsdelen)
        )
    )
