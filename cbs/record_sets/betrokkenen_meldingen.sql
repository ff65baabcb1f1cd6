-- Grain: a person (betrokkene) of a report with a decision; it belongs to the period of that decision.
select
    beoordelingen.besluit_op as telt_op,
    nummers.melding_nummer as nummer,
    betrokkenen.volgnummer,
    nummers.bsn,
    nummers.geboortedatum,
    betrokkenen.geslacht,
    betrokkenen._levering,
    betrokkenen._bestand,
    betrokkenen._regel
from facts.fct_betrokkenen as betrokkenen
inner join facts.fct_veiligheidsbeoordelingen as beoordelingen on betrokkenen.melding_id = beoordelingen.melding_id
inner join kluis.betrokkenen as nummers
    on betrokkenen._levering = nummers._levering and betrokkenen._regel = nummers.regel
where beoordelingen.besluit_op is not null
