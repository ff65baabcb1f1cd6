{% macro per_gebied() -%}
    {#- Group by area: the region, its gemeenten and BUITEN, stadsdelen, wijken and buurten at once. -#}
    {#- sqlfluff's DuckDB dialect does not know grouping sets: noqa leaves out this one parse error. #}
    grouping sets ((), (gemeente_id), (stadsdeel_id), (wijk_id), (buurt_id)) -- noqa: PRS
{%- endmacro %}

{% macro gebied_id() -%}
    {#- In a query grouped per_gebied: the area of the group; 1 is the region, 0 what has no area of that kind. -#}
    coalesce(gemeente_id, stadsdeel_id, wijk_id, buurt_id, 1)
{%- endmacro %}

{% macro genummerd(feiten) -%}
    {#- The rows of a fact with the numbers of their month and areas; 0 where they have none. -#}
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
{%- endmacro %}

{% macro feit_figuren(feiten, uitsplitsing, sleutel, indicatoren) -%}
{#-
    One row for each row of a fact and each figure that it counts in, with the numbers of its month and areas (0 where it has none).
    See the macro cijfers for the arguments.
-#}
    select
        genummerd.* exclude (wijk_id, buurt_id),
        case when figuren.diepte >= 3 then genummerd.wijk_id else 0 end as wijk_id,
        case when figuren.diepte >= 4 then genummerd.buurt_id else 0 end as buurt_id,
        figuren.indicator,
        figuren.figuur_id
    from ({{ genummerd(feiten) }}) as genummerd
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

{% macro uitdrukkingen(maten) -%}
    {#- What the measures add up, each expression once: shares of the same whole have the same denominator. -#}
    {%- set gevonden = [] %}
    {%- for maat in maten.values() %}
        {%- for tekst in (maat.teller, maat.get('noemer')) if tekst and tekst not in gevonden %}{% do gevonden.append(tekst) %}{% endfor %}
    {%- endfor %}
    {{- return(gevonden) -}}
{%- endmacro %}

{% macro opgetelde_maten(maten) -%}
    {#- The sums of all expressions, one column for each. -#}
    {%- for _ in uitdrukkingen(maten) %}
        sum(som_{{ loop.index }}) as som_{{ loop.index }},
    {%- endfor %}
{%- endmacro %}

{% macro maten_van(maten) -%}
    {#- All sums as they stand, in the order of opgetelde_maten. -#}
    {%- for _ in uitdrukkingen(maten) %}
        som_{{ loop.index }},
    {%- endfor %}
{%- endmacro %}

{% macro maat_van_figuur(maten) -%}
    {#- Of all sums of a row those of its indicator: columns teller and noemer. -#}
    {%- set sommen = uitdrukkingen(maten) -%}
        case figuren.indicator
            {%- for indicator, maat in maten.items() %}
            when '{{ indicator }}' then som_{{ sommen.index(maat.teller) + 1 }}
            {%- endfor %}
        end as teller,
        {%- if maten.values() | selectattr('noemer', 'defined') | list %}
        case figuren.indicator
            {%- for indicator, maat in maten.items() %}
            {%- if maat.noemer %}
            when '{{ indicator }}' then som_{{ sommen.index(maat.noemer) + 1 }}
            {%- endif %}
            {%- endfor %}
        end as noemer
        {%- else %}
        cast(null as double) as noemer
        {%- endif %}
{%- endmacro %}

{% macro cijfers(feiten, uitsplitsing, sleutel, maten, voorraad=false) -%}
{#-
    The figures of a fact per period and area: the rows that close a model, with figuur_id, periode_id, gebied_id, teller, noemer.

    feiten:       CTE with one row for each thing counted: its key, maand (first day of the month it counts in), gebied_gemeente,
                  gebied_stadsdeel, gebied_wijk, gebied_buurt, _levering, _bestand, _regel, and the columns that the measures need.
    uitsplitsing: CTE with the key, categorie_soort and categorie: one row for each category that a thing falls in, the total among them.
    maten:        indicator → {'teller': …, 'noemer': …}: what one row adds to the figure; a count has no noemer.
    voorraad:     a period has the figure of its last month, once it has ended; else its months are added up.

    First all measures are added up by month, category and area, the small areas apart from the large; only then does each figure take its
    own. Only what occurs is given; int_cijfers_nul adds the noughts.
-#}
figuren as (
    select
        figuur_id,
        indicator,
        categorie_soort,
        categorie,
        diepte,
        min(figuur_id) over (partition by categorie_soort, categorie) as vak_id
    from {{ ref('int_figuur') }}
    where indicator in ('{{ maten.keys() | join("', '") }}')
),

gemeten as (
    select
        {{ sleutel }},
        periode_id,
        gemeente_id,
        stadsdeel_id,
        wijk_id,
        buurt_id,
        {%- for uitdrukking in uitdrukkingen(maten) %}
        cast({{ uitdrukking }} as double) as som_{{ loop.index }},
        {%- endfor %}
        _levering,
        _bestand,
        _regel
    from ({{ genummerd(feiten) }}) as genummerd
),

in_vak as (
    select
        {{ uitsplitsing }}.{{ sleutel }},
        vakken.vak_id
    from {{ uitsplitsing }}
    inner join (select distinct categorie_soort, categorie, vak_id from figuren) as vakken
        on
            {{ uitsplitsing }}.categorie_soort = vakken.categorie_soort
            and {{ uitsplitsing }}.categorie = vakken.categorie
),

{% call herleiding() -%}
    select
        figuren.figuur_id, gemeten.periode_id, gemeten.gemeente_id, gemeten.stadsdeel_id,
        case when figuren.diepte >= 3 then gemeten.wijk_id else 0 end as wijk_id,
        case when figuren.diepte >= 4 then gemeten.buurt_id else 0 end as buurt_id,
        gemeten._levering, gemeten._bestand, gemeten._regel,
        {{ maat_van_figuur(maten) }}
    from in_vak
    inner join gemeten on in_vak.{{ sleutel }} = gemeten.{{ sleutel }}
    inner join figuren on in_vak.vak_id = figuren.vak_id
{%- endcall %}

tot_stadsdeel as (
    select
        gemeten.periode_id,
        gemeten.gemeente_id,
        gemeten.stadsdeel_id,
        {{ opgetelde_maten(maten) }}
        in_vak.vak_id
    from in_vak
    inner join gemeten on in_vak.{{ sleutel }} = gemeten.{{ sleutel }}
    group by gemeten.periode_id, gemeten.gemeente_id, gemeten.stadsdeel_id, in_vak.vak_id
),

tot_buurt as (
    select
        gemeten.periode_id,
        gemeten.wijk_id,
        gemeten.buurt_id,
        {{ opgetelde_maten(maten) }}
        in_vak.vak_id
    from in_vak
    inner join gemeten on in_vak.{{ sleutel }} = gemeten.{{ sleutel }}
    where
        gemeten.buurt_id != 0
        and in_vak.vak_id in (select diepe.vak_id from figuren as diepe where diepe.diepte >= 3)
    group by gemeten.periode_id, gemeten.wijk_id, gemeten.buurt_id, in_vak.vak_id
),

per_vak as (
    -- a buurt lies in one wijk: its sums are there already
    select
        periode_id,
        vak_id,
        {{ maten_van(maten) }}
        buurt_id as gebied_id,
        4 as diepte
    from tot_buurt
    union all
    select
        periode_id,
        vak_id,
        {{ opgetelde_maten(maten) }}
        wijk_id as gebied_id,
        3 as diepte
    from tot_buurt
    group by periode_id, vak_id, wijk_id
    union all
    select
        periode_id,
        vak_id,
        {{ opgetelde_maten(maten) }}
        coalesce(gemeente_id, stadsdeel_id, 1) as gebied_id,
        0 as diepte
    from tot_stadsdeel
    -- sqlfluff's DuckDB dialect does not know grouping sets: noqa leaves out this one parse error
    group by periode_id, vak_id, grouping sets ((), (gemeente_id), (stadsdeel_id)) -- noqa: PRS
),

per_figuur as (
    select
        per_vak.periode_id,
        figuren.figuur_id,
        per_vak.gebied_id,
        {{ maat_van_figuur(maten) }}
    from per_vak
    inner join figuren on per_vak.vak_id = figuren.vak_id and coalesce(figuren.diepte, 0) >= per_vak.diepte
    where per_vak.gebied_id != 0
),

per_maand as (
    select * from per_figuur
    where coalesce(noemer, teller) != 0
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
{{ op_volgorde() }}
{%- endmacro %}

{% macro op_volgorde() -%}
    {#- Figure by figure: like stands by like, and the long table takes less than half the room, in a release too. -#}
    order by figuur_id, periode_id
{%- endmacro %}
