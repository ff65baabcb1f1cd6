{{ config(post_hook="{{ als_opsomming(['gebied_soort', 'gebied', 'gebied_naam'], 'gebied_id') }}") }}
-- Every area that figures are given for. The region has number 1; depth 1 is gemeente and BUITEN, 2 stadsdeel, 3 wijk, 4 buurt.
with regio as (
    select * from {{ ref('regio') }}
),

gemeenten as (
    -- one that goes into another is there until that day
    select
        gemeente_code,
        gemeente,
        volgorde,
        geldig_tot
    from {{ ref('dim_gemeente') }}
    where telt_als = gemeente_code
),

stadsdelen as (
    select * from {{ ref('dim_stadsdeel') }}
),

buurten as (
    select * from {{ ref('dim_buurt') }}
),

wijken as (
    -- as long as one of its buurten stands, and called as those that stand last call it
    select
        wijk_code,
        min(indeling_van) as indeling_van,
        case when count(indeling_tot) = count(*) then max(indeling_tot) end as indeling_tot,
        {{ laatste_volgens('wijk', "coalesce(indeling_tot, date '9999-12-31')") }} as wijk,
        {{ laatste_volgens('stadsdeel_code', "coalesce(indeling_tot, date '9999-12-31')") }} as stadsdeel_code
    from buurten
    group by wijk_code
),

gebieden as (
    select
        'regio' as gebied_soort,
        'REGIO' as gebied,
        naam as gebied_naam,
        cast(null as string) as valt_onder,
        cast(null as date) as geldig_van,
        cast(null as date) as geldig_tot,
        0 as diepte,
        0 as volgorde_in_soort
    from regio
    union all
    select
        'gemeente' as gebied_soort,
        gemeente_code as gebied,
        gemeente as gebied_naam,
        'REGIO' as valt_onder,
        null as geldig_van,
        geldig_tot,
        1 as diepte,
        volgorde as volgorde_in_soort
    from gemeenten
    union all
    select
        'buiten' as gebied_soort,
        'BUITEN' as gebied,
        'Buiten de regio of onbekend' as gebied_naam,
        'REGIO' as valt_onder,
        null as geldig_van,
        null as geldig_tot,
        1 as diepte,
        99 as volgorde_in_soort
    union all
    select
        'stadsdeel' as gebied_soort,
        stadsdeel_code as gebied,
        stadsdeel as gebied_naam,
        gemeente_code as valt_onder,
        geldig_van,
        geldig_tot,
        2 as diepte,
        volgorde as volgorde_in_soort
    from stadsdelen
    union all
    select
        'wijk' as gebied_soort,
        wijk_code as gebied,
        wijk as gebied_naam,
        stadsdeel_code as valt_onder,
        indeling_van as geldig_van,
        indeling_tot as geldig_tot,
        3 as diepte,
        null as volgorde_in_soort
    from wijken
    union all
    select
        'buurt' as gebied_soort,
        buurt_code as gebied,
        buurt as gebied_naam,
        wijk_code as valt_onder,
        indeling_van as geldig_van,
        indeling_tot as geldig_tot,
        4 as diepte,
        null as volgorde_in_soort
    from buurten
)

select
    cast(row_number() over (order by diepte, volgorde_in_soort nulls last, gebied) as smallint) as gebied_id,
    gebied_soort,
    gebied,
    gebied_naam,
    valt_onder,
    geldig_van,
    geldig_tot,
    diepte
from gebieden
