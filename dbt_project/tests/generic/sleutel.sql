{% test sleutel(model, kolommen) %}
{# The columns together name a row: none is empty, and no combination occurs twice. #}
select {{ kolommen | join(', ') }}
from {{ model }}
group by {{ kolommen | join(', ') }}
having count(*) > 1{% for kolom in kolommen %} or {{ kolom }} is null{% endfor %}
{% endtest %}
