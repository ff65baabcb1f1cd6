{% test verwijst_naar(model, kolommen, naar, sleutel) %}
{# Every combination of the columns that is filled stands in the other model. #}
with verwijzingen as (
    select distinct {{ kolommen | join(', ') }}
    from {{ model }}
    where {% for kolom in kolommen %}{{ kolom }} is not null{{ ' and ' if not loop.last }}{% endfor %}
),

doelen as (
    select {{ sleutel | join(', ') }}
    from {{ naar }}
)

select verwijzingen.*
from verwijzingen
left join doelen
    on {% for kolom in kolommen %}verwijzingen.{{ kolom }} = doelen.{{ sleutel[loop.index0] }}{{ ' and ' if not loop.last }}{% endfor %}
where doelen.{{ sleutel[0] }} is null
{% endtest %}
