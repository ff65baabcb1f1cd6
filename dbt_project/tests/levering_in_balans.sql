-- For every entity of every delivery: rows read = rows taken in + identical copies + quarantined.
select *
from {{ ref('stg_levering_entiteiten') }}
where gelezen != opgenomen + identieke_kopieen + quarantaine
