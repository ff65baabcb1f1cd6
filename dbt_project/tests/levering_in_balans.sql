-- For every entity of every delivery: rows read = rows taken in + identical copies + quarantined + forgotten (what was
-- destroyed since, or brought again and kept out).
select
    levering_nummer,
    entiteit,
    gelezen,
    opgenomen,
    identieke_kopieen,
    quarantaine,
    vergeten
from {{ ref('stg_levering_entiteiten') }}
where gelezen != opgenomen + identieke_kopieen + quarantaine + vergeten
