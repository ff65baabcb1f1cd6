{%- set maanden_vooruit = var('vooruitblik_maanden') -%}
-- What each month end gave to expect of the months after it, knowing no more than was known then: the level of the last twelve months in the
-- rhythm of the season. And what came, as a ratio to that.
with maandcijfers as (
    select * from {{ ref('int_werkvoorraad_maandcijfers') }}
),

-- per day and per working day: of the month, and of the twelve months that it closes
niveaus as (
    select
        *,
        instroom / dagen as instroom_tempo,
        besluiten / werkdagen as besluiten_tempo,
        sum(instroom) over jaar / sum(dagen) over jaar as instroom_niveau,
        sum(besluiten) over jaar / sum(werkdagen) over jaar as besluiten_niveau,
        extract(month from maand) as kalendermaand
    from maandcijfers
    where vooruit <= 0
    window jaar as (order by volgnummer rows between 11 preceding and current row)
),

-- a season can be told after two years
vlak as (
    select
        van.volgnummer as oorsprong,
        van.vooruit as oorsprong_vooruit,
        van.maand as gemaakt_op,
        van.voorraad as gelijk,
        doel.maand,
        doel.maand_eind,
        doel.instroom,
        doel.besluiten,
        doel.volgnummer - van.volgnummer as horizon,
        extract(month from doel.maand) as kalendermaand,
        van.instroom_niveau * doel.dagen as instroom_vlak,
        van.besluiten_niveau * doel.werkdagen as besluiten_vlak
    from niveaus as van
    inner join maandcijfers as doel on doel.volgnummer between van.volgnummer + 1 and van.volgnummer + {{ maanden_vooruit }}
    where van.volgnummer >= 24
),

-- The calendar month in earlier years, and with half its weight the one before and after it (holidays move), each against the twelve months
-- around it, as far as they had passed.
seizoen as (
    select
        vlak.oorsprong,
        vlak.horizon,
        sum(gewichten.gewicht * coalesce(eerder.instroom_tempo / nullif(rond.instroom_niveau, 0), 1)) / sum(gewichten.gewicht)
            as instroom,
        sum(gewichten.gewicht * coalesce(eerder.besluiten_tempo / nullif(rond.besluiten_niveau, 0), 1)) / sum(gewichten.gewicht)
            as besluiten
    from vlak
    inner join niveaus as eerder on vlak.oorsprong >= eerder.volgnummer
    inner join niveaus as rond on rond.volgnummer = least(vlak.oorsprong, greatest(eerder.volgnummer + 5, 12))
    inner join (values (0, 2), (1, 1), (11, 1)) as gewichten (verschil, gewicht)
        on (eerder.kalendermaand - vlak.kalendermaand + 12) % 12 = gewichten.verschil
    group by vlak.oorsprong, vlak.horizon
)

select
    vlak.oorsprong,
    vlak.oorsprong_vooruit,
    vlak.gemaakt_op,
    vlak.gelijk,
    vlak.horizon,
    vlak.maand,
    vlak.maand_eind,
    vlak.instroom_vlak * seizoen.instroom as instroom_verwacht,
    vlak.besluiten_vlak * seizoen.besluiten as besluiten_verwacht,
    case
        when vlak.instroom is not null then coalesce(vlak.instroom / nullif(vlak.instroom_vlak * seizoen.instroom, 0), 1)
    end as instroom_afwijking,
    case
        when vlak.besluiten is not null then coalesce(vlak.besluiten / nullif(vlak.besluiten_vlak * seizoen.besluiten, 0), 1)
    end as besluiten_afwijking
from vlak
inner join seizoen
    on
        vlak.oorsprong = seizoen.oorsprong
        and vlak.horizon = seizoen.horizon
