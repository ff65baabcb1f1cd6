with buurten as (
    select * from {{ ref('buurten') }}
),

indelingen as (
    select
        indeling,
        lead(indeling) over (order by indeling) as volgende
    from (select distinct indeling from buurten) as alle
)

select
    buurten.buurt_code,
    buurten.buurt,
    buurten.wijk_code,
    buurten.wijk,
    buurten.stadsdeel_code,
    buurten.stadsdeel,
    buurten.indeling as indeling_van,
    indelingen.volgende as indeling_tot,
    buurten.huishoudens_jaar,
    buurten.huishoudens
from buurten
inner join indelingen on buurten.indeling = indelingen.indeling
