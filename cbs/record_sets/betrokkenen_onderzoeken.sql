-- Grain: a dienst Onderzoek that was closed and a person (betrokkene) of its report; it belongs to the period of the closing.
select
    diensten.afgesloten_op as telt_op,
    nummers_dienst.dienst_nummer as nummer,
    betrokkenen.volgnummer,
    nummers.bsn,
    nummers.geboortedatum,
    betrokkenen.geslacht,
    betrokkenen._levering,
    betrokkenen._bestand,
    betrokkenen._regel
from facts.fct_diensten as diensten
inner join facts.fct_betrokkenen as betrokkenen on diensten.melding_id = betrokkenen.melding_id
inner join kluis.diensten as nummers_dienst
    on diensten._levering = nummers_dienst._levering and diensten._regel = nummers_dienst.regel
inner join kluis.betrokkenen as nummers
    on betrokkenen._levering = nummers._levering and betrokkenen._regel = nummers.regel
where diensten.dienst_soort = 'onderzoek' and diensten.afgesloten_op is not null
