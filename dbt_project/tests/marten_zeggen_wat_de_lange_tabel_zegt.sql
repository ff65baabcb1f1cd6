-- The subject marts agree with the long table: for a figure of each, the sum over all years and areas is the same. That every column of
-- them does so in every period is held by tests/dbt/test_marten.py.
with lang as (
    select
        indicator,
        categorie_soort,
        categorie,
        gebied_soort,
        sum(waarde) as waarde
    from {{ ref('indicatoren') }}
    where
        periode_soort = 'jaar'
        and categorie_soort in (
            '', 'huishouden', 'melder_groep', 'vorm_groep', 'vb_uitkomst', 'dienst_soort', 'uitstroom_soort', 'ontvanger'
        )
        and gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel', 'wijk', 'buurt')
    group by all
),

breed as (
    select
        'instroom_gemeente' as mart,
        'meldingen' as indicator,
        '' as categorie_soort,
        '' as categorie,
        gebied_soort,
        sum(meldingen) as waarde
    from {{ ref('instroom_gemeente') }}
    where periode_soort = 'jaar'
    group by gebied_soort
    union all
    select
        'instroom_gemeente' as mart,
        'adviesvragen' as indicator,
        '' as categorie_soort,
        '' as categorie,
        gebied_soort,
        sum(adviesvragen) as waarde
    from {{ ref('instroom_gemeente') }}
    where periode_soort = 'jaar'
    group by gebied_soort
    union all
    select
        'instroom_stadsdeel' as mart,
        'meldingen' as indicator,
        'huishouden' as categorie_soort,
        'met_kinderen' as categorie,
        gebied_soort,
        sum(meldingen_met_kinderen) as waarde
    from {{ ref('instroom_stadsdeel') }}
    where periode_soort = 'jaar'
    group by gebied_soort
    union all
    select
        'instroom_buurt' as mart,
        'meldingen' as indicator,
        '' as categorie_soort,
        '' as categorie,
        gebied_soort,
        sum(meldingen) as waarde
    from {{ ref('instroom_buurt') }}
    where periode_soort = 'jaar'
    group by gebied_soort
    union all
    select
        'melders' as mart,
        'meldingen' as indicator,
        'melder_groep' as categorie_soort,
        'politie' as categorie,
        gebied_soort,
        sum(meldingen_politie) as waarde
    from {{ ref('melders') }}
    where periode_soort = 'jaar'
    group by gebied_soort
    union all
    select
        'geweldsvormen' as mart,
        'meldingen' as indicator,
        'vorm_groep' as categorie_soort,
        'kindermishandeling' as categorie,
        gebied_soort,
        sum(kindermishandeling) as waarde
    from {{ ref('geweldsvormen') }}
    where periode_soort = 'jaar'
    group by gebied_soort
    union all
    select
        'veiligheidsbeoordeling' as mart,
        'vb_afgerond' as indicator,
        'vb_uitkomst' as categorie_soort,
        'acuut' as categorie,
        gebied_soort,
        sum(uitkomst_acuut) as waarde
    from {{ ref('veiligheidsbeoordeling') }}
    where periode_soort = 'jaar'
    group by gebied_soort
    union all
    select
        'diensten' as mart,
        'diensten_afgesloten' as indicator,
        'dienst_soort' as categorie_soort,
        'onderzoek' as categorie,
        gebied_soort,
        sum(afgesloten_onderzoek) as waarde
    from {{ ref('diensten') }}
    where periode_soort = 'jaar'
    group by gebied_soort
    union all
    select
        'uitstroom' as mart,
        'overdrachten_en_afsluitingen' as indicator,
        'uitstroom_soort' as categorie_soort,
        'regiehoudend' as categorie,
        gebied_soort,
        sum(regiehoudend) as waarde
    from {{ ref('uitstroom') }}
    where periode_soort = 'jaar'
    group by gebied_soort
    union all
    select
        'overdrachten_partij' as mart,
        'overdrachten' as indicator,
        'ontvanger' as categorie_soort,
        'JBRA' as categorie,
        gebied_soort,
        sum(overdrachten) as waarde
    from {{ ref('overdrachten_partij') }}
    where periode_soort = 'jaar' and ontvanger = 'JBRA'
    group by gebied_soort
    union all
    select
        'werkvoorraad' as mart,
        'vb_open' as indicator,
        '' as categorie_soort,
        '' as categorie,
        gebied_soort,
        sum(vb_open) as waarde
    from {{ ref('werkvoorraad') }}
    where periode_soort = 'jaar'
    group by gebied_soort
    union all
    select
        'regioaanpak' as mart,
        'huisverboden' as indicator,
        '' as categorie_soort,
        '' as categorie,
        gebied_soort,
        sum(huisverboden) as waarde
    from {{ ref('regioaanpak') }}
    where periode_soort = 'jaar'
    group by gebied_soort
)

select
    breed.*,
    lang.waarde as waarde_lang
from breed
left join lang
    on
        breed.indicator = lang.indicator
        and breed.categorie_soort = lang.categorie_soort
        and breed.categorie = lang.categorie
        and breed.gebied_soort = lang.gebied_soort
-- a count that does not occur before the first report or request has no row in the long table, and a mart may have 0
where coalesce(breed.waarde, 0) != coalesce(lang.waarde, 0)
