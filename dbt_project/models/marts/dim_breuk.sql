-- For who shows figures that are not in the long table, or not all of it: where a break lies follows from this, whatever is shown.
with breuken as (
    select * from {{ ref('int_breuk') }}
)

select
    cast(perioden.periode_soort as string) as periode_soort,
    cast(perioden.periode as string) as periode,
    cast(figuren.indicator as string) as indicator,
    cast(figuren.categorie_soort as string) as categorie_soort,
    cast(figuren.categorie as string) as categorie,
    cast(gebieden.gebied_soort as string) as gebied_soort,
    cast(gebieden.gebied as string) as gebied,
    cast(breuken.vergelijkbaarheid as string) as vergelijkbaarheid,
    cast(breuken.vergelijkbaarheid_reden as string) as vergelijkbaarheid_reden
from breuken
inner join {{ ref('int_periode') }} as perioden on breuken.periode_id = perioden.periode_id
-- number 0 is that of no figure and no area: the break is in all of them
left join {{ ref('int_figuur') }} as figuren on breuken.figuur_id = figuren.figuur_id
left join {{ ref('int_gebied') }} as gebieden on breuken.gebied_id = gebieden.gebied_id
