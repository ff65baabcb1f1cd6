{# What only DuckDB does, each under a name of its own: another engine needs these macros alone. #}

{% macro lokale_dag(moment) -%}
    {#- The local day in Europe/Amsterdam of a moment with time zone. -#}
    cast({{ moment }} at time zone 'Europe/Amsterdam' as date)
{%- endmacro %}

{% macro begin_van_dag(dag) -%}
    {#- The moment at which a day, given as text, begins in Europe/Amsterdam. -#}
    timestamp '{{ dag }}' at time zone 'Europe/Amsterdam'
{%- endmacro %}

{% macro verstreken_minuten(van, tot) -%}
    {#- Elapsed minutes between two moments, with fractions; a change of the clock does not count. -#}
    (epoch_us({{ tot }}) - epoch_us({{ van }})) / 60000000.0
{%- endmacro %}

{% macro dagen_tussen(van, tot) -%}
    {#- Days from the first date to the second. -#}
    {{ tot }} - {{ van }}
{%- endmacro %}

{% macro jaren_eerder(dag, jaren) -%}
    {#- The same date that many years back; 29 February goes to 28 February. -#}
    cast({{ dag }} - to_years({{ jaren }}) as date)
{%- endmacro %}

{% macro jaren_later(dag, jaren) -%}
    {#- The same date that many years on; 29 February goes to 28 February. -#}
    cast({{ dag }} + to_years({{ jaren }}) as date)
{%- endmacro %}

{% macro eerste_van_maand(dag) -%}
    cast(date_trunc('month', {{ dag }}) as date)
{%- endmacro %}

{% macro laatste_volgens(waarde, volgorde) -%}
    {#- The value on the row with the highest order (a column or a row of columns). -#}
    max_by({{ waarde }}, {{ volgorde }})
{%- endmacro %}

{% macro aantal_waar(voorwaarde) -%}
    {#- The number of rows on which the condition holds. -#}
    cast(count_if({{ voorwaarde }}) as bigint)
{%- endmacro %}

{% macro aantal_verschillende(getal, hoogste) -%}
    {#- How many different whole numbers from 0 up to the highest there are; empty ones do not count, and one beyond the highest is an error. -#}
    bit_count(bitstring_agg({{ getal }}, 0, {{ hoogste }}))
{%- endmacro %}

{% macro lopend_product(waarde, venster) -%}
    {#- The product of the values so far, over a window in their order. -#}
    product({{ waarde }}) over ({{ venster }})
{%- endmacro %}

{% macro op_grootte(waarde) -%}
    {#- In a query that groups: the values of the group in a list, smallest first. -#}
    list_sort(list({{ waarde }}))
{%- endmacro %}

{% macro middelste(lijst) -%}
    {#- The median of a list in order of size: its middle value, or the mean of its two middle ones. -#}
    ({{ lijst }}[(len({{ lijst }}) + 1) // 2] + {{ lijst }}[len({{ lijst }}) // 2 + 1]) / 2
{%- endmacro %}

{% macro kleinste_percentiel(lijst, procent) -%}
    {#- Of a list in order of size the smallest value that at least that percentage of the values does not exceed. -#}
    {{ lijst }}[({{ procent }} * len({{ lijst }}) + 99) // 100]
{%- endmacro %}

{% macro dagenreeks(van, tot) -%}
    {#- One row per day, column dag: from the first date up to but not including the second. -#}
    select cast(reeks.dag as date) as dag
    from range(date '{{ van }}', date '{{ tot }}', interval 1 day) as reeks(dag)
{%- endmacro %}

{% macro loting(aantal, zaad) -%}
    {#-
        That many rows with a number from 0 up to but not including 1 (lot), the same on every machine for the same seed. By md5: DuckDB's
        own hash need not stay the same.
    -#}
    select (md5_number_lower({{ zaad }} || '|' || reeks.trekking) % 1000000) / 1000000 as lot
    from range({{ aantal }}) as reeks(trekking)
{%- endmacro %}

{% macro per_kolom(kolommen, waarden, soort='double') -%}
    {#- Each row once for each of the columns: its name as kolom, and the value that stands at its place in waarden as waarde. -#}
    unnest(['{{ kolommen | list | join("', '") }}']) as kolom,
    unnest(cast([{{ waarden | join(", ") }}] as {{ soort }} [])) as waarde
{%- endmacro %}
