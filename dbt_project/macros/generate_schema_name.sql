{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- Plain names: a model lies in the schema that dbt_project.yml gives its folder. -#}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
