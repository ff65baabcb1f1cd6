{# A test whose failures are known (expectations/bekende_fouten.yaml) warns up to the number of rows that is accepted, and fails above it.
   The numbers come from the run's environment, by name of the test (orchestration/quality/ledger.py), so that nothing is parsed anew. #}
{% macro get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) %}
    {% set accepted = fromjson(env_var('VT_DBT_BEKENDE_FOUTEN', '{}')).get(model.name) %}
    {% if accepted %}
        {{ return(adapter.dispatch('get_test_sql', 'dbt')(main_sql, fail_calc, '!= 0', '> ' ~ accepted, limit)) }}
    {% endif %}
    {{ return(adapter.dispatch('get_test_sql', 'dbt')(main_sql, fail_calc, warn_if, error_if, limit)) }}
{% endmacro %}
