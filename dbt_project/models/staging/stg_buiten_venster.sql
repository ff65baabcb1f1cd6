{{ config(materialized='table') }}
{%- set dagen = {
    'adviesvragen': ['gestart_op'],
    'meldingen': ['ontvangen_op'],
    'casussen': ['afgesloten_op'],
    'veiligheidsbeoordelingen': ['besluit_op'],
    'diensten': ['gestart_op'],
    'overdrachten': ['overgedragen_op'],
    'monitormomenten': ['gepland_op', 'uitgevoerd_op'],
    'huisverboden': ['opgelegd_op'],
} %}
{%- set hangt_aan = {
    'adviesvraag_vormen': ['adviesvragen', 'advies_id'],
    'melding_vormen': ['meldingen', 'melding_id'],
    'melding_aarden': ['meldingen', 'melding_id'],
    'betrokkenen': ['meldingen', 'melding_id'],
    'veiligheidsbeoordelingen': ['meldingen', 'melding_id'],
    'diensten': ['meldingen', 'melding_id'],
    'overdrachten': ['meldingen', 'melding_id'],
    'veiligheidscontacten': ['meldingen', 'melding_id'],
} -%}
-- Rows that hold now and can be placed in no period: a day by which they count lies before the first day that an event can be of, or they
-- hang on such a report or request. Intake quarantines them; a landing of before it did can have them. A casus stays, for what hangs on it:
-- only its closing counts in no period.
with eigen_dag as (
    {{ rijen_van_voor(dagen, var('vroegste_dag')) }}
),

meegenomen as (
    {{ rijen_aan(hangt_aan, 'eigen_dag') }}
)

select
    entiteit,
    _levering,
    _bestand,
    _regel
from eigen_dag

union

select
    entiteit,
    _levering,
    _bestand,
    _regel
from meegenomen
