-- Met and zonder kinderen, reporters, receivers, betrokken ja, nee and onbekend, eerste, her and vervolg, urgentie, …: whatever the
-- catalogue says adds up to its total does, in every period and area.
with cijfers as (
    select * from {{ ref('int_cijfers') }}
),

figuren as (
    select
        figuren.figuur_id,
        figuren.indicator,
        figuren.categorie_soort
    from {{ ref('int_figuur') }} as figuren
    left join {{ ref('uitsplitsingen') }} as uitsplitsingen
        on
            figuren.indicator = uitsplitsingen.indicator
            and figuren.categorie_soort = uitsplitsingen.categorie_soort
    where figuren.categorie_soort = '' or uitsplitsingen.telt_op_tot_totaal
),

delen as (
    select
        figuren.indicator,
        figuren.categorie_soort,
        cijfers.periode_id,
        cijfers.gebied_id,
        sum(cijfers.teller) as waarde
    from cijfers
    inner join figuren on cijfers.figuur_id = figuren.figuur_id
    where figuren.categorie_soort != ''
    group by figuren.indicator, figuren.categorie_soort, cijfers.periode_id, cijfers.gebied_id
),

totalen as (
    select
        figuren.indicator,
        cijfers.periode_id,
        cijfers.gebied_id,
        cijfers.teller as waarde
    from cijfers
    inner join figuren on cijfers.figuur_id = figuren.figuur_id
    where figuren.categorie_soort = ''
)

select
    delen.*,
    totalen.waarde as totaal
from delen
left join totalen
    on
        delen.indicator = totalen.indicator
        and delen.periode_id = totalen.periode_id
        and delen.gebied_id = totalen.gebied_id
where delen.waarde is distinct from totalen.waarde
