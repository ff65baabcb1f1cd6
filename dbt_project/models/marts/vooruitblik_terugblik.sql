{%- set maanden_terug = var('terugblik_maanden') -%}
-- The look-ahead as it would have been made at earlier month ends, held against what came: for each horizon the same last months.
with vooruitblik as (
    select * from {{ ref('int_vooruitblik') }}
    where scenario = 'zoals_nu'
),

gekomen as (
    select * from {{ ref('int_werkvoorraad_maandcijfers') }}
    where vooruit between {{ 1 - maanden_terug }} and 0
)

select
    cast(vooruitblik.horizon as integer) as horizon,
    vooruitblik.laag,
    vooruitblik.midden,
    vooruitblik.hoog,
    gekomen.voorraad as werkelijk,
    vooruitblik.gelijk,
    {{ als_maand('vooruitblik.gemaakt_op') }} as gemaakt_op,
    {{ als_maand('vooruitblik.maand') }} as maand,
    gekomen.voorraad between vooruitblik.laag and vooruitblik.hoog as binnen,
    abs(vooruitblik.midden - gekomen.voorraad) as fout_midden,
    abs(vooruitblik.gelijk - gekomen.voorraad) as fout_gelijk
from vooruitblik
inner join gekomen on vooruitblik.maand = gekomen.maand
