-- Rates: reports per casus, and reports per 1,000 households. A missing household count leaves the denominator empty, never a guess.
with tellingen as (
    select * from {{ ref('int_cijfers_meldingen') }}
    union all
    select * from {{ ref('int_cijfers_verdeling') }}
),

figuren as (
    select * from {{ ref('int_figuur') }}
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

totalen as (
    select
        figuren.indicator,
        tellingen.periode_id,
        tellingen.gebied_id,
        tellingen.teller
    from tellingen
    inner join figuren on tellingen.figuur_id = figuren.figuur_id
    where figuren.indicator in ('meldingen', 'casussen_met_melding') and figuren.categorie = ''
),

per_casus as (
    select
        figuren.figuur_id,
        meldingen.periode_id,
        meldingen.gebied_id,
        meldingen.teller,
        casussen.teller as noemer
    from totalen as meldingen
    inner join totalen as casussen
        on
            meldingen.periode_id = casussen.periode_id
            and meldingen.gebied_id = casussen.gebied_id
            and casussen.indicator = 'casussen_met_melding'
    inner join figuren on figuren.indicator = 'meldingen_per_casus'
    where meldingen.indicator = 'meldingen'
),

huishoudens as (
    select
        'gemeente' as gebied_soort,
        gemeente_code as gebied,
        jaar,
        huishoudens,
        meerpersoonshuishoudens
    from {{ ref('huishoudens_gemeente') }}
    union all
    select
        'stadsdeel' as gebied_soort,
        stadsdeel_code as gebied,
        jaar,
        huishoudens,
        meerpersoonshuishoudens
    from {{ ref('huishoudens_stadsdeel') }}
),

-- a stadsdeel has households from the first 1 January that it has seen
per_jaar as (
    select
        jaren.periode_id,
        gebieden.gebied_id,
        gebieden.gebied_soort,
        huishoudens.huishoudens,
        huishoudens.meerpersoonshuishoudens,
        coalesce(meldingen.teller, 0) as meldingen
    from jaren
    inner join gebieden
        on
            gebieden.gebied_soort in ('gemeente', 'stadsdeel')
            and (gebieden.geldig_van is null or jaren.periode_start >= gebieden.geldig_van)
    left join huishoudens
        on
            gebieden.gebied_soort = huishoudens.gebied_soort
            and gebieden.gebied = huishoudens.gebied
            and jaren.jaar = huishoudens.jaar
    left join totalen as meldingen
        on
            jaren.periode_id = meldingen.periode_id
            and gebieden.gebied_id = meldingen.gebied_id
            and meldingen.indicator = 'meldingen'
),

-- the region is its six gemeenten, and has no figure where one of them has none
met_regio as (
    select
        periode_id,
        gebied_id,
        meldingen,
        huishoudens,
        meerpersoonshuishoudens
    from per_jaar
    union all
    select
        per_jaar.periode_id,
        regio.gebied_id,
        sum(per_jaar.meldingen) as meldingen,
        case when count(per_jaar.huishoudens) = count(*) then sum(per_jaar.huishoudens) end as huishoudens,
        case
            when count(per_jaar.meerpersoonshuishoudens) = count(*) then sum(per_jaar.meerpersoonshuishoudens)
        end as meerpersoonshuishoudens
    from per_jaar
    inner join gebieden as regio on regio.gebied_soort = 'regio'
    where per_jaar.gebied_soort = 'gemeente'
    group by per_jaar.periode_id, regio.gebied_id
)

select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from per_casus

union all

select
    figuren.figuur_id,
    met_regio.periode_id,
    met_regio.gebied_id,
    met_regio.meldingen as teller,
    cast(
        case figuren.indicator
            when 'meldingen_per_1000_huishoudens' then met_regio.huishoudens
            when 'meldingen_per_1000_meerpersoonshuishoudens' then met_regio.meerpersoonshuishoudens
        end as double
    ) as noemer
from met_regio
inner join figuren on figuren.soort = 'per_1000'
