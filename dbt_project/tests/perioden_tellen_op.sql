-- Counts by day: the months, the quarters and the half-years of a year each make the year, in every area.
with figuren as (
    select figuur_id from {{ ref('int_figuur') }}
    where soort in ('aantal', 'verschil')
),

perioden as (
    select
        periode_id,
        periode_soort,
        cast(extract(year from periode_start) as smallint) as jaar
    from {{ ref('int_periode') }}
),

cijfers as (
    select
        cijfers.figuur_id,
        cijfers.gebied_id,
        perioden.jaar,
        sum(case when perioden.periode_soort = 'jaar' then cijfers.teller else 0 end) as jaren,
        sum(case when perioden.periode_soort = 'halfjaar' then cijfers.teller else 0 end) as halfjaren,
        sum(case when perioden.periode_soort = 'kwartaal' then cijfers.teller else 0 end) as kwartalen,
        sum(case when perioden.periode_soort = 'maand' then cijfers.teller else 0 end) as maanden
    from {{ ref('int_cijfers') }} as cijfers
    inner join perioden on cijfers.periode_id = perioden.periode_id
    inner join figuren on cijfers.figuur_id = figuren.figuur_id
    group by cijfers.figuur_id, cijfers.gebied_id, perioden.jaar
)

select *
from cijfers
where jaren != halfjaren or jaren != kwartalen or jaren != maanden
