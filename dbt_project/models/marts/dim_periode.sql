-- From the first figure on: something can be handed over or closed before the first report or request that was delivered.
with perioden as (
    select * from {{ ref('int_periode') }}
),

begin_van_de_cijfers as (
    select min(perioden.periode_start) as dag
    from perioden
    where
        perioden.periode_soort = 'maand'
        and perioden.periode_id in (select cijfers.periode_id from {{ ref('int_cijfers') }} as cijfers)
)

select
    cast(perioden.periode_soort as string) as periode_soort,
    cast(perioden.periode as string) as periode,
    perioden.periode_start,
    perioden.periode_eind,
    perioden.voorlopig,
    perioden.in_venster as volledig
from perioden
cross join begin_van_de_cijfers
cross join {{ ref('int_venster') }} as venster
where
    perioden.periode_start <= venster.peildatum
    and perioden.periode_eind >= least(begin_van_de_cijfers.dag, venster.eerste_dag)
