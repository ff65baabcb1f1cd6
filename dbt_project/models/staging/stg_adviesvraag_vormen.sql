with bron as (
    select * from {{ source('historie', 'adviesvraag_vormen') }}
),

actueel as (
    select
        advies_id,
        vorm,
        _levering,
        _bestand,
        _regel
    from bron
    where _is_actueel
)

select * from actueel
