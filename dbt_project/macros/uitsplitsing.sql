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

{% macro onder_elkaar(bronnen, kolommen) -%}
{#-
    The rows of several facts under each other: bron, maand, gebied_gemeente, the columns (empty for a fact without), and the line that each
    comes from.

    bronnen:  of each what it is called (bron), the fact, the condition on its rows, and which of the columns it has.
    kolommen: column → data type.
-#}
{%- for bron, feiten, telt, eigen in bronnen %}
select
    '{{ bron }}' as bron,
    maand,
    gebied_gemeente,
    {%- for kolom, soort in kolommen.items() %}
    {{ kolom if kolom in eigen else 'cast(null as ' ~ soort ~ ') as ' ~ kolom }},
    {%- endfor %}
    _levering,
    _bestand,
    _regel
from {{ ref(feiten) }}
where {{ telt }}
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
