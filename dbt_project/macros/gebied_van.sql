{% macro gebied_van(melding) -%}
    {#- The four area columns of the report that gives a fact its area; BUITEN where there is none. -#}
    coalesce({{ melding }}.gebied_gemeente, 'BUITEN') as gebied_gemeente,
    {{ melding }}.gebied_stadsdeel,
    {{ melding }}.gebied_wijk,
    {{ melding }}.gebied_buurt
{%- endmacro %}
