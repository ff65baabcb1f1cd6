-- Figures per filled post of the region: of a period of which a month is missing the denominator stays empty, never a guess.
with figuren as (
    select
        delen.figuur_id,
        delen.deel_id,
        delen.is_noemer
    from {{ ref('int_figuur_deel') }} as delen
    inner join {{ ref('int_figuur') }} as figuren on delen.figuur_id = figuren.figuur_id
    where figuren.soort = 'per_fte'
),

geteld as (
    select
        figuren.figuur_id,
        figuren.is_noemer,
        cijfers.periode_id,
        cijfers.teller,
        cijfers.noemer
    from {{ ref('int_cijfers_geteld') }} as cijfers
    inner join figuren on cijfers.figuur_id = figuren.deel_id
    where cijfers.gebied_id = 1
),

perioden as (
    select
        periode_id,
        {{ maanden_van('periode_soort') }} as maanden
    from {{ ref('int_periode') }}
    where in_venster
)

select
    figuren.figuur_id,
    perioden.periode_id,
    cast(1 as smallint) as gebied_id,
    coalesce(tellers.teller, 0) as teller,
    case when noemers.noemer = perioden.maanden then noemers.teller end as noemer
from figuren
cross join perioden
left join geteld as tellers
    on
        figuren.figuur_id = tellers.figuur_id
        and perioden.periode_id = tellers.periode_id
        and not tellers.is_noemer
left join geteld as noemers
    on
        figuren.figuur_id = noemers.figuur_id
        and perioden.periode_id = noemers.periode_id
        and noemers.is_noemer
where figuren.is_noemer
{{ op_volgorde() }}
