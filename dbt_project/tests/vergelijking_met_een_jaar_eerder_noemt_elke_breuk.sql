{%- set marten = ['instroom_gemeente', 'instroom_stadsdeel', 'veiligheidsbeoordeling', 'diensten', 'uitstroom', 'werkvoorraad'] -%}
{%- set velden = omschreven_kolommen(marten) -%}
-- What a mart says that disturbs a comparison with a year earlier is each break that the long table has, for the figures that it compares,
-- in a period after the one a year earlier and up to the row's own.
with breuken as (
    select distinct
        {{ omschrijving() }} as cijfer,
        cast(periode_soort as varchar) as periode_soort,
        periode_start,
        cast(gebied as varchar) as gebied,
        cast(vergelijkbaarheid as varchar) as vergelijkbaarheid
    from {{ ref('indicatoren') }}
    where
        gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel')
        and categorie_soort = ''
        and vergelijkbaarheid is not null
),

vergeleken as (
    {%- for mart in marten %}
    select
        '{{ mart }}' as mart,
        'vergelijkbaarheid_jaar_eerder' as kolom,
        nu.periode_soort,
        nu.periode,
        nu.gebied,
        nu.vergelijkbaarheid_jaar_eerder as redenen,
        string_agg(distinct breuken.vergelijkbaarheid, ', ' order by breuken.vergelijkbaarheid) as redenen_lang
    from {{ ref(mart) }} as nu
    left join {{ ref(mart) }} as toen
        on
            nu.periode_soort = toen.periode_soort
            and nu.gebied = toen.gebied
            and nu.periode_start = {{ jaren_later('toen.periode_start', 1) }}
    left join breuken
        on
            nu.periode_soort = breuken.periode_soort
            and nu.gebied = breuken.gebied
            and breuken.periode_start > toen.periode_start
            and breuken.periode_start <= nu.periode_start
            and breuken.cijfer in (
                ''
                {%- for veld in velden[mart] if veld.soort == 'toen' %},
                '{{ veld.cijfer }}'
                {%- endfor %}
            )
    group by all
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from vergeleken
where redenen is distinct from redenen_lang
