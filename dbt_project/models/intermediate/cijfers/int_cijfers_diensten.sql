{%- set maten = {
    'diensten_gestart': {'teller': "gebeurtenis = 'gestart'"},
    'diensten_afgesloten': {'teller': "gebeurtenis = 'afgesloten'"},
    'dienst_doorlooptijd_gemiddeld': {
        'teller': "case when gebeurtenis = 'afgesloten' then dagen_na_besluit / 7.0 end",
        'noemer': "gebeurtenis = 'afgesloten' and dagen_na_besluit is not null"},
    'aandeel_diensten_binnen_termijn': {
        'teller': "gebeurtenis = 'afgesloten' and binnen_termijn",
        'noemer': "gebeurtenis = 'afgesloten' and binnen_termijn is not null"},
    'onderzoeken_uitkomst': {
        'teller': "gebeurtenis = 'afgesloten' and dienst_soort = 'onderzoek' and voortijdig is null"},
} %}
{%- set uitsplitsingen = {
    'dienst_soort': ['diensten', 'dienst_soort'],
    'uitkomst_huiselijk_geweld': ['diensten', 'uitkomst_huiselijk_geweld'],
    'uitkomst_kindermishandeling': ['diensten', 'uitkomst_kindermishandeling'],
} -%}
with diensten as (
    select
        *,
        'gestart' as gebeurtenis,
        'gestart ' || dienst_id as gebeurtenis_id,
        {{ eerste_van_maand('gestart_op') }} as maand
    from {{ ref('fct_diensten') }}
    union all
    select
        *,
        'afgesloten' as gebeurtenis,
        'afgesloten ' || dienst_id as gebeurtenis_id,
        {{ eerste_van_maand('afgesloten_op') }} as maand
    from {{ ref('fct_diensten') }}
    where afgesloten_op is not null
),

uitsplitsing as (
    {{ uitsplitsing('gebeurtenis_id', uitsplitsingen) }}
),

{{ cijfers('diensten', 'uitsplitsing', 'gebeurtenis_id', maten) }}
