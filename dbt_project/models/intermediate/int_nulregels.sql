-- A nought for every figure that is possible, so that what did not occur stands as 0: every indicator, value of a single breakdown and
-- month of the window, for region, gemeenten, BUITEN and stadsdelen.
with bereik as (
    select * from {{ ref('int_bereik') }}
    where periodes = 'alle' and soort not in ('aandeel_naar', 'verhouding')
),

categorieen as (
    select * from {{ ref('int_categorie') }} where not is_gekruist
),

gebieden as (
    select * from {{ ref('int_gebied') }} where gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel')
),

maanden as (
    select maand, maand_eind from {{ ref('int_maand_periode') }} where periode_soort = 'maand' and in_venster
)

select
    bereik.indicator,
    bereik.soort,
    maanden.maand,
    gebieden.gebied_soort,
    gebieden.gebied,
    categorieen.categorie_soort,
    categorieen.categorie,
    cast(0 as double) as teller,
    case when bereik.soort in ('aandeel', 'gemiddelde') then cast(0 as double) end as noemer
from bereik
inner join categorieen on bereik.categorie_soort = categorieen.categorie_soort
inner join gebieden on bereik.gebied_soort = gebieden.gebied_soort
inner join maanden on gebieden.geldig_van is null or gebieden.geldig_van <= maanden.maand_eind
