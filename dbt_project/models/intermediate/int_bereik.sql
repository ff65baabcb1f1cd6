-- Which breakdown exists for which indicator at which kind of area.
with indicatoren as (
    select * from {{ ref('indicatoren_catalogus') }}
),

uitsplitsingen as (
    select
        indicator,
        coalesce(categorie_soort, '') as categorie_soort
    from {{ ref('uitsplitsingen') }}
),

gebied_soorten as (
    select * from (values ('regio', 1), ('gemeente', 1), ('buiten', 1), ('stadsdeel', 2), ('wijk', 3), ('buurt', 4)) as t(gebied_soort, diepte)
)

select
    indicatoren.indicator,
    indicatoren.soort,
    indicatoren.periodes,
    uitsplitsingen.categorie_soort,
    gebied_soorten.gebied_soort
from indicatoren
inner join uitsplitsingen on indicatoren.indicator = uitsplitsingen.indicator
inner join gebied_soorten
    on
        gebied_soorten.diepte <= case indicatoren.laagste_gebied when 'gemeente' then 1 when 'stadsdeel' then 2 else 4 end
        and (indicatoren.met_buiten or gebied_soorten.gebied_soort != 'buiten')
