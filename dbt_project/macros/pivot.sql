{% macro waarde_van(kolom) -%}
    max(
        case
            when
                indicator = '{{ kolom[1] }}'
                and categorie_soort = '{{ kolom[2] if kolom | length > 2 else "" }}'
                and categorie = '{{ kolom[3] if kolom | length > 3 else "" }}'
                then waarde
        end
    )
{%- endmacro %}

{% macro deel_van_niets(kolom) -%}
    {#- 0 where the whole that a share is a part of occurs (its other parts have a row) and this part does not. -#}
    max(
        case
            when
                is_deel
                and indicator = '{{ kolom[1] }}'
                and categorie_soort = '{{ kolom[2] }}'
                {%- if '|' in kolom[3] %}
                and split_part(categorie, '|', 1) = '{{ kolom[3].split("|")[0] }}'
                {%- endif %}
                and waarde is not null
                then 0
        end
    )
{%- endmacro %}

{% macro figuur_van(cijfer) -%}
    {#- A figure as vt trace is asked for it, "meldingen huishouden=met_kinderen": indicator, categorie_soort, categorie. -#}
    {%- set indicator, _, uitsplitsing = cijfer.partition(' ') -%}
    {%- set soort, _, waarde = uitsplitsing.partition('=') -%}
    {{ return([indicator, soort, waarde]) }}
{%- endmacro %}

{% macro soort_kolom(indicator) -%}
    {#- The data type of a column with figures of an indicator: a count is a whole number. -#}
    {%- set gezocht = namespace(soort='') -%}
    {%- for onderwerp in onderwerpen() -%}
        {%- set gezocht.soort = indicatoren(onderwerp).get(indicator, {}).get('soort', gezocht.soort) -%}
    {%- endfor -%}
    {%- set soorten = omschreven('int_indicator').get('soorten', {}) -%}
    {{ return('bigint' if soorten.get(gezocht.soort, {}).get('is_telling') else 'double') }}
{%- endmacro %}

{% macro draaitabel(mart) -%}
{#-
    A wide table of figures of the long table: one row per period and area, one column per figure. What it has stands at the top of its model,
    in its meta, so that its YAML is made from it (make docs) and the night can hold it to the long table:

    omschrijving: one sentence of grain, in Dutch.
    gebieden:     the kinds of area that have a row.
    kolommen:     column → figure, as vt trace is asked for it; a test holds that the column is called after it.
    vorig_jaar:   counts that also get <column>_vorig_jaar, the figure of the same period one year earlier, and <column>_verandering, the
                  change in per cent once the period has ended; the column vergelijkbaarheid_jaar_eerder says what breaks that comparison.
    normen:       columns that also get <column>_norm, what the network asks of that figure.
    onder_nul:    how names of columns begin that can be below 0.
-#}
{%- set kolommen = {} %}
{%- for naam, cijfer in mart.kolommen.items() %}
    {%- set figuur = figuur_van(cijfer) %}
    {%- do kolommen.update({naam: [soort_kolom(figuur[0])] + (figuur if figuur[1] else figuur[:1])}) %}
{%- endfor %}
{%- set gebied_soorten, vorig_jaar, normen = mart.gebieden, mart.vorig_jaar or [], mart.normen or [] %}
{%- set nodig = [] %}
{%- set delen = [] %}
{%- set teruggezien = [] %}
{%- for kolom in kolommen.values() %}
    {%- for sleutel in ((kolom[1:] + ['', ''])[:3], [kolom[1], '', '']) if sleutel not in nodig %}{% do nodig.append(sleutel) %}{% endfor %}
    {%- if kolom[0] == 'double' and kolom[2:] and kolom[1:3] not in delen %}{% do delen.append(kolom[1:3]) %}{% endif %}
{%- endfor %}
{%- for naam in vorig_jaar %}{% do teruggezien.append(kolommen[naam][1]) %}{% endfor -%}
-- the figures of the columns, and of each indicator its total: that says whether there is anything to count
figuren as (
    select * from {{ ref('int_figuur') }}
    where
        (indicator, categorie_soort, categorie) in (
            {%- for sleutel in nodig %}
            ('{{ sleutel | join("', '") }}'){{ ',' if not loop.last }}
            {%- endfor %}
        )
        {%- if delen %}
        or (
            soort = 'aandeel_naar'
            and (indicator, categorie_soort) in (
                {%- for sleutel in delen %}
                ('{{ sleutel | join("', '") }}'){{ ',' if not loop.last }}
                {%- endfor %}
            )
        )
        {%- endif %}
),

gebieden as (
    select * from {{ ref('int_gebied') }}
    where gebied_soort in ('{{ gebied_soorten | join("', '") }}')
),

cijfers as (
    select
        cijfers.periode_id,
        cijfers.gebied_id,
        figuren.indicator,
        figuren.categorie_soort,
        figuren.categorie,
        figuren.soort = 'aandeel_naar' as is_deel,
        {{ waarde('figuren', 'cijfers') }} as waarde
    from {{ ref('int_cijfers') }} as cijfers
    inner join figuren on cijfers.figuur_id = figuren.figuur_id
    where cijfers.gebied_id in (select gebieden.gebied_id from gebieden)
),

per_rij as (
    select
        periode_id,
        gebied_id
        {%- for naam, kolom in kolommen.items() %},
        {%- if kolom[0] == 'bigint' %}
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            {{ waarde_van(kolom) }},
            max(case when indicator = '{{ kolom[1] }}' then 0 end)
        ) as {{ naam }}
        {%- elif kolom[2:] %}
        coalesce(
            {{ waarde_van(kolom) }},
            {{ deel_van_niets(kolom) }}
        ) as {{ naam }}
        {%- else %}
        {{ waarde_van(kolom) }} as {{ naam }}
        {%- endif %}
        {%- endfor %}
    from cijfers
    group by periode_id, gebied_id
),

breed as (
    select
        perioden.periode_soort,
        perioden.periode,
        perioden.periode_start,
        perioden.periode_eind,
        perioden.voorlopig,
        gebieden.gebied_soort,
        gebieden.gebied,
        gebieden.gebied_naam,
        per_rij.*
    from per_rij
    inner join {{ ref('int_periode') }} as perioden on per_rij.periode_id = perioden.periode_id
    inner join gebieden on per_rij.gebied_id = gebieden.gebied_id
)
{%- if vorig_jaar %},

-- what breaks the comparison with a year earlier: each break in the period, or in one between the two
verstoord as (
    select
        nu.periode_id,
        gebieden.gebied_id,
        {{ samengevoegd('cast(breuken.vergelijkbaarheid as string)', verschillend=true) }} as redenen
    from {{ ref('int_breuk') }} as breuken
    inner join {{ ref('int_periode') }} as gebroken on breuken.periode_id = gebroken.periode_id
    inner join {{ ref('int_periode') }} as nu
        on
            gebroken.periode_soort = nu.periode_soort
            and gebroken.periode_start <= nu.periode_start
            and gebroken.periode_start > {{ jaren_eerder('nu.periode_start', 1) }}
            and nu.in_venster
    inner join gebieden on breuken.gebied_id in (0, gebieden.gebied_id)
    left join figuren on breuken.figuur_id = figuren.figuur_id
    where
        breuken.figuur_id = 0
        or (figuren.categorie_soort = '' and figuren.indicator in ('{{ teruggezien | join("', '") }}'))
    group by nu.periode_id, gebieden.gebied_id
)
{%- endif %}

select
    cast(nu.periode_soort as string) as periode_soort,
    cast(nu.periode as string) as periode,
    nu.periode_start,
    nu.periode_eind,
    nu.voorlopig,
    cast(nu.gebied_soort as string) as gebied_soort,
    cast(nu.gebied as string) as gebied,
    cast(nu.gebied_naam as string) as gebied_naam
    {%- for naam, kolom in kolommen.items() %},
    cast(nu.{{ naam }} as {{ kolom[0] }}) as {{ naam }}
    {%- if naam in vorig_jaar %},
    cast(toen.{{ naam }} as {{ kolom[0] }}) as {{ naam }}_vorig_jaar,
    -- a period that has not ended is not held against a whole one
    case when not nu.voorlopig then 100 * (nu.{{ naam }} - toen.{{ naam }}) / nullif(toen.{{ naam }}, 0) end as {{ naam }}_verandering
    {%- endif %}
    {%- if naam in normen %},
    (
        select figuren.norm from figuren
        where
            figuren.indicator = '{{ kolom[1] }}'
            and figuren.categorie_soort = '{{ kolom[2] if kolom | length > 2 else "" }}'
            and figuren.categorie = '{{ kolom[3] if kolom | length > 3 else "" }}'
    ) as {{ naam }}_norm
    {%- endif %}
    {%- endfor %}
    {%- if vorig_jaar %},
    case when toen.periode_id is not null then verstoord.redenen end as vergelijkbaarheid_jaar_eerder
    {%- endif %}
from breed as nu
{%- if vorig_jaar %}
left join breed as toen
    on
        nu.periode_soort = toen.periode_soort
        and nu.gebied_id = toen.gebied_id
        and nu.periode_start = {{ jaren_later('toen.periode_start', 1) }}
left join verstoord on nu.periode_id = verstoord.periode_id and nu.gebied_id = verstoord.gebied_id
{%- endif %}
{%- endmacro %}
