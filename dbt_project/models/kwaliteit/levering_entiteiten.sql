select
    levering_nummer,
    entiteit,
    gelezen,
    opgenomen,
    identieke_kopieen,
    quarantaine,
    waarschuwingen,
    vergeten
from {{ ref('stg_levering_entiteiten') }}
