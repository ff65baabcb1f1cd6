with bron as (
    select * from {{ source('historie', 'melding_vormen') }}
),

actueel as (
    select
        melding_id,
        vorm,
        _levering,
        _bestand,
        _regel
    from bron
    where _is_actueel
)

select * from actueel
