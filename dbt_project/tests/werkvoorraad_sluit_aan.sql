-- vb_open at the end of a period is vb_open at its start, plus the reports received, minus the assessments decided: in every area, by month,
-- quarter, half-year and year.
with figuren as (
    select
        figuur_id,
        indicator
    from {{ ref('int_figuur') }}
    where indicator in ('vb_open', 'meldingen', 'vb_afgerond') and categorie_soort = ''
),

perioden as (
    select
        periode_id,
        periode_soort,
        periode_eind
    from {{ ref('int_periode') }}
    where not voorlopig
),

cijfers as (
    select
        figuren.indicator,
        cijfers.gebied_id,
        perioden.periode_soort,
        perioden.periode_eind,
        cijfers.teller as waarde
    from {{ ref('int_cijfers') }} as cijfers
    inner join figuren on cijfers.figuur_id = figuren.figuur_id
    inner join perioden on cijfers.periode_id = perioden.periode_id
),

-- what flowed in and out since the beginning is what is open
verloop as (
    select
        gebied_id,
        periode_soort,
        periode_eind,
        sum(case indicator when 'meldingen' then waarde when 'vb_afgerond' then -waarde else 0 end) as mutatie,
        sum(case when indicator = 'vb_open' then waarde else 0 end) as vb_open
    from cijfers
    group by gebied_id, periode_soort, periode_eind
),

gestapeld as (
    select
        gebied_id,
        periode_soort,
        periode_eind,
        vb_open,
        sum(mutatie) over (partition by gebied_id, periode_soort order by periode_eind) as verwacht
    from verloop
)

select *
from gestapeld
where vb_open != verwacht
