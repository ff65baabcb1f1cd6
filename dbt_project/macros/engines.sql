{#
    What engines do in ways of their own, each under a name that says what is meant: the models say that, and nothing of an engine. For each
    name what DuckDB, which makes every release, is given, and what Apache Spark is (docs/spark.md). What an engine needs on top of that, for
    the same figures, stands below: how it reads a file, what it checks of a session, and what it leaves out.
#}

{# Days and moments. A moment of Spark has no zone: that of the session counts, which must be UTC (sessie_is_utc). #}

{% macro lokale_dag(moment) -%}
    {#- The local day in Europe/Amsterdam of a moment with time zone. -#}
    {{ return(adapter.dispatch('lokale_dag')(moment)) }}
{%- endmacro %}

{% macro duckdb__lokale_dag(moment) -%}
    cast({{ moment }} at time zone 'Europe/Amsterdam' as date)
{%- endmacro %}

{% macro spark__lokale_dag(moment) -%}
    {%- do sessie_is_utc() -%}
    cast(from_utc_timestamp({{ moment }}, 'Europe/Amsterdam') as date)
{%- endmacro %}

{% macro begin_van_dag(dag) -%}
    {#- The moment at which a day, given as text, begins in Europe/Amsterdam. -#}
    {{ return(adapter.dispatch('begin_van_dag')(dag)) }}
{%- endmacro %}

{% macro duckdb__begin_van_dag(dag) -%}
    timestamp '{{ dag }}' at time zone 'Europe/Amsterdam'
{%- endmacro %}

{% macro spark__begin_van_dag(dag) -%}
    {%- do sessie_is_utc() -%}
    to_utc_timestamp(timestamp '{{ dag }}', 'Europe/Amsterdam')
{%- endmacro %}

{% macro verstreken_minuten(van, tot) -%}
    {#- Elapsed minutes between two moments, with fractions; a change of the clock does not count. -#}
    {{ return(adapter.dispatch('verstreken_minuten')(van, tot)) }}
{%- endmacro %}

{% macro duckdb__verstreken_minuten(van, tot) -%}
    (epoch_us({{ tot }}) - epoch_us({{ van }})) / 60000000.0
{%- endmacro %}

{% macro spark__verstreken_minuten(van, tot) -%}
    {#- 60000000.0 is a decimal there, and so would be what comes of it -#}
    (unix_micros({{ tot }}) - unix_micros({{ van }})) / 6e7
{%- endmacro %}

{% macro dagen_tussen(van, tot) -%}
    {#- Days from the first date to the second. -#}
    {{ return(adapter.dispatch('dagen_tussen')(van, tot)) }}
{%- endmacro %}

{% macro duckdb__dagen_tussen(van, tot) -%}
    {{ tot }} - {{ van }}
{%- endmacro %}

{% macro spark__dagen_tussen(van, tot) -%}
    date_diff({{ tot }}, {{ van }})
{%- endmacro %}

{% macro jaren_eerder(dag, jaren) -%}
    {#- The same date that many years back; 29 February goes to 28 February. -#}
    {{ return(adapter.dispatch('jaren_eerder')(dag, jaren)) }}
{%- endmacro %}

{% macro duckdb__jaren_eerder(dag, jaren) -%}
    cast({{ dag }} - to_years({{ jaren }}) as date)
{%- endmacro %}

{% macro spark__jaren_eerder(dag, jaren) -%}
    add_months({{ dag }}, -12 * {{ jaren }})
{%- endmacro %}

{% macro jaren_later(dag, jaren) -%}
    {#- The same date that many years on; 29 February goes to 28 February. -#}
    {{ return(adapter.dispatch('jaren_later')(dag, jaren)) }}
{%- endmacro %}

{% macro duckdb__jaren_later(dag, jaren) -%}
    cast({{ dag }} + to_years({{ jaren }}) as date)
{%- endmacro %}

{% macro spark__jaren_later(dag, jaren) -%}
    add_months({{ dag }}, 12 * {{ jaren }})
{%- endmacro %}

{% macro eerste_van_maand(dag) -%}
    cast(date_trunc('month', {{ dag }}) as date)
{%- endmacro %}

{% macro weekdag(dag) -%}
    {#- The day of the week as a number: Monday is 1. -#}
    {{ return(adapter.dispatch('weekdag')(dag)) }}
{%- endmacro %}

{% macro duckdb__weekdag(dag) -%}
    isodow({{ dag }})
{%- endmacro %}

{% macro spark__weekdag(dag) -%}
    (weekday({{ dag }}) + 1)
{%- endmacro %}

{% macro als_maand(dag) -%}
    {#- Year and month of a date, as 2024-01. -#}
    {{ return(adapter.dispatch('als_maand')(dag)) }}
{%- endmacro %}

{% macro duckdb__als_maand(dag) -%}
    strftime({{ dag }}, '%Y-%m')
{%- endmacro %}

{% macro spark__als_maand(dag) -%}
    date_format({{ dag }}, 'yyyy-MM')
{%- endmacro %}

{% macro dagenreeks(van, tot) -%}
    {#- One row per day, column dag: from the first date up to but not including the second. -#}
    {{ return(adapter.dispatch('dagenreeks')(van, tot)) }}
{%- endmacro %}

{% macro duckdb__dagenreeks(van, tot) -%}
    select cast(reeks.dag as date) as dag
    from range(date '{{ van }}', date '{{ tot }}', interval 1 day) as reeks(dag)
{%- endmacro %}

{% macro spark__dagenreeks(van, tot) -%}
    select explode(sequence(date '{{ van }}', date '{{ tot }}' - 1, interval 1 day)) as dag
{%- endmacro %}

{# Numbers. #}

{% macro gehele_deling(getal, door) -%}
    {#- How many times one whole number goes into another. -#}
    {{ return(adapter.dispatch('gehele_deling')(getal, door)) }}
{%- endmacro %}

{% macro duckdb__gehele_deling(getal, door) -%}
    {{ getal }} // {{ door }}
{%- endmacro %}

{% macro spark__gehele_deling(getal, door) -%}
    cast({{ getal }} div {{ door }} as integer)
{%- endmacro %}

{% macro loting(aantal, zaad) -%}
    {#- That many rows with a number from 0 up to but not including 1 (lot), the same on every machine, and every engine, for the same seed. -#}
    {{ return(adapter.dispatch('loting')(aantal, zaad)) }}
{%- endmacro %}

{% macro duckdb__loting(aantal, zaad) -%}
    {#- By md5: DuckDB's own hash need not stay the same. -#}
    select (md5_number_lower({{ zaad }} || '|' || reeks.trekking) % 1000000) / 1000000 as lot
    from range({{ aantal }}) as reeks(trekking)
{%- endmacro %}

{% macro spark__loting(aantal, zaad) -%}
    {#- the same eight bytes, which DuckDB reads from the last -#}
    {%- set som = "md5('" ~ zaad ~ "|' || trekking)" %}
    select
        cast(cast(conv(
            concat({% for plek in range(31, 15, -2) %}substr({{ som }}, {{ plek }}, 2){{ ', ' if not loop.last }}{% endfor %}), 16, 10
        ) as decimal(20, 0)) % 1000000 as double) / 1000000 as lot
    from range({{ aantal }}) as reeks (trekking)
{%- endmacro %}

{# Of a group of rows. What is empty counts in none of these, on either engine. #}

{% macro laatste_volgens(waarde, volgorde) -%}
    {#- The value on the row with the highest order (a column or a row of columns), of those that have a value. -#}
    {{ return(adapter.dispatch('laatste_volgens')(waarde, volgorde)) }}
{%- endmacro %}

{% macro duckdb__laatste_volgens(waarde, volgorde) -%}
    max_by({{ waarde }}, {{ volgorde }})
{%- endmacro %}

{% macro spark__laatste_volgens(waarde, volgorde) -%}
    max_by({{ waarde }}, {{ volgorde }}) filter (where {{ waarde }} is not null)
{%- endmacro %}

{% macro aantal_waar(voorwaarde) -%}
    {#- The number of rows on which the condition holds; empty where it can be said of none. -#}
    {{ return(adapter.dispatch('aantal_waar')(voorwaarde)) }}
{%- endmacro %}

{% macro duckdb__aantal_waar(voorwaarde) -%}
    cast(count_if({{ voorwaarde }}) as bigint)
{%- endmacro %}

{% macro spark__aantal_waar(voorwaarde) -%}
    case when count({{ voorwaarde }}) > 0 then count_if({{ voorwaarde }}) end
{%- endmacro %}

{% macro aantal_verschillende(getal, hoogste) -%}
    {#- How many different whole numbers from 0 up to the highest there are; empty ones do not count. -#}
    {{ return(adapter.dispatch('aantal_verschillende')(getal, hoogste)) }}
{%- endmacro %}

{% macro duckdb__aantal_verschillende(getal, hoogste) -%}
    {#- one beyond the highest is an error -#}
    bit_count(bitstring_agg({{ getal }}, 0, {{ hoogste }}))
{%- endmacro %}

{% macro spark__aantal_verschillende(getal, hoogste) -%}
    count(distinct {{ getal }})
{%- endmacro %}

{% macro samengevoegd(waarde, scheiding=', ', verschillend=false) -%}
    {#- The texts of a group in one, in order of the alphabet; different ones only, where that is asked. -#}
    {{ return(adapter.dispatch('samengevoegd')(waarde, scheiding, verschillend)) }}
{%- endmacro %}

{% macro duckdb__samengevoegd(waarde, scheiding=', ', verschillend=false) -%}
    string_agg({{ 'distinct ' if verschillend }}{{ waarde }}, '{{ scheiding }}' order by {{ waarde }})
{%- endmacro %}

{% macro spark__samengevoegd(waarde, scheiding=', ', verschillend=false) -%}
    listagg({{ 'distinct ' if verschillend }}{{ waarde }}, '{{ scheiding }}') within group (order by {{ waarde }})
{%- endmacro %}

{% macro lopend_product(waarde, venster) -%}
    {#- The product of the values so far, over a window in their order. -#}
    {{ return(adapter.dispatch('lopend_product')(waarde, venster)) }}
{%- endmacro %}

{% macro duckdb__lopend_product(waarde, venster) -%}
    product({{ waarde }}) over ({{ venster }})
{%- endmacro %}

{% macro spark__lopend_product(waarde, venster) -%}
    aggregate(collect_list({{ waarde }}) over ({{ venster }}), 1e0, (tot_hier, keer) -> tot_hier * keer)
{%- endmacro %}

{# Rows and columns. #}

{% macro alles_behalve(kolommen) -%}
    {#- Every column but these (a list, or one name), in the place of *. -#}
    {{ return(adapter.dispatch('alles_behalve')(kolommen)) }}
{%- endmacro %}

{% macro duckdb__alles_behalve(kolommen) -%}
    * exclude ({{ kolommen if kolommen is string else kolommen | join(', ') }})
{%- endmacro %}

{% macro spark__alles_behalve(kolommen) -%}
    * except ({{ kolommen if kolommen is string else kolommen | join(', ') }})
{%- endmacro %}

{% macro rijnaam(kolommen) -%}
    {#- What tells each row from every other within this query; of rows that the columns tell apart. -#}
    {{ return(adapter.dispatch('rijnaam')(kolommen)) }}
{%- endmacro %}

{% macro duckdb__rijnaam(kolommen) -%}
    row_number() over ()
{%- endmacro %}

{% macro spark__rijnaam(kolommen) -%}
    {#- A number would take all rows to one place, and could be another one when they are read again. -#}
    concat_ws('|', {{ kolommen | join(', ') }})
{%- endmacro %}

{% macro per_kolom(kolommen, waarden, soort='double') -%}
    {#- Each row once for each of the columns: its name as kolom, and the value that stands at its place in waarden as waarde. -#}
    {{ return(adapter.dispatch('per_kolom')(kolommen, waarden, soort)) }}
{%- endmacro %}

{% macro duckdb__per_kolom(kolommen, waarden, soort='double') -%}
    unnest(['{{ kolommen | list | join("', '") }}']) as kolom,
    unnest(cast([{{ waarden | join(", ") }}] as {{ soort }} [])) as waarde
{%- endmacro %}

{% macro spark__per_kolom(kolommen, waarden, soort='double') -%}
    inline(
        arrays_zip(array('{{ kolommen | list | join("', '") }}'), cast(array({{ waarden | join(", ") }}) as array<{{ soort }}>))
    ) as (kolom, waarde)
{%- endmacro %}

{# Enumerations. The long table has few different texts in millions of rows. As an enumeration of DuckDB each is stored, compared and copied as
   a number, and still reads as text: a release is written in a third of the time. Spark's files do that by themselves, and it keeps text. #}

{% macro als_opsomming(kolommen, volgorde) -%}
    {#- Post-hook: turns text columns of this model into enumerations of their values (type <schema>.lijst_<column>), in the order of another. -#}
    {{ return(adapter.dispatch('als_opsomming')(kolommen, volgorde)) }}
{%- endmacro %}

{% macro duckdb__als_opsomming(kolommen, volgorde) -%}
    {%- for kolom in kolommen %}
    create or replace type {{ this.database }}.{{ this.schema }}.lijst_{{ kolom }} as enum (
        select {{ kolom }} from {{ this }} group by {{ kolom }} order by min({{ volgorde }}), {{ kolom }}
    );
    alter table {{ this }} alter column {{ kolom }} type {{ this.database }}.{{ this.schema }}.lijst_{{ kolom }};
    {%- endfor %}
{%- endmacro %}

{% macro spark__als_opsomming(kolommen, volgorde) -%}

{%- endmacro %}

{% macro als_een_van(waarden, tekst) -%}
    {#- A text that is always one of a few, as an enumeration of these. -#}
    {{ return(adapter.dispatch('als_een_van')(waarden, tekst)) }}
{%- endmacro %}

{% macro duckdb__als_een_van(waarden, tekst) -%}
    cast({{ tekst }} as enum('{{ waarden | join("', '") }}'))
{%- endmacro %}

{% macro spark__als_een_van(waarden, tekst) -%}
    {{ tekst }}
{%- endmacro %}

{# Files, as dbt and the macros read them: what is empty is no value, whatever its type, and what is between quotes stays as it is. #}

{% macro uit_csv(bestand, soorten) -%}
    {#- What a query reads a CSV file from. soorten: column → data type, in the order of the file, which has a header. -#}
    {{ return(adapter.dispatch('uit_csv')(bestand, soorten)) }}
{%- endmacro %}

{% macro duckdb__uit_csv(bestand, soorten) -%}
    read_csv('{{ bestand | replace("'", "''") }}', header = true, columns = {
        {%- for kolom, soort in soorten.items() %}'{{ kolom }}': '{{ soort }}'{{ ', ' if not loop.last }}{% endfor -%}
    })
{%- endmacro %}

{% macro spark__uit_csv(bestand, soorten) -%}
    {%- set naam = 'csv_' ~ local_md5(bestand) -%}
    {%- if execute %}{% do run_query(spark_csv(naam, bestand, soorten)) %}{% endif -%}
    {{ target.schema }}.{{ naam }}
{%- endmacro %}

{% macro spark_csv(naam, bestand, soorten) -%}
    {#- Makes a CSV file a table of Spark, where it lies; a name that is not that of its column, or a value not of its type, is an error. -#}
    create table if not exists {{ target.schema }}.{{ naam }} (
        {%- for kolom, soort in soorten.items() %}{{ kolom }} {{ soort | replace('varchar', 'string') }}{{ ', ' if not loop.last }}{% endfor -%}
    ) using csv options (
        path '{{ bestand | replace('\\', '\\\\') | replace("'", "\\'") }}', header 'true', enforceSchema 'false', mode 'FAILFAST',
        multiLine 'true', escape '"', nullValue '', emptyValue '', ignoreLeadingWhiteSpace 'false', ignoreTrailingWhiteSpace 'false'
    )
{%- endmacro %}

{% macro zaaibestand(model) -%}
    {#- The file of a seed; of which this organisation has its own, that one (orchestration/seeds.py): the run's environment says so. -#}
    {{ return(fromjson(env_var('VT_DBT_SEEDS', '{}')).get(model.name, model.root_path ~ '/' ~ model.original_file_path)) }}
{%- endmacro %}

{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set sql -%}
        copy {{ this }} from '{{ zaaibestand(model) | replace("'", "''") }}' (format csv, header true, delimiter ',')
    {%- endset -%}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}

{% macro spark__create_csv_table(model, agate_table) %}
    {#- As dbt's own, but read by Spark and not by Python: that makes the text None of an empty cell, and code of an apostrophe. -#}
    {%- set soorten = {} -%}
    {%- for kolom in agate_table.column_names %}{% do soorten.update({kolom: model.config.column_types[kolom]}) %}{% endfor -%}
    {%- set sql -%}
        create table {{ this }} as select * from {{ uit_csv(zaaibestand(model), soorten) }}
    {%- endset -%}
    {% do run_query(sql) %}
    {{ return(sql) }}
{% endmacro %}

{% macro spark__load_csv_rows(model, agate_table) %}
    {{ return('') }}
{% endmacro %}

{# What Spark has no like of, or what its session must be. #}

{% macro spark__get_assert_columns_equivalent(sql) %}
    {#- A contract names DuckDB's types. That a table has the same columns with the same values is what the comparison holds it to. -#}
{% endmacro %}

{% macro spark__persist_constraints(relation, model) %}
{% endmacro %}

{% macro sessie_is_utc() %}
    {#- Stops when the session of Spark has another zone than UTC: days would be shifted twice. -#}
    {%- if execute %}
        {%- set zone = run_query('select current_timezone()').columns[0].values()[0] -%}
        {%- if zone != 'UTC' -%}
            {%- do exceptions.raise_compiler_error('The session of Spark has zone ' ~ zone ~ ': days come out right in UTC only (spark.sql.session.timeZone).') -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
