with vormen as (
    select * from {{ ref('stg_melding_vormen') }}
),

dim_vorm as (
    select * from {{ ref('dim_vorm') }}
)

select
    vormen.melding_id,
    vormen.vorm,
    dim_vorm.vorm_groep,
    vormen._levering,
    vormen._bestand,
    vormen._regel
from vormen
inner join dim_vorm on vormen.vorm = dim_vorm.vorm
