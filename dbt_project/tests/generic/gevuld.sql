{% test gevuld(model, kolommen) %}
{# None of the columns is empty on any row. #}
select *
from {{ model }}
where {% for kolom in kolommen %}{{ kolom }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}
