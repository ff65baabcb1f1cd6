{%- set maten = {
    'aandeel_inwoners_instroom': {
        'teller': "bron = 'instroom' and melder_soort = 'inwoners'",
        'noemer': "bron = 'instroom'"},
    'aandeel_professionals_niet_politie': {
        'teller': "bron = 'instroom' and melder_soort = 'professionals' and melder_groep != 'politie'",
        'noemer': "bron = 'instroom'"},
    'casussen_uitgestroomd': {'teller': "bron = 'casus'"},
    'aandeel_zonder_hermelding_2jaar': {
        'teller': 'is_gevolgd and not opnieuw_gemeld',
        'noemer': 'is_gevolgd'},
    'aandeel_structureel_veilig': {'teller': 'structurele_veiligheid', 'noemer': 'structurele_veiligheid is not null'},
    'aandeel_directe_veiligheid': {'teller': 'directe_veiligheid', 'noemer': 'directe_veiligheid is not null'},
    'huisverboden': {'teller': "bron = 'huisverbod'"},
    'aandeel_huisverboden_hulpverlening': {'teller': "aanvrager != 'politie'", 'noemer': 'aanvrager is not null'},
} %}
{%- set uitsplitsingen = {
    'aanvrager': ['genummerd', 'aanvrager'],
} -%}
-- Inflow as a whole (no city districts there: requests for advice have none), casussen closed, monitoring and huisverboden.
with gebeurtenissen as (
    select
        'instroom' as bron,
        maand,
        melder_soort,
        melder_groep,
        gebied_gemeente,
        _levering,
        _bestand,
        _regel
    from {{ ref('fct_meldingen') }}
    union all by name
    select
        'instroom' as bron,
        maand,
        melder_soort,
        melder_groep,
        gebied_gemeente,
        _levering,
        _bestand,
        _regel
    from {{ ref('fct_adviesvragen') }}
    union all by name
    select
        'casus' as bron,
        maand,
        is_gevolgd,
        opnieuw_gemeld,
        gebied_gemeente,
        gebied_stadsdeel,
        gebied_wijk,
        gebied_buurt,
        _levering,
        _bestand,
        _regel
    from {{ ref('fct_casussen') }}
    where afgesloten_op is not null
    union all by name
    select
        'monitormoment' as bron,
        maand,
        structurele_veiligheid,
        directe_veiligheid,
        gebied_gemeente,
        gebied_stadsdeel,
        gebied_wijk,
        gebied_buurt,
        _levering,
        _bestand,
        _regel
    from {{ ref('fct_monitormomenten') }}
    where uitgevoerd_op is not null
    union all by name
    select
        'huisverbod' as bron,
        maand,
        aanvrager,
        gebied_gemeente,
        gebied_stadsdeel,
        gebied_wijk,
        gebied_buurt,
        _levering,
        _bestand,
        _regel
    from {{ ref('fct_huisverboden') }}
),

genummerd as (
    select
        *,
        row_number() over () as gebeurtenis_id
    from gebeurtenissen
),

uitsplitsing as (
    {{ uitsplitsing('gebeurtenis_id', uitsplitsingen) }}
),

{{ cijfers('genummerd', 'uitsplitsing', 'gebeurtenis_id', maten) }}
