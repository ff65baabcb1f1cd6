{{ config(materialized='view') }}
-- Every figure that occurs.
{% for model in ['meldingen', 'adviesvragen', 'betrokkenen', 'veiligheidsbeoordelingen', 'diensten', 'werkvoorraad', 'overdrachten',
                 'effect', 'verdeling', 'verhouding', 'aandeel_naar'] -%}
select * from {{ ref('int_cijfers_' ~ model) }}
{{ 'union all' if not loop.last }}
{% endfor %}
