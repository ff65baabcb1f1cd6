with bron as (
    select * from {{ source('historie', 'casussen') }}
),

actueel as (
    select
        casus_id,
        huishouden_id,
        geopend_op,
        afgesloten_op,
        _levering,
        _bestand,
        _regel
    from bron
    where _is_actueel
)

select * from actueel
