{% test uit_codelijst(model, kolommen) %}
{# Each column (the keys of kolommen) holds codes of its list (the values) only, or nothing. #}
with codes as (
    select codelijst, code from {{ ref('codelijsten') }}
    union all
    select codelijst, code from {{ ref('afgeleide_categorieen') }}
),

waarden as (
    {%- for kolom, codelijst in kolommen.items() %}
    select distinct '{{ codelijst }}' as codelijst, {{ kolom }} as code
    from {{ model }}
    where {{ kolom }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    waarden.codelijst,
    waarden.code
from waarden
left join codes
    on
        waarden.codelijst = codes.codelijst
        and waarden.code = codes.code
where codes.code is null
{% endtest %}
