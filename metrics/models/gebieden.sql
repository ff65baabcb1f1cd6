-- The areas that a row can be of, with the gemeente and the stadsdeel they are or lie in.
select
    gebieden.gebied,
    coalesce(gemeenten.gebied, gebieden.gebied) as gemeente,
    coalesce(gemeenten.gebied_naam, gebieden.gebied_naam) as gemeente_naam,
    case when gebieden.gebied_soort = 'stadsdeel' then gebieden.gebied end as stadsdeel,
    case when gebieden.gebied_soort = 'stadsdeel' then gebieden.gebied_naam end as stadsdeel_naam
from veilig_thuis.marts.dim_gebied as gebieden
left join veilig_thuis.marts.dim_gebied as gemeenten
    on gebieden.valt_onder = gemeenten.gebied and gebieden.gebied_soort = 'stadsdeel'
where gebieden.gebied_soort in ('gemeente', 'stadsdeel', 'buiten')
