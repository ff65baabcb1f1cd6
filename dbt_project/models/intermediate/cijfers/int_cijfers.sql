{{ config(materialized='view') }}
-- Every figure by number: what occurs, and the noughts.
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_gevonden') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_nul') }}
