with bron as (
    select * from {{ source('historie', 'levering_entiteiten') }}
)

select
    levering_nummer,
    entiteit,
    gelezen,
    opgenomen,
    identieke_kopieen,
    quarantaine,
    waarschuwingen,
    vergeten
from bron
