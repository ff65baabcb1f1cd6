-- The one model that knows what was published.
with gepubliceerd as (
    select
        publicatie,
        paragraaf,
        indicator,
        periode,
        gebied,
        cast(waarde as double) as gepubliceerd,
        eenheid,
        cast(nullif(split_part(precisie, ' ', 2), '') as integer) as decimalen,
        opmerking,
        coalesce(categorie_soort, '') as categorie_soort,
        coalesce(categorie, '') as categorie,
        split_part(precisie, ' ', 1) as precisie
    from {{ ref('gepubliceerde_cijfers') }}
),

samenstelling as (
    select * from {{ ref('samenstelling') }}
),

verklaringen as (
    select
        {{ alles_behalve(['categorie_soort', 'categorie']) }},
        coalesce(categorie_soort, '') as categorie_soort,
        coalesce(categorie, '') as categorie
    from {{ ref('verklaringen') }}
),

gebieden as (
    select * from {{ ref('int_gebied') }}
    where gebied in (select gepubliceerd.gebied from gepubliceerd)
),

figuren as (
    select * from {{ ref('int_figuur') }}
),

perioden as (
    select
        int_periode.periode_id,
        int_periode.periode,
        int_periode.periode_eind,
        venster.peildatum,
        int_periode.periode_eind <= venster.peildatum
        and int_periode.periode_start >= {{ eerste_van_maand('venster.eerste_dag') }} as in_gegevens
    from {{ ref('int_periode') }} as int_periode
    cross join {{ ref('int_venster') }} as venster
),

-- A publication shows the state of the end of its last period or later: earlier data cannot be held against it.
publicaties as (
    select
        gepubliceerd.publicatie,
        max(perioden.periode_eind) <= max(perioden.peildatum) as is_verschenen
    from gepubliceerd
    inner join perioden on gepubliceerd.periode = perioden.periode
    group by gepubliceerd.publicatie
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

gezocht as (
    select
        onderdelen.*,
        figuren.figuur_id,
        figuren.is_telling,
        figuren.is_breuk,
        figuren.factor,
        perioden.periode_id,
        gebieden.gebied_id
    from onderdelen
    inner join figuren
        on
            onderdelen.indicator = figuren.indicator
            and onderdelen.categorie_soort = figuren.categorie_soort
            and onderdelen.deel = figuren.categorie
    inner join perioden on onderdelen.periode = perioden.periode
    inner join gebieden on onderdelen.gebied = gebieden.gebied
),

cijfers as (
    select * from {{ ref('int_cijfers') }}
    where gebied_id in (select gebieden.gebied_id from gebieden)
),

berekend as (
    select
        gezocht.publicatie,
        gezocht.indicator,
        gezocht.periode,
        gezocht.gebied,
        gezocht.categorie_soort,
        gezocht.categorie,
        case
            -- a crossed category that does not occur has no row, and is 0
            when bool_and(gezocht.is_telling) then sum(coalesce(cijfers.teller, 0))
            when count(*) = 1 then max({{ waarde('gezocht', 'cijfers') }})
            when count(cijfers.noemer) = count(*) then max(gezocht.factor) * sum(cijfers.teller) / nullif(sum(cijfers.noemer), 0)
        end as berekend,
        case when count(later.gepubliceerd) = count(*) then sum(later.gepubliceerd) end as later_gepubliceerd
    from gezocht
    left join cijfers
        on
            gezocht.figuur_id = cijfers.figuur_id
            and gezocht.periode_id = cijfers.periode_id
            and gezocht.gebied_id = cijfers.gebied_id
    left join verklaringen
        on
            gezocht.publicatie = verklaringen.publicatie
            and gezocht.indicator = verklaringen.indicator
            and gezocht.periode = verklaringen.periode
            and gezocht.gebied = verklaringen.gebied
            and gezocht.categorie_soort = verklaringen.categorie_soort
            and gezocht.categorie = verklaringen.categorie
    left join gepubliceerd as later
        on
            verklaringen.latere_publicatie = later.publicatie
            and gezocht.indicator = later.indicator
            and gezocht.periode = later.periode
            and gezocht.gebied = later.gebied
            and gezocht.categorie_soort = later.categorie_soort
            and gezocht.deel = later.categorie
    group by all
),

vergeleken as (
    select
        gepubliceerd.*,
        berekend.later_gepubliceerd,
        coalesce(perioden.in_gegevens and publicaties.is_verschenen, false) as is_te_berekenen,
        case when perioden.in_gegevens and publicaties.is_verschenen then berekend.berekend end as berekend,
        case gepubliceerd.precisie
            when 'afgerond'
                then
                    floor(berekend.berekend * power(10, gepubliceerd.decimalen) + 0.5 + 1e-9)
                    = round(gepubliceerd.gepubliceerd * power(10, gepubliceerd.decimalen))
            when 'ongeveer' then abs(berekend.berekend - gepubliceerd.gepubliceerd) <= {{ var('marge_ongeveer') }}
            when 'ondergrens' then berekend.berekend > gepubliceerd.gepubliceerd
            when 'bovengrens' then berekend.berekend < gepubliceerd.gepubliceerd
            else berekend.berekend = gepubliceerd.gepubliceerd
        end as klopt
    from gepubliceerd
    left join berekend
        on
            gepubliceerd.publicatie = berekend.publicatie
            and gepubliceerd.indicator = berekend.indicator
            and gepubliceerd.periode = berekend.periode
            and gepubliceerd.gebied = berekend.gebied
            and gepubliceerd.categorie_soort = berekend.categorie_soort
            and gepubliceerd.categorie = berekend.categorie
    left join perioden on gepubliceerd.periode = perioden.periode
    left join publicaties on gepubliceerd.publicatie = publicaties.publicatie
),

beoordeeld as (
    select
        vergeleken.*,
        verklaringen.soort,
        verklaringen.reden,
        verklaringen.latere_publicatie,
        verklaringen.datum,
        case
            when not vergeleken.is_te_berekenen then 'niet_berekend'
            when vergeleken.klopt then 'gelijk'
            -- a revision explains a difference only when the later publication, where it gives the figure, has what we have
            when
                verklaringen.soort is not null
                and vergeleken.berekend = coalesce(vergeleken.later_gepubliceerd, vergeleken.berekend)
                then 'verklaard'
            else 'afwijkend'
        end as oordeel
    from vergeleken
    left join verklaringen
        on
            vergeleken.publicatie = verklaringen.publicatie
            and vergeleken.indicator = verklaringen.indicator
            and vergeleken.periode = verklaringen.periode
            and vergeleken.gebied = verklaringen.gebied
            and vergeleken.categorie_soort = verklaringen.categorie_soort
            and vergeleken.categorie = verklaringen.categorie
)

select
    publicatie,
    paragraaf,
    indicator,
    periode,
    gebied,
    categorie_soort,
    categorie,
    gepubliceerd,
    berekend,
    eenheid,
    precisie,
    decimalen,
    oordeel,
    opmerking,
    berekend - gepubliceerd as verschil,
    case when oordeel = 'verklaard' then soort end as verklaring_soort,
    case when oordeel = 'verklaard' then reden end as verklaring,
    case when oordeel = 'verklaard' then latere_publicatie end as latere_publicatie,
    case when oordeel = 'verklaard' then datum end as verklaard_op
from beoordeeld
