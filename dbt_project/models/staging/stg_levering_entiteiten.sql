with bron as (
    select * from {{ source('historie', 'levering_entiteiten') }}
)

select * from bron
