{{ config(materialized="view") }}
-- Every category that a report falls in, breakdown by breakdown; the total is one of them.
with meldingen as (
    select * from {{ ref('fct_meldingen') }}
),

vormen as (
    select melding_id, vorm, vorm_groep from {{ ref('brg_melding_vorm') }}
),

vorm_groepen as (
    select distinct melding_id, vorm_groep from vormen
    union all
    select melding_id, 'nog_niet_geregistreerd' from meldingen
    where melding_id not in (select vormen.melding_id from vormen)
)

select melding_id, '' as categorie_soort, '' as categorie from meldingen
union all
select melding_id, 'huishouden', huishouden from meldingen
union all
select melding_id, 'melder', hoedanigheid from meldingen
union all
select melding_id, 'melder_groep', melder_groep from meldingen
union all
select melding_id, 'vorm', vorm from vormen
union all
select melding_id, 'vorm_groep', vorm_groep from vorm_groepen
union all
select melding_id, 'aard', aard from {{ ref('brg_melding_aard') }}
union all
select melding_id, 'urgentie', urgentie from meldingen
union all
select melding_id, 'betrokkenheid', betrokkenheid from meldingen
union all
select melding_id, 'betrokkenheid_fase', betrokkenheid_fase from meldingen
where betrokkenheid_fase is not null
union all
select melding_id, 'huishouden|melder', huishouden || '|' || hoedanigheid from meldingen
union all
select melding_id, 'huishouden|melder_groep', huishouden || '|' || melder_groep from meldingen
union all
select meldingen.melding_id, 'huishouden|vorm_groep', meldingen.huishouden || '|' || vorm_groepen.vorm_groep
from meldingen
inner join vorm_groepen on meldingen.melding_id = vorm_groepen.melding_id
