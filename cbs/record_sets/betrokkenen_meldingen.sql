-- Grain: a person (betrokkene) of a report with a decision; it belongs to the period of that decision.
select
    beoordelingen.besluit_op as telt_op,
    betrokkenen.melding_nummer as nummer,
    betrokkenen.volgnummer,
    betrokkenen.bsn,
    betrokkenen.geboortedatum,
    betrokkenen.geslacht,
    betrokkenen._levering,
    betrokkenen._bestand,
    betrokkenen._regel
from betrokkenen
inner join facts.fct_veiligheidsbeoordelingen as beoordelingen on betrokkenen.melding_id = beoordelingen.melding_id
where beoordelingen.besluit_op is not null
