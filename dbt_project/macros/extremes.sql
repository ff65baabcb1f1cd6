{% macro uitersten(kolommen) -%}
    {#- One row for each column of a fact: feiten, kolom, and its first and last day.

        kolommen: fact → its columns. -#}
    {%- for feiten, dagen in kolommen.items() %}
    {%- set laatste_feiten = loop.last %}
    {%- for dag in dagen %}
    select
        '{{ feiten }}' as feiten,
        '{{ dag }}' as kolom,
        min({{ dag }}) as eerste,
        max({{ dag }}) as laatste
    from {{ ref(feiten) }}
    {{ 'union all' if not (loop.last and laatste_feiten) }}
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}
