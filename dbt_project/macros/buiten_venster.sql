{% macro rijen_van_voor(dagen, eerste_dag) -%}
    {#- Rows that hold now with a day before the first one: entiteit, the columns that name them, and as id what others hang on.

        dagen: entity → the columns that it counts by. -#}
    {%- for entiteit, kolommen in dagen.items() %}
    select
        '{{ entiteit }}' as entiteit,
        {{ {'adviesvragen': 'advies_id', 'meldingen': 'melding_id'}.get(entiteit, 'cast(null as bigint)') }} as id,
        _levering,
        _bestand,
        _regel
    from {{ source('historie', entiteit) }}
    where
        _is_actueel
        and (
            {%- for kolom in kolommen %}
            {{ kolom }} < {{ begin_van_dag(eerste_dag) if kolom == 'ontvangen_op' else "date '" ~ eerste_dag ~ "'" }}
            {{- ' or' if not loop.last }}
            {%- endfor %}
        )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro rijen_aan(hangt_aan, ouders) -%}
    {#- Rows that hold now and hang on a row of a CTE (entiteit, id): entiteit and the columns that name them.

        hangt_aan: entity → [the entity that it hangs on, the number that it names that by]. -#}
    {%- for entiteit, (ouder, nummer) in hangt_aan.items() %}
    select
        '{{ entiteit }}' as entiteit,
        _levering,
        _bestand,
        _regel
    from {{ source('historie', entiteit) }}
    where
        _is_actueel
        -- within coalesce each row is looked up in the few: DuckDB would keep all rows, to look the few up in them
        and coalesce({{ nummer }} in (select {{ ouders }}.id from {{ ouders }} where {{ ouders }}.entiteit = '{{ ouder }}'), false)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro telt_mee(entiteit) -%}
    {#- Condition on the rows of a source: they hold now, and no figure leaves them out (stg_buiten_venster). -#}
    _is_actueel
        and (_levering, _regel) not in (
            select
                buiten._levering,
                buiten._regel
            from {{ ref('stg_buiten_venster') }} as buiten
            where buiten.entiteit = '{{ entiteit }}'
        )
{%- endmacro %}
