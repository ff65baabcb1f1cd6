-- Every area that figures are given for. The region has number 1; depth 1 is gemeente and BUITEN, 2 stadsdeel, 3 wijk, 4 buurt.
with gemeenten as (
    select
        namen.gemeente_code,
        namen.gemeente,
        namen.volgorde
    from {{ ref('gemeenten') }} as namen
    where namen.gemeente_code in (select dim_gemeente.telt_als from {{ ref('dim_gemeente') }} as dim_gemeente)
),

stadsdelen as (
    select * from {{ ref('dim_stadsdeel') }}
),

buurten as (
    select * from {{ ref('dim_buurt') }}
),

wijken as (
    select
        wijk_code,
        indeling_van,
        indeling_tot,
        min(wijk) as wijk,
        min(stadsdeel_code) as stadsdeel_code
    from buurten
    group by wijk_code, indeling_van, indeling_tot
),

gebieden as (
    select
        'regio' as gebied_soort,
        'REGIO' as gebied,
        'Amsterdam-Amstelland' as gebied_naam,
        cast(null as varchar) as valt_onder,
        cast(null as date) as geldig_van,
        cast(null as date) as geldig_tot,
        0 as diepte,
        0 as volgorde_in_soort
    union all
    select 'gemeente', gemeente_code, gemeente, 'REGIO', null, null, 1, volgorde from gemeenten
    union all
    select 'buiten', 'BUITEN', 'Buiten de regio of onbekend', 'REGIO', null, null, 1, 99
    union all
    select 'stadsdeel', stadsdeel_code, stadsdeel, gemeente_code, geldig_van, geldig_tot, 2, volgorde from stadsdelen
    union all
    select 'wijk', wijk_code, wijk, stadsdeel_code, indeling_van, indeling_tot, 3, null from wijken
    union all
    select 'buurt', buurt_code, buurt, wijk_code, indeling_van, indeling_tot, 4, null from buurten
)

select
    cast(row_number() over (order by diepte, volgorde_in_soort, gebied) as smallint) as gebied_id,
    gebied_soort,
    gebied,
    gebied_naam,
    valt_onder,
    geldig_van,
    geldig_tot,
    diepte
from gebieden
