with codes as (
    select * from {{ ref('codelijsten') }}
),

groepen as (
    select * from codes
    where codelijst = 'ontvanger_groep'
),

soorten as (
    select * from codes
    where codelijst = 'uitstroom_soort'
)

select
    ontvangers.code as ontvanger,
    ontvangers.naam as ontvanger_naam,
    groepen.code as ontvanger_groep,
    groepen.naam as ontvanger_groep_naam,
    soorten.code as uitstroom_soort,
    soorten.naam as uitstroom_soort_naam,
    ontvangers.geldig_van,
    ontvangers.geldig_tot,
    ontvangers.volgorde,
    soorten.code not in ('clientsysteem', 'geen_vervolg') as is_overdracht
from codes as ontvangers
inner join groepen on ontvangers.hoort_bij = groepen.code
inner join soorten on groepen.hoort_bij = soorten.code
where ontvangers.codelijst = 'ontvanger'
