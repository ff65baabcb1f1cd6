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
    where
        {{ telt_mee('melding_vormen') }}
)

select * from actueel
