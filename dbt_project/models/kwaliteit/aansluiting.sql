-- The one model that knows what was published.
with gepubliceerd as (
    select
        publicatie,
        paragraaf,
        indicator,
        periode,
        gebied,
        coalesce(categorie_soort, '') as categorie_soort,
        coalesce(categorie, '') as categorie,
        waarde as gepubliceerd,
        eenheid,
        split_part(precisie, ' ', 1) as precisie,
        cast(nullif(split_part(precisie, ' ', 2), '') as integer) as decimalen,
        opmerking
    from {{ ref('gepubliceerde_cijfers') }}
),

samenstelling as (
    select * from {{ ref('samenstelling') }}
),

verklaringen as (
    select
        *,
        coalesce(categorie_soort, '') as verklaarde_soort,
        coalesce(categorie, '') as verklaarde_categorie
    from {{ ref('verklaringen') }}
),

indicatoren as (
    select * from {{ ref('indicatoren') }}
),

venster as (
    select * from {{ ref('int_venster') }}
),

perioden as (
    select
        int_periode.periode,
        -- a figure can be computed for a period that lies wholly within the data
        int_periode.periode_eind <= venster.peildatum and int_periode.periode_start >= date_trunc('month', venster.eerste_dag) as in_gegevens
    from {{ ref('int_periode') }} as int_periode
    cross join venster
),

-- A published category is one of ours, or made up of several of ours.
onderdelen as (
    select
        gepubliceerd.*,
        coalesce(samenstelling.deel, gepubliceerd.categorie) as deel
    from gepubliceerd
    left join samenstelling
        on
            gepubliceerd.categorie_soort = samenstelling.categorie_soort
            and gepubliceerd.categorie = samenstelling.categorie
),

berekend as (
    select
        onderdelen.publicatie,
        onderdelen.indicator,
        onderdelen.periode,
        onderdelen.gebied,
        onderdelen.categorie_soort,
        onderdelen.categorie,
        case
            when any_value(indicatoren.eenheid) = 'aantal' then sum(indicatoren.waarde)
            when count(*) = 1 then max(indicatoren.waarde)
            else 100 * sum(indicatoren.teller) / nullif(sum(indicatoren.noemer), 0)
        end as berekend,
        count(indicatoren.waarde) = count(*) as volledig
    from onderdelen
    left join indicatoren
        on
            onderdelen.indicator = indicatoren.indicator
            and onderdelen.periode = indicatoren.periode
            and onderdelen.gebied = indicatoren.gebied
            and onderdelen.categorie_soort = indicatoren.categorie_soort
            and onderdelen.deel = indicatoren.categorie
    group by all
),

vergeleken as (
    select
        gepubliceerd.*,
        case when perioden.in_gegevens and berekend.volledig then berekend.berekend end as berekend,
        case gepubliceerd.precisie
            when 'afgerond'
                then
                    floor(berekend.berekend * power(10, gepubliceerd.decimalen) + 0.5 + 1e-9)
                    = round(gepubliceerd.gepubliceerd * power(10, gepubliceerd.decimalen))
            when 'ongeveer' then abs(berekend.berekend - gepubliceerd.gepubliceerd) <= {{ var('marge_ongeveer') }}
            when 'ondergrens' then berekend.berekend > gepubliceerd.gepubliceerd
            when 'bovengrens' then berekend.berekend < gepubliceerd.gepubliceerd
            else berekend.berekend = gepubliceerd.gepubliceerd
        end as klopt,
        coalesce(perioden.in_gegevens, false) as in_gegevens
    from gepubliceerd
    inner join berekend
        on
            gepubliceerd.publicatie = berekend.publicatie
            and gepubliceerd.indicator = berekend.indicator
            and gepubliceerd.periode = berekend.periode
            and gepubliceerd.gebied = berekend.gebied
            and gepubliceerd.categorie_soort = berekend.categorie_soort
            and gepubliceerd.categorie = berekend.categorie
    left join perioden on gepubliceerd.periode = perioden.periode
)

select
    vergeleken.publicatie,
    vergeleken.paragraaf,
    vergeleken.indicator,
    vergeleken.periode,
    vergeleken.gebied,
    vergeleken.categorie_soort,
    vergeleken.categorie,
    cast(vergeleken.gepubliceerd as double) as gepubliceerd,
    vergeleken.berekend,
    vergeleken.berekend - vergeleken.gepubliceerd as verschil,
    vergeleken.eenheid,
    vergeleken.precisie,
    vergeleken.decimalen,
    case
        when not vergeleken.in_gegevens then 'niet_berekend'
        when vergeleken.klopt then 'gelijk'
        when vergeleken.berekend is not null and verklaringen.soort is not null then 'verklaard'
        else 'afwijkend'
    end as oordeel,
    case when not coalesce(vergeleken.klopt, false) then verklaringen.soort end as verklaring_soort,
    case when not coalesce(vergeleken.klopt, false) then verklaringen.reden end as verklaring,
    case when not coalesce(vergeleken.klopt, false) then verklaringen.latere_publicatie end as latere_publicatie,
    case when not coalesce(vergeleken.klopt, false) then verklaringen.datum end as verklaard_op
from vergeleken
left join verklaringen
    on
        vergeleken.publicatie = verklaringen.publicatie
        and vergeleken.indicator = verklaringen.indicator
        and vergeleken.periode = verklaringen.periode
        and vergeleken.gebied = verklaringen.gebied
        and vergeleken.categorie_soort = verklaringen.verklaarde_soort
        and vergeleken.categorie = verklaringen.verklaarde_categorie
