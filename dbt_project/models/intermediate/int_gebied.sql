with gemeenten as (
    select distinct dim_gemeente.telt_als from {{ ref('dim_gemeente') }} as dim_gemeente
    where dim_gemeente.telt_als != 'BUITEN'
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
        100000 as volgorde
    union all
    select 'gemeente', namen.gemeente_code, namen.gemeente, 'REGIO', null, null, 200000 + namen.volgorde
    from gemeenten
    inner join {{ ref('gemeenten') }} as namen on gemeenten.telt_als = namen.gemeente_code
    union all
    select 'buiten', 'BUITEN', 'Buiten de regio of onbekend', 'REGIO', null, null, 300000
    union all
    select 'stadsdeel', stadsdeel_code, stadsdeel, gemeente_code, geldig_van, geldig_tot, 400000 + volgorde
    from stadsdelen
    union all
    select 'wijk', wijk_code, wijk, stadsdeel_code, indeling_van, indeling_tot, 500000 + row_number() over (order by wijk_code)
    from wijken
    union all
    select 'buurt', buurt_code, buurt, wijk_code, indeling_van, indeling_tot, 600000 + row_number() over (order by buurt_code)
    from buurten
)

select
    gebied_soort,
    gebied,
    gebied_naam,
    valt_onder,
    geldig_van,
    geldig_tot,
    cast(volgorde as integer) as volgorde
from gebieden
