{% macro omschrijving() -%}
    {#- What a figure is called in the description of a column of a mart: indicator, category, unit. Of int_figuur or the long table. -#}
    indicator_naam
    || case when categorie_soort != '' then ': ' || replace(categorie_naam, ' | ', ', ') else '' end
    || case when starts_with(categorie_soort, 'uitkomst_') then '; ' || replace(categorie_soort, '_', ' ') else '' end
    || case eenheid when 'procent' then ', in procenten' when 'weken' then ', in weken' when 'werkdagen' then ', in werkdagen' else '' end
{%- endmacro %}

{% macro omschreven_kolommen(marten) %}
    {#-
        Mart → its columns with figures as their descriptions have them: naam, cijfer (what the figure is called, see omschrijving), and
        soort: the figure now (nu), a year earlier (toen), how much it changed since (verandering), or what is asked of it (norm).
    -#}
    {%- set toevoegingen = {
        '; dezelfde periode een jaar eerder': 'toen',
        '; verandering ten opzichte van een jaar eerder, in procenten, leeg zolang de periode loopt': 'verandering',
        '; norm van het Landelijk Netwerk Veilig Thuis': 'norm',
    } -%}
    {%- set velden = {} -%}
    {%- for mart in marten -%}
        {%- do velden.update({mart: []}) -%}
        {%- set model = graph.nodes['model.veilig_thuis.' ~ mart] if execute else {'columns': {}} -%}
        {%- for kolom in model.columns.values() if kolom.data_type in ('bigint', 'double') -%}
            {%- set toevoeging = toevoegingen | select('in', kolom.description) | first | default('') -%}
            {%- set cijfer = kolom.description[:-(toevoeging | length)] if toevoeging else kolom.description -%}
            {%- do velden[mart].append({
                'naam': kolom.name, 'soort': toevoegingen.get(toevoeging, 'nu'), 'cijfer': cijfer | replace("'", "''")
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(velden) }}
{% endmacro %}

{% macro kolommen_van(model) %}
    {#- The columns of a model as its contract has them, each with name and data_type. Nothing while the project is parsed. -#}
    {{ return(graph.nodes['model.veilig_thuis.' ~ model.identifier].columns.values() | list if execute else []) }}
{% endmacro %}

{% macro verschilt(mart, kolommen, afgerond=false) %}
    {#- For each column of the mart (key) the condition that it is not what it should be (value); rounded: beyond the last digits. -#}
    {%- set voorwaarden = [] -%}
    {%- for kolom, waarde in kolommen.items() -%}
        {%- set anders = mart ~ '.' ~ kolom ~ ' is distinct from ' ~ waarde -%}
        {%- set ver = 'coalesce(abs(' ~ mart ~ '.' ~ kolom ~ ' - ' ~ waarde ~ ') > 1e-9 * greatest(abs(' ~ waarde ~ '), 1), true)' -%}
        {%- do voorwaarden.append(anders ~ ' and ' ~ ver if afgerond else anders) -%}
    {%- endfor -%}
    {{ return(voorwaarden) }}
{% endmacro %}
