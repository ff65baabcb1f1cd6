-- A buurt stands from the first division that has its code until the one after the last that does, as that last one has it.
with buurten as (
    {{ met_aanvaard('buurten') }}
),

indelingen as (
    select
        indeling,
        lead(indeling) over (order by indeling) as volgende
    from (select distinct indeling from buurten) as alle
),

per_code as (
    select
        buurt_code,
        min(indeling) as eerste,
        max(indeling) as laatste
    from buurten
    group by buurt_code
)

select
    buurten.buurt_code,
    buurten.buurt,
    buurten.wijk_code,
    buurten.wijk,
    buurten.stadsdeel_code,
    buurten.stadsdeel,
    per_code.eerste as indeling_van,
    indelingen.volgende as indeling_tot,
    buurten.huishoudens_jaar,
    buurten.huishoudens
from per_code
inner join buurten on per_code.buurt_code = buurten.buurt_code and per_code.laatste = buurten.indeling
inner join indelingen on per_code.laatste = indelingen.indeling
