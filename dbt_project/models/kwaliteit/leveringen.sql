with leveringen as (
    select * from {{ ref('stg_leveringen') }}
),

entiteiten as (
    select
        levering_nummer,
        sum(gelezen) as rijen_gelezen,
        sum(opgenomen) as rijen_opgenomen,
        sum(identieke_kopieen) as rijen_identieke_kopieen,
        sum(quarantaine) as rijen_quarantaine,
        sum(waarschuwingen) as waarschuwingen
    from {{ ref('stg_levering_entiteiten') }}
    group by levering_nummer
)

select
    leveringen.levering_nummer,
    leveringen.poging,
    leveringen.soort,
    leveringen.peildatum,
    leveringen.aangemaakt_op,
    leveringen.verwerkt_op,
    leveringen.uitkomst,
    leveringen.reden,
    leveringen.code_versie,
    leveringen.contract_versie,
    cast(entiteiten.rijen_gelezen as bigint) as rijen_gelezen,
    cast(entiteiten.rijen_opgenomen as bigint) as rijen_opgenomen,
    cast(entiteiten.rijen_identieke_kopieen as bigint) as rijen_identieke_kopieen,
    cast(entiteiten.rijen_quarantaine as bigint) as rijen_quarantaine,
    cast(entiteiten.waarschuwingen as bigint) as waarschuwingen
from leveringen
left join entiteiten
    on
        leveringen.levering_nummer = entiteiten.levering_nummer
        and leveringen.uitkomst = 'opgenomen'
