with codes as (
    select * from {{ ref('codelijsten') }}
),

groepen as (
    select * from codes
    where codelijst = 'vorm_groep'
)

select
    vormen.code as vorm,
    vormen.naam as vorm_naam,
    groepen.code as vorm_groep,
    groepen.naam as vorm_groep_naam,
    vormen.volgorde
from codes as vormen
inner join groepen on vormen.hoort_bij = groepen.code
where vormen.codelijst = 'vorm'
