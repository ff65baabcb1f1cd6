{% test aandelen_0_100(model) %}
{# Every share, by the name of its column, lies within 0 and 100, or is empty. #}
{%- set aandelen = [] -%}
{%- for kolom in kolommen_van(model) if kolom.name.startswith('aandeel_') or '_aandeel_' in kolom.name -%}
{%- do aandelen.append(kolom.name) -%}
{%- endfor %}
select *
from {{ model }}
where {% for kolom in aandelen %}not {{ kolom }} between 0 and 100 or {% endfor %}false
{% endtest %}
