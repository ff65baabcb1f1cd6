{%- set maanden_vooruit = var('vooruitblik_maanden') -%}
{%- set trekkingen = var('vooruitblik_trekkingen') -%}
{#- Paths apart that a spread can be told from. -#}
{%- set minste_paden = 2 * maanden_vooruit -%}
-- The work stock looked ahead from the last whole month, and from every month end before it that a look-back needs, each with what was known
-- then. What deviated in the months after an earlier month end is a path; a draw lets one of them happen again. How: docs/vooruitblik.md.
with verwacht as (
    select * from {{ ref('int_vooruitblik_verwacht') }}
),

-- as many decisions per post filled as now: they change as the posts do
scenarios as (
    select
        'zoals_nu' as scenario,
        'Zoals nu' as scenario_naam,
        1.0 as factor_instroom,
        1.0 as factor_besluiten
    union all
    select
        'instroom_min_10' as scenario,
        'Instroom 10% lager' as scenario_naam,
        0.9 as factor_instroom,
        1.0 as factor_besluiten
    union all
    select
        'instroom_plus_10' as scenario,
        'Instroom 10% hoger' as scenario_naam,
        1.1 as factor_instroom,
        1.0 as factor_besluiten
    union all
    select
        'bezetting_min_10' as scenario,
        'Bezetting 10% lager' as scenario_naam,
        1.0 as factor_instroom,
        0.9 as factor_besluiten
    union all
    select
        'bezetting_plus_10' as scenario,
        'Bezetting 10% hoger' as scenario_naam,
        1.0 as factor_instroom,
        1.1 as factor_besluiten
),

-- where a look-ahead is made
oorsprongen as (
    select distinct oorsprong
    from verwacht
    where oorsprong_vooruit > -{{ var('terugblik_maanden') + maanden_vooruit }}
),

-- the paths that had ended there
paden as (
    select
        nu.oorsprong,
        toen.horizon,
        toen.instroom_afwijking,
        toen.besluiten_afwijking,
        dense_rank() over (partition by nu.oorsprong order by toen.oorsprong) as pad
    from oorsprongen as nu
    inner join verwacht as toen
        on
            toen.oorsprong + {{ maanden_vooruit }} <= nu.oorsprong
            and toen.oorsprong + {{ maanden_vooruit + var('vooruitblik_geheugen_maanden') }} > nu.oorsprong
),

-- Paths lie around the middle: what they have in common is taken out. They overlap, so there are few of them apart (n), and what few show of
-- the spread is too little: a tenth percentile of Student's t with n - 1 degrees lies 1 + 0.66 / (n - 1) times as far out as a normal one (the
-- first term of its expansion), and the middle is a mean of n itself.
spreiding as (
    select
        oorsprong,
        horizon,
        avg(instroom_afwijking) as instroom_gemiddeld,
        avg(besluiten_afwijking) as besluiten_gemiddeld,
        max(pad) as aantal_paden,
        (1 + 0.66 / nullif(max(pad) / {{ maanden_vooruit }} - 1, 0)) * sqrt(1 + {{ maanden_vooruit }} / max(pad)) as verruiming
    from paden
    group by oorsprong, horizon
    having max(pad) >= {{ minste_paden }}
),

stappen as (
    select
        verwacht.*,
        paden.pad,
        scenarios.scenario,
        scenarios.scenario_naam,
        round(
            scenarios.factor_instroom * verwacht.instroom_verwacht
            * greatest(0, 1 + spreiding.verruiming * (paden.instroom_afwijking - spreiding.instroom_gemiddeld))
        ) as instroom,
        round(
            scenarios.factor_besluiten * verwacht.besluiten_verwacht
            * greatest(0, 1 + spreiding.verruiming * (paden.besluiten_afwijking - spreiding.besluiten_gemiddeld))
        ) as besluiten
    from verwacht
    inner join spreiding
        on
            verwacht.oorsprong = spreiding.oorsprong
            and verwacht.horizon = spreiding.horizon
    inner join paden
        on
            verwacht.oorsprong = paden.oorsprong
            and verwacht.horizon = paden.horizon
    -- looking back is done for one scenario
    inner join scenarios on verwacht.oorsprong_vooruit = 0 or scenarios.scenario = 'zoals_nu'
),

-- as if more could be decided than there is
ongeremd as (
    select
        *,
        gelijk + sum(instroom - besluiten) over (partition by oorsprong, scenario, pad order by horizon) as voorraad
    from stappen
),

-- what would be below nought was never decided, and is put back
paden_voorraad as (
    select
        {{ alles_behalve('voorraad') }},
        voorraad - least(0, min(voorraad) over (partition by oorsprong, scenario, pad order by horizon)) as voorraad
    from ongeremd
),

-- the same draws for every scenario and month end
trekkingen as (
    {{ loting(trekkingen, var('vooruitblik_zaad')) }}
),

getrokken as (
    select
        aantallen.oorsprong,
        1 + floor(trekkingen.lot * aantallen.aantal_paden) as pad,
        count(*) as keren
    from trekkingen
    cross join spreiding as aantallen
    where aantallen.horizon = 1
    group by aantallen.oorsprong, pad
),

opgeteld as (
    select
        paden_voorraad.*,
        sum(getrokken.keren) over (
            partition by paden_voorraad.oorsprong, paden_voorraad.scenario, paden_voorraad.horizon
            order by paden_voorraad.voorraad
        ) as tot_en_met
    from paden_voorraad
    inner join getrokken
        on
            paden_voorraad.oorsprong = getrokken.oorsprong
            and paden_voorraad.pad = getrokken.pad
)

select
    gemaakt_op,
    scenario,
    scenario_naam,
    maand,
    maand_eind,
    horizon,
    gelijk,
    cast(min(case when 100 * tot_en_met >= 10 * {{ trekkingen }} then voorraad end) as bigint) as laag,
    cast(min(case when 100 * tot_en_met >= 50 * {{ trekkingen }} then voorraad end) as bigint) as midden,
    cast(min(case when 100 * tot_en_met >= 90 * {{ trekkingen }} then voorraad end) as bigint) as hoog
from opgeteld
group by gemaakt_op, scenario, scenario_naam, maand, maand_eind, horizon, gelijk
