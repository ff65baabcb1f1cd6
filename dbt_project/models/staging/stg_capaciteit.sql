with bron as (
    select * from {{ source('historie', 'capaciteit') }}
),

actueel as (
    select
        cast(maand || '-01' as date) as maand,
        team,
        formatie_fte,
        bezetting_fte,
        verzuim_procent,
        _levering,
        _bestand,
        _regel
    from bron
    where _is_actueel
)

select * from actueel
