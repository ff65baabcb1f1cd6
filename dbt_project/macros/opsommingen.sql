{#
    The long table has few different texts in millions of rows. As an enumeration each is stored, compared and copied as a number, and still
    reads as text: the release is written in a third of the time. Another engine leaves these macros empty and keeps text.
#}

{% macro maak_opsomming(naam, kolom, model, volgorde) -%}
    {#- Make (again) the enumeration type marts.<naam> of the values of a column, in the order of another. -#}
    create or replace type {{ target.database }}.marts.{{ naam }} as enum (
        select {{ kolom }} from {{ model }} group by {{ kolom }} order by min({{ volgorde }}), {{ kolom }}
    )
{%- endmacro %}

{% macro opsomming(kolom, naam=none) -%}
    {#- A text column as its enumeration. -#}
    cast({{ kolom }} as {{ target.database }}.marts.{{ naam or 'lijst_' ~ kolom }}) as {{ kolom }}
{%- endmacro %}
