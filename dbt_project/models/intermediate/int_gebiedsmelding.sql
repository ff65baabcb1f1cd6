-- Which report gives a transfer, casus, huisverbod or monitormoment its area: the report that a transfer names, else the casus' latest
-- report received on or before the day that counts (on a tie the highest number). Without one there is no row, and the area is BUITEN.
with meldingen as (
    select * from {{ ref('stg_meldingen') }}
),

gebeurtenissen as (
    select
        'overdracht' as soort,
        overdracht_id as id,
        casus_id,
        overgedragen_op as dag,
        melding_id as genoemde_melding_id
    from {{ ref('stg_overdrachten') }}
    union all
    select
        'casus' as soort,
        casus_id as id,
        casus_id,
        afgesloten_op as dag,
        null as genoemde_melding_id
    from {{ ref('stg_casussen') }}
    where afgesloten_op is not null
    union all
    select
        'huisverbod' as soort,
        huisverbod_id as id,
        casus_id,
        opgelegd_op as dag,
        null as genoemde_melding_id
    from {{ ref('stg_huisverboden') }}
    union all
    select
        'monitormoment' as soort,
        moment_id as id,
        casus_id,
        uitgevoerd_op as dag,
        null as genoemde_melding_id
    from {{ ref('stg_monitormomenten') }}
    where uitgevoerd_op is not null
)

select
    gebeurtenissen.soort,
    gebeurtenissen.id,
    meldingen.melding_id
from gebeurtenissen
inner join meldingen
    on
        gebeurtenissen.casus_id = meldingen.casus_id
        and gebeurtenissen.dag >= meldingen.ontvangen_dag
where gebeurtenissen.genoemde_melding_id is null
qualify
    row_number() over (
        partition by gebeurtenissen.soort, gebeurtenissen.id
        order by meldingen.ontvangen_op desc, meldingen.nummer_volgorde desc
    ) = 1

union all

select
    soort,
    id,
    genoemde_melding_id as melding_id
from gebeurtenissen
where genoemde_melding_id is not null
