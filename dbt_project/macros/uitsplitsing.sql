{% macro uitsplitsing(sleutel, soorten) -%}
{#-
    The categories that each row of a fact falls in: the key, categorie_soort and categorie, one row for each; the total is always among them.

    sleutel: the key of the fact.
    soorten: categorie_soort → [CTE, expression]: where the category of that breakdown stands; a row without one falls in none. The CTE of
             the first one is the fact itself.
-#}
select
    {{ sleutel }},
    cast('' as varchar) as categorie_soort,
    cast('' as varchar) as categorie
from {{ (soorten.values() | first)[0] }}
{%- for soort, (bron, waarde) in soorten.items() %}
union all
select
    {{ sleutel }},
    '{{ soort }}' as categorie_soort,
    {{ waarde }} as categorie
from {{ bron }}
where {{ waarde }} is not null
{%- endfor %}
{%- endmacro %}
