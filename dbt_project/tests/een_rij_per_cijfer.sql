-- The key of the long table, by number: every figure has in every period as many rows as areas. Half the time of grouping ten million rows by
-- all three columns.
select
    figuur_id,
    periode_id,
    count(*) as rijen
from {{ ref('int_cijfers') }}
group by figuur_id, periode_id
having
    count(*) is distinct from {{ aantal_verschillende('gebied_id', 4095) }}
    or figuur_id is null
    or periode_id is null
