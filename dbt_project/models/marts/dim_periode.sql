select
    cast(periode_soort as varchar) as periode_soort,
    cast(periode as varchar) as periode,
    periode_start,
    periode_eind,
    voorlopig
from {{ ref('int_periode') }}
where in_venster
