with stadsdelen as (
    select * from {{ ref('stadsdelen') }}
),

-- A city district that stood from the first division on has no beginning; only a later one has.
eerste_indeling as (
    select min(geldig_van) as dag from stadsdelen
)

select
    stadsdelen.stadsdeel_code,
    stadsdelen.stadsdeel,
    stadsdelen.gemeente_code,
    stadsdelen.geldig_tot,
    stadsdelen.volgorde,
    stadsdelen.bij_onbekend,
    case when stadsdelen.geldig_van > eerste_indeling.dag then stadsdelen.geldig_van end as geldig_van
from stadsdelen
cross join eerste_indeling
