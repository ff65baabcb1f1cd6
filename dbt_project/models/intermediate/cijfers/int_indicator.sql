-- Every indicator there is, as the .yml beside the model with its rows has it (int_bijdrage_<onderwerp>.yml).
{%- set soorten = omschreven('int_indicator').get('soorten', {}) %}
{%- set rijen = [] %}
{%- for onderwerp in onderwerpen() %}
    {%- for code, i in indicatoren(onderwerp).items() %}{% do rijen.append([onderwerp, code, i]) %}{% endfor %}
{%- endfor %}
with indicatoren as (
    {%- for onderwerp, code, i in rijen %}
    {%- set thuis = omschreven('int_bijdrage_' ~ onderwerp) %}
    {%- set soort = soorten[i.soort] %}
    {%- set norm = i.norm or {} %}
    select
        {{ tekst(code) }} as indicator,
        {{ tekst(onderwerp) }} as onderwerp,
        {{ tekst(i.naam) }} as naam,
        {{ tekst(i.soort) }} as soort,
        {{ tekst(soort.wijze) }} as wijze,
        {{ tekst(i.eenheid) }} as eenheid,
        cast({{ soort.factor }} as double) as factor,
        {{ tekst(i.thema or thuis.thema) }} as thema,
        {{ tekst(i.telt_op or thuis.telt_op) }} as telt_op,
        {{ tekst(i.laagste_gebied or omschreven('int_indicator').laagste_gebied) }} as laagste_gebied,
        {{ soort.met_buiten | lower }} as met_buiten,
        {{ tekst(soort.periodes) }} as periodes,
        {{ soort.is_telling | lower }} as is_telling,
        {{ soort.is_breuk | lower }} as is_breuk,
        {{ soort.leeg_ontbreekt | lower }} as leeg_ontbreekt,
        {{ tekst((i.teller or {}).is) }} as teller,
        {{ tekst((i.noemer or {}).is) }} as noemer,
        {{ tekst((i.teller or {}).van) }} as teller_van,
        {{ tekst((i.noemer or i.aftrek or {}).van) }} as noemer_van,
        {{ tekst((i.noemer or {}).per) }} as noemer_per,
        cast({{ norm.waarde or 'null' }} as double) as norm,
        {{ tekst(norm.categorie_soort or '') }} as norm_categorie_soort,
        {{ tekst(norm.categorie or '') }} as norm_categorie,
        {{ tekst(i.definitie) }} as definitie,
        {{ i.volgorde }} as volgorde
    {{ 'union all' if not loop.last }}
    {%- else %}
    select null as indicator
    {%- endfor %}
)

select * from indicatoren
