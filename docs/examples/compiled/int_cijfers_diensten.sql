-- What dbt makes of models/intermediate/cijfers/int_cijfers_diensten.sql; made by `make docs`.
with bijdragen as (
    select
        bijdragen.*,
        figuren.soort,
        figuren.wijze
    from "veilig_thuis"."intermediate"."int_bijdrage_diensten" as bijdragen
    inner join "veilig_thuis"."intermediate"."int_figuur" as figuren on bijdragen.figuur_id = figuren.figuur_id
),

opgeteld as (
    select * from bijdragen
    where wijze in ('som', 'stand')
),

tot_stadsdeel as (
    select
        figuur_id,
        periode_id,
        gemeente_id,
        stadsdeel_id,
        sum(teller) as teller,
        sum(noemer) as noemer
    from opgeteld
    group by figuur_id, periode_id, gemeente_id, stadsdeel_id
),

tot_buurt as (
    select
        figuur_id,
        periode_id,
        wijk_id,
        buurt_id,
        sum(teller) as teller,
        sum(noemer) as noemer
    from opgeteld
    where buurt_id != 0
    group by figuur_id, periode_id, wijk_id, buurt_id
),

per_maand as (
    -- a buurt lies in one wijk: its sums are there already
    select
        figuur_id,
        periode_id,
        buurt_id as gebied_id,
        teller,
        noemer
    from tot_buurt
    union all
    select
        figuur_id,
        periode_id,
        wijk_id as gebied_id,
        sum(teller) as teller,
        sum(noemer) as noemer
    from tot_buurt
    group by figuur_id, periode_id, wijk_id
    union all
    select
        figuur_id,
        periode_id,
        coalesce(gemeente_id, stadsdeel_id, 1) as gebied_id,
        sum(teller) as teller,
        sum(noemer) as noemer
    from tot_stadsdeel
    -- sqlfluff's DuckDB dialect does not know grouping sets: noqa leaves out this one parse error
    group by figuur_id, periode_id, grouping sets ((), (gemeente_id), (stadsdeel_id)) -- noqa: PRS
),

per_kwartaal as (
    select
        langere.deel_van as periode_id,
        per_maand.figuur_id,
        per_maand.gebied_id,
        sum(per_maand.teller) as teller,
        sum(per_maand.noemer) as noemer
    from per_maand
    inner join "veilig_thuis"."intermediate"."int_periode" as langere on per_maand.periode_id = langere.periode_id
    where langere.deel_van is not null
    group by langere.deel_van, per_maand.figuur_id, per_maand.gebied_id
),

per_halfjaar as (
    select
        langere.deel_van as periode_id,
        per_kwartaal.figuur_id,
        per_kwartaal.gebied_id,
        sum(per_kwartaal.teller) as teller,
        sum(per_kwartaal.noemer) as noemer
    from per_kwartaal
    inner join "veilig_thuis"."intermediate"."int_periode" as langere on per_kwartaal.periode_id = langere.periode_id
    where langere.deel_van is not null
    group by langere.deel_van, per_kwartaal.figuur_id, per_kwartaal.gebied_id
),

per_jaar as (
    select
        langere.deel_van as periode_id,
        per_halfjaar.figuur_id,
        per_halfjaar.gebied_id,
        sum(per_halfjaar.teller) as teller,
        sum(per_halfjaar.noemer) as noemer
    from per_halfjaar
    inner join "veilig_thuis"."intermediate"."int_periode" as langere on per_halfjaar.periode_id = langere.periode_id
    where langere.deel_van is not null
    group by langere.deel_van, per_halfjaar.figuur_id, per_halfjaar.gebied_id
),

-- each month with the four periods that it lies in
perioden as (
    select
        maanden.periode_id as maand_id,
        perioden.periode_id
    from "veilig_thuis"."intermediate"."int_periode" as maanden
    inner join "veilig_thuis"."intermediate"."int_periode" as perioden
        on
            maanden.periode_start >= perioden.periode_start
            and maanden.periode_eind <= perioden.periode_eind
    where maanden.periode_soort = 'maand'
),

-- how often each value occurs: lists of them would be as long as there are rows, and each must lie in memory whole
waarden_per_maand as (
    select
        figuur_id,
        periode_id,
        coalesce(gemeente_id, stadsdeel_id, wijk_id, buurt_id, 1) as gebied_id,
        teller as waarde,
        count(*) as aantal
    from bijdragen
    where wijze = 'verdeling'
    group by figuur_id, periode_id, teller, 
    grouping sets ((), (gemeente_id), (stadsdeel_id), (wijk_id), (buurt_id)) -- noqa: PRS
),

waarden as (
    select
        waarden_per_maand.figuur_id,
        perioden.periode_id,
        waarden_per_maand.gebied_id,
        waarden_per_maand.waarde,
        cast(sum(waarden_per_maand.aantal) as bigint) as aantal
    from waarden_per_maand
    inner join perioden on waarden_per_maand.periode_id = perioden.maand_id
    where waarden_per_maand.gebied_id != 0
    group by waarden_per_maand.figuur_id, perioden.periode_id, waarden_per_maand.gebied_id, waarden_per_maand.waarde
),

-- plaats: of the last row with that value, smallest first
gerangschikt as (
    select
        *,
        sum(aantal) over (
            partition by figuur_id, periode_id, gebied_id order by waarde rows between unbounded preceding and current row
        ) as plaats,
        sum(aantal) over (partition by figuur_id, periode_id, gebied_id) as rijen
    from waarden
),

verdelingen as (
    select
        gerangschikt.figuur_id,
        gerangschikt.periode_id,
        gerangschikt.gebied_id,
        -- the middle value, or the mean of the two middle ones; the smallest that at least 90% of the values do not exceed
        case any_value(figuren.soort)
            when 'mediaan' then (min(case when gerangschikt.plaats >= (rijen + 1) // 2 then gerangschikt.waarde end) + min(case when gerangschikt.plaats >= rijen // 2 + 1 then gerangschikt.waarde end)) / 2
            when 'p90' then min(case when gerangschikt.plaats >= (90 * rijen + 99) // 100 then gerangschikt.waarde end)
        end as teller,
        cast(null as double) as noemer
    from gerangschikt
    inner join "veilig_thuis"."intermediate"."int_figuur" as figuren on gerangschikt.figuur_id = figuren.figuur_id
    group by gerangschikt.figuur_id, gerangschikt.periode_id, gerangschikt.gebied_id
),

alle as (
    select
        figuur_id,
        periode_id,
        gebied_id,
        teller,
        noemer
    from per_maand
    union all
    select
        figuur_id,
        periode_id,
        gebied_id,
        teller,
        noemer
    from per_kwartaal
    union all
    select
        figuur_id,
        periode_id,
        gebied_id,
        teller,
        noemer
    from per_halfjaar
    union all
    select
        figuur_id,
        periode_id,
        gebied_id,
        teller,
        noemer
    from per_jaar
    union all
    select
        figuur_id,
        periode_id,
        gebied_id,
        teller,
        noemer
    from verdelingen
    
)

select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from alle
where gebied_id != 0
order by figuur_id, periode_id
