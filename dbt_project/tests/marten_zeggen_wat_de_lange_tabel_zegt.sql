-- The subject marts agree with the long table: for figures of each, the sum over all periods and areas is the same.
with lang as (
    select
        indicator,
        categorie_soort,
        categorie,
        gebied_soort,
        sum(waarde) as waarde
    from {{ ref('indicatoren') }}
    where
        categorie_soort in ('', 'huishouden', 'melder_groep', 'vorm_groep', 'vb_uitkomst', 'dienst_soort', 'uitstroom_soort', 'ontvanger')
        and gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel', 'wijk', 'buurt')
    group by all
),

breed as (
    select 'instroom_gemeente' as mart, 'meldingen' as indicator, '' as categorie_soort, '' as categorie, gebied_soort, sum(meldingen) as waarde
    from {{ ref('instroom_gemeente') }}
    group by gebied_soort
    union all
    select 'instroom_gemeente', 'adviesvragen', '', '', gebied_soort, sum(adviesvragen)
    from {{ ref('instroom_gemeente') }}
    group by gebied_soort
    union all
    select 'instroom_stadsdeel', 'meldingen', 'huishouden', 'met_kinderen', gebied_soort, sum(meldingen_met_kinderen)
    from {{ ref('instroom_stadsdeel') }}
    group by gebied_soort
    union all
    select 'instroom_buurt', 'meldingen', '', '', gebied_soort, sum(meldingen)
    from {{ ref('instroom_buurt') }}
    group by gebied_soort
    union all
    select 'melders', 'meldingen', 'melder_groep', 'politie', gebied_soort, sum(meldingen_politie)
    from {{ ref('melders') }}
    group by gebied_soort
    union all
    select 'geweldsvormen', 'meldingen', 'vorm_groep', 'kindermishandeling', gebied_soort, sum(kindermishandeling)
    from {{ ref('geweldsvormen') }}
    group by gebied_soort
    union all
    select 'veiligheidsbeoordeling', 'vb_afgerond', 'vb_uitkomst', 'acuut', gebied_soort, sum(uitkomst_acuut)
    from {{ ref('veiligheidsbeoordeling') }}
    group by gebied_soort
    union all
    select 'diensten', 'diensten_afgesloten', 'dienst_soort', 'onderzoek', gebied_soort, sum(afgesloten_onderzoek)
    from {{ ref('diensten') }}
    group by gebied_soort
    union all
    select 'uitstroom', 'overdrachten_en_afsluitingen', 'uitstroom_soort', 'regiehoudend', gebied_soort, sum(regiehoudend)
    from {{ ref('uitstroom') }}
    group by gebied_soort
    union all
    select 'overdrachten_partij', 'overdrachten', 'ontvanger', 'JBRA', gebied_soort, sum(overdrachten)
    from {{ ref('overdrachten_partij') }}
    where ontvanger = 'JBRA'
    group by gebied_soort
    union all
    select 'werkvoorraad', 'vb_open', '', '', gebied_soort, sum(vb_open)
    from {{ ref('werkvoorraad') }}
    group by gebied_soort
    union all
    select 'regioaanpak', 'huisverboden', '', '', gebied_soort, sum(huisverboden)
    from {{ ref('regioaanpak') }}
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
where breed.waarde is distinct from lang.waarde
