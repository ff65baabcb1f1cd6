select
    periode_soort,
    periode,
    periode_start,
    periode_eind,
    voorlopig
from {{ ref('int_periode') }}
where in_venster
