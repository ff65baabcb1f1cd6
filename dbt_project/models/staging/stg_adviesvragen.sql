with bron as (
    select * from {{ source('historie', 'adviesvragen') }}
),

actueel as (
    select
        advies_id,
        gestart_op,
        afgesloten_op,
        kanaal,
        hoedanigheid,
        anoniem,
        gemeente_code,
        _levering,
        _bestand,
        _regel
    from bron
    where
        {{ telt_mee('adviesvragen') }}
)

select * from actueel
