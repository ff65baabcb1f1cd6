{{ config(materialized='view') }}
-- What a figure rests on: every row and each figure that it counts in. Shares by X and rates are made of these figures (int_figuur_deel).
{% for onderwerp in onderwerpen() -%}
select * from {{ ref('int_bijdrage_' ~ onderwerp) }}
{{ 'union all' if not loop.last }}
{% endfor -%}
