{# A seed of which this organisation has its own is read from its file (orchestration/seeds.py); the files come from the run's environment. #}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {%- set bestand = fromjson(env_var('VT_DBT_SEEDS', '{}')).get(model.name, adapter.get_seed_file_path(model)) -%}
    {%- set sql -%}
        copy {{ this }} from '{{ bestand | replace("'", "''") }}' (format csv, header true, delimiter ',')
    {%- endset -%}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}
