-- Grain: a dienst Onderzoek that was closed and a person (betrokkene) of its report; it belongs to the period of the closing.
select
    diensten.afgesloten_op as telt_op,
    nummers.dienst_nummer as nummer,
    betrokkenen.volgnummer,
    betrokkenen.bsn,
    betrokkenen.geboortedatum,
    betrokkenen.geslacht,
    betrokkenen._levering,
    betrokkenen._bestand,
    betrokkenen._regel
from facts.fct_diensten as diensten
inner join betrokkenen on diensten.melding_id = betrokkenen.melding_id
inner join kluis.diensten as nummers
    on diensten._levering = nummers._levering and diensten._regel = nummers.regel
where diensten.dienst_soort = 'onderzoek' and diensten.afgesloten_op is not null
