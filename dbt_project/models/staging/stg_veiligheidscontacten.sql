with bron as (
    select * from {{ source('historie', 'veiligheidscontacten') }}
),

actueel as (
    select
        contact_id,
        melding_id,
        contact_op,
        met,
        urgentie_nieuw,
        _levering,
        _bestand,
        _regel
    from bron
    where
        {{ telt_mee('veiligheidscontacten') }}
)

select * from actueel
