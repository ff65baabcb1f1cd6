{{ config(materialized='view') }}
-- Every figure that rows add up to, or that is taken of them, where it occurs.
{%- for onderwerp in onderwerpen() %}
    select
        figuur_id,
        periode_id,
        gebied_id,
        teller,
        noemer
    from {{ ref('int_cijfers_' ~ onderwerp) }}
    {{ 'union all' if not loop.last }}
{%- endfor %}
