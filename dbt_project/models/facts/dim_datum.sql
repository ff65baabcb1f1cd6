-- Working days by the Algemene termijnenwet, art. 3. Easter by the Gregorian computus (Meeus, Jones, Butcher).
with dagen as (
    {{ dagenreeks(var('kalender_van'), var('kalender_tot')) }}
),

jaren as (
    select distinct cast(extract(year from dag) as integer) as jaar
    from dagen
),

-- a: year in the 19-year cycle of the moon; b, c: century and year in it
paasgetallen_1 as (
    select
        jaar,
        jaar % 19 as a,
        {{ gehele_deling('jaar', 100) }} as b,
        jaar % 100 as c
    from jaren
),

-- h: days from 21 March to the full moon, before its two corrections
paasgetallen_2 as (
    select
        *,
        (19 * a + b - {{ gehele_deling('b', 4) }} - {{ gehele_deling('(b - ' ~ gehele_deling('(b + 8)', 25) ~ ' + 1)', 3) }} + 15) % 30 as h
    from paasgetallen_1
),

-- l: days from there to Sunday
paasgetallen_3 as (
    select
        *,
        (32 + 2 * (b % 4) + 2 * ({{ gehele_deling('c', 4) }}) - h - c % 4) % 7 as l
    from paasgetallen_2
),

-- n: month and day of that Sunday, in one number
paasgetallen_4 as (
    select
        jaar,
        h + l - 7 * ({{ gehele_deling('(a + 11 * h + 22 * l)', 451) }}) + 114 as n
    from paasgetallen_3
),

pasen as (
    select
        jaar,
        make_date(jaar, {{ gehele_deling('n', 31) }}, n % 31 + 1) as paasdag
    from paasgetallen_4
),

koningsdagen as (
    select
        jaar,
        case when jaar <= 2013 then make_date(jaar, 4, 30) else make_date(jaar, 4, 27) end as dag
    from jaren
),

feestdagen_per_naam as (
    select
        make_date(jaar, 1, 1) as dag,
        'Nieuwjaarsdag' as feestdag
    from jaren
    union all
    select
        paasdag - 2 as dag,
        'Goede Vrijdag' as feestdag
    from pasen
    union all
    select
        paasdag + 1 as dag,
        'Tweede Paasdag' as feestdag
    from pasen
    union all
    select
        paasdag + 39 as dag,
        'Hemelvaartsdag' as feestdag
    from pasen
    union all
    select
        paasdag + 50 as dag,
        'Tweede Pinksterdag' as feestdag
    from pasen
    union all
    select
        case when {{ weekdag('dag') }} = 7 then dag - 1 else dag end as dag,
        case when jaar <= 2013 then 'Koninginnedag' else 'Koningsdag' end as feestdag
    from koningsdagen
    union all
    select
        make_date(jaar, 5, 5) as dag,
        'Bevrijdingsdag' as feestdag
    from jaren
    union all
    select
        make_date(jaar, 12, 25) as dag,
        'Eerste Kerstdag' as feestdag
    from jaren
    union all
    select
        make_date(jaar, 12, 26) as dag,
        'Tweede Kerstdag' as feestdag
    from jaren
),

feestdagen as (
    select
        dag,
        {{ samengevoegd('feestdag', ' en ') }} as feestdag
    from feestdagen_per_naam
    group by dag
),

gekenmerkt as (
    select
        dagen.dag,
        feestdagen.feestdag,
        {{ weekdag('dagen.dag') }} <= 5 and feestdagen.dag is null as is_werkdag
    from dagen
    left join feestdagen on dagen.dag = feestdagen.dag
)

select
    dag,
    cast(extract(year from dag) as integer) as jaar,
    extract(year from dag) || '-H' || case when quarter(dag) <= 2 then 1 else 2 end as halfjaar,
    extract(year from dag) || '-Q' || quarter(dag) as kwartaal,
    {{ als_maand('dag') }} as maand,
    {{ eerste_van_maand('dag') }} as maand_start,
    last_day(dag) as maand_eind,
    cast({{ weekdag('dag') }} as integer) as weekdag,
    feestdag,
    is_werkdag,
    cast(sum(cast(is_werkdag as integer)) over (order by dag) as integer) as werkdag_nummer,
    min(case when is_werkdag then dag end) over (order by dag desc rows between unbounded preceding and current row)
        as eerstvolgende_werkdag
from gekenmerkt
