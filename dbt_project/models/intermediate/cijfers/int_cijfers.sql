{{ config(materialized='view') }}
-- Every figure by number: what occurs, and the noughts.
select * from {{ ref('int_cijfers_gevonden') }}
union all
select * from {{ ref('int_cijfers_nul') }}
