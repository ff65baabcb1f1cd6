select distinct
    periode_soort,
    periode,
    periode_start,
    periode_eind,
    voorlopig
from {{ ref('int_maand_periode') }}
where in_venster
