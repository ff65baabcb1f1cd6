{% macro waarde(figuren, cijfers) -%}
    {#- The figure itself: a count or percentile as it stands, a share, mean or rate as numerator over denominator; empty over 0. -#}
    case
        when {{ figuren }}.is_breuk then {{ figuren }}.factor * {{ cijfers }}.teller / nullif({{ cijfers }}.noemer, 0)
        else {{ cijfers }}.teller
    end
{%- endmacro %}
