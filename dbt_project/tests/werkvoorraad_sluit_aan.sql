-- A stock at the end of a period is that at its start, plus what came in, minus what was settled: in every area, by month, quarter, half-year
-- and year. vb_open: plus the reports received, minus the assessments decided; diensten_open: plus those started, minus those closed.
-- A decision before the day of receipt, after a correction of the receipt, is in no stock: such a row is a term of its own, +1 in the period
-- of the decision and -1 in that of the receipt.
with figuren as (
    select
        figuur_id,
        case
            when indicator in ('vb_open', 'meldingen', 'vb_afgerond') then 'vb_open'
            else 'diensten_open'
        end as voorraad,
        case
            when indicator in ('meldingen', 'diensten_gestart') then 1
            when indicator in ('vb_afgerond', 'diensten_afgesloten') then -1
        end as teken
    from {{ ref('int_figuur') }}
    where
        indicator in ('vb_open', 'meldingen', 'vb_afgerond', 'diensten_open', 'diensten_gestart', 'diensten_afgesloten')
        and categorie_soort = ''
),

perioden as (
    select
        periode_id,
        periode_soort,
        periode_start,
        periode_eind,
        lead(periode_eind) over (partition by periode_soort order by periode_eind) as volgend_eind
    from {{ ref('int_periode') }}
    where not voorlopig
),

gecorrigeerd as (
    select
        gebied_gemeente,
        gebied_stadsdeel,
        gebied_wijk,
        gebied_buurt,
        {{ eerste_van_maand('besluit_op') }} as maand,
        1 as term
    from {{ ref('fct_veiligheidsbeoordelingen') }}
    where besluit_op < ontvangen_dag
    union all
    select
        gebied_gemeente,
        gebied_stadsdeel,
        gebied_wijk,
        gebied_buurt,
        {{ eerste_van_maand('ontvangen_dag') }} as maand,
        -1 as term
    from {{ ref('fct_veiligheidsbeoordelingen') }}
    where besluit_op < ontvangen_dag
),

termen as (
    select
        maand,
        {{ gebied_id() }} as gebied_id,
        sum(term) as term
    from ({{ genummerd('gecorrigeerd') }}) as genummerd
    group by maand, {{ per_gebied() }}
),

stroom as (
    select
        figuren.voorraad,
        cijfers.gebied_id,
        perioden.periode_soort,
        perioden.periode_eind,
        perioden.volgend_eind,
        figuren.teken * cijfers.teller as mutatie,
        case when figuren.teken is null then cijfers.teller end as stand
    from {{ ref('int_cijfers') }} as cijfers
    inner join figuren on cijfers.figuur_id = figuren.figuur_id
    inner join perioden on cijfers.periode_id = perioden.periode_id
    union all
    select
        'vb_open' as voorraad,
        termen.gebied_id,
        perioden.periode_soort,
        perioden.periode_eind,
        perioden.volgend_eind,
        termen.term as mutatie,
        null as stand
    from termen
    inner join perioden on termen.maand between perioden.periode_start and perioden.periode_eind
    where termen.gebied_id != 0
),

-- what flowed in and out since the beginning is what there is
verloop as (
    select
        voorraad,
        gebied_id,
        periode_soort,
        periode_eind,
        volgend_eind,
        coalesce(sum(mutatie), 0) as mutatie,
        coalesce(sum(stand), 0) as stand
    from stroom
    group by voorraad, gebied_id, periode_soort, periode_eind, volgend_eind
),

gestapeld as (
    select
        voorraad,
        gebied_id,
        periode_soort,
        periode_eind,
        volgend_eind,
        stand,
        sum(mutatie) over (partition by voorraad, gebied_id, periode_soort order by periode_eind) as verwacht,
        lead(periode_eind) over (partition by voorraad, gebied_id, periode_soort order by periode_eind) as volgende_rij
    from verloop
)

select *
from gestapeld
where
    stand != verwacht
    -- below stadsdeel a period has a row only where there is something; while something is open there is
    or (verwacht != 0 and volgende_rij is distinct from volgend_eind)
