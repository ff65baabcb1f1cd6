-- Shares by X and rates: one figure over another of the same period and area. Differences: one less the other, where either occurs.
with delen as (
    select
        delen.figuur_id,
        delen.deel_id,
        delen.is_noemer,
        figuren.soort = 'verschil' as is_verschil
    from {{ ref('int_figuur_deel') }} as delen
    inner join {{ ref('int_figuur') }} as figuren on delen.figuur_id = figuren.figuur_id
    where figuren.wijze = 'samengesteld'
),

geteld as (
    select * from {{ ref('int_cijfers_geteld') }}
    where figuur_id in (select delen.deel_id from delen)
),

gevonden as (
    select
        delen.figuur_id,
        delen.is_noemer,
        delen.is_verschil,
        geteld.periode_id,
        geteld.gebied_id,
        geteld.teller
    from geteld
    inner join delen on geteld.figuur_id = delen.deel_id
),

alle as (
    select
        tellers.figuur_id,
        tellers.periode_id,
        tellers.gebied_id,
        tellers.teller,
        noemers.teller as noemer
    from gevonden as tellers
    inner join gevonden as noemers
        on
            tellers.figuur_id = noemers.figuur_id
            and tellers.periode_id = noemers.periode_id
            and tellers.gebied_id = noemers.gebied_id
    where not tellers.is_verschil and not tellers.is_noemer and noemers.is_noemer
    union all
    select
        figuur_id,
        periode_id,
        gebied_id,
        sum(case when is_noemer then -teller else teller end) as teller,
        cast(null as double) as noemer
    from gevonden
    where is_verschil
    group by figuur_id, periode_id, gebied_id
)

select * from alle
{{ op_volgorde() }}
