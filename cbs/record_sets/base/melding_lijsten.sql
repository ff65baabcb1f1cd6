-- Grain: a report that has a form or a nature of violence, with the lists of both.
with vormen as (
    select
        melding_id,
        list(vorm order by vorm) as vormen
    from facts.brg_melding_vorm
    group by melding_id
),

aarden as (
    select
        melding_id,
        list(aard order by aard) as aarden
    from facts.brg_melding_aard
    group by melding_id
)

select
    coalesce(vormen.melding_id, aarden.melding_id) as melding_id,
    coalesce(vormen.vormen, []) as vormen,
    coalesce(aarden.aarden, []) as aarden
from vormen
full join aarden on vormen.melding_id = aarden.melding_id
