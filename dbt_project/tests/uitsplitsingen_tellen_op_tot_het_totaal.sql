-- Met and zonder kinderen, reporters, receivers, betrokken ja, nee and onbekend, eerste, her and vervolg, urgentie, …: whatever the
-- catalogue says adds up to its total does, in every period and area.
with cijfers as (
    select * from {{ ref('int_cijfers') }}
),

totalen as (
    select
        indicator,
        figuur_id as totaal_id
    from {{ ref('int_figuur') }}
    where categorie_soort = ''
),

figuren as (
    select
        figuren.figuur_id,
        totalen.totaal_id,
        min(figuren.figuur_id) over (partition by figuren.indicator, figuren.categorie_soort) as uitsplitsing_id
    from {{ ref('int_figuur') }} as figuren
    inner join totalen on figuren.indicator = totalen.indicator
    inner join {{ ref('uitsplitsingen') }} as uitsplitsingen
        on
            figuren.indicator = uitsplitsingen.indicator
            and figuren.categorie_soort = uitsplitsingen.categorie_soort
    where uitsplitsingen.telt_op_tot_totaal
),

delen as (
    select
        figuren.uitsplitsing_id,
        figuren.totaal_id,
        cijfers.periode_id,
        cijfers.gebied_id,
        sum(cijfers.teller) as waarde
    from cijfers
    inner join figuren on cijfers.figuur_id = figuren.figuur_id
    group by figuren.uitsplitsing_id, figuren.totaal_id, cijfers.periode_id, cijfers.gebied_id
),

gehelen as (
    select * from cijfers
    where figuur_id in (select totalen.totaal_id from totalen)
)

select
    delen.*,
    gehelen.teller as totaal
from delen
left join gehelen
    on
        delen.totaal_id = gehelen.figuur_id
        and delen.periode_id = gehelen.periode_id
        and delen.gebied_id = gehelen.gebied_id
where delen.waarde is distinct from gehelen.teller
