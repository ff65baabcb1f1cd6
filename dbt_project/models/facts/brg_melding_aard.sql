with aarden as (
    select * from {{ ref('stg_melding_aarden') }}
)

select
    melding_id,
    aard,
    _levering,
    _bestand,
    _regel
from aarden
