{# The tests that hold marts to the long table column by column: a query with a part for each mart, which no style can be asked of. #}

{% macro marten_tegen_de_lange_tabel() -%}
{#- The rows on which a column of a mart is not the figure that stands at the top of its model, or is not called after it. -#}
{#- Named here, where dbt sees them whatever marts there are; first what the test is about. -#}
{%- set cijfers, lang, perioden, gebieden = ref('int_figuur'), ref('indicatoren'), ref('dim_periode'), ref('dim_gebied') -%}
{%- set marten = marten_met_cijfers() -%}
{%- set velden = kolommen_met_cijfers(marten) -%}
{%- set kenmerken = {
    'periode_start': 'perioden.periode_start',
    'periode_eind': 'perioden.periode_eind',
    'voorlopig': 'perioden.voorlopig',
    'gebied_naam': 'gebieden.gebied_naam',
} -%}
with figuren as (
    select
        *,
        {{ cijfer_van_figuur() }} as omschrijving
    from {{ cijfers }}
),

kolommen as (
    {%- for mart in marten %}
    {%- set laatste_mart = loop.last %}
    {%- for veld in velden[mart] %}
    select
        '{{ mart }}' as mart,
        '{{ veld.naam }}' as kolom,
        '{{ veld.soort }}' as soort_kolom,
        '{{ veld.cijfer }}' as cijfer
    {{ 'union all' if not (loop.last and laatste_mart) }}
    {%- endfor %}
    {%- endfor %}
),

-- what does not occur has no row everywhere: a count is 0 then where its total has one, a share where there is a whole to be a part of
bedoeld as (
    select
        kolommen.mart,
        kolommen.kolom,
        kolommen.soort_kolom,
        kolommen.cijfer,
        figuren.volgorde,
        gehelen.volgorde as volgorde_geheel,
        case when figuren.is_telling then 0 else 1 end as minste_geheel,
        figuren.norm
    from kolommen
    left join figuren on kolommen.cijfer = figuren.omschrijving
    left join figuren as gehelen
        on
            (figuren.is_telling and figuren.indicator = gehelen.indicator and gehelen.categorie_soort = '')
            or (
                figuren.soort = 'aandeel_naar'
                and figuren.noemer_indicator = gehelen.indicator
                and figuren.geheel_categorie_id = gehelen.categorie_id
            )
),

-- of the long table the figures of the columns, and what those can be a part of
lang as (
    {%- for soorten, ook in [(['regio', 'gemeente', 'buiten', 'stadsdeel'], "categorie_soort in ('', 'huishouden')"), (['wijk', 'buurt'], 'false')] %}
    select
        volgorde,
        cast(periode_soort as string) as periode_soort,
        cast(periode as string) as periode,
        periode_start,
        cast(gebied_soort as string) as gebied_soort,
        cast(gebied as string) as gebied,
        waarde
    from {{ lang }}
    where
        gebied_soort in ('{{ soorten | join("', '") }}')
        and (
            {{ ook }}
            or {{ cijfer_van_figuur() }} in (
                ''
                {%- for mart in marten if marten[mart].gebieden[0] in soorten %}
                {%- for veld in velden[mart] %},
                '{{ veld.cijfer }}'
                {%- endfor %}
                {%- endfor %}
            )
        )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

cellen as (
    {%- for mart in marten %}
    select
        '{{ mart }}' as mart,
        periode_soort,
        periode,
        periode_start,
        gebied,
        {{ per_kolom(velden[mart] | map(attribute='naam') | list, velden[mart] | map(attribute='naam') | list) }}
    from {{ ref(mart) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

gezocht as (
    select
        cellen.*,
        bedoeld.{{ alles_behalve(['mart', 'kolom']) }},
        case
            when bedoeld.soort_kolom = 'toen' then {{ jaren_eerder('cellen.periode_start', 1) }} else cellen.periode_start
        end as start_cijfer
    from cellen
    inner join bedoeld on cellen.mart = bedoeld.mart and cellen.kolom = bedoeld.kolom
),

vergeleken as (
    select
        gezocht.mart,
        gezocht.kolom,
        gezocht.periode_soort,
        gezocht.periode,
        gezocht.gebied,
        gezocht.waarde,
        case
            when gezocht.soort_kolom = 'norm' then gezocht.norm
            else coalesce(lang.waarde, case when gehelen.waarde >= gezocht.minste_geheel then 0 end)
        end as waarde_lang
    from gezocht
    left join lang
        on
            gezocht.volgorde = lang.volgorde
            and gezocht.periode_soort = lang.periode_soort
            and gezocht.start_cijfer = lang.periode_start
            and gezocht.gebied = lang.gebied
    left join lang as gehelen
        on
            gezocht.volgorde_geheel = gehelen.volgorde
            and gezocht.periode_soort = gehelen.periode_soort
            and gezocht.start_cijfer = gehelen.periode_start
            and gezocht.gebied = gehelen.gebied
    where gezocht.soort_kolom != 'verandering'
    {%- for mart in marten %}
    {%- for veld in velden[mart] if veld.soort == 'verandering' %}
    {%- set nu = veld.naam | replace('_verandering', '') %}
    -- between two columns that are held themselves
    union all
    select
        '{{ mart }}' as mart,
        '{{ veld.naam }}' as kolom,
        periode_soort,
        periode,
        gebied,
        {{ veld.naam }} as waarde,
        case when not voorlopig then 100 * ({{ nu }} - {{ nu }}_vorig_jaar) / nullif({{ nu }}_vorig_jaar, 0) end as waarde_lang
    from {{ ref(mart) }}
    {%- endfor %}
    {%- endfor %}
),

anders_beschreven as (
    {%- for mart in marten %}
    select
        '{{ mart }}' as mart,
        mart.periode_soort,
        mart.periode,
        mart.gebied,
        {{ per_kolom(kenmerken, verschilt('mart', kenmerken), 'boolean') }}
    from {{ ref(mart) }} as mart
    left join {{ perioden }} as perioden on mart.periode_soort = perioden.periode_soort and mart.periode = perioden.periode
    left join {{ gebieden }} as gebieden on mart.gebied_soort = gebieden.gebied_soort and mart.gebied = gebieden.gebied
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- periods and areas that have a figure in the long table and no row in the mart
ontbreekt as (
    {%- for mart, inhoud in marten.items() %}
    select distinct
        '{{ mart }}' as mart,
        lang.periode_soort,
        lang.periode,
        lang.gebied
    from lang
    left join {{ ref(mart) }} as mart
        on
            lang.periode_soort = mart.periode_soort
            and lang.periode = mart.periode
            and lang.gebied = mart.gebied
    where
        lang.volgorde in (select bedoeld.volgorde from bedoeld where bedoeld.mart = '{{ mart }}')
        and lang.gebied_soort in ('{{ inhoud.gebieden | join("', '") }}')
        and mart.gebied is null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    mart,
    kolom,
    periode_soort,
    periode,
    gebied,
    waarde,
    waarde_lang
from vergeleken
where waarde is distinct from waarde_lang
union all
select
    mart,
    kolom,
    periode_soort,
    periode,
    gebied,
    null as waarde,
    null as waarde_lang
from anders_beschreven
where waarde
union all
select
    mart,
    'elke kolom (de rij ontbreekt)' as kolom,
    periode_soort,
    periode,
    gebied,
    null as waarde,
    null as waarde_lang
from ontbreekt
union all
select
    mart,
    kolom || ' (geen cijfer heet zo)' as kolom,
    null as periode_soort,
    null as periode,
    null as gebied,
    null as waarde,
    null as waarde_lang
from bedoeld
where volgorde is null
{%- for mart in marten %}
{%- for veld in velden[mart] if veld.soort == 'nu' and not heet_naar_cijfer(veld.naam, veld.cijfer) %}
union all
select
    '{{ mart }}' as mart,
    '{{ veld.naam }} (heet niet naar zijn cijfer: {{ veld.cijfer }})' as kolom,
    null as periode_soort,
    null as periode,
    null as gebied,
    null as waarde,
    null as waarde_lang
{%- endfor %}
{%- endfor %}
{%- endmacro %}

{% macro breuken_sinds_een_jaar_eerder() -%}
{#- The rows on which a mart does not name each break since a year earlier. -#}
{%- set lang = ref('indicatoren') -%} {#- named first: what the test is about -#}
{%- set marten = [] -%}
{%- set velden = kolommen_met_cijfers(marten_met_cijfers()) -%}
{%- for mart, van_mart in velden.items() if van_mart | selectattr('soort', 'equalto', 'toen') | list %}{% do marten.append(mart) %}{% endfor -%}
with breuken as (
    select distinct
        {{ cijfer_van_figuur() }} as cijfer,
        cast(periode_soort as string) as periode_soort,
        periode_start,
        cast(gebied as string) as gebied,
        cast(vergelijkbaarheid as string) as vergelijkbaarheid
    from {{ lang }}
    where
        gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel')
        and categorie_soort = ''
        and vergelijkbaarheid is not null
),

vergeleken as (
    {%- for mart in marten %}
    select
        '{{ mart }}' as mart,
        'vergelijkbaarheid_jaar_eerder' as kolom,
        nu.periode_soort,
        nu.periode,
        nu.gebied,
        nu.vergelijkbaarheid_jaar_eerder as redenen,
        {{ samengevoegd('breuken.vergelijkbaarheid', verschillend=true) }} as redenen_lang
    from {{ ref(mart) }} as nu
    left join {{ ref(mart) }} as toen
        on
            nu.periode_soort = toen.periode_soort
            and nu.gebied = toen.gebied
            and nu.periode_start = {{ jaren_later('toen.periode_start', 1) }}
    left join breuken
        on
            nu.periode_soort = breuken.periode_soort
            and nu.gebied = breuken.gebied
            and breuken.periode_start > toen.periode_start
            and breuken.periode_start <= nu.periode_start
            and breuken.cijfer in (
                ''
                {%- for veld in velden[mart] if veld.soort == 'toen' %},
                '{{ veld.cijfer }}'
                {%- endfor %}
            )
    group by all
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from vergeleken
where redenen is distinct from redenen_lang
{%- endmacro %}
