-- Figures per 1,000 households, by year. A missing household count leaves the denominator empty, never a guess.
with figuren as (
    select
        delen.figuur_id,
        delen.deel_id,
        indicatoren.noemer_per
    from {{ ref('int_figuur_deel') }} as delen
    inner join {{ ref('int_figuur') }} as figuren on delen.figuur_id = figuren.figuur_id
    inner join {{ ref('int_indicator') }} as indicatoren on figuren.indicator = indicatoren.indicator
    where figuren.soort = 'per_1000'
),

tellingen as (
    select * from {{ ref('int_cijfers_geteld') }}
    where figuur_id in (select figuren.deel_id from figuren)
),

gebieden as (
    select * from {{ ref('int_gebied') }}
),

jaren as (
    select
        *,
        cast(extract(year from periode_start) as integer) as jaar
    from {{ ref('int_periode') }}
    where periode_soort = 'jaar' and in_venster
),

per_gemeente as (
    {{ met_aanvaard('huishoudens_gemeente') }}
),

per_stadsdeel as (
    {{ met_aanvaard('huishoudens_stadsdeel') }}
),

per_gebied as (
    select
        'gemeente' as gebied_soort,
        gemeente_code as gebied,
        jaar,
        huishoudens,
        meerpersoonshuishoudens
    from per_gemeente
    union all
    select
        'stadsdeel' as gebied_soort,
        stadsdeel_code as gebied,
        jaar,
        huishoudens,
        meerpersoonshuishoudens
    from per_stadsdeel
),

huishoudens as (
    select
        gebied_soort,
        gebied,
        jaar,
        'huishoudens' as soort,
        huishoudens as aantal
    from per_gebied
    union all
    select
        gebied_soort,
        gebied,
        jaar,
        'meerpersoonshuishoudens' as soort,
        meerpersoonshuishoudens as aantal
    from per_gebied
),

-- an area has households from the first 1 January that it has seen to the last
per_jaar as (
    select
        figuren.figuur_id,
        jaren.periode_id,
        gebieden.gebied_id,
        gebieden.gebied_soort,
        huishoudens.aantal as huishoudens,
        coalesce(tellingen.teller, 0) as teller
    from figuren
    cross join jaren
    inner join gebieden
        on
            gebieden.gebied_soort in ('gemeente', 'stadsdeel')
            and (gebieden.geldig_van is null or jaren.periode_start >= gebieden.geldig_van)
            and (gebieden.geldig_tot is null or jaren.periode_start < gebieden.geldig_tot)
    left join huishoudens
        on
            figuren.noemer_per = huishoudens.soort
            and gebieden.gebied_soort = huishoudens.gebied_soort
            and gebieden.gebied = huishoudens.gebied
            and jaren.jaar = huishoudens.jaar
    left join tellingen
        on
            figuren.deel_id = tellingen.figuur_id
            and jaren.periode_id = tellingen.periode_id
            and gebieden.gebied_id = tellingen.gebied_id
),

-- the region is its six gemeenten, and has no figure where one of them has none
met_regio as (
    select
        figuur_id,
        periode_id,
        gebied_id,
        teller,
        huishoudens
    from per_jaar
    union all
    select
        per_jaar.figuur_id,
        per_jaar.periode_id,
        regio.gebied_id,
        sum(per_jaar.teller) as teller,
        case when count(per_jaar.huishoudens) = count(*) then sum(per_jaar.huishoudens) end as huishoudens
    from per_jaar
    inner join gebieden as regio on regio.gebied_soort = 'regio'
    where per_jaar.gebied_soort = 'gemeente'
    group by per_jaar.figuur_id, per_jaar.periode_id, regio.gebied_id
)

select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    cast(huishoudens as double) as noemer
from met_regio
