-- Shares by X: each value of a breakdown as a part of the whole of its area and period, or of its first part where it is crossed.
with cijfers as (
    select * from {{ ref('int_perioden') }}
),

indicatoren as (
    select * from {{ ref('indicatoren_catalogus') }} where soort = 'aandeel_naar'
),

bereik as (
    select * from {{ ref('int_bereik') }}
)

select
    indicatoren.indicator,
    delen.periode_soort,
    delen.periode,
    delen.gebied_soort,
    delen.gebied,
    delen.categorie_soort,
    delen.categorie,
    delen.teller,
    gehelen.teller as noemer
from indicatoren
inner join bereik on indicatoren.indicator = bereik.indicator
inner join cijfers as delen
    on
        indicatoren.noemer_indicator = delen.indicator
        and bereik.categorie_soort = delen.categorie_soort
        and bereik.gebied_soort = delen.gebied_soort
inner join cijfers as gehelen
    on
        indicatoren.noemer_indicator = gehelen.indicator
        and delen.periode_soort = gehelen.periode_soort
        and delen.periode = gehelen.periode
        and delen.gebied_soort = gehelen.gebied_soort
        and delen.gebied = gehelen.gebied
        and gehelen.categorie_soort = case when contains(delen.categorie_soort, '|') then split_part(delen.categorie_soort, '|', 1) else '' end
        and gehelen.categorie = case when contains(delen.categorie_soort, '|') then split_part(delen.categorie, '|', 1) else '' end
