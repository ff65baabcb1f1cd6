{%- set kolommen = {
    'fct_adviesvragen': ['gestart_op'],
    'fct_meldingen': ['ontvangen_dag', 'vb_besluit_op'],
    'fct_casussen': ['maand'],
    'fct_diensten': ['gestart_op', 'afgesloten_op'],
    'fct_huisverboden': ['opgelegd_op'],
    'fct_monitormomenten': ['uitgevoerd_op'],
    'fct_overdrachten': ['overgedragen_op'],
} -%}
-- A day that something counts by stands in the calendar: without one it would be in no period, and nobody would see it.
with gebruikt as (
    {{ uitersten(kolommen) }}
),

kalender as (
    select
        min(dag) as eerste,
        max(dag) as laatste
    from {{ ref('dim_datum') }}
)

select
    gebruikt.feiten,
    gebruikt.kolom
from gebruikt
cross join kalender
where gebruikt.eerste < kalender.eerste or gebruikt.laatste > kalender.laatste
