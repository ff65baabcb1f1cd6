-- For every entity of every delivery: rows read = rows taken in + identical copies + quarantined.
select
    levering_nummer,
    entiteit,
    gelezen,
    opgenomen,
    identieke_kopieen,
    quarantaine
from {{ ref('stg_levering_entiteiten') }}
where gelezen != opgenomen + identieke_kopieen + quarantaine
