"""Every published figure, computed afresh from the delivered rows by the rules of the indicator page.

Plain SQL over the text tables of ``DemoState``; nothing is shared with the generator or with the warehouse.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from dateutil.easter import easter

from tests.lib.demo_register import SEEDS, DemoState

PUBLISHED = SEEDS / "published" / "gepubliceerde_cijfers.csv"
ON_FIRST = ("jaarverslag-2017", "regioaanpak-2020-2025", "jaarrapportage-2021")


def _days_off() -> list[date]:
    days: list[date] = []
    for year in range(2015, 2027):
        kings_day = date(year, 4, 27)
        days += [date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)]
        days.append(kings_day if kings_day.weekday() != 6 else kings_day - timedelta(days=1))
        days += [easter(year) + timedelta(days=n) for n in (-2, 1, 39, 50)]
    return days


PREPARATION = """
create or replace macro halfjaar(d) as year(d) || case when month(d) <= 6 then '-H1' else '-H2' end;
create or replace table kalender as
    select dag::date as dag, sum((isodow(dag) <= 5 and dag::date not in (select dag from vrij))::int) over (order by dag) as teller
    from generate_series(timestamp '2015-01-01', timestamp '2026-12-31', interval 1 day) as g (dag);
create or replace table groep as select code as melder, hoort_bij as melder_groep from codes where codelijst = 'melder';
create or replace table vormgroep as select code as vorm, hoort_bij as vorm_groep from codes where codelijst = 'vorm';
create or replace table ontvangers as
    select o.code as ontvanger, o.hoort_bij as ontvanger_groep, g.hoort_bij as uitstroom_soort
    from codes o join codes g on g.codelijst = 'ontvanger_groep' and g.code = o.hoort_bij where o.codelijst = 'ontvanger';
create or replace table m as
    select melding_nummer, casus_nummer, huishouden_nummer, ontvangen_op::timestamptz as moment,
        timezone('Europe/Amsterdam', ontvangen_op::timestamptz)::date as dag,
        case huishouden_met_kinderen when 'ja' then 'met_kinderen' else 'zonder_kinderen' end as huishouden,
        hoedanigheid as melder, melder_groep,
        case when gemeente_code in ('GM0358', 'GM0362', 'GM0363', 'GM0384', 'GM0437', 'GM0451') then gemeente_code
            when gemeente_code = 'GM0457' and dag >= date '2022-03-24' then 'GM0363' else 'BUITEN' end as gemeente,
        case when gemeente <> 'GM0363' then null when gemeente_code = 'GM0457' then 'S'
            when stadsdeel_code is null or stadsdeel_code = 'S' and dag < date '2022-03-24' then 'A' else stadsdeel_code end as stadsdeel,
    from meldingen join casussen using (casus_nummer) join groep on groep.melder = meldingen.hoedanigheid;
create or replace table a as
    select gestart_op::date as dag,
        case when gemeente_code in ('GM0358', 'GM0362', 'GM0363', 'GM0384', 'GM0437', 'GM0451') then gemeente_code
            when gemeente_code = 'GM0457' and dag >= date '2022-03-24' then 'GM0363' else 'BUITEN' end as gemeente
    from adviesvragen;
create or replace table vb as
    select m.melding_nummer, m.dag as ontvangen, besluit_op::date as dag, uitkomst, k2.teller - k1.teller as werkdagen
    from veiligheidsbeoordelingen v join m using (melding_nummer)
    join kalender k1 on k1.dag = m.dag join kalender k2 on k2.dag = v.besluit_op::date;
create or replace table d as
    select afgesloten_op::date as dag,
        afgesloten_op::date <= (select min(k.dag) from kalender k where k.dag >= vb.dag + 70 and isodow(k.dag) <= 5
            and k.dag not in (select dag from vrij)) as op_tijd
    from diensten join vb using (melding_nummer) where afgesloten_op is not null;
create or replace table o as
    select overgedragen_op::date as dag, ontvanger, ontvanger_groep, uitstroom_soort, coalesce(ontvanger_betrokken, 'onbekend') as betrokken
    from overdrachten join ontvangers using (ontvanger);
