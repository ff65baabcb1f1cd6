with bron as (
    select * from {{ source('historie', 'veiligheidsbeoordelingen') }}
),

actueel as (
    select
        melding_id,
        gestart_op,
        besluit_op,
        uitkomst,
        besluit,
        _levering,
        _bestand,
        _regel
    from bron
    where
        {{ telt_mee('veiligheidsbeoordelingen') }}
)

select * from actueel
