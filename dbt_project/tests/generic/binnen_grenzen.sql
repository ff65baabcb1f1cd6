{% test binnen_grenzen(model, behalve='') %}
{#
    Every share (by the name of its column) lies within 0 and 100, and no count and no duration below 0, those aside whose name begins with
    behalve; what is empty is within.
-#}
{%- set voorwaarden = [] -%}
{%- for kolom in kolommen_van(model) -%}
{%- if kolom.name.startswith('aandeel_') or '_aandeel_' in kolom.name -%}
{%- do voorwaarden.append(kolom.name ~ ' not between 0 and 100') -%}
{%- elif kolom.data_type == 'bigint' or kolom.name.startswith('doorlooptijd') -%}
{%- do voorwaarden.append(kolom.name ~ ' < 0') if not (behalve and kolom.name.startswith(behalve)) -%}
{%- endif -%}
{%- endfor %}
select *
from {{ model }}
where {{ voorwaarden | join(' or ') }}
{% endtest %}
