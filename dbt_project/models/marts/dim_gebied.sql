select
    gebied_soort,
    gebied,
    gebied_naam,
    gebied_naam || ' (' || gebied || ')' as gebied_naam_code,
    valt_onder,
    geldig_van,
    geldig_tot,
    cast(gebied_id as integer) as volgorde
from {{ ref('int_gebied') }}
