with bron as (
    select * from {{ source('historie', 'huisverboden') }}
),

actueel as (
    select
        huisverbod_id,
        casus_id,
        opgelegd_op,
        aanvrager,
        _levering,
        _bestand,
        _regel
    from bron
    where _is_actueel
)

select * from actueel
