with bron as (
    select * from {{ source('historie', 'betrokkenen') }}
),

actueel as (
    select
        melding_id,
        volgnummer,
        persoon_id,
        bsn_onbekend,
        bsn_ongeboren,
        geboortejaar,
        ongeboren,
        geslacht,
        _levering,
        _bestand,
        _regel
    from bron
    where
        {{ telt_mee('betrokkenen') }}
)

select * from actueel
