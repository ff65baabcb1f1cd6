{% test voorwaarde(model, geldt) %}
{# What must hold on every row holds; a row of which it cannot be said does not pass. #}
select *
from {{ model }}
where ({{ geldt }}) is not true
{% endtest %}
