with bron as (
    select * from {{ source('historie', 'quarantaine') }}
)

select * from bron