create or replace table her as
    select distinct nu.melding_nummer
    from (select * from m where dag between date '2019-01-01' and date '2019-06-30') nu
    join (
        select a.melding_nummer as nu_nummer, b.melding_nummer as eerder from m a join m b using (huishouden_nummer)
        where b.moment < a.moment and a.dag between date '2019-01-01' and date '2019-06-30'
        union
        select p.melding_nummer, q.melding_nummer from betrokkenen p join betrokkenen q using (bsn)
        where bsn not in ('000000000', '999999999')
    ) paar on paar.nu_nummer = nu.melding_nummer
    join m eerder on eerder.melding_nummer = paar.eerder and eerder.moment < nu.moment and eerder.dag >= nu.dag - interval 3 year
    join casussen c on c.casus_nummer = eerder.casus_nummer
    group by nu.melding_nummer, nu.dag
    having not bool_or(c.geopend_op::date <= nu.dag and coalesce(c.afgesloten_op::date > nu.dag, true));
"""

# Each query gives one row per thing counted: indicator, dag, gebied, categorie_soort, categorie.
COUNTS = """
select 'meldingen' as indicator, dag, gebied, '' as soort, '' as categorie from m, unnest(['REGIO', gemeente]) g (gebied)
union all select 'meldingen', dag, stadsdeel, '', '' from m where stadsdeel is not null
union all select 'meldingen', dag, gebied, 'huishouden', huishouden from m, unnest(['REGIO', gemeente]) g (gebied)
union all select 'meldingen', dag, 'REGIO', 'huishouden|melder', huishouden || '|' || melder from m
union all select 'adviesvragen', dag, gebied, '', '' from a, unnest(['REGIO', gemeente]) g (gebied)
union all select 'casussen_uitgestroomd', afgesloten_op::date, 'REGIO', '', '' from casussen where afgesloten_op is not null
union all select 'overdrachten_en_afsluitingen', dag, 'REGIO', '', '' from o
union all select 'overdrachten', dag, 'REGIO', s.soort, s.categorie from o, unnest([
    {soort: 'ontvanger', categorie: ontvanger}, {soort: 'ontvanger_groep', categorie: ontvanger_groep},
    {soort: 'ontvanger|betrokken', categorie: ontvanger || '|' || betrokken},
    {soort: 'ontvanger_groep|betrokken', categorie: ontvanger_groep || '|' || betrokken},
    {soort: 'ontvanger_groep', categorie: case when ontvanger_groep like 'LOKAAL_TEAM%' then 'LOKALE_VELD' end}
]) u (s) where ontvanger not in ('CLIENTSYSTEEM', 'GEEN_VERVOLG') and s.categorie is not null
"""

# And each of these one row per thing in the denominator, with its value (0 or 100 for a share).
MEANS = """
select 'aandeel_meldingen_politie' as indicator, dag, 'huishouden' as soort, huishouden as categorie,
    (100.0 * (melder_groep = 'politie')::int)::double as waarde from m
union all select 'aandeel_meldingen_professionals', dag, 'huishouden', huishouden,
    100.0 * (melder_groep not in ('inwoners', 'onbekend'))::int from m
union all select 'aandeel_meldingen_inwoners', dag, '', '', 100.0 * (melder_groep = 'inwoners')::int from m
union all select 'aandeel_meldingen_huishouden', dag, 'huishouden', h, 100.0 * (huishouden = h)::int
    from m, unnest(['met_kinderen', 'zonder_kinderen']) u (h)
union all select 'aandeel_meldingen_vorm', dag, 'huishouden|vorm_groep', huishouden || '|' || g.vorm_groep,
    100.0 * (exists (from melding_vormen v join vormgroep using (vorm)
        where v.melding_nummer = m.melding_nummer and vormgroep.vorm_groep = g.vorm_groep))::int
    from m, (select distinct vorm_groep from vormgroep) g
union all select 'aandeel_hermeldingen', dag, '', '', 100.0 * (melding_nummer in (from her))::int
    from m where dag between date '2019-01-01' and date '2019-06-30'
