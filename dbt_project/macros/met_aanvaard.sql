{# A seed with the rows that a person accepted in the place of its own (orchestration/reference/accepted.py); without any, the seed alone.
   The files come from the run's environment, by seed, oldest first, so that nothing is parsed anew. An accepted row stands in the place of
   all rows with the same key (meta `aanvaard_per` of the seed), the newest last. #}
{% macro met_aanvaard(seed) %}
    {%- set relation = ref(seed) -%}
    {%- set files = fromjson(env_var('VT_DBT_AANVAARD', '{}')).get(seed, []) if execute else [] -%}
    {%- if not files -%}
        select * from {{ relation }}
    {%- else -%}
        {%- set config = graph.nodes['seed.veilig_thuis.' ~ seed].config -%}
        {%- set types, sleutel = config.column_types, config.meta.aanvaard_per -%}
        (
            with aanvaard as (
                {%- for file in files %}
                select
                    {%- for column in types %}
                    {{ column }},
                    {%- endfor %}
                    {{ loop.index }} as beurt
                from {{ uit_csv(file, types) }}
                {{ 'union all' if not loop.last }}
                {%- endfor %}
            )

            select {{ types | join(', ') }} from {{ relation }} as eigen
            where not exists (
                select 1 from aanvaard
                where {% for column in sleutel %}aanvaard.{{ column }} = eigen.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
            )
            union all
            select {{ types | join(', ') }} from aanvaard
            qualify beurt = max(beurt) over (partition by {{ sleutel | join(', ') }})
        )
    {%- endif -%}
{% endmacro %}
