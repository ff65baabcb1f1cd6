with betrokkenen as (
    select * from {{ ref('stg_betrokkenen') }}
),

meldingen as (
    select * from {{ ref('fct_meldingen') }}
),

leeftijden as (
    select * from {{ ref('afgeleide_categorieen') }}
    where codelijst = 'leeftijd' and van is not null
),

met_leeftijd as (
    select
        betrokkenen.*,
        meldingen.maand,
        {{ gebied_van('meldingen') }},
        cast(extract(year from meldingen.ontvangen_dag) as integer) - betrokkenen.geboortejaar as leeftijd_jaren
    from betrokkenen
    inner join meldingen on betrokkenen.melding_id = meldingen.melding_id
)

select
    met_leeftijd.melding_id,
    met_leeftijd.volgnummer,
    met_leeftijd.maand,
    met_leeftijd.geslacht,
    met_leeftijd.gebied_gemeente,
    met_leeftijd.gebied_stadsdeel,
    met_leeftijd.gebied_wijk,
    met_leeftijd.gebied_buurt,
    met_leeftijd._levering,
    met_leeftijd._bestand,
    met_leeftijd._regel,
    case
        -- born in a year after that of the report: unborn at the time, whatever was registered later
        when met_leeftijd.ongeboren or met_leeftijd.leeftijd_jaren < 0 then 'ongeboren'
        else coalesce(leeftijden.code, 'onbekend')
    end as leeftijd
from met_leeftijd
left join leeftijden
    on
        met_leeftijd.leeftijd_jaren >= leeftijden.van
        and (leeftijden.tot_en_met is null or met_leeftijd.leeftijd_jaren <= leeftijden.tot_en_met)
