{% macro uitsplitsing(feiten, sleutel, soorten={}) -%}
{#-
    The categories that each row of a fact falls in: the key, categorie_soort and categorie, one row for each; the total is always among them.

    feiten:  the CTE of the fact, and sleutel its key.
    soorten: categorie_soort → [CTE, expression]: where the category of that breakdown stands; a row without one falls in none.
-#}
select
    {{ sleutel }},
    cast('' as string) as categorie_soort,
    cast('' as string) as categorie
from {{ feiten }}
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
