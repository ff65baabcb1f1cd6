with capaciteit as (
    select * from {{ ref('stg_capaciteit') }}
)

select
    maand,
    team,
    formatie_fte,
    bezetting_fte,
    verzuim_procent,
    _levering,
    _bestand,
    _regel
from capaciteit
