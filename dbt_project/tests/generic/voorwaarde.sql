{% test voorwaarde(model, geldt) %}
{# What must hold on every row holds. #}
select 1 as fout
from {{ model }}
where not ({{ geldt }})
{% endtest %}
