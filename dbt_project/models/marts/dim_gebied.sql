select
    cast(gebied_soort as string) as gebied_soort,
    cast(gebied as string) as gebied,
    cast(gebied_naam as string) as gebied_naam,
    valt_onder,
    geldig_van,
    geldig_tot,
    cast(gebied_id as integer) as volgorde,
    gebied_naam || ' (' || gebied || ')' as gebied_naam_code
from {{ ref('int_gebied') }}
