-- Counts of rows: the gemeenten and BUITEN make REGIO, and the stadsdelen make their gemeente, in every period.
with figuren as (
    select * from {{ ref('int_figuur') }}
    where soort in ('aantal', 'voorraad', 'verschil')
),

gebieden as (
    select
        gebied_id,
        gebied_soort,
        gebied,
        case when gebied_soort in ('gemeente', 'buiten') then 'REGIO' else valt_onder end as geheel
    from {{ ref('int_gebied') }}
    where diepte <= 2
),

cijfers as (
    select
        cijfers.figuur_id,
        cijfers.periode_id,
        cijfers.teller,
        gebieden.gebied,
        gebieden.geheel,
        gebieden.gebied_soort,
        figuren.diepte
    from {{ ref('int_cijfers') }} as cijfers
    inner join figuren on cijfers.figuur_id = figuren.figuur_id
    inner join gebieden on cijfers.gebied_id = gebieden.gebied_id
),

delen as (
    select
        geheel,
        figuur_id,
        periode_id,
        sum(teller) as waarde
    from cijfers
    where geheel is not null
    group by geheel, figuur_id, periode_id
),

gehelen as (
    select
        gebied,
        figuur_id,
        periode_id,
        teller as waarde
    from cijfers
    where gebied_soort = 'regio' or (gebied in (select gebieden.geheel from gebieden) and diepte >= 2)
)

select
    delen.waarde as som_van_delen,
    gehelen.waarde as geheel,
    coalesce(delen.geheel, gehelen.gebied) as gebied,
    coalesce(delen.figuur_id, gehelen.figuur_id) as figuur_id,
    coalesce(delen.periode_id, gehelen.periode_id) as periode_id
from delen
full outer join gehelen
    on
        delen.geheel = gehelen.gebied
        and delen.figuur_id = gehelen.figuur_id
        and delen.periode_id = gehelen.periode_id
where delen.waarde is distinct from gehelen.waarde
