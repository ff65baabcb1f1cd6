with bron as (
    select * from {{ source('historie', 'overdrachten') }}
),

actueel as (
    select
        overdracht_id,
        casus_id,
        melding_id,
        moment,
        overgedragen_op,
        ontvanger,
        ontvanger_betrokken,
        _levering,
        _bestand,
        _regel
    from bron
    where
        {{ telt_mee('overdrachten') }}
)

select * from actueel
