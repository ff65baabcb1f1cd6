with adviesvragen as (
    select * from {{ ref('stg_adviesvragen') }}
),

gemeenten as (
    select * from {{ ref('dim_gemeente') }}
),

melders as (
    select * from {{ ref('dim_melder') }}
)

select
    adviesvragen.advies_id,
    adviesvragen.gestart_op,
    {{ eerste_van_maand('adviesvragen.gestart_op') }} as maand,
    adviesvragen.afgesloten_op,
    adviesvragen.kanaal,
    adviesvragen.hoedanigheid,
    melders.melder_groep,
    melders.melder_soort,
    adviesvragen.anoniem,
    coalesce(gemeenten.telt_als, 'BUITEN') as gebied_gemeente,
    adviesvragen._levering,
    adviesvragen._bestand,
    adviesvragen._regel
from adviesvragen
inner join melders on adviesvragen.hoedanigheid = melders.hoedanigheid
left join gemeenten
    on
        adviesvragen.gemeente_code = gemeenten.gemeente_code
        and (gemeenten.geldig_van is null or adviesvragen.gestart_op >= gemeenten.geldig_van)
        and (gemeenten.geldig_tot is null or adviesvragen.gestart_op < gemeenten.geldig_tot)
