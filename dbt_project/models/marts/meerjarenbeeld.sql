-- Each indicator year by year: the year before, the change, the same months of each year, and the norm of the network.
with catalogus as (
    select * from {{ ref('int_indicator') }}
),

normen as (
    select
        indicator,
        norm,
        categorie_soort,
        categorie
    from {{ ref('int_figuur') }}
    where norm is not null
),

-- the totals, and the one breakdown that has a norm, of years and months
gekozen as (
    select
        cijfers.*,
        normen.norm
    from {{ ref('indicatoren') }} as cijfers
    left join normen
        on
            cijfers.indicator = normen.indicator
            and cijfers.categorie_soort = normen.categorie_soort
            and cijfers.categorie = normen.categorie
    where
        (cijfers.categorie_soort = '' or normen.norm is not null)
        and cijfers.gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel')
        and cijfers.periode_soort in ('jaar', 'maand')
),

-- the last month that has ended of the last year with figures; none yet in the January of it
laatste_maand as (
    select coalesce(max(extract(month from periode_eind)), 0) as maand
    from {{ ref('dim_periode') }}
    where
        periode_soort = 'maand'
        and not voorlopig
        and extract(year from periode_eind) = (select max(extract(year from jaren.periode_eind)) from gekozen as jaren)
),

tot_en_met as (
    select
        gekozen.indicator,
        gekozen.categorie_soort,
        gekozen.categorie,
        gekozen.gebied,
        extract(year from gekozen.periode_start) as jaar,
        sum(case when catalogus.soort = 'aantal' then gekozen.waarde else gekozen.teller end) as teller,
        sum(gekozen.noemer) as noemer
    from gekozen
    inner join catalogus on gekozen.indicator = catalogus.indicator
    cross join laatste_maand
    where
        gekozen.periode_soort = 'maand'
        and catalogus.soort in ('aantal', 'aandeel', 'gemiddelde')
        and extract(month from gekozen.periode_start) <= laatste_maand.maand
    group by all
),

jaren as (
    select
        *,
        extract(year from periode_start) as jaar
    from gekozen
    where periode_soort = 'jaar'
)

select
    cast(nu.indicator as string) as indicator,
    cast(nu.indicator_naam as string) as indicator_naam,
    cast(nu.categorie_soort as string) as categorie_soort,
    cast(nu.categorie as string) as categorie,
    cast(nu.gebied_soort as string) as gebied_soort,
    cast(nu.gebied as string) as gebied,
    cast(nu.gebied_naam as string) as gebied_naam,
    cast(nu.jaar as integer) as jaar,
    nu.voorlopig,
    cast(nu.eenheid as string) as eenheid,
    nu.waarde,
    vorig.waarde as waarde_vorig_jaar,
    cast(laatste_maand.maand as integer) as tot_en_met_maand,
    nu.norm,
    cast(nu.vergelijkbaarheid as string) as vergelijkbaarheid,
    cast(nu.vergelijkbaarheid_reden as string) as vergelijkbaarheid_reden,
    -- a year that has not ended is not held against a whole one: for that there are the same months of both
    case when not nu.voorlopig then nu.waarde - vorig.waarde end as verschil,
    case when not nu.voorlopig then 100 * (nu.waarde - vorig.waarde) / nullif(vorig.waarde, 0) end as verandering,
    case
        when catalogus.soort = 'aantal' then nu_deel.teller
        else catalogus.factor * nu_deel.teller / nullif(nu_deel.noemer, 0)
    end as waarde_tot_en_met,
    case
        when catalogus.soort = 'aantal' then vorig_deel.teller
        else catalogus.factor * vorig_deel.teller / nullif(vorig_deel.noemer, 0)
    end as waarde_tot_en_met_vorig_jaar,
    nu.waarde >= nu.norm as voldoet_aan_norm
from jaren as nu
inner join catalogus on nu.indicator = catalogus.indicator
cross join laatste_maand
left join jaren as vorig
    on
        nu.indicator = vorig.indicator
        and nu.categorie_soort = vorig.categorie_soort
        and nu.categorie = vorig.categorie
        and nu.gebied = vorig.gebied
        and nu.jaar = vorig.jaar + 1
left join tot_en_met as nu_deel
    on
        nu.indicator = nu_deel.indicator
        and nu.categorie_soort = nu_deel.categorie_soort
        and nu.categorie = nu_deel.categorie
        and nu.gebied = nu_deel.gebied
        and nu.jaar = nu_deel.jaar
left join tot_en_met as vorig_deel
    on
        nu.indicator = vorig_deel.indicator
        and nu.categorie_soort = vorig_deel.categorie_soort
        and nu.categorie = vorig_deel.categorie
        and nu.gebied = vorig_deel.gebied
        and nu.jaar = vorig_deel.jaar + 1
