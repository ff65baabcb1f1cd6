with bron as (
    select * from {{ source('historie', 'diensten') }}
),

actueel as (
    select
        dienst_id,
        melding_id,
        soort,
        gestart_op,
        afgesloten_op,
        uitkomst_huiselijk_geweld,
        uitkomst_kindermishandeling,
        voortijdig,
        _levering,
        _bestand,
        _regel
    from bron
    where
        {{ telt_mee('diensten') }}
)

select * from actueel
