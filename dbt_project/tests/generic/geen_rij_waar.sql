{% test geen_rij_waar(model, waar) %}
{# No row meets the condition. For a table of millions of rows: unlike with voorwaarde, the engine can skip what cannot meet it. #}
select *
from {{ model }}
where {{ waar }}
{% endtest %}
