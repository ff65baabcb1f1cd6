{#
    From rows to figures. What one row adds to each figure that it counts in is a model, int_bijdrage_<onderwerp> (macro bijdragen); the figures
    of the subject are those rows put together (macro cijfers), each kind in its own way. What an indicator is stands in the .yml beside
    int_bijdrage_<onderwerp>; what a kind is, in int_indicator.yml.
#}

{% macro onderwerpen() -%}
    {#- The subjects: each has a model int_bijdrage_<onderwerp> and one int_cijfers_<onderwerp>. -#}
    {{ return([
        'meldingen', 'gemelde_casussen', 'adviesvragen', 'betrokkenen', 'veiligheidsbeoordelingen', 'diensten', 'werkvoorraad',
        'overdrachten', 'effect', 'capaciteit',
    ]) }}
{%- endmacro %}

{% macro omschreven(model) -%}
    {#- The meta of a model, as it stands in the .yml beside it; nothing while the project is being read. -#}
    {{ return(graph.nodes['model.veilig_thuis.' ~ model].config.meta if execute else {}) }}
{%- endmacro %}

{% macro indicatoren(onderwerp) -%}
    {#- The indicators of a subject: code → what it is. -#}
    {{ return(omschreven('int_bijdrage_' ~ onderwerp).get('indicatoren', {})) }}
{%- endmacro %}

{% macro wijzen(onderwerp) -%}
    {#- The ways in which the figures of a subject are made. -#}
    {%- set gevonden = [] -%}
    {%- set soorten = omschreven('int_indicator').get('soorten', {}) -%}
    {%- for indicator in indicatoren(onderwerp).values() -%}
        {%- set wijze = soorten[indicator.soort].wijze -%}
        {%- if wijze not in gevonden -%}{%- do gevonden.append(wijze) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(gevonden) }}
{%- endmacro %}

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

{% macro bijdragen(onderwerp, feiten, sleutel, geteld='cast(null as bigint)') -%}
{#-
    What each row of a fact adds to each figure that it counts in: the rows that close int_bijdrage_<onderwerp>, with figuur_id, periode_id
    (of the month), the four numbers of areas (0 where there is none, or the figure is not given for areas so small), teller, noemer,
    geteld_id, and the line it comes from: _levering, _bestand, _regel. Of a share or mean only rows that are in its denominator.

    onderwerp: whose indicators; their expressions (teller.sql, noemer.sql) are of columns of the fact.
    feiten:    CTE with one row for each thing counted: its key, maand (first day of the month it counts in), gebied_gemeente,
               gebied_stadsdeel, gebied_wijk, gebied_buurt, _levering, _bestand, _regel, and what the expressions need.
    sleutel:   its key. A CTE uitsplitsing has that key, categorie_soort and categorie: one row for each category that a thing falls in, the
               total among them (macro uitsplitsing).
    geteld:    where figures count different ones: the number of what is counted.
-#}
{%- set geteld_door = {} %}
{%- for code, indicator in indicatoren(onderwerp).items() if indicator.teller and indicator.teller.sql %}
    {%- do geteld_door.update({code: indicator}) %}
{%- endfor -%}
genummerd as (
    {{ genummerd(feiten) }}
),

gemeten as (
    select
        {{ sleutel }},
        periode_id,
        gemeente_id,
        stadsdeel_id,
        wijk_id,
        buurt_id,
        {%- for code, indicator in geteld_door.items() %}
        cast({{ indicator.teller.sql }} as double) as teller_{{ code }},
        {%- if indicator.noemer %}
        cast({{ indicator.noemer.sql }} as double) as noemer_{{ code }},
        {%- endif %}
        {%- endfor %}
        {{ geteld }} as geteld_id,
        _levering,
        _bestand,
        _regel
    from genummerd
),

bijdragen as (
    select
        figuren.figuur_id,
        figuren.wijze,
        gemeten.periode_id,
        gemeten.gemeente_id,
        gemeten.stadsdeel_id,
        case when figuren.diepte >= 3 then gemeten.wijk_id else 0 end as wijk_id,
        case when figuren.diepte >= 4 then gemeten.buurt_id else 0 end as buurt_id,
        case figuren.indicator
            {%- for code in geteld_door %}
            when '{{ code }}' then gemeten.teller_{{ code }}
            {%- endfor %}
        end as teller,
        {%- set gedeeld = geteld_door.items() | selectattr('1.noemer') | list %}
        {%- if gedeeld %}
        case figuren.indicator
            {%- for code, _ in gedeeld %}
            when '{{ code }}' then gemeten.noemer_{{ code }}
            {%- endfor %}
        end as noemer,
        {%- else %}
        cast(null as double) as noemer,
        {%- endif %}
        gemeten.geteld_id,
        gemeten._levering,
        gemeten._bestand,
        gemeten._regel
    from uitsplitsing
    inner join gemeten on uitsplitsing.{{ sleutel }} = gemeten.{{ sleutel }}
    inner join {{ ref('int_figuur') }} as figuren
        on
            uitsplitsing.categorie_soort = figuren.categorie_soort
            and uitsplitsing.categorie = figuren.categorie
            and figuren.indicator in ('{{ geteld_door | join("', '") }}')
)

select
    figuur_id,
    periode_id,
    gemeente_id,
    stadsdeel_id,
    wijk_id,
    buurt_id,
    teller,
    noemer,
    geteld_id,
    _levering,
    _bestand,
    _regel
from bijdragen
where case when wijze in ('verdeling', 'wachttijd', 'maandgemiddelde') then teller is not null else coalesce(noemer, teller) != 0 end
{%- endmacro %}

{% macro waarde_op(plaats) -%}
    {#- Of values in order of size (gerangschikt, of the macro cijfers) the one at a place, 1 being the smallest. -#}
    min(case when gerangschikt.plaats >= {{ plaats }} then gerangschikt.waarde end)
{%- endmacro %}

{% macro maanden_van(periode_soort) -%}
    {#- How many months a period of that kind has. -#}
    case {{ periode_soort }} when 'maand' then 1 when 'kwartaal' then 3 when 'halfjaar' then 6 else 12 end
{%- endmacro %}

{% macro opgeteld(perioden, kalender) -%}
    {#- Figures per period added up to the next longer one: months to quarters, quarters to half-years, half-years to years. -#}
    select
        langere.deel_van as periode_id,
        {{ perioden }}.figuur_id,
        {{ perioden }}.gebied_id,
        sum({{ perioden }}.teller) as teller,
        sum({{ perioden }}.noemer) as noemer
    from {{ perioden }}
    inner join {{ kalender }} as langere on {{ perioden }}.periode_id = langere.periode_id
    where langere.deel_van is not null
    group by langere.deel_van, {{ perioden }}.figuur_id, {{ perioden }}.gebied_id
{%- endmacro %}

{% macro cijfers(onderwerp) -%}
{#-
    The figures of a subject per period and area, of what rows add to them (int_bijdrage_<onderwerp>): figuur_id, periode_id, gebied_id,
    teller, noemer. Only what occurs is given; int_cijfers_nul adds the noughts.

    Only the ways that the subject has (wijzen) are written out: sums (som) or stocks (stand), distributions (verdeling), different ones
    (uniek), waiting times (wachttijd), means of months (maandgemiddelde: their number stands in noemer).
-#}
{%- set hoe = wijzen(onderwerp) -%}
{%- set kalender = ref('int_periode') -%} {#- here, where dbt sees it whatever the ways are -#}
{%- if 'som' in hoe and 'stand' in hoe %}{% do exceptions.raise_compiler_error('Sums and stocks are subjects apart: ' ~ onderwerp) %}{% endif -%}
with bijdragen as (
    select
        bijdragen.*,
        figuren.soort,
        figuren.wijze
    from {{ ref('int_bijdrage_' ~ onderwerp) }} as bijdragen
    inner join {{ ref('int_figuur') }} as figuren on bijdragen.figuur_id = figuren.figuur_id
),
{%- if 'som' in hoe or 'stand' in hoe %}

opgeteld as (
    select * from bijdragen
    where wijze in ('som', 'stand')
),

tot_stadsdeel as (
    select
        figuur_id,
        periode_id,
        gemeente_id,
        stadsdeel_id,
        sum(teller) as teller,
        sum(noemer) as noemer
    from opgeteld
    group by figuur_id, periode_id, gemeente_id, stadsdeel_id
),

tot_buurt as (
    select
        figuur_id,
        periode_id,
        wijk_id,
        buurt_id,
        sum(teller) as teller,
        sum(noemer) as noemer
    from opgeteld
    where buurt_id != 0
    group by figuur_id, periode_id, wijk_id, buurt_id
),

per_maand as (
    -- a buurt lies in one wijk: its sums are there already
    select
        figuur_id,
        periode_id,
        buurt_id as gebied_id,
        teller,
        noemer
    from tot_buurt
    union all
    select
        figuur_id,
        periode_id,
        wijk_id as gebied_id,
        sum(teller) as teller,
        sum(noemer) as noemer
    from tot_buurt
    group by figuur_id, periode_id, wijk_id
    union all
    select
        figuur_id,
        periode_id,
        coalesce(gemeente_id, stadsdeel_id, 1) as gebied_id,
        sum(teller) as teller,
        sum(noemer) as noemer
    from tot_stadsdeel
    -- sqlfluff's DuckDB dialect does not know grouping sets: noqa leaves out this one parse error
    group by figuur_id, periode_id, grouping sets ((), (gemeente_id), (stadsdeel_id)) -- noqa: PRS
),
{%- endif %}
{%- if 'som' in hoe %}

per_kwartaal as (
    {{ opgeteld('per_maand', kalender) }}
),

per_halfjaar as (
    {{ opgeteld('per_kwartaal', kalender) }}
),

per_jaar as (
    {{ opgeteld('per_halfjaar', kalender) }}
),
{%- endif %}
{%- if 'stand' in hoe %}

-- a period has the figure of its last month, once it has ended
per_periode as (
    select
        per_maand.figuur_id,
        perioden.periode_id,
        per_maand.gebied_id,
        per_maand.teller,
        per_maand.noemer
    from per_maand
    inner join {{ kalender }} as maanden on per_maand.periode_id = maanden.periode_id
    inner join {{ kalender }} as perioden on maanden.periode_eind = perioden.periode_eind
    where not perioden.voorlopig
),
{%- endif %}
{%- if ['verdeling', 'uniek', 'wachttijd', 'maandgemiddelde'] | select('in', hoe) | list %}

-- each month with the four periods that it lies in
perioden as (
    select
        maanden.periode_id as maand_id,
        perioden.periode_id
    from {{ kalender }} as maanden
    inner join {{ kalender }} as perioden
        on
            maanden.periode_start >= perioden.periode_start
            and maanden.periode_eind <= perioden.periode_eind
    where maanden.periode_soort = 'maand'
),
{%- endif %}
{%- if 'verdeling' in hoe %}

-- how often each value occurs: lists of them would be as long as there are rows, and each must lie in memory whole
waarden_per_maand as (
    select
        figuur_id,
        periode_id,
        {{ gebied_id() }} as gebied_id,
        teller as waarde,
        count(*) as aantal
    from bijdragen
    where wijze = 'verdeling'
    group by figuur_id, periode_id, teller, {{ per_gebied() }}
),

waarden as (
    select
        waarden_per_maand.figuur_id,
        perioden.periode_id,
        waarden_per_maand.gebied_id,
        waarden_per_maand.waarde,
        cast(sum(waarden_per_maand.aantal) as bigint) as aantal
    from waarden_per_maand
    inner join perioden on waarden_per_maand.periode_id = perioden.maand_id
    where waarden_per_maand.gebied_id != 0
    group by waarden_per_maand.figuur_id, perioden.periode_id, waarden_per_maand.gebied_id, waarden_per_maand.waarde
),

-- plaats: of the last row with that value, smallest first
gerangschikt as (
    select
        *,
        sum(aantal) over (
            partition by figuur_id, periode_id, gebied_id order by waarde rows between unbounded preceding and current row
        ) as plaats,
        sum(aantal) over (partition by figuur_id, periode_id, gebied_id) as rijen
    from waarden
),

verdelingen as (
    select
        gerangschikt.figuur_id,
        gerangschikt.periode_id,
        gerangschikt.gebied_id,
        -- the middle value, or the mean of the two middle ones; the smallest that at least 90% of the values do not exceed
        case any_value(figuren.soort)
            when 'mediaan' then ({{ waarde_op(gehele_deling('(rijen + 1)', 2)) }} + {{ waarde_op(gehele_deling('rijen', 2) ~ ' + 1') }}) / 2
            when 'p90' then {{ waarde_op(gehele_deling('(90 * rijen + 99)', 100)) }}
        end as teller,
        cast(null as double) as noemer
    from gerangschikt
    inner join {{ ref('int_figuur') }} as figuren on gerangschikt.figuur_id = figuren.figuur_id
    group by gerangschikt.figuur_id, gerangschikt.periode_id, gerangschikt.gebied_id
),
{%- endif %}
{%- if 'uniek' in hoe %}

verschillende as (
    select
        bijdragen.figuur_id,
        perioden.periode_id,
        {{ gebied_id() }} as gebied_id,
        cast(count(distinct bijdragen.geteld_id) as double) as teller,
        cast(null as double) as noemer
    from bijdragen
    inner join perioden on bijdragen.periode_id = perioden.maand_id
    where bijdragen.wijze = 'uniek'
    group by bijdragen.figuur_id, perioden.periode_id, {{ per_gebied() }}
),
{%- endif %}

{%- if 'wachttijd' in hoe %}

-- product-limit estimate (Kaplan-Meier): teller holds working days, noemer whether it was decided then (1) or still waits (0)
vertrokken as (
    select
        bijdragen.figuur_id,
        bijdragen.soort,
        perioden.periode_id,
        {{ gebied_id() }} as gebied_id,
        bijdragen.teller as werkdagen,
        sum(bijdragen.noemer) as besloten,
        count(*) as aantal
    from bijdragen
    inner join perioden on bijdragen.periode_id = perioden.maand_id
    where bijdragen.wijze = 'wachttijd'
    group by bijdragen.figuur_id, bijdragen.soort, perioden.periode_id, bijdragen.teller, {{ per_gebied() }}
),

-- who was decided on a day, and who was last seen waiting on it, all waited until then: on a tie a decision comes first
wachtend as (
    select
        *,
        sum(aantal) over (partition by figuur_id, periode_id, gebied_id order by werkdagen desc) as nog_wachtend
    from vertrokken
),

overgebleven as (
    select
        *,
        {{ lopend_product(
            '(nog_wachtend - besloten) / nog_wachtend', 'partition by figuur_id, periode_id, gebied_id order by werkdagen'
        ) }} as deel
    from wachtend
),

wachttijden as (
    select
        figuur_id,
        periode_id,
        gebied_id,
        -- the last digit of a product of fractions is not to decide whether a half is a half
        min(case when deel <= case soort when 'wachttijd_mediaan' then 0.5 else 0.1 end + 1e-12 then werkdagen end) as teller,
        cast(null as double) as noemer
    from overgebleven
    group by figuur_id, periode_id, gebied_id
),
{%- endif %}
{%- if 'maandgemiddelde' in hoe %}

maandgemiddelden as (
    select
        bijdragen.figuur_id,
        perioden.periode_id,
        {{ gebied_id() }} as gebied_id,
        -- added up as decimals: three times 114 is 114 on average, to the last digit
        cast(sum(cast(bijdragen.teller as decimal(18, 6))) as double) / count(distinct bijdragen.periode_id) as teller,
        cast(count(distinct bijdragen.periode_id) as double) as noemer
    from bijdragen
    inner join perioden on bijdragen.periode_id = perioden.maand_id
    where bijdragen.wijze = 'maandgemiddelde'
    group by bijdragen.figuur_id, perioden.periode_id, {{ per_gebied() }}
),
{%- endif %}

alle as (
    {%- set delen = {
        'som': ['per_maand', 'per_kwartaal', 'per_halfjaar', 'per_jaar'], 'stand': ['per_periode'],
        'verdeling': ['verdelingen'], 'uniek': ['verschillende'], 'wachttijd': ['wachttijden'], 'maandgemiddelde': ['maandgemiddelden'],
    } %}
    {%- set gevonden = [] %}
    {%- for wijze in hoe %}{% do gevonden.extend(delen.get(wijze, [])) %}{% endfor %}
    {%- for deel in gevonden %}
    select
        figuur_id,
        periode_id,
        gebied_id,
        teller,
        noemer
    from {{ deel }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from alle
where gebied_id != 0
{{ op_volgorde() }}
{%- endmacro %}

{% macro op_volgorde() -%}
    {#- Figure by figure: like stands by like, and the long table takes less than half the room, in a release too. -#}
    order by figuur_id, periode_id
{%- endmacro %}
