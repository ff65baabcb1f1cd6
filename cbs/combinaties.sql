-- Grain: a record of a set, and a combination that holds of it. The sets are tables here: adviezen, meldingen, ... with their periode.
with vormen_van_kindermishandeling as (
    select list(vorm) as vormen
    from facts.dim_vorm
    where vorm_groep = 'kindermishandeling'
),

aarden_van_kindermishandeling as (
    select list(aard) as aarden
    from facts.dim_aard
    where alleen_kindermishandeling
),

onderzoek_begonnen as (
    select distinct melding_id
    from facts.fct_diensten
    where dienst_soort = 'onderzoek'
),

casus_uitgestroomd as (
    select distinct casus_id
    from facts.fct_overdrachten
),

met_bsn as (
    select distinct nummer
    from betrokkenen_meldingen
    where bsn not in ('000000000', '999999999')
),

bij_melding as (
    select
        meldingen.periode,
        meldingen.nummer,
        meldingen._levering,
        meldingen._bestand,
        meldingen._regel,
        [
            case when meldingen.uitkomst is null then 'besluit_zonder_uitkomst' end,
            case
                when
                    meldingen.besluit = 'onderzoek'
                    and onderzoek_begonnen.melding_id is null
                    and meldingen.besluit_op <= getvariable('peildatum') - 28
                    then 'onderzoek_zonder_dienst'
            end,
            case
                when meldingen.besluit = 'overdracht' and casus_uitgestroomd.casus_id is null then 'overdracht_zonder_overdracht'
            end,
            case
                when
                    meldingen.huishouden = 'zonder_kinderen'
                    and (
                        list_has_any(meldingen.vormen, vormen_van_kindermishandeling.vormen)
                        or list_has_any(meldingen.aarden, aarden_van_kindermishandeling.aarden)
                    )
                    then 'kindermishandeling_zonder_kinderen'
            end,
            case when meldingen.ontvangen_op > casussen.afgesloten_op then 'melding_na_sluiting' end,
            case when meldingen.besluit_op > meldingen.ontvangen_op + interval 1 year then 'besluit_na_een_jaar' end,
            case when len(meldingen.vormen) = 0 then 'melding_zonder_vorm' end,
            case when meldingen.betrokkenen = 0 then 'melding_zonder_betrokkenen' end,
            case when meldingen.betrokkenen > 0 and met_bsn.nummer is null then 'melding_zonder_bsn' end
        ] as codes
    from meldingen
    cross join vormen_van_kindermishandeling
    cross join aarden_van_kindermishandeling
    inner join facts.fct_meldingen as feiten on meldingen._levering = feiten._levering and meldingen._regel = feiten._regel
    left join facts.fct_casussen as casussen on feiten.casus_id = casussen.casus_id
    left join onderzoek_begonnen on feiten.melding_id = onderzoek_begonnen.melding_id
    left join casus_uitgestroomd on feiten.casus_id = casus_uitgestroomd.casus_id
    left join met_bsn on meldingen.nummer = met_bsn.nummer
),

geboren as (
    select
        *,
        cast(try_strptime(geboortedatum, '%Y%m%d') as date) as geboren_op
    from betrokkenen_meldingen
),

twee_data as (
    select bsn
    from geboren
    where bsn not in ('000000000', '999999999')
    group by bsn
    having count(distinct geboren_op) > 1
),

bij_betrokkene as (
    select
        geboren.periode,
        geboren.nummer,
        geboren._levering,
        geboren._bestand,
        geboren._regel,
        [
            case when geboren.geboortedatum = '99999999' and geboren.bsn not in ('999999999', '000000000') then 'ongeboren_met_bsn' end,
            case when geboren.bsn = '999999999' and geboren.geboortedatum <> '99999999' then 'ongeboren_met_geboortedatum' end,
            case when geboren.geboren_op > meldingen.ontvangen_op then 'geboren_na_melding' end,
            case when twee_data.bsn is not null and geboren.geboren_op is not null then 'bsn_met_twee_geboortedata' end,
            case when left(geboren.geboortedatum, 4) < '1905' then 'geboren_voor_1905' end
        ] as codes
    from geboren
    left join meldingen on geboren.nummer = meldingen.nummer
    left join twee_data on geboren.bsn = twee_data.bsn
),

bij_onderzoek as (
    select
        onderzoeken.periode,
        onderzoeken.nummer,
        onderzoeken._levering,
        onderzoeken._bestand,
        onderzoeken._regel,
        [
            case when beoordelingen.besluit is distinct from 'onderzoek' then 'onderzoek_zonder_besluit' end,
            case
                when
                    coalesce(onderzoeken.uitkomst_huiselijk_geweld, onderzoeken.uitkomst_kindermishandeling, onderzoeken.voortijdig) is null
                    then 'onderzoek_zonder_uitkomst'
            end,
            case
                when
                    onderzoeken.voortijdig is not null
                    and coalesce(onderzoeken.uitkomst_huiselijk_geweld, onderzoeken.uitkomst_kindermishandeling) is not null
                    then 'uitkomst_en_voortijdig'
            end,
            case when onderzoeken.gestart_op < beoordelingen.besluit_op then 'onderzoek_voor_besluit' end,
            case when onderzoeken.afgesloten_op > onderzoeken.gestart_op + interval 1 year then 'onderzoek_langer_dan_een_jaar' end
        ] as codes
    from onderzoeken
    inner join facts.fct_diensten as diensten
        on onderzoeken._levering = diensten._levering and onderzoeken._regel = diensten._regel
    left join facts.fct_veiligheidsbeoordelingen as beoordelingen on diensten.melding_id = beoordelingen.melding_id
),

bij_advies as (
    select
        periode,
        nummer,
        _levering,
        _bestand,
        _regel,
        [case when afgesloten_op > gestart_op + interval 1 year then 'advies_langer_dan_een_jaar' end] as codes
    from adviezen
),

alle as (
    select * from bij_melding
    union all
    select * from bij_betrokkene
    union all
    select * from bij_onderzoek
    union all
    select * from bij_advies
),

los as (
    select
        * exclude (codes),
        unnest(codes) as code
    from alle
)

select * from los
where code is not null
