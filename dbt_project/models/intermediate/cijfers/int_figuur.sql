{{ config(
    post_hook="{{ als_opsomming(
        ['indicator', 'indicator_naam', 'eenheid', 'categorie_soort', 'categorie', 'categorie_naam'], 'volgorde'
    ) }}"
) }}
{%- set tot_buurt = "'" ~ var('uitsplitsingen_tot_buurt') | join("', '") ~ "'" %}
-- The catalogue joined to its breakdowns: which indicator exists for which category.
with catalogus as (
    select * from {{ ref('indicatoren_catalogus') }}
),

uitsplitsingen as (
    select
        indicator,
        volgorde,
        coalesce(categorie_soort, '') as categorie_soort
    from {{ ref('uitsplitsingen') }}
),

categorieen as (
    select * from {{ ref('int_categorie') }}
),

alle as (
    select
        catalogus.indicator,
        catalogus.naam as indicator_naam,
        catalogus.soort,
        catalogus.eenheid,
        catalogus.factor,
        catalogus.periodes,
        catalogus.soort in ('aantal', 'uniek', 'voorraad') as is_telling,
        catalogus.soort in ('aandeel', 'aandeel_naar', 'gemiddelde', 'verhouding', 'per_1000') as is_breuk,
        case
            when catalogus.laagste_gebied = 'gemeente' then 1
            when catalogus.laagste_gebied = 'stadsdeel' then 2
            when categorieen.categorie_soort in ({{ tot_buurt }}) then 4
            else 2
        end as diepte,
        catalogus.met_buiten,
        categorieen.categorie_id,
        categorieen.categorie_soort,
        categorieen.categorie,
        categorieen.categorie_naam,
        categorieen.is_gekruist,
        catalogus.noemer_indicator,
        categorieen.geheel_id as geheel_categorie_id,
        cast(catalogus.volgorde * 1000000 + uitsplitsingen.volgorde * 10000 + categorieen.volgorde as integer) as volgorde
    from catalogus
    inner join uitsplitsingen on catalogus.indicator = uitsplitsingen.indicator
    inner join categorieen on uitsplitsingen.categorie_soort = categorieen.categorie_soort
)

select
    *,
    cast(row_number() over (order by volgorde) as smallint) as figuur_id
from alle
