-- The days that MetricFlow knows: from the first report or request to the peildatum.
with eerste as (
    select min(ontvangen_dag) as dag from veilig_thuis.facts.fct_meldingen
    union all
    select min(gestart_op) as dag from veilig_thuis.facts.fct_adviesvragen
)

select dagen.dag
from veilig_thuis.facts.dim_datum as dagen
cross join veilig_thuis.kwaliteit.release as uitgave
where dagen.dag between (select min(eerste.dag) from eerste) and uitgave.peildatum
