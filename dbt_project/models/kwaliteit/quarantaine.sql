with quarantaine as (
    select * from {{ ref('stg_quarantaine') }}
)

select
    levering_nummer,
    entiteit,
    controle,
    veld,
    reden,
    status,
    gesloten_door_levering,
    count(*) as aantal
from quarantaine
group by all
