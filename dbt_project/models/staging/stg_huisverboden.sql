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
    where
        {{ telt_mee('huisverboden') }}
)

select * from actueel
