-- Transfers to each party that holds or gives help, and whether it was involved already.
with cijfers as (
    select * from {{ ref('indicatoren') }}
    where
        indicator = 'overdrachten'
        and categorie_soort in ('ontvanger', 'ontvanger|betrokken')
        and gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel')
),

per_partij as (
    select
        periode_soort,
        periode,
        periode_start,
        periode_eind,
        voorlopig,
        gebied_soort,
        gebied,
        gebied_naam,
        split_part(categorie, '|', 1) as ontvanger,
        sum(case when categorie_soort = 'ontvanger' then waarde else 0 end) as overdrachten,
        sum(case when split_part(categorie, '|', 2) = 'ja' then waarde else 0 end) as betrokken,
        sum(case when split_part(categorie, '|', 2) = 'nee' then waarde else 0 end) as niet_betrokken,
        sum(case when split_part(categorie, '|', 2) = 'onbekend' then waarde else 0 end) as betrokken_onbekend
    from cijfers
    group by all
),

ontvangers as (
    select * from {{ ref('dim_ontvanger') }}
)

select
    cast(per_partij.periode_soort as varchar) as periode_soort,
    cast(per_partij.periode as varchar) as periode,
    per_partij.periode_start,
    per_partij.periode_eind,
    per_partij.voorlopig,
    cast(per_partij.gebied_soort as varchar) as gebied_soort,
    cast(per_partij.gebied as varchar) as gebied,
    cast(per_partij.gebied_naam as varchar) as gebied_naam,
    per_partij.ontvanger,
    ontvangers.ontvanger_naam,
    ontvangers.ontvanger_groep,
    ontvangers.ontvanger_groep_naam,
    cast(per_partij.overdrachten as bigint) as overdrachten,
    cast(per_partij.betrokken as bigint) as betrokken,
    cast(per_partij.niet_betrokken as bigint) as niet_betrokken,
    cast(per_partij.betrokken_onbekend as bigint) as betrokken_onbekend,
    100 * per_partij.betrokken / nullif(per_partij.betrokken + per_partij.niet_betrokken, 0) as aandeel_betrokken
from per_partij
inner join ontvangers on per_partij.ontvanger = ontvangers.ontvanger
