{{ config(materialized='view') }}
-- What a figure rests on: every row and each figure that it counts in. Shares by X and rates are made of these figures (int_figuur_deel).
{%- for onderwerp in onderwerpen() %}
    select
        figuur_id,
        periode_id,
        gemeente_id,
        stadsdeel_id,
        wijk_id,
        buurt_id,
        teller,
        noemer,
        geteld_id,
        _levering,
        _bestand,
        _regel
    from {{ ref('int_bijdrage_' ~ onderwerp) }}
    {{ 'union all' if not loop.last }}
{%- endfor %}
