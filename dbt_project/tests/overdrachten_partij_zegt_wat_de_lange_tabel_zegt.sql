{%- set kolommen = {
    'overdrachten': 'lang.overdrachten',
    'betrokken': 'lang.betrokken',
    'niet_betrokken': 'lang.niet_betrokken',
    'betrokken_onbekend': 'lang.betrokken_onbekend',
    'aandeel_betrokken': '100 * lang.betrokken / nullif(lang.betrokken + lang.niet_betrokken, 0)',
    'ontvanger_naam': 'ontvangers.ontvanger_naam',
    'ontvanger_groep': 'ontvangers.ontvanger_groep',
    'ontvanger_groep_naam': 'ontvangers.ontvanger_groep_naam',
    'periode_start': 'perioden.periode_start',
    'periode_eind': 'perioden.periode_eind',
    'voorlopig': 'perioden.voorlopig',
    'gebied_naam': 'gebieden.gebied_naam',
} -%}
-- Of each party that takes over: its transfers in the long table, by whether it was involved, and the share of those of which that is known.
with lang as (
    select
        cast(periode_soort as string) as periode_soort,
        cast(periode as string) as periode,
        cast(gebied as string) as gebied,
        split_part(categorie, '|', 1) as ontvanger,
        sum(case when categorie_soort = 'ontvanger' then waarde else 0 end) as overdrachten,
        sum(case when split_part(categorie, '|', 2) = 'ja' then waarde else 0 end) as betrokken,
        sum(case when split_part(categorie, '|', 2) = 'nee' then waarde else 0 end) as niet_betrokken,
        sum(case when split_part(categorie, '|', 2) = 'onbekend' then waarde else 0 end) as betrokken_onbekend
    from {{ ref('indicatoren') }}
    where
        indicator = 'overdrachten'
        and categorie_soort in ('ontvanger', 'ontvanger|betrokken')
        and gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel')
    group by all
),

vergeleken as (
    select
        'overdrachten_partij' as mart,
        coalesce(mart.periode_soort, lang.periode_soort) as periode_soort,
        coalesce(mart.periode, lang.periode) as periode,
        coalesce(mart.gebied, lang.gebied) as gebied,
        coalesce(mart.ontvanger, lang.ontvanger) as ontvanger,
        {{ per_kolom(kolommen, verschilt('mart', kolommen), 'boolean') }}
    from {{ ref('overdrachten_partij') }} as mart
    full join lang
        on
            mart.periode_soort = lang.periode_soort
            and mart.periode = lang.periode
            and mart.gebied = lang.gebied
            and mart.ontvanger = lang.ontvanger
    left join {{ ref('dim_ontvanger') }} as ontvangers on lang.ontvanger = ontvangers.ontvanger
    left join {{ ref('dim_periode') }} as perioden on lang.periode_soort = perioden.periode_soort and lang.periode = perioden.periode
    left join {{ ref('dim_gebied') }} as gebieden on mart.gebied_soort = gebieden.gebied_soort and lang.gebied = gebieden.gebied
)

select {{ alles_behalve('waarde') }} from vergeleken
where waarde
