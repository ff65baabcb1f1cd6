{{ config(
    post_hook="{{ als_opsomming(
        ['indicator', 'indicator_naam', 'eenheid', 'categorie_soort', 'categorie', 'categorie_naam'], 'volgorde'
    ) }}"
) }}
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
        catalogus.met_buiten,
        categorieen.categorie_id,
        categorieen.categorie_soort,
        categorieen.categorie,
        categorieen.categorie_naam,
        categorieen.is_gekruist,
        catalogus.noemer_indicator,
        categorieen.geheel_id as geheel_categorie_id,
        cast(catalogus.volgorde * 1000000 + uitsplitsingen.volgorde * 10000 + categorieen.volgorde as integer) as volgorde,
        catalogus.soort in ('aantal', 'uniek', 'voorraad') as is_telling,
        catalogus.soort in ('aandeel', 'aandeel_naar', 'gemiddelde', 'verhouding', 'per_1000') as is_breuk,
        case catalogus.laagste_gebied
            when 'gemeente' then 1
            when 'stadsdeel' then 2
            else 4
        end as diepte
    from catalogus
    inner join uitsplitsingen on catalogus.indicator = uitsplitsingen.indicator
    inner join categorieen on uitsplitsingen.categorie_soort = categorieen.categorie_soort
)

select
    *,
    cast(row_number() over (order by volgorde) as smallint) as figuur_id
from alle
