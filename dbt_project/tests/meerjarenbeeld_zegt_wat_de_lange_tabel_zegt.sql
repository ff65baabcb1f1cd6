{%- set kolommen = {
    'indicator_naam': 'nu.indicator_naam',
    'categorie_soort': 'nu.categorie_soort',
    'gebied_soort': 'nu.gebied_soort',
    'gebied_naam': 'nu.gebied_naam',
    'eenheid': 'nu.eenheid',
    'voorlopig': 'nu.voorlopig',
    'waarde': 'nu.waarde',
    'waarde_vorig_jaar': 'toen.waarde',
    'verschil': 'case when not nu.voorlopig then nu.waarde - toen.waarde end',
    'verandering': 'case when not nu.voorlopig then 100 * (nu.waarde - toen.waarde) / nullif(toen.waarde, 0) end',
    'tot_en_met_maand': 'laatste_maand.maand',
    'norm': 'nu.norm',
    'voldoet_aan_norm': 'nu.waarde >= nu.norm',
    'vergelijkbaarheid': 'nu.vergelijkbaarheid',
    'vergelijkbaarheid_reden': 'nu.vergelijkbaarheid_reden',
} -%}
{#- Sums over months: their last digit depends on the order of the months. -#}
{%- set sommen = {
    'waarde_tot_en_met': 'deel_nu.waarde',
    'waarde_tot_en_met_vorig_jaar': 'deel_toen.waarde',
} -%}
-- Of each indicator and year what the long table has for that year, for the one before, and for the months of both that are over.
with lang as (
    select
        cijfers.*,
        normen.norm,
        extract(year from cijfers.periode_start) as jaar
    from {{ ref('indicatoren') }} as cijfers
    left join {{ ref('int_figuur') }} as normen
        on
            cijfers.indicator = normen.indicator
            and cijfers.categorie_soort = normen.categorie_soort
            and cijfers.categorie = normen.categorie
    where
        cijfers.gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel')
        and cijfers.categorie_soort in ('', 'dienst_soort') -- the breakdowns that have a norm
        and cijfers.periode_soort in ('jaar', 'maand')
        and (cijfers.categorie_soort = '' or normen.norm is not null)
),

laatste_maand as (
    select coalesce(max(extract(month from periode_eind)), 0) as maand
    from {{ ref('dim_periode') }}
    where
        periode_soort = 'maand'
        and not voorlopig
        and extract(year from periode_eind) = (select max(extract(year from jaren.periode_eind)) from lang as jaren)
),

jaren as (
    select * from lang
    where periode_soort = 'jaar'
),

delen as (
    select
        lang.indicator,
        lang.categorie,
        lang.gebied,
        lang.jaar,
        case
            when any_value(soorten.soort) = 'aantal' then sum(lang.waarde)
            when any_value(soorten.soort) in ('aandeel', 'gemiddelde')
                then any_value(soorten.factor) * sum(lang.teller) / nullif(sum(lang.noemer), 0)
        end as waarde
    from lang
    inner join {{ ref('dim_indicator') }} as soorten on lang.indicator = soorten.indicator
    cross join laatste_maand
    where
        lang.periode_soort = 'maand'
        and extract(month from lang.periode_start) <= laatste_maand.maand
    group by lang.indicator, lang.categorie, lang.gebied, lang.jaar
),

vergeleken as (
    select
        'meerjarenbeeld' as mart,
        coalesce(mart.indicator, nu.indicator) as indicator,
        coalesce(mart.categorie, nu.categorie) as categorie,
        coalesce(mart.gebied, nu.gebied) as gebied,
        coalesce(mart.jaar, nu.jaar) as periode,
        {{ per_kolom(
            kolommen.keys() | list + sommen.keys() | list,
            verschilt('mart', kolommen) + verschilt('mart', sommen, afgerond=true),
            'boolean'
        ) }}
    from {{ ref('meerjarenbeeld') }} as mart
    full join jaren as nu
        on
            mart.indicator = nu.indicator
            and mart.categorie = nu.categorie
            and mart.gebied = nu.gebied
            and mart.jaar = nu.jaar
    cross join laatste_maand
    left join jaren as toen
        on
            nu.indicator = toen.indicator
            and nu.categorie = toen.categorie
            and nu.gebied = toen.gebied
            and nu.jaar = toen.jaar + 1
    left join delen as deel_nu
        on
            nu.indicator = deel_nu.indicator
            and nu.categorie = deel_nu.categorie
            and nu.gebied = deel_nu.gebied
            and nu.jaar = deel_nu.jaar
    left join delen as deel_toen
        on
            nu.indicator = deel_toen.indicator
            and nu.categorie = deel_toen.categorie
            and nu.gebied = deel_toen.gebied
            and nu.jaar = deel_toen.jaar + 1
)

select {{ alles_behalve('waarde') }} from vergeleken
where waarde
