with leveringen as (
    select * from {{ ref('stg_leveringen') }}
)

select
    max(levering_nummer) as levering_nummer,
    {{ laatste_volgens('peildatum', 'levering_nummer') }} as peildatum
from leveringen
where uitkomst = 'opgenomen'
