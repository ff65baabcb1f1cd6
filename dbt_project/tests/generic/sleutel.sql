{% test sleutel(model, kolommen, waar='true') %}
{# The columns together name a row (of those that meet a condition): none is empty, and no combination occurs twice. #}
select {{ kolommen | join(', ') }}
from {{ model }}
where {{ waar }}
group by {{ kolommen | join(', ') }}
having count(*) > 1{% for kolom in kolommen %} or {{ kolom }} is null{% endfor %}
{% endtest %}
