with bron as (
    select * from {{ source('historie', 'quarantaine') }}
)

select
    levering_nummer,
    entiteit,
    bestand,
    regel,
    controle,
    veld,
    reden,
    status,
    gesloten_door_levering,
    sinds
from bron
