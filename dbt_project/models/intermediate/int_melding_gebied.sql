-- Where a report counts. The day of receipt decides, and a neighbourhood never supplies a city district.
with meldingen as (
    select * from {{ ref('stg_meldingen') }}
),

gemeenten as (
    select * from {{ ref('dim_gemeente') }}
),

stadsdelen as (
    select * from {{ ref('dim_stadsdeel') }}
),

buurten as (
    select
        dim_buurt.*,
        stadsdelen.gemeente_code
    from {{ ref('dim_buurt') }} as dim_buurt
    inner join stadsdelen on dim_buurt.stadsdeel_code = stadsdelen.stadsdeel_code
)

select
    meldingen.melding_id,
    buurten.wijk_code as gebied_wijk,
    buurten.buurt_code as gebied_buurt,
    coalesce(gemeenten.telt_als, 'BUITEN') as gebied_gemeente,
    coalesce(gemeenten.stadsdeel_code, geleverd.stadsdeel_code, vervangend.stadsdeel_code) as gebied_stadsdeel,
    vervangend.stadsdeel_code is not null
    and gemeenten.stadsdeel_code is null
    and geleverd.stadsdeel_code is null as stadsdeel_toegerekend
from meldingen
left join gemeenten
    on
        meldingen.gemeente_code = gemeenten.gemeente_code
        and (gemeenten.geldig_van is null or meldingen.ontvangen_dag >= gemeenten.geldig_van)
        and (gemeenten.geldig_tot is null or meldingen.ontvangen_dag < gemeenten.geldig_tot)
left join stadsdelen as geleverd
    on
        meldingen.stadsdeel_code = geleverd.stadsdeel_code
        and meldingen.gemeente_code = geleverd.gemeente_code
        and (geleverd.geldig_van is null or meldingen.ontvangen_dag >= geleverd.geldig_van)
        and (geleverd.geldig_tot is null or meldingen.ontvangen_dag < geleverd.geldig_tot)
left join stadsdelen as vervangend
    on
        gemeenten.telt_als = vervangend.gemeente_code
        and vervangend.bij_onbekend
left join buurten
    on
        meldingen.buurt_code = buurten.buurt_code
        and meldingen.gemeente_code = buurten.gemeente_code
