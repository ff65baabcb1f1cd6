-- Month figures added up to quarters, half-years and years; of a stock each period has the figure of its last month, once it has ended.
with maandcijfers as (
    select * from {{ ref('int_maand_meldingen') }}
    union all
    select * from {{ ref('int_maand_adviesvragen') }}
    union all
    select * from {{ ref('int_maand_overdrachten') }}
    union all
    select indicator, maand, gebied_soort, gebied, categorie_soort, categorie, teller, noemer
    from {{ ref('int_nulregels') }}
    where soort in ('aantal', 'voorraad', 'aandeel', 'gemiddelde')
),

stromen as (
    select indicator from {{ ref('indicatoren_catalogus') }} where soort != 'voorraad'
),

perioden as (
    select * from {{ ref('int_maand_periode') }}
),

opgeteld as (
    select
        maandcijfers.indicator,
        perioden.periode_soort,
        perioden.periode,
        maandcijfers.gebied_soort,
        maandcijfers.gebied,
        maandcijfers.categorie_soort,
        maandcijfers.categorie,
        sum(maandcijfers.teller) as teller,
        sum(maandcijfers.noemer) as noemer
    from maandcijfers
    inner join perioden on maandcijfers.maand = perioden.maand
    left join stromen on maandcijfers.indicator = stromen.indicator
    where stromen.indicator is not null or (perioden.is_laatste_maand and not perioden.voorlopig)
    group by all
)

-- what did not occur stands as 0 in a single breakdown down to stadsdeel, and nowhere else
select *
from opgeteld
where
    coalesce(noemer, teller) != 0
    or not (gebied_soort in ('wijk', 'buurt') or contains(categorie_soort, '|'))
