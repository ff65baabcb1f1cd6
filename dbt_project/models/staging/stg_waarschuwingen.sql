with bron as (
    select * from {{ source('historie', 'waarschuwingen') }}
)

select * from bron
