-- Every value of every breakdown, with its name and place; the total is the empty one, a crossed one is joined by a bar.
with soorten as (
    select * from {{ ref('categorie_soorten') }}
),

codes as (
    select
        codelijst,
        code,
        naam,
        volgorde
    from {{ ref('codelijsten') }}
    union all
    select
        codelijst,
        code,
        naam,
        volgorde
    from {{ ref('afgeleide_categorieen') }}
),

enkel as (
    select
        soorten.categorie_soort,
        codes.code as categorie,
        codes.naam as categorie_naam,
        codes.volgorde
    from soorten
    inner join codes on soorten.codelijst = codes.codelijst
    -- closings are no transfers, and receivers break down transfers only
    where not (soorten.categorie_soort in ('ontvanger', 'ontvanger_groep') and codes.code in ('CLIENTSYSTEEM', 'GEEN_VERVOLG'))
),

alle as (
    select
        '' as categorie_soort,
        '' as categorie,
        'Totaal' as categorie_naam,
        0 as volgorde,
        false as is_gekruist,
        cast(null as string) as geheel_soort,
        cast(null as string) as geheel
    union all
    select
        categorie_soort,
        categorie,
        categorie_naam,
        volgorde,
        false as is_gekruist,
        '' as geheel_soort,
        '' as geheel
    from enkel
    union all
    select
        soorten.categorie_soort,
        eerste.categorie || '|' || tweede.categorie as categorie,
        eerste.categorie_naam || ' | ' || tweede.categorie_naam as categorie_naam,
        eerste.volgorde * 100 + tweede.volgorde as volgorde,
        true as is_gekruist,
        eerste.categorie_soort as geheel_soort,
        eerste.categorie as geheel
    from soorten
    inner join enkel as eerste on soorten.eerste = eerste.categorie_soort
    inner join enkel as tweede on soorten.tweede = tweede.categorie_soort
),

genummerd as (
    select
        *,
        cast(row_number() over (order by categorie_soort, volgorde, categorie) as smallint) as categorie_id
    from alle
)

select
    genummerd.categorie_id,
    genummerd.categorie_soort,
    genummerd.categorie,
    genummerd.categorie_naam,
    genummerd.is_gekruist,
    gehelen.categorie_id as geheel_id,
    genummerd.volgorde
from genummerd
left join genummerd as gehelen
    on
        genummerd.geheel_soort = gehelen.categorie_soort
        and genummerd.geheel = gehelen.categorie
