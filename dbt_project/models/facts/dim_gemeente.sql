-- What a delivered municipality code counts as, from which day until which.
with gemeenten as (
    select * from {{ ref('gemeenten') }}
),

overgangen as (
    select * from {{ ref('gemeente_overgangen') }}
)

select
    gemeenten.gemeente_code,
    gemeenten.gemeente,
    cast(null as date) as geldig_van,
    overgangen.vanaf as geldig_tot,
    case when gemeenten.in_regio_van is null then 'BUITEN' else gemeenten.gemeente_code end as telt_als,
    cast(null as string) as stadsdeel_code,
    gemeenten.volgorde
from gemeenten
left join overgangen on gemeenten.gemeente_code = overgangen.gemeente_code

union all

select
    gemeenten.gemeente_code,
    gemeenten.gemeente,
    overgangen.vanaf as geldig_van,
    cast(null as date) as geldig_tot,
    overgangen.telt_als,
    overgangen.stadsdeel_code,
    gemeenten.volgorde
from gemeenten
inner join overgangen on gemeenten.gemeente_code = overgangen.gemeente_code
