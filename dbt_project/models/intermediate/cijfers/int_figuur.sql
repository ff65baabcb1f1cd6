{{ config(
    post_hook="{{ als_opsomming(
        ['indicator', 'indicator_naam', 'eenheid', 'categorie_soort', 'categorie', 'categorie_naam'], 'volgorde'
    ) }}"
) }}
-- The catalogue joined to its breakdowns: which indicator exists for which category.
with catalogus as (
    select * from {{ ref('int_indicator') }}
),

uitsplitsingen as (
    select * from {{ ref('int_uitsplitsing') }}
),

categorieen as (
    select * from {{ ref('int_categorie') }}
),

alle as (
    select
        catalogus.indicator,
        catalogus.onderwerp,
        catalogus.naam as indicator_naam,
        catalogus.soort,
        catalogus.wijze,
        catalogus.eenheid,
        catalogus.factor,
        catalogus.periodes,
        catalogus.met_buiten,
        categorieen.categorie_id,
        categorieen.categorie_soort,
        categorieen.categorie,
        categorieen.categorie_naam,
        categorieen.is_gekruist,
        catalogus.noemer_van as noemer_indicator,
        categorieen.geheel_id as geheel_categorie_id,
        cast(catalogus.volgorde * 1000000 + uitsplitsingen.volgorde * 10000 + categorieen.volgorde as integer) as volgorde,
        catalogus.is_telling,
        catalogus.is_breuk,
        catalogus.leeg_ontbreekt,
        case
            when catalogus.norm_categorie_soort = categorieen.categorie_soort and catalogus.norm_categorie = categorieen.categorie
                then catalogus.norm
        end as norm,
        case catalogus.laagste_gebied
            when 'regio' then 0
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
    cast(row_number() over (order by volgorde, categorie_id) as smallint) as figuur_id
from alle
