{#
    The build is made by one writer and read by nobody: a table or view is replaced where it stands. dbt's own way (make it aside, move the
    old one away, move the new one in, drop the old one) costs seven statements for each of eighty models, a third of the night.
#}

{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
    {{ return(vervang('table', pre_hooks, post_hooks)) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(vervang('view', pre_hooks, post_hooks)) }}
{% endmaterialization %}

{#
    Spark puts the text of a view in the place of its name, each time again: of views on views comes a plan of thousands of steps. There a view
    is a table.
#}
{% materialization view, adapter='spark', supported_languages=['sql'] %}
    {%- set nieuw = this.incorporate(type='table') -%}
    {% call statement('main') -%}
        {{ create_table_as(false, nieuw, model['compiled_code']) }}
    {%- endcall %}
    {{ return({'relations': [nieuw]}) }}
{% endmaterialization %}

{% macro vervang(soort, pre_hooks, post_hooks) %}
    {#- Makes this model as a table or view, with its contract checked first and its descriptions put on it. -#}
    {%- set oud = adapter.get_relation(database=this.database, schema=this.schema, identifier=this.identifier) -%}
    {%- set nieuw = this.incorporate(type=soort) -%}
    {{ run_hooks(pre_hooks) }}
    {%- if oud is not none and oud.type != soort %}
        {% do adapter.drop_relation(oud) %}
    {%- endif %}
    {%- if config.get('contract').enforced %}
        {% do get_assert_columns_equivalent(model['compiled_code']) %}
    {%- endif %}
    {% call statement('main', fetch_result=True) -%}
        create or replace {{ soort }} {{ nieuw }} as (
            {{ model['compiled_code'] }}
        );
    {%- endcall %}
    {%- if soort == 'table' %}
        {#- how many rows there are, for whoever follows the run: what DuckDB answers to a table made from a query #}
        {%- set rijen = load_result('main')['data'][0][0] %}
        {% do store_raw_result('main', message=rijen ~ ' rijen', code='OK', rows_affected=rijen | int) %}
    {%- endif %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(nieuw, model) %}
    {% do adapter.commit() %}
    {{ return({'relations': [nieuw]}) }}
{% endmacro %}

{% macro duckdb__alter_column_comment(relation, column_dict) -%}
    {#- The descriptions of all columns at once; dbt's own asks the database for the columns first and quotes each text by a macro. -#}
    {%- for kolom, eigenschappen in column_dict.items() if eigenschappen['description'] %}
    comment on column {{ relation }}.{{ kolom }} is '{{ eigenschappen['description'] | replace("'", "''") }}';
    {%- endfor %}
{%- endmacro %}
