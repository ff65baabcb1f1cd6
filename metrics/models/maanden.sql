-- Each month with the half-year it lies in, which MetricFlow does not know, and whether the longer periods around it are whole: begun with or
-- after the month of the first report or request, and ended at the peildatum.
with perioden as (
    select
        *,
        not voorlopig
        and periode_start >= min(periode_start) filter (where periode_soort = 'maand' and volledig) over () as heel
    from veilig_thuis.marts.dim_periode
)

select
    maanden.periode_start as maand,
    any_value(perioden.periode) filter (where perioden.periode_soort = 'halfjaar') as halfjaar,
    bool_and(perioden.heel) filter (where perioden.periode_soort = 'kwartaal') as kwartaal_heel,
    bool_and(perioden.heel) filter (where perioden.periode_soort = 'halfjaar') as halfjaar_heel,
    bool_and(perioden.heel) filter (where perioden.periode_soort = 'jaar') as jaar_heel
from perioden as maanden
inner join perioden
    on maanden.periode_start between perioden.periode_start and perioden.periode_eind
where maanden.periode_soort = 'maand'
group by maanden.periode_start
