with bron as (
    select * from {{ source('historie', 'melding_aarden') }}
),

actueel as (
    select
        melding_id,
        aard,
        _levering,
        _bestand,
        _regel
    from bron
    where
        {{ telt_mee('melding_aarden') }}
)

select * from actueel
