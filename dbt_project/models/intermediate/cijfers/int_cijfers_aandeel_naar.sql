-- Shares by X: each value of a breakdown as a part of the whole of its area and period, or of its first part where it is crossed.
with tellingen as (
    select * from {{ ref('int_cijfers_meldingen') }}
    union all
    select * from {{ ref('int_cijfers_veiligheidsbeoordelingen') }}
    union all
    select * from {{ ref('int_cijfers_overdrachten') }}
),

figuren as (
    select * from {{ ref('int_figuur') }}
),

aandelen as (
    select
        aandelen.figuur_id,
        delen.figuur_id as deel_id,
        gehelen.figuur_id as geheel_id
    from figuren as aandelen
    inner join figuren as delen
        on
            aandelen.noemer_indicator = delen.indicator
            and aandelen.categorie_id = delen.categorie_id
    inner join figuren as gehelen
        on
            aandelen.noemer_indicator = gehelen.indicator
            and aandelen.geheel_categorie_id = gehelen.categorie_id
    where aandelen.soort = 'aandeel_naar'
),

delen as (
    select
        aandelen.figuur_id,
        aandelen.geheel_id,
        tellingen.periode_id,
        tellingen.gebied_id,
        tellingen.teller
    from tellingen
    inner join aandelen on tellingen.figuur_id = aandelen.deel_id
),

gehelen as (
    select * from tellingen
    where figuur_id in (select aandelen.geheel_id from aandelen)
)

select
    delen.figuur_id,
    delen.periode_id,
    delen.gebied_id,
    delen.teller,
    gehelen.teller as noemer
from delen
inner join gehelen
    on
        delen.geheel_id = gehelen.figuur_id
        and delen.periode_id = gehelen.periode_id
        and delen.gebied_id = gehelen.gebied_id
{{ op_volgorde() }}
