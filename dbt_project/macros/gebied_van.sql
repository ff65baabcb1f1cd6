{% macro gebied_van(melding, telt='true') -%}
    {#- The four area columns of the report that gives a fact its area; BUITEN where there is none, nothing while the fact does not count. -#}
    case when {{ telt }} then coalesce({{ melding }}.gebied_gemeente, 'BUITEN') end as gebied_gemeente,
    {{ melding }}.gebied_stadsdeel,
    {{ melding }}.gebied_wijk,
    {{ melding }}.gebied_buurt
{%- endmacro %}
