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
    where
        {{ telt_mee('adviesvraag_vormen') }}
)

select * from actueel
