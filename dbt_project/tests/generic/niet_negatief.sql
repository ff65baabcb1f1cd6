{% test niet_negatief(model, behalve='') %}
{# No count and no duration lies below 0, those aside whose name begins with behalve. #}
{%- set getallen = [] -%}
{%- for kolom in kolommen_van(model) if kolom.data_type == 'bigint' or kolom.name.startswith('doorlooptijd') -%}
{%- do getallen.append(kolom.name) if not (behalve and kolom.name.startswith(behalve)) -%}
{%- endfor %}
select *
from {{ model }}
where {% for kolom in getallen %}{{ kolom }} < 0 or {% endfor %}false
{% endtest %}
