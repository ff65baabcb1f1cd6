-- Every earlier report that a report builds on: received before it, at most three years back, about the same household or a shared person.
with meldingen as (
    select
        meldingen.melding_id,
        meldingen.casus_id,
        meldingen.ontvangen_op,
        meldingen.ontvangen_dag,
        meldingen.nummer_volgorde,
        {{ jaren_eerder('meldingen.ontvangen_dag', var('terugblik_jaren')) }} as terugblik_van,
        casussen.huishouden_id,
        casussen.geopend_op,
        casussen.afgesloten_op
    from {{ ref('stg_meldingen') }} as meldingen
    inner join {{ ref('stg_casussen') }} as casussen on meldingen.casus_id = casussen.casus_id
),

personen as (
    select distinct
        betrokkenen.persoon_id,
        meldingen.melding_id,
        meldingen.ontvangen_op,
        meldingen.ontvangen_dag,
        meldingen.terugblik_van
    from {{ ref('stg_betrokkenen') }} as betrokkenen
    inner join meldingen on betrokkenen.melding_id = meldingen.melding_id
    where betrokkenen.persoon_id is not null
),

paren as (
    select
        nieuw.melding_id,
        eerder.melding_id as eerdere_melding_id
    from meldingen as nieuw
    inner join meldingen as eerder
        on
            nieuw.huishouden_id = eerder.huishouden_id
            and nieuw.ontvangen_op > eerder.ontvangen_op
            and nieuw.terugblik_van <= eerder.ontvangen_dag
    union
    select
        nieuw.melding_id,
        eerder.melding_id as eerdere_melding_id
    from personen as nieuw
    inner join personen as eerder
        on
            nieuw.persoon_id = eerder.persoon_id
            and nieuw.ontvangen_op > eerder.ontvangen_op
            and nieuw.terugblik_van <= eerder.ontvangen_dag
)

select
    paren.melding_id,
    paren.eerdere_melding_id,
    eerder.casus_id as eerdere_casus_id,
    eerder.ontvangen_op as eerder_ontvangen_op,
    eerder.nummer_volgorde as eerdere_nummer_volgorde,
    nieuw.ontvangen_dag,
    eerder.geopend_op <= nieuw.ontvangen_dag
    and (eerder.afgesloten_op is null or eerder.afgesloten_op > nieuw.ontvangen_dag) as eerdere_casus_open
from paren
inner join meldingen as nieuw on paren.melding_id = nieuw.melding_id
inner join meldingen as eerder on paren.eerdere_melding_id = eerder.melding_id
