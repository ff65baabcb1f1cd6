{{ config(post_hook="{{ als_opsomming(['vergelijkbaarheid', 'vergelijkbaarheid_reden'], 'volgorde') }}") }}
-- Where a break lies between a period and the one before it, for all figures of an area, a figure in all areas, or one figure of one area.
with breuken as (
    select
        breuken.vergelijkbaarheid,
        breuken.vanaf,
        breuken.indicator,
        breuken.categorie,
        breuken.gebied_soort,
        breuken.gebied,
        redenen.soort,
        coalesce(breuken.categorie_soort, '') as categorie_soort
    from {{ ref('breuken') }} as breuken
    inner join {{ ref('vergelijkbaarheid') }} as redenen on breuken.vergelijkbaarheid = redenen.vergelijkbaarheid
),

-- the first day of which a report can be held against three years of earlier ones
terugblik as (
    select {{ jaren_later('min(ontvangen_dag)', var('terugblik_jaren')) }} as heel_vanaf
    from {{ ref('fct_meldingen') }}
),

-- the first day of which a casus that was closed has not been followed to the end
opvolging as (
    select min(afgesloten_op) as niet_heel_vanaf
    from {{ ref('fct_casussen') }}
    where not is_gevolgd
),

perioden as (
    select
        periode_id,
        periode_eind,
        lag(periode_start) over (partition by periode_soort order by periode_start) as vorige_start
    from {{ ref('int_periode') }}
),

-- not wholly before and not wholly after the change lie this period and the one before
getroffen as (
    select
        breuken.*,
        perioden.periode_id
    from breuken
    cross join terugblik
    cross join opvolging
    inner join perioden
        on
            (breuken.vanaf > perioden.vorige_start and breuken.vanaf <= perioden.periode_eind)
            or (breuken.soort = 'terugblik' and terugblik.heel_vanaf > perioden.vorige_start)
            or (breuken.soort = 'opvolging' and opvolging.niet_heel_vanaf <= perioden.periode_eind)
),

huishoudens as (
    select
        cijfers.figuur_id,
        cijfers.gebied_id,
        cijfers.periode_id,
        cijfers.noemer is null
        or lag(cijfers.noemer is null) over (
            partition by cijfers.figuur_id, cijfers.gebied_id order by cijfers.periode_id
        ) as noemer_ontbreekt
    from {{ ref('int_cijfers_per_1000') }} as cijfers
),

alle as (
    select
        coalesce(figuren.figuur_id, 0) as figuur_id,
        coalesce(gebieden.gebied_id, 0) as gebied_id,
        getroffen.periode_id,
        getroffen.vergelijkbaarheid
    from getroffen
    left join {{ ref('int_figuur') }} as figuren
        on
            getroffen.indicator = figuren.indicator
            and getroffen.categorie_soort = figuren.categorie_soort
            and (getroffen.categorie is null or getroffen.categorie = split_part(figuren.categorie, '|', 1))
    left join {{ ref('int_gebied') }} as gebieden
        on
            getroffen.gebied_soort = gebieden.gebied_soort
            and (getroffen.gebied is null or getroffen.gebied = gebieden.gebied)
    union all
    select
        figuur_id,
        gebied_id,
        periode_id,
        'noemer_ontbreekt' as vergelijkbaarheid
    from huishoudens
    where noemer_ontbreekt
)

select
    cast(alle.figuur_id as smallint) as figuur_id,
    cast(alle.gebied_id as smallint) as gebied_id,
    alle.periode_id,
    redenen.vergelijkbaarheid,
    redenen.reden as vergelijkbaarheid_reden,
    redenen.volgorde
from alle
inner join {{ ref('vergelijkbaarheid') }} as redenen on alle.vergelijkbaarheid = redenen.vergelijkbaarheid
-- of several reasons the first
qualify row_number() over (partition by alle.figuur_id, alle.gebied_id, alle.periode_id order by redenen.volgorde) = 1
