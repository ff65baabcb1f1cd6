{% macro maandcijfers(rijen, maten) -%}
{#-
    The figures of a fact per month, area and category.

    rijen: a CTE with one row for each thing counted and each category it falls in, with the columns maand (first day of the month),
           gebied_gemeente, gebied_stadsdeel, gebied_wijk, gebied_buurt, categorie_soort and categorie.
    maten: per indicator the aggregates {'teller': …, 'noemer': …}; the numerator alone for a count.

    Gives indicator, maand, gebied_soort, gebied, categorie_soort, categorie, teller, noemer: only what occurs, and only the breakdowns and
    areas that the catalogue gives the indicator.
-#}
geteld as (
    select
        maand,
        categorie_soort,
        categorie,
        gebied_gemeente,
        gebied_stadsdeel,
        gebied_wijk,
        gebied_buurt,
        grouping(gebied_gemeente, gebied_stadsdeel, gebied_wijk, gebied_buurt) as niveau
        {%- for indicator, maat in maten.items() %},
        cast({{ maat.teller }} as double) as teller_{{ indicator }}
        {%- if maat.noemer %},
        cast({{ maat.noemer }} as double) as noemer_{{ indicator }}
        {%- endif %}
        {%- endfor %}
    from {{ rijen }}
    group by
        maand,
        categorie_soort,
        categorie,
        grouping sets ((), (gebied_gemeente), (gebied_stadsdeel), (gebied_wijk), (gebied_buurt))
),

per_gebied as (
    select
        geteld.* exclude (niveau, gebied_gemeente, gebied_stadsdeel, gebied_wijk, gebied_buurt),
        case niveau
            when 15 then 'regio'
            when 7 then case when gebied_gemeente = 'BUITEN' then 'buiten' else 'gemeente' end
            when 11 then 'stadsdeel'
            when 13 then 'wijk'
            else 'buurt'
        end as gebied_soort,
        case niveau
            when 15 then 'REGIO'
            when 7 then gebied_gemeente
            when 11 then gebied_stadsdeel
            when 13 then gebied_wijk
            else gebied_buurt
        end as gebied
    from geteld
)

select
    bereik.indicator,
    per_gebied.maand,
    per_gebied.gebied_soort,
    per_gebied.gebied,
    per_gebied.categorie_soort,
    per_gebied.categorie,
    case bereik.indicator
        {%- for indicator in maten %}
        when '{{ indicator }}' then teller_{{ indicator }}
        {%- endfor %}
    end as teller,
    case bereik.indicator
        {%- for indicator, maat in maten.items() if maat.noemer %}
        when '{{ indicator }}' then noemer_{{ indicator }}
        {%- endfor %}
        else null
    end as noemer
from per_gebied
inner join {{ ref('int_bereik') }} as bereik
    on
        per_gebied.categorie_soort = bereik.categorie_soort
        and per_gebied.gebied_soort = bereik.gebied_soort
where
    per_gebied.gebied is not null
    and bereik.indicator in ({% for indicator in maten %}'{{ indicator }}'{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
