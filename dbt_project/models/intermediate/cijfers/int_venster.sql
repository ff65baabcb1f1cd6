-- From the first report or request to the day whose state the build shows.
with meldingen as (
    select min(ontvangen_dag) as eerste_dag from {{ ref('stg_meldingen') }}
),

adviesvragen as (
    select min(gestart_op) as eerste_dag from {{ ref('stg_adviesvragen') }}
),

peildatum as (
    select * from {{ ref('stg_peildatum') }}
)

select
    peildatum.levering_nummer,
    peildatum.peildatum,
    least(meldingen.eerste_dag, adviesvragen.eerste_dag) as eerste_dag
from peildatum
cross join meldingen
cross join adviesvragen
