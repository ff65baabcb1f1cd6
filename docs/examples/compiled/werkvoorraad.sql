-- What dbt makes of models/marts/werkvoorraad.sql; made by `make docs`.
-- Work stock at the end of each period that has ended.
with -- the figures of the columns, and of each indicator its total: that says whether there is anything to count
figuren as (
    select * from "veilig_thuis"."intermediate"."int_figuur"
    where
        (indicator, categorie_soort, categorie) in (
            ('vb_open', '', ''),
            ('vb_open', 'wachttijd', '0-5'),
            ('vb_open', 'wachttijd', '6-20'),
            ('vb_open', 'wachttijd', '21-60'),
            ('vb_open', 'wachttijd', '61+'),
            ('vb_open', 'urgentie', '1'),
            ('vb_open', 'urgentie', '2'),
            ('vb_open', 'urgentie', '3'),
            ('vb_open', 'urgentie', '4'),
            ('vb_open_over_termijn', '', ''),
            ('vb_open_zonder_zicht', '', ''),
            ('diensten_open', '', ''),
            ('diensten_open', 'dienst_soort', 'voorwaarden_vervolg'),
            ('diensten_open', 'dienst_soort', 'onderzoek'),
            ('diensten_open_over_termijn', '', '')
        )
),

gebieden as (
    select * from "veilig_thuis"."intermediate"."int_gebied"
    where gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel')
),

cijfers as (
    select
        cijfers.periode_id,
        cijfers.gebied_id,
        figuren.indicator,
        figuren.categorie_soort,
        figuren.categorie,
        figuren.soort = 'aandeel_naar' as is_deel,
        case
        when figuren.is_breuk then figuren.factor * cijfers.teller / nullif(cijfers.noemer, 0)
        else cijfers.teller
    end as waarde
    from "veilig_thuis"."intermediate"."int_cijfers" as cijfers
    inner join figuren on cijfers.figuur_id = figuren.figuur_id
    where cijfers.gebied_id in (select gebieden.gebied_id from gebieden)
),

per_rij as (
    select
        periode_id,
        gebied_id,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'vb_open'
                and categorie_soort = ''
                and categorie = ''
                then waarde
        end
    ),
            max(case when indicator = 'vb_open' then 0 end)
        ) as vb_open,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'vb_open'
                and categorie_soort = 'wachttijd'
                and categorie = '0-5'
                then waarde
        end
    ),
            max(case when indicator = 'vb_open' then 0 end)
        ) as vb_open_werkdagen_0_5,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'vb_open'
                and categorie_soort = 'wachttijd'
                and categorie = '6-20'
                then waarde
        end
    ),
            max(case when indicator = 'vb_open' then 0 end)
        ) as vb_open_werkdagen_6_20,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'vb_open'
                and categorie_soort = 'wachttijd'
                and categorie = '21-60'
                then waarde
        end
    ),
            max(case when indicator = 'vb_open' then 0 end)
        ) as vb_open_werkdagen_21_60,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'vb_open'
                and categorie_soort = 'wachttijd'
                and categorie = '61+'
                then waarde
        end
    ),
            max(case when indicator = 'vb_open' then 0 end)
        ) as vb_open_werkdagen_61_en_meer,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'vb_open'
                and categorie_soort = 'urgentie'
                and categorie = '1'
                then waarde
        end
    ),
            max(case when indicator = 'vb_open' then 0 end)
        ) as vb_open_urgentie_1,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'vb_open'
                and categorie_soort = 'urgentie'
                and categorie = '2'
                then waarde
        end
    ),
            max(case when indicator = 'vb_open' then 0 end)
        ) as vb_open_urgentie_2,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'vb_open'
                and categorie_soort = 'urgentie'
                and categorie = '3'
                then waarde
        end
    ),
            max(case when indicator = 'vb_open' then 0 end)
        ) as vb_open_urgentie_3,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'vb_open'
                and categorie_soort = 'urgentie'
                and categorie = '4'
                then waarde
        end
    ),
            max(case when indicator = 'vb_open' then 0 end)
        ) as vb_open_urgentie_4,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'vb_open_over_termijn'
                and categorie_soort = ''
                and categorie = ''
                then waarde
        end
    ),
            max(case when indicator = 'vb_open_over_termijn' then 0 end)
        ) as vb_open_over_termijn,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'vb_open_zonder_zicht'
                and categorie_soort = ''
                and categorie = ''
                then waarde
        end
    ),
            max(case when indicator = 'vb_open_zonder_zicht' then 0 end)
        ) as vb_open_zonder_zicht,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'diensten_open'
                and categorie_soort = ''
                and categorie = ''
                then waarde
        end
    ),
            max(case when indicator = 'diensten_open' then 0 end)
        ) as diensten_open,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'diensten_open'
                and categorie_soort = 'dienst_soort'
                and categorie = 'voorwaarden_vervolg'
                then waarde
        end
    ),
            max(case when indicator = 'diensten_open' then 0 end)
        ) as diensten_open_voorwaarden_vervolg,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'diensten_open'
                and categorie_soort = 'dienst_soort'
                and categorie = 'onderzoek'
                then waarde
        end
    ),
            max(case when indicator = 'diensten_open' then 0 end)
        ) as diensten_open_onderzoek,
        -- a count that has no row does not occur, where its indicator does
        coalesce(
            max(
        case
            when
                indicator = 'diensten_open_over_termijn'
                and categorie_soort = ''
                and categorie = ''
                then waarde
        end
    ),
            max(case when indicator = 'diensten_open_over_termijn' then 0 end)
        ) as diensten_open_over_termijn
    from cijfers
    group by periode_id, gebied_id
),

