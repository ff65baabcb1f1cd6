-- Grain: a dienst Onderzoek that was closed; it belongs to the period in which it was.
select
    diensten.afgesloten_op as telt_op,
    nummers.dienst_nummer as nummer,
    nummers.melding_nummer,
    diensten.gestart_op,
    diensten.afgesloten_op,
    diensten.uitkomst_huiselijk_geweld,
    diensten.uitkomst_kindermishandeling,
    diensten.voortijdig,
    meldingen.hoedanigheid,
    meldingen.huishouden,
    diensten._levering,
    diensten._bestand,
    diensten._regel,
    list_distinct(
        [
            'huiselijk_geweld_' || diensten.uitkomst_huiselijk_geweld,
            'kindermishandeling_' || diensten.uitkomst_kindermishandeling,
            'voortijdig_' || diensten.voortijdig
        ]
    ) as uitkomsten,
    nullif(diensten.gebied_gemeente, 'BUITEN') as gemeente,
    coalesce(melding_lijsten.vormen, []) as vormen,
    coalesce(melding_lijsten.aarden, []) as aarden
from facts.fct_diensten as diensten
inner join facts.fct_meldingen as meldingen on diensten.melding_id = meldingen.melding_id
inner join kluis.diensten as nummers
    on diensten._levering = nummers._levering and diensten._regel = nummers.regel
left join melding_lijsten on diensten.melding_id = melding_lijsten.melding_id
where diensten.dienst_soort = 'onderzoek' and diensten.afgesloten_op is not null
