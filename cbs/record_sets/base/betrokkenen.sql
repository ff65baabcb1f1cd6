-- Grain: a person (betrokkene) of a report, with what identifies them.
select
    betrokkenen.melding_id,
    nummers.melding_nummer,
    betrokkenen.volgnummer,
    nummers.bsn,
    nummers.geboortedatum,
    betrokkenen.geslacht,
    betrokkenen._levering,
    betrokkenen._bestand,
    betrokkenen._regel
from facts.fct_betrokkenen as betrokkenen
inner join kluis.betrokkenen as nummers
    on betrokkenen._levering = nummers._levering and betrokkenen._regel = nummers.regel
