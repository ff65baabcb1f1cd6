{% test even_veel_rijen(model, als) %}
{# Nothing got lost or doubled on the way: as many rows as the model that this one is made from. #}
with deze as (
    select count(*) as rijen from {{ model }}
),

bron as (
    select count(*) as rijen from {{ als }}
)

select
    deze.rijen,
    bron.rijen as rijen_bron
from deze
cross join bron
where deze.rijen != bron.rijen
{% endtest %}
