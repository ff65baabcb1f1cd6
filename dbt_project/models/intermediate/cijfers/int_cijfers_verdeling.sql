{%- set uitsplitsingen = {
    'urgentie': ['genummerd', 'urgentie'],
    'dienst_soort': ['genummerd', 'dienst_soort'],
} -%}
-- What does not add up: medians, 90th percentiles and distinct casussen, each over all rows of its period and area.
with beoordelingen as (
    select * from {{ ref('fct_veiligheidsbeoordelingen') }}
    where werkdagen is not null
),

diensten as (
    select * from {{ ref('fct_diensten') }}
    where dagen_na_besluit is not null
),

meldingen as (
    select * from {{ ref('fct_meldingen') }}
),

waarden as (
    select
        'vb_doorlooptijd_mediaan' as mediaan,
        'vb_doorlooptijd_p90' as p90,
        maand,
        cast(werkdagen as double) as waarde,
        urgentie,
        cast(null as varchar) as dienst_soort,
        gebied_gemeente,
        gebied_stadsdeel,
        gebied_wijk,
        gebied_buurt,
        _levering,
        _bestand,
        _regel
    from beoordelingen
    union all
    select
        'dienst_doorlooptijd_mediaan' as mediaan,
        'dienst_doorlooptijd_p90' as p90,
        {{ eerste_van_maand('afgesloten_op') }} as maand,
        dagen_na_besluit / 7.0 as waarde,
        null as urgentie,
        dienst_soort,
        gebied_gemeente,
        gebied_stadsdeel,
        gebied_wijk,
        gebied_buurt,
        _levering,
        _bestand,
        _regel
    from diensten
),

genummerd as (
    select
        *,
        row_number() over () as waarde_id
    from waarden
),

uitsplitsing as (
    {{ uitsplitsing('waarde_id', uitsplitsingen) }}
),

waarde_figuren as (
    {{ feit_figuren('genummerd', 'uitsplitsing', 'waarde_id', ['vb_doorlooptijd_mediaan', 'dienst_doorlooptijd_mediaan']) }}
),

casus_totaal as (
    select
        melding_id,
        '' as categorie_soort,
        '' as categorie
    from meldingen
),

casus_figuren as (
    {{ feit_figuren('meldingen', 'casus_totaal', 'melding_id', ['casussen_met_melding']) }}
),

figuren as (
    select * from {{ ref('int_figuur') }}
),

{% call herleiding() -%}
    select
        doel.figuur_id, rij.periode_id, rij.gemeente_id, rij.stadsdeel_id, rij.wijk_id, rij.buurt_id,
        rij._levering, rij._bestand, rij._regel, rij.waarde as teller, cast(null as double) as noemer, cast(null as bigint) as geteld_id
    from waarde_figuren as rij
    inner join figuren as eigen on rij.figuur_id = eigen.figuur_id
    inner join figuren as doel on eigen.categorie_id = doel.categorie_id and doel.indicator in (rij.mediaan, rij.p90)
    where rij.indicator = rij.mediaan
    union all
    select
        figuur_id, periode_id, gemeente_id, stadsdeel_id, wijk_id, buurt_id,
        _levering, _bestand, _regel, cast(1 as double) as teller, null as noemer, casus_id as geteld_id
    from casus_figuren
{%- endcall %}

-- each month with the four periods that it lies in
perioden as (
    select
        maanden.periode_id as maand_id,
        perioden.periode_id
    from {{ ref('int_periode') }} as maanden
    inner join {{ ref('int_periode') }} as perioden
        on
            maanden.periode_start >= perioden.periode_start
            and maanden.periode_eind <= perioden.periode_eind
    where maanden.periode_soort = 'maand'
),

lijsten as (
    select
        waarde_figuren.figuur_id,
        perioden.periode_id,
        {{ gebied_id() }} as gebied_id,
        {{ op_grootte('waarde_figuren.waarde') }} as lijst
    from waarde_figuren
    inner join perioden on waarde_figuren.periode_id = perioden.maand_id
    where waarde_figuren.indicator = waarde_figuren.mediaan
    group by waarde_figuren.figuur_id, perioden.periode_id, {{ per_gebied() }}
),

verdelingen as (
    select
        figuur_id,
        periode_id,
        gebied_id,
        {{ middelste('lijst') }} as mediaan,
        {{ kleinste_percentiel('lijst', 90) }} as p90
    from lijsten
),

casussen as (
    select
        casus_figuren.figuur_id,
        perioden.periode_id,
        {{ gebied_id() }} as gebied_id,
        cast(count(distinct casus_figuren.casus_id) as double) as teller
    from casus_figuren
    inner join perioden on casus_figuren.periode_id = perioden.maand_id
    group by casus_figuren.figuur_id, perioden.periode_id, {{ per_gebied() }}
),

alle as (
    select
        figuur_id,
        periode_id,
        gebied_id,
        mediaan as teller
    from verdelingen
    union all
    select
        p90.figuur_id,
        verdelingen.periode_id,
        verdelingen.gebied_id,
        verdelingen.p90 as teller
    from verdelingen
    inner join figuren as mediaan on verdelingen.figuur_id = mediaan.figuur_id
    inner join figuren as p90
        on
            mediaan.categorie_id = p90.categorie_id
            and p90.indicator = replace(mediaan.indicator, '_mediaan', '_p90')
    union all
    select
        figuur_id,
        periode_id,
        gebied_id,
        teller
    from casussen
)

select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    cast(null as double) as noemer
from alle
where gebied_id != 0
{{ op_volgorde() }}
