-- Shares by X and rates: one figure over another of the same period and area.
with geteld as (
    select * from {{ ref('int_cijfers_geteld') }}
    where figuur_id in (select delen.deel_id from {{ ref('int_figuur_deel') }} as delen)
),

delen as (
    select
        delen.figuur_id,
        delen.is_noemer,
        geteld.periode_id,
        geteld.gebied_id,
        geteld.teller
    from geteld
    inner join {{ ref('int_figuur_deel') }} as delen on geteld.figuur_id = delen.deel_id
)

select
    tellers.figuur_id,
    tellers.periode_id,
    tellers.gebied_id,
    tellers.teller,
    noemers.teller as noemer
from delen as tellers
inner join delen as noemers
    on
        tellers.figuur_id = noemers.figuur_id
        and tellers.periode_id = noemers.periode_id
        and tellers.gebied_id = noemers.gebied_id
where not tellers.is_noemer and noemers.is_noemer
{{ op_volgorde() }}
