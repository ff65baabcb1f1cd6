-- Shares by X and rates: one figure over another of the same period and area.
with geteld as (
    select * from {{ ref('int_cijfers_geteld') }}
    where figuur_id in (select delen.deel_id from {{ ref('int_figuur_deel') }} as delen)
),

tellers as (
    select
        delen.figuur_id,
        geteld.periode_id,
        geteld.gebied_id,
        geteld.teller
    from geteld
    inner join {{ ref('int_figuur_deel') }} as delen on geteld.figuur_id = delen.deel_id
    where not delen.is_noemer
),

noemers as (
    select
        delen.figuur_id,
        geteld.periode_id,
        geteld.gebied_id,
        geteld.teller
    from geteld
    inner join {{ ref('int_figuur_deel') }} as delen on geteld.figuur_id = delen.deel_id
    where delen.is_noemer
)

select
    tellers.figuur_id,
    tellers.periode_id,
    tellers.gebied_id,
    tellers.teller,
    noemers.teller as noemer
from tellers
inner join noemers
    on
        tellers.figuur_id = noemers.figuur_id
        and tellers.periode_id = noemers.periode_id
        and tellers.gebied_id = noemers.gebied_id
{{ op_volgorde() }}
