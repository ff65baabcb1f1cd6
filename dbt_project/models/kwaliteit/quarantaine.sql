with quarantaine as (
    select * from {{ ref('stg_quarantaine') }}
),

laatste as (
    select max(verwerkt_op) as verwerkt_op from {{ ref('stg_leveringen') }}
    where uitkomst = 'opgenomen'
)

select
    quarantaine.levering_nummer,
    quarantaine.entiteit,
    quarantaine.controle,
    quarantaine.veld,
    quarantaine.reden,
    quarantaine.status,
    quarantaine.gesloten_door_levering,
    count(*) as aantal,
    min(quarantaine.sinds) as oudste_sinds,
    max(
        case
            when quarantaine.status = 'open'
                then {{ dagen_tussen(lokale_dag('quarantaine.sinds'), lokale_dag('laatste.verwerkt_op')) }}
        end
    ) as dagen_open
from quarantaine
cross join laatste
group by all
