with codes as (
    select * from {{ ref('codelijsten') }}
),

groepen as (
    select * from codes
    where codelijst = 'melder_groep'
)

select
    melders.code as hoedanigheid,
    melders.naam as hoedanigheid_naam,
    groepen.code as melder_groep,
    groepen.naam as melder_groep_naam,
    groepen.hoort_bij as melder_soort,
    melders.volgorde
from codes as melders
inner join groepen on melders.hoort_bij = groepen.code
where melders.codelijst = 'melder'
