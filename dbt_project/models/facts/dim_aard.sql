with codes as (
    select * from {{ ref('codelijsten') }}
)

select
    code as aard,
    naam as aard_naam,
    volgorde,
    coalesce(hoort_bij = 'alleen_kindermishandeling', false) as alleen_kindermishandeling
from codes
where codelijst = 'aard'