union all select 'vb_doorlooptijd_gemiddeld', dag, '', '', werkdagen from vb
union all select 'aandeel_vb_binnen_termijn', dag, '', '', 100.0 * (werkdagen <= 5)::int from vb
union all select 'aandeel_vb_onveilig', dag, '', '', 100.0 * (uitkomst in ('acuut', 'structureel'))::int from vb
union all select 'aandeel_vb_uitkomst', dag, 'vb_uitkomst', u, 100.0 * (uitkomst = u)::int
    from vb, unnest(['acuut', 'structureel', 'eenmalig', 'andere_leefdomeinen', 'geen_zorgen']) x (u)
union all select 'aandeel_diensten_binnen_termijn', dag, '', '', 100.0 * op_tijd::int from d
union all select 'aandeel_uitstroom', dag, 'uitstroom_soort', u, 100.0 * (uitstroom_soort = u)::int
    from o, unnest(['regiehoudend', 'overige_hulpverlening', 'clientsysteem', 'geen_vervolg']) x (u)
union all select 'aandeel_overdrachten_betrokken', dag, 'ontvanger_groep', g, 100.0 * (betrokken = 'ja')::int
    from o, unnest([ontvanger_groep, case when ontvanger_groep like 'LOKAAL_TEAM%' then 'LOKALE_VELD' end]) x (g)
    where betrokken <> 'onbekend' and g is not null
"""

FIGURES = f"""
with perioden as (select unnest([2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024]) as jaar),
tellingen as ({COUNTS}), gemiddelden as ({MEANS}),
lang as (
    select indicator, periode, gebied, soort, categorie, count(*)::double as waarde
    from tellingen, unnest([year(dag)::varchar, halfjaar(dag)]) p (periode) group by all
    union all
    select indicator, periode, 'REGIO', soort, categorie, avg(waarde)
    from gemiddelden, unnest([year(dag)::varchar, halfjaar(dag)]) p (periode) group by all
    union all
    select 'casussen_met_melding', year(dag)::varchar, 'REGIO', '', '', count(distinct casus_nummer) from m group by all
    union all
    select 'meldingen_per_casus', year(dag)::varchar, 'REGIO', '', '', count(*) / count(distinct casus_nummer) from m group by all
)
select indicator, periode, gebied, soort as categorie_soort, categorie, waarde as berekend from lang
"""


def compute(stand: DemoState) -> pd.DataFrame:
    """All figures of the current state: indicator, periode, gebied, categorie_soort, categorie, berekend."""
    free = pd.DataFrame({"dag": pd.to_datetime(_days_off())})
    stand.con.register("vrije_dagen", free)
    stand.con.execute("create or replace table vrij as select dag::date as dag from vrije_dagen")
    stand.con.execute(PREPARATION)
    return stand.con.execute(FIGURES).df()


def read_published(path: Path = PUBLISHED) -> pd.DataFrame:
    with path.open(encoding="utf-8", newline="") as source:
        out = pd.DataFrame(list(csv.DictReader(source)))
    out["waarde"] = out["waarde"].astype(float)
    return out


def compare(stand: DemoState, published: pd.DataFrame) -> pd.DataFrame:
    """The published figures with ``berekend`` (0 where nothing was counted) and ``gelijk``: met as its precision says."""
    key = ["indicator", "periode", "gebied", "categorie_soort", "categorie"]
    out = published.merge(compute(stand), on=key, how="left")
    out["berekend"] = out["berekend"].fillna(0.0)
    out["gelijk"] = [_equal(p, w, b) for p, w, b in zip(out["precisie"], out["waarde"], out["berekend"], strict=True)]
    return out


def _equal(precision: str, value: float, computed: float) -> bool:
    soort, _, decimals = precision.partition(" ")
    match soort:
        case "exact":
            return computed == value
        case "afgerond":
            return abs(computed - value) <= 0.5 * 10 ** -int(decimals)
        case "ongeveer":
            return abs(computed - value) <= 3
        case "ondergrens":
            return computed > value
        case "bovengrens":
            return computed < value
    raise ValueError(precision)
