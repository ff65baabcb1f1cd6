-- Each month with the half-year it lies in, which MetricFlow does not know, and whether the longer periods around it have ended.
select
    maanden.periode_start as maand,
    any_value(perioden.periode) filter (where perioden.periode_soort = 'halfjaar') as halfjaar,
    not bool_or(perioden.voorlopig) filter (where perioden.periode_soort = 'kwartaal') as kwartaal_om,
    not bool_or(perioden.voorlopig) filter (where perioden.periode_soort = 'halfjaar') as halfjaar_om,
    not bool_or(perioden.voorlopig) filter (where perioden.periode_soort = 'jaar') as jaar_om
from veilig_thuis.marts.dim_periode as maanden
inner join veilig_thuis.marts.dim_periode as perioden
    on maanden.periode_start between perioden.periode_start and perioden.periode_eind
where maanden.periode_soort = 'maand'
group by maanden.periode_start
