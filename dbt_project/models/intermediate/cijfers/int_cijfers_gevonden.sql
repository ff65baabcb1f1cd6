{{ config(materialized='view') }}
-- Every figure that occurs.
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_meldingen') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_adviesvragen') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_betrokkenen') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_veiligheidsbeoordelingen') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_diensten') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_werkvoorraad') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_overdrachten') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_effect') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_verdeling') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_verhouding') }}
union all
select
    figuur_id,
    periode_id,
    gebied_id,
    teller,
    noemer
from {{ ref('int_cijfers_aandeel_naar') }}
