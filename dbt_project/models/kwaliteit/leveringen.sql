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
        sum(vergeten) as rijen_vergeten,
        sum(waarschuwingen) as waarschuwingen
    from {{ ref('stg_levering_entiteiten') }}
    group by levering_nummer
),

laatste_volledige as (
    select max(levering_nummer) as levering_nummer from leveringen
    where soort = 'volledig' and uitkomst = 'opgenomen'
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
    -- what came by mutaties is onbevestigd until the next whole registration
    case
        when leveringen.uitkomst = 'opgenomen' then coalesce(leveringen.levering_nummer <= laatste_volledige.levering_nummer, false)
    end as bevestigd,
    leveringen.nachten_gemist,
    -- a delivery is due in the night after its peildatum
    greatest({{ dagen_tussen('leveringen.peildatum', lokale_dag('leveringen.verwerkt_op')) }} - 1, 0) as dagen_te_laat,
    cast(entiteiten.rijen_gelezen as bigint) as rijen_gelezen,
    cast(entiteiten.rijen_opgenomen as bigint) as rijen_opgenomen,
    cast(entiteiten.rijen_identieke_kopieen as bigint) as rijen_identieke_kopieen,
    cast(entiteiten.rijen_quarantaine as bigint) as rijen_quarantaine,
    cast(entiteiten.rijen_vergeten as bigint) as rijen_vergeten,
    cast(entiteiten.waarschuwingen as bigint) as waarschuwingen
from leveringen
cross join laatste_volledige
left join entiteiten
    on
        leveringen.levering_nummer = entiteiten.levering_nummer
        and leveringen.uitkomst = 'opgenomen'
