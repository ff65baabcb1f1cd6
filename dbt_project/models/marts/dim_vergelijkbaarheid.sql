select
    vergelijkbaarheid,
    soort,
    reden as vergelijkbaarheid_reden,
    volgorde
from {{ ref('vergelijkbaarheid') }}
