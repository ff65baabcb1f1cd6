{{ config(post_hook="{{ als_opsomming(['periode_soort', 'periode'], 'periode_id') }}") }}
with kalender as (
    select * from {{ ref('dim_datum') }}
),

perioden as (
    select
        'maand' as periode_soort,
        maand as periode,
        kwartaal as langere,
        dag
    from kalender
    union all
    select
        'kwartaal' as periode_soort,
        kwartaal as periode,
        halfjaar as langere,
        dag
    from kalender
    union all
    select
        'halfjaar' as periode_soort,
        halfjaar as periode,
        cast(jaar as string) as langere,
        dag
    from kalender
    union all
    select
        'jaar' as periode_soort,
        cast(jaar as string) as periode,
        null as langere,
        dag
    from kalender
),

grenzen as (
    select
        periode_soort,
        periode,
        langere,
        min(dag) as periode_start,
        max(dag) as periode_eind
    from perioden
    group by periode_soort, periode, langere
),

genummerd as (
    select
        *,
        cast(row_number() over (order by periode_eind asc, periode_start desc) as smallint) as periode_id
    from grenzen
)

select
    genummerd.periode_id,
    genummerd.periode_soort,
    genummerd.periode,
    genummerd.periode_start,
    genummerd.periode_eind,
    langere.periode_id as deel_van,
    genummerd.periode_eind > venster.peildatum as voorlopig,
    -- from the first report or request to the day whose state the build shows; none where there is neither
    coalesce(genummerd.periode_eind >= venster.eerste_dag and genummerd.periode_start <= venster.peildatum, false) as in_venster
from genummerd
left join genummerd as langere on genummerd.langere = langere.periode
cross join {{ ref('int_venster') }} as venster