breed as (
    select
        perioden.periode_soort,
        perioden.periode,
        perioden.periode_start,
        perioden.periode_eind,
        perioden.voorlopig,
        gebieden.gebied_soort,
        gebieden.gebied,
        gebieden.gebied_naam,
        per_rij.*
    from per_rij
    inner join "veilig_thuis"."intermediate"."int_periode" as perioden on per_rij.periode_id = perioden.periode_id
    inner join gebieden on per_rij.gebied_id = gebieden.gebied_id
),

-- what breaks the comparison with a year earlier: each break in the period, or in one between the two
verstoord as (
    select
        nu.periode_id,
        gebieden.gebied_id,
        string_agg(distinct cast(breuken.vergelijkbaarheid as string), ', ' order by cast(breuken.vergelijkbaarheid as string)) as redenen
    from "veilig_thuis"."intermediate"."int_breuk" as breuken
    inner join "veilig_thuis"."intermediate"."int_periode" as gebroken on breuken.periode_id = gebroken.periode_id
    inner join "veilig_thuis"."intermediate"."int_periode" as nu
        on
            gebroken.periode_soort = nu.periode_soort
            and gebroken.periode_start <= nu.periode_start
            and gebroken.periode_start > cast(nu.periode_start - to_years(1) as date)
            and nu.in_venster
    inner join gebieden on breuken.gebied_id in (0, gebieden.gebied_id)
    left join figuren on breuken.figuur_id = figuren.figuur_id
    where
        breuken.figuur_id = 0
        or (figuren.categorie_soort = '' and figuren.indicator in ('vb_open'))
    group by nu.periode_id, gebieden.gebied_id
)

select
    cast(nu.periode_soort as string) as periode_soort,
    cast(nu.periode as string) as periode,
    nu.periode_start,
    nu.periode_eind,
    nu.voorlopig,
    cast(nu.gebied_soort as string) as gebied_soort,
    cast(nu.gebied as string) as gebied,
    cast(nu.gebied_naam as string) as gebied_naam,
    cast(nu.vb_open as bigint) as vb_open,
    cast(toen.vb_open as bigint) as vb_open_vorig_jaar,
    -- a period that has not ended is not held against a whole one
    case when not nu.voorlopig then 100 * (nu.vb_open - toen.vb_open) / nullif(toen.vb_open, 0) end as vb_open_verandering,
    cast(nu.vb_open_werkdagen_0_5 as bigint) as vb_open_werkdagen_0_5,
    cast(nu.vb_open_werkdagen_6_20 as bigint) as vb_open_werkdagen_6_20,
    cast(nu.vb_open_werkdagen_21_60 as bigint) as vb_open_werkdagen_21_60,
    cast(nu.vb_open_werkdagen_61_en_meer as bigint) as vb_open_werkdagen_61_en_meer,
    cast(nu.vb_open_urgentie_1 as bigint) as vb_open_urgentie_1,
    cast(nu.vb_open_urgentie_2 as bigint) as vb_open_urgentie_2,
    cast(nu.vb_open_urgentie_3 as bigint) as vb_open_urgentie_3,
    cast(nu.vb_open_urgentie_4 as bigint) as vb_open_urgentie_4,
    cast(nu.vb_open_over_termijn as bigint) as vb_open_over_termijn,
    cast(nu.vb_open_zonder_zicht as bigint) as vb_open_zonder_zicht,
    cast(nu.diensten_open as bigint) as diensten_open,
    cast(nu.diensten_open_voorwaarden_vervolg as bigint) as diensten_open_voorwaarden_vervolg,
    cast(nu.diensten_open_onderzoek as bigint) as diensten_open_onderzoek,
    cast(nu.diensten_open_over_termijn as bigint) as diensten_open_over_termijn,
    case when toen.periode_id is not null then verstoord.redenen end as vergelijkbaarheid_jaar_eerder
from breed as nu
left join breed as toen
    on
        nu.periode_soort = toen.periode_soort
        and nu.gebied_id = toen.gebied_id
        and nu.periode_start = cast(toen.periode_start + to_years(1) as date)
left join verstoord on nu.periode_id = verstoord.periode_id and nu.gebied_id = verstoord.gebied_id
