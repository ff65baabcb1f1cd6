with cijfers as (
    select * from {{ ref('int_perioden') }}
    union all
    select * from {{ ref('int_aandelen_naar') }}
),

catalogus as (
    select * from {{ ref('indicatoren_catalogus') }}
),

uitsplitsingen as (
    select
        indicator,
        coalesce(categorie_soort, '') as categorie_soort,
        volgorde
    from {{ ref('uitsplitsingen') }}
),

categorieen as (
    select * from {{ ref('int_categorie') }}
),

perioden as (
    select distinct periode_soort, periode, periode_start, periode_eind, voorlopig
    from {{ ref('int_maand_periode') }}
),

gebieden as (
    select * from {{ ref('int_gebied') }}
)

select
    cijfers.indicator,
    cijfers.periode_soort,
    cijfers.periode,
    cijfers.gebied_soort,
    cijfers.gebied,
    cijfers.categorie_soort,
    cijfers.categorie,
    case
        when catalogus.soort in ('aantal', 'uniek', 'voorraad', 'mediaan', 'p90') then cijfers.teller
        else catalogus.factor * cijfers.teller / nullif(cijfers.noemer, 0)
    end as waarde,
    case when catalogus.soort not in ('aantal', 'uniek', 'voorraad', 'mediaan', 'p90') then cijfers.teller end as teller,
    cijfers.noemer,
    catalogus.eenheid,
    case
        when catalogus.soort not in ('aantal', 'uniek', 'voorraad', 'mediaan', 'p90') and cijfers.noemer is null then 'ontbreekt'
        else 'berekend'
    end as status,
    perioden.voorlopig,
    perioden.periode_start,
    perioden.periode_eind,
    catalogus.naam as indicator_naam,
    gebieden.gebied_naam,
    categorieen.categorie_naam,
    cast(catalogus.volgorde * 1000000 + uitsplitsingen.volgorde * 10000 + categorieen.volgorde as integer) as volgorde
from cijfers
inner join catalogus on cijfers.indicator = catalogus.indicator
inner join uitsplitsingen
    on
        cijfers.indicator = uitsplitsingen.indicator
        and cijfers.categorie_soort = uitsplitsingen.categorie_soort
inner join categorieen
    on
        cijfers.categorie_soort = categorieen.categorie_soort
        and cijfers.categorie = categorieen.categorie
inner join perioden
    on
        cijfers.periode_soort = perioden.periode_soort
        and cijfers.periode = perioden.periode
inner join gebieden
    on
        cijfers.gebied_soort = gebieden.gebied_soort
        and cijfers.gebied = gebieden.gebied
