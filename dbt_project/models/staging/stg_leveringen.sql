with bron as (
    select * from {{ source('historie', 'leveringen') }}
)

select
    levering_nummer,
    poging,
    soort,
    peildatum,
    aangemaakt_op,
    verwerkt_op,
    uitkomst,
    reden,
    code_versie,
    contract_versie,
    nachten_gemist
from bron
