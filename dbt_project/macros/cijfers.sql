{% macro per_gebied() -%}
    {#- Group by area: the region, its gemeenten and BUITEN, stadsdelen, wijken and buurten at once. -#}
    {#- sqlfluff's DuckDB dialect does not know grouping sets: noqa leaves out this one parse error. #}
    grouping sets ((), (gemeente_id), (stadsdeel_id), (wijk_id), (buurt_id)) -- noqa: PRS
{%- endmacro %}

{% macro gebied_id() -%}
    {#- In a query grouped per_gebied: the area of the group; 1 is the region, 0 what has no area of that kind. -#}
    coalesce(gemeente_id, stadsdeel_id, wijk_id, buurt_id, 1)
{%- endmacro %}

{% macro feit_figuren(feiten, uitsplitsing, sleutel, indicatoren) -%}
{#-
    One row for each row of a fact and each figure that it may count in, with the numbers of its month and areas (0 where it has none).
    See the macro cijfers for the arguments.
-#}
    select
        genummerd.* exclude (wijk_id, buurt_id),
        case when figuren.diepte >= 3 then genummerd.wijk_id else 0 end as wijk_id,
        case when figuren.diepte >= 4 then genummerd.buurt_id else 0 end as buurt_id,
        figuren.indicator,
        figuren.figuur_id
    from (
        select
            {{ feiten }}.*,
            maanden.periode_id,
            coalesce(gemeenten.gebied_id, 0) as gemeente_id,
            coalesce(stadsdelen.gebied_id, 0) as stadsdeel_id,
            coalesce(wijken.gebied_id, 0) as wijk_id,
            coalesce(buurten.gebied_id, 0) as buurt_id
        from {{ feiten }}
        inner join {{ ref('int_periode') }} as maanden
            on {{ feiten }}.maand = maanden.periode_start and maanden.periode_soort = 'maand'
        left join {{ ref('int_gebied') }} as gemeenten
            on {{ feiten }}.gebied_gemeente = gemeenten.gebied and gemeenten.diepte = 1
        left join {{ ref('int_gebied') }} as stadsdelen
            on {{ feiten }}.gebied_stadsdeel = stadsdelen.gebied and stadsdelen.diepte = 2
        left join {{ ref('int_gebied') }} as wijken
            on {{ feiten }}.gebied_wijk = wijken.gebied and wijken.diepte = 3
        left join {{ ref('int_gebied') }} as buurten
            on {{ feiten }}.gebied_buurt = buurten.gebied and buurten.diepte = 4
    ) as genummerd
    inner join {{ uitsplitsing }} on genummerd.{{ sleutel }} = {{ uitsplitsing }}.{{ sleutel }}
    inner join {{ ref('int_figuur') }} as figuren
        on
            {{ uitsplitsing }}.categorie_soort = figuren.categorie_soort
            and {{ uitsplitsing }}.categorie = figuren.categorie
            and figuren.indicator in ('{{ indicatoren | join("', '") }}')
{%- endmacro %}

{% macro herleiding(rijen=none) -%}
    {#-
        The rows that figures rest on, for vt trace: what stands above this line as CTEs, closed with the select given. It stays a comment in
        the model; a release keeps the query (build/dbt.py: row_queries), so that a figure is traced by the very text that it was made with.

        Columns: figuur_id, periode_id (of the month), the four numbers of areas, what the row adds to teller and noemer, _levering, _bestand,
        _regel, and where rows are counted once for each of something: its number as geteld_id.
    -#}
    /* herleiding: {{ rijen or caller() }} */
{%- endmacro %}

{% macro opgeteld(perioden) -%}
    {#- Figures per period added up to the next longer one: months to quarters, quarters to half-years, half-years to years. -#}
    select
        langere.deel_van as periode_id,
        {{ perioden }}.figuur_id,
        {{ perioden }}.gebied_id,
        sum({{ perioden }}.teller) as teller,
        sum({{ perioden }}.noemer) as noemer
    from {{ perioden }}
    inner join {{ ref('int_periode') }} as langere on {{ perioden }}.periode_id = langere.periode_id
    where langere.deel_van is not null
    group by langere.deel_van, {{ perioden }}.figuur_id, {{ perioden }}.gebied_id
{%- endmacro %}

{% macro cijfers(feiten, uitsplitsing, sleutel, maten, voorraad=false) -%}
{#-
    The figures of a fact per period and area: the rows that close a model, with figuur_id, periode_id, gebied_id, teller, noemer.

    feiten:       CTE with one row for each thing counted: its key, maand (first day of the month it counts in), gebied_gemeente,
                  gebied_stadsdeel, gebied_wijk, gebied_buurt, _levering, _bestand, _regel, and the columns that the measures need.
    uitsplitsing: CTE with the key, categorie_soort and categorie: one row for each category that a thing falls in, the total among them.
    maten:        indicator → {'teller': …, 'noemer': …}: what one row adds to the figure; a count has no noemer.
    voorraad:     a period has the figure of its last month, once it has ended; else its months are added up.

    Only what occurs is given; int_cijfers_nul adds the noughts.
-#}
feit_figuren as (
    {{ feit_figuren(feiten, uitsplitsing, sleutel, maten.keys()) }}
),

maten as (
    select
        figuur_id,
        periode_id,
        gemeente_id,
        stadsdeel_id,
        wijk_id,
        buurt_id,
        _levering,
        _bestand,
        _regel,
        case indicator
            {%- for indicator, maat in maten.items() %}
            when '{{ indicator }}' then cast({{ maat.teller }} as double)
            {%- endfor %}
        end as teller,
        {%- if maten.values() | selectattr('noemer', 'defined') | list %}
        case indicator
            {%- for indicator, maat in maten.items() if maat.noemer %}
            when '{{ indicator }}' then cast({{ maat.noemer }} as double)
            {%- endfor %}
        end as noemer
        {%- else %}
        cast(null as double) as noemer
        {%- endif %}
    from feit_figuren
),

{{ herleiding('select * from maten') }}

per_maand_en_gebied as (
    select
        periode_id,
        figuur_id,
        {{ gebied_id() }} as gebied_id,
        sum(teller) as teller,
        sum(noemer) as noemer
    from maten
    where coalesce(noemer, teller) != 0
    group by periode_id, figuur_id, {{ per_gebied() }}
),

per_maand as (
    select * from per_maand_en_gebied
    where gebied_id != 0
),
{% if voorraad %}
per_periode as (
    select
        perioden.periode_id,
        per_maand.figuur_id,
        per_maand.gebied_id,
        per_maand.teller,
        per_maand.noemer
    from per_maand
    inner join {{ ref('int_periode') }} as maanden on per_maand.periode_id = maanden.periode_id
    inner join {{ ref('int_periode') }} as perioden on maanden.periode_eind = perioden.periode_eind
    where not perioden.voorlopig
)
{% else %}
per_kwartaal as (
    {{ opgeteld('per_maand') }}
),

per_halfjaar as (
    {{ opgeteld('per_kwartaal') }}
),

per_jaar as (
    {{ opgeteld('per_halfjaar') }}
),

per_periode as (
    select * from per_maand
    union all
    select * from per_kwartaal
    union all
    select * from per_halfjaar
    union all
    select * from per_jaar
)
{% endif %}
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from per_periode
{%- endmacro %}
