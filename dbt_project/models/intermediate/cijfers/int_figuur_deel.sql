-- Of what figures a share by X and a rate are made: what stands above the line, and what below it. A rate per 1,000 has households below it.
with figuren as (
    select
        figuren.*,
        indicatoren.teller_van,
        indicatoren.noemer_van
    from {{ ref('int_figuur') }} as figuren
    inner join {{ ref('int_indicator') }} as indicatoren on figuren.indicator = indicatoren.indicator
    where indicatoren.teller_van is not null
)

select
    figuren.figuur_id,
    delen.figuur_id as deel_id,
    false as is_noemer
from figuren
inner join {{ ref('int_figuur') }} as delen
    on
        figuren.teller_van = delen.indicator
        and figuren.categorie_id = delen.categorie_id
union all
select
    figuren.figuur_id,
    delen.figuur_id as deel_id,
    true as is_noemer
from figuren
inner join {{ ref('int_figuur') }} as delen
    on
        figuren.noemer_van = delen.indicator
        and coalesce(figuren.geheel_categorie_id, figuren.categorie_id) = delen.categorie_id
