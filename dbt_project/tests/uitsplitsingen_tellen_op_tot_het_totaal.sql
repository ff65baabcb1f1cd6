-- Met and zonder kinderen, reporters, receivers, betrokken ja, nee and onbekend, eerste, her and vervolg, urgentie, …: whatever the
-- catalogue says adds up to its total does, in every period and area: the parts less the total leave nothing, and nothing in it is missing.
with uitsplitsingen as (
    select
        indicator,
        categorie_soort,
        cast(row_number() over (order by indicator, categorie_soort) as smallint) as uitsplitsing_id
    from {{ ref('int_uitsplitsing') }}
    where telt_op_tot_totaal
),

figuren as (
    select
        uitsplitsingen.uitsplitsing_id,
        figuren.figuur_id,
        case when figuren.categorie_soort = '' then -1 else 1 end as teken
    from uitsplitsingen
    inner join {{ ref('int_figuur') }} as figuren
        on
            uitsplitsingen.indicator = figuren.indicator
            and figuren.categorie_soort in ('', uitsplitsingen.categorie_soort)
)

select
    figuren.uitsplitsing_id,
    cijfers.periode_id,
    cijfers.gebied_id,
    sum(figuren.teken * cijfers.teller) as verschil
from {{ ref('int_cijfers') }} as cijfers
inner join figuren on cijfers.figuur_id = figuren.figuur_id
group by figuren.uitsplitsing_id, cijfers.periode_id, cijfers.gebied_id
having
    sum(figuren.teken * cijfers.teller) is distinct from 0
    or count(*) != count(cijfers.teller)
    or {{ aantal_waar('figuren.teken = -1') }} != 1
