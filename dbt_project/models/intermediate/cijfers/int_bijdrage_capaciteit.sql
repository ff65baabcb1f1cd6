{{ config(materialized='view') }}
-- Teams have no area: these figures are of the region alone.
with capaciteit as (
    select
        *,
        cast(null as string) as gebied_gemeente,
        cast(null as string) as gebied_stadsdeel,
        cast(null as string) as gebied_wijk,
        cast(null as string) as gebied_buurt,
        row_number() over (order by maand, team) as capaciteit_id
    from {{ ref('fct_capaciteit') }}
),

uitsplitsing as (
    {{ uitsplitsing('capaciteit', 'capaciteit_id') }}
),

{{ bijdragen('capaciteit', 'capaciteit', 'capaciteit_id') }}
