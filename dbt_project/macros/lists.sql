{#
    The long table has few different texts in millions of rows. As an enumeration each is stored, compared and copied as a number, and still
    reads as text: a release is written in a third of the time. Another engine leaves this macro empty and keeps text.
#}

{% macro als_opsomming(kolommen, volgorde) -%}
    {#- Post-hook: turns text columns of this model into enumerations of their values (type <schema>.lijst_<column>), in the order of another. -#}
    {%- for kolom in kolommen %}
    create or replace type {{ this.database }}.{{ this.schema }}.lijst_{{ kolom }} as enum (
        select {{ kolom }} from {{ this }} group by {{ kolom }} order by min({{ volgorde }}), {{ kolom }}
    );
    alter table {{ this }} alter column {{ kolom }} type {{ this.database }}.{{ this.schema }}.lijst_{{ kolom }};
    {%- endfor %}
{%- endmacro %}

{% macro als_een_van(waarden, tekst) -%}
    {#- A text that is always one of a few, as an enumeration of these. -#}
    cast({{ tekst }} as enum('{{ waarden | join("', '") }}'))
{%- endmacro %}
