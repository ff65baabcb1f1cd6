-- Reports received, assessments decided and what was open at the end of each whole month; the months to come with their days alone.
with meldingen as (
    select * from {{ ref('fct_meldingen') }}
),

werkvoorraad as (
    select * from {{ ref('fct_werkvoorraad_maand') }}
    where soort = 'veiligheidsbeoordeling'
),

kalender as (
    select * from {{ ref('dim_datum') }}
),

grenzen as (
    select
        max(stg_peildatum.peildatum) as peildatum,
        min(meldingen.ontvangen_dag) as eerste_dag
    from meldingen
    cross join {{ ref('stg_peildatum') }} as stg_peildatum
),

kalendermaanden as (
    select
        maand_start as maand,
        maand_eind,
        count(*) as dagen,
        {{ aantal_waar('is_werkdag') }} as werkdagen
    from kalender
    group by maand_start, maand_eind
),

-- from the first month that receipts can fill, numbered; how many months each ends after the last whole one
maanden as (
    select
        kalendermaanden.*,
        row_number() over (order by kalendermaanden.maand) as volgnummer,
        kalendermaanden.maand_eind <= grenzen.peildatum as is_heel
    from kalendermaanden
    inner join grenzen on kalendermaanden.maand >= grenzen.eerste_dag
),

genummerd as (
    select
        *,
        volgnummer - max(case when is_heel then volgnummer end) over () as vooruit
    from maanden
),

instroom as (
    select
        maand,
        count(*) as instroom
    from meldingen
    group by maand
),

-- where the stock is left: not before the receipt, whatever day a decision has (a receipt that was corrected later)
besluiten as (
    select
        {{ eerste_van_maand('greatest(vb_besluit_op, ontvangen_dag)') }} as maand,
        count(*) as besluiten
    from meldingen
    where vb_besluit_op is not null
    group by {{ eerste_van_maand('greatest(vb_besluit_op, ontvangen_dag)') }}
),

voorraad as (
    select
        maand,
        count(*) as voorraad
    from werkvoorraad
    group by maand
)

select
    genummerd.maand,
    genummerd.maand_eind,
    genummerd.volgnummer,
    genummerd.vooruit,
    genummerd.dagen,
    genummerd.werkdagen,
    case when genummerd.is_heel then coalesce(instroom.instroom, 0) end as instroom,
    case when genummerd.is_heel then coalesce(besluiten.besluiten, 0) end as besluiten,
    case when genummerd.is_heel then coalesce(voorraad.voorraad, 0) end as voorraad
from genummerd
left join instroom on genummerd.maand = instroom.maand
left join besluiten on genummerd.maand = besluiten.maand
left join voorraad on genummerd.maand = voorraad.maand
where genummerd.vooruit <= {{ var('vooruitblik_maanden') }}
