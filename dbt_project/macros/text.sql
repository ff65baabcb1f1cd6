{% macro tekst(waarde) -%}
    {#- A text as SQL; empty where there is none. -#}
    {{ "'" ~ (waarde | replace("'", "''")) ~ "'" if waarde is not none and waarde is defined else 'cast(null as string)' }}
{%- endmacro %}
