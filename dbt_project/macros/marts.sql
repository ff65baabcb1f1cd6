{% macro cijfer_van_figuur() -%}
    {#- A figure as vt trace is asked for it, of int_figuur or the long table: indicator, and breakdown=value. -#}
    indicator || case when categorie_soort != '' then ' ' || categorie_soort || '=' || categorie else '' end
{%- endmacro %}

{% macro marten_met_cijfers() -%}
    {#-
        Mart with a figure per column → what stands at the top of its model; nothing while the project is being read, when only the names are
        of use: what calls this depends on them all.
    -#}
    {%- set namen = [
        'instroom_gemeente', 'instroom_stadsdeel', 'instroom_buurt', 'melders', 'geweldsvormen', 'veiligheidsbeoordeling', 'diensten',
        'uitstroom', 'werkvoorraad', 'regioaanpak', 'capaciteit',
    ] -%}
    {%- set gevonden = {} -%}
    {%- for naam in namen -%}{%- do ref(naam) -%}{%- endfor -%}
    {%- for model in (graph.nodes.values() if execute else []) if model.config.meta.mart -%}
        {%- if model.name not in namen -%}
            {%- do exceptions.raise_compiler_error(model.name ~ ' has a figure per column: name it in the macro marten_met_cijfers') -%}
        {%- endif -%}
        {%- do gevonden.update({model.name: model.config.meta.mart}) -%}
    {%- endfor -%}
    {{ return(gevonden) }}
{%- endmacro %}

{% macro kolommen_met_cijfers(marten) %}
    {#-
        Mart → its columns: naam, cijfer (the figure), and soort: the figure now (nu), a year earlier (toen), how much it changed since
        (verandering), or what is asked of it (norm).
    -#}
    {%- set velden = {} -%}
    {%- for mart, inhoud in marten.items() -%}
        {%- do velden.update({mart: []}) -%}
        {%- for naam, cijfer in inhoud.kolommen.items() -%}
            {%- do velden[mart].append({'naam': naam, 'soort': 'nu', 'cijfer': cijfer}) -%}
            {%- if naam in (inhoud.vorig_jaar or []) -%}
                {%- do velden[mart].append({'naam': naam ~ '_vorig_jaar', 'soort': 'toen', 'cijfer': cijfer}) -%}
                {%- do velden[mart].append({'naam': naam ~ '_verandering', 'soort': 'verandering', 'cijfer': cijfer}) -%}
            {%- endif -%}
            {%- if naam in (inhoud.normen or []) -%}
                {%- do velden[mart].append({'naam': naam ~ '_norm', 'soort': 'norm', 'cijfer': cijfer}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(velden) }}
{% endmacro %}

{% macro heet_naar_cijfer(naam, cijfer) -%}
    {#-
        Whether a column is called after its figure: each word of its name is one of the figure's key, and each word of the category is in the
        name. What is typed at the wrong column (met_kinderen for zonder_kinderen) is found by it.
    -#}
    {%- set gewoon = ['na', 'werkdagen', 'en', 'meer'] -%}
    {%- set van_cijfer = modules.re.findall('[a-z0-9]+', cijfer | lower) -%}
    {%- set van_naam = naam.split('_') -%}
    {%- set vreemd = [] -%}
    {%- for woord in van_naam if woord not in van_cijfer + gewoon and woord[:-2] not in van_cijfer -%}{%- do vreemd.append(woord) -%}{%- endfor -%}
    {%- for woord in modules.re.findall('[a-z0-9]+', figuur_van(cijfer)[2] | lower) if woord not in van_naam and woord ~ 'en' not in van_naam -%}
        {%- do vreemd.append(woord) -%}
    {%- endfor -%}
    {{ return(vreemd == []) }}
{%- endmacro %}

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

{% macro kolommen_van(model) %}
    {#- The columns of a model as its contract has them, each with name and data_type. Nothing while the project is parsed. -#}
    {{ return(graph.nodes['model.veilig_thuis.' ~ model.identifier].columns.values() | list if execute else []) }}
{% endmacro %}
