-- The month, quarter, half-year and year that each month belongs to.
with kalender as (
    select distinct jaar, halfjaar, kwartaal, maand, maand_start, maand_eind from {{ ref('dim_datum') }}
),

perioden as (
    select maand_start, maand_eind, 'jaar' as periode_soort, cast(jaar as varchar) as periode from kalender
    union all
    select maand_start, maand_eind, 'halfjaar', halfjaar from kalender
    union all
    select maand_start, maand_eind, 'kwartaal', kwartaal from kalender
    union all
    select maand_start, maand_eind, 'maand', maand from kalender
),

grenzen as (
    select
        periode_soort,
        periode,
        maand_start as maand,
        maand_eind,
        min(maand_start) over (partition by periode_soort, periode) as periode_start,
        max(maand_eind) over (partition by periode_soort, periode) as periode_eind
    from perioden
)

select
    grenzen.maand,
    grenzen.maand_eind,
    grenzen.periode_soort,
    grenzen.periode,
    grenzen.periode_start,
    grenzen.periode_eind,
    grenzen.maand_eind = grenzen.periode_eind as is_laatste_maand,
    grenzen.periode_eind > venster.peildatum as voorlopig,
    -- a period without one whole day in the window has no zeros
    grenzen.maand_eind >= venster.eerste_dag and grenzen.maand <= venster.peildatum as in_venster
from grenzen
cross join {{ ref('int_venster') }} as venster
