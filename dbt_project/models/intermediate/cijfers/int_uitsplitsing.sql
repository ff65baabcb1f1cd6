-- Which breakdowns every indicator has, the total among them where its kind has one.
with uitsplitsingen as (
    {%- set rijen = [] %}
    {%- for onderwerp in onderwerpen() %}
    {%- for code, i in indicatoren(onderwerp).items() %}
        {%- if omschreven('int_indicator').soorten[i.soort].met_totaal %}{% do rijen.append([code, '', 0]) %}{% endif %}
        {%- for soort in i.uitsplitsingen or [] %}{% do rijen.append([code, soort, loop.index]) %}{% endfor %}
    {%- endfor %}
    {%- endfor %}
    {%- for code, soort, volgorde in rijen %}
    select
        {{ tekst(code) }} as indicator,
        {{ tekst(soort) }} as categorie_soort,
        {{ volgorde }} as volgorde
    {{ 'union all' if not loop.last }}
    {%- else %}
    select null as indicator
    {%- endfor %}
)

select
    uitsplitsingen.indicator,
    uitsplitsingen.categorie_soort,
    uitsplitsingen.volgorde,
    -- of a count whose things fall in one category each
    coalesce(indicatoren.wijze in ('som', 'stand') and indicatoren.is_telling and soorten.precies_een, false) as telt_op_tot_totaal
from uitsplitsingen
inner join {{ ref('int_indicator') }} as indicatoren on uitsplitsingen.indicator = indicatoren.indicator
left join {{ ref('categorie_soorten') }} as soorten on uitsplitsingen.categorie_soort = soorten.categorie_soort
