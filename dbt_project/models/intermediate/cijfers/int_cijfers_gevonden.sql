{{ config(materialized='view') }}
-- Every figure that occurs.
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_geteld') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_samengesteld') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_per_1000') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_per_fte') }}
