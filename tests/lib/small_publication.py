"""A made-up registration of a few hundred rows, counted into marts as large ones are: every relation holds, many counts are small."""

import random
from collections.abc import Sequence

import duckdb

from orchestration.disclosure.rules import Parameters, Rule
from orchestration.duck import FRESH

PARAMETERS = Parameters(10, 5, 4, "eigenaar", "2026-11-28")

AREAS = [
    ("regio", "REGIO", None), ("gemeente", "GM0358", "REGIO"), ("gemeente", "GM0363", "REGIO"), ("buiten", "BUITEN", "REGIO"),
    ("stadsdeel", "A", "GM0363"), ("stadsdeel", "E", "GM0363"), ("stadsdeel", "S", "GM0363"), ("wijk", "AA", "A"), ("wijk", "AB", "A"),
    ("wijk", "EA", "E"), ("buurt", "AA01", "AA"), ("buurt", "AA02", "AA"), ("buurt", "AB01", "AB"), ("buurt", "EA01", "EA"),
    ("buurt", "EA02", "EA"),
]  # fmt: skip
FROM = {"S": "2024-03-24", "EA": "2023-06-01", "EA01": "2023-06-01", "EA02": "2023-06-01"}
"""Areas that began within a year."""

INDICATORS = [
    ("meldingen", "aantal", "aantal", 1), ("casussen_met_melding", "uniek", "aantal", 1), ("overdrachten", "aantal", "aantal", 1),
    ("overdrachten_en_afsluitingen", "aantal", "aantal", 1), ("vb_open", "voorraad", "aantal", 1), ("vb_afgerond", "aantal", "aantal", 1),
    ("vb_open_over_termijn", "voorraad", "aantal", 1), ("aandeel_meldingen_politie", "aandeel", "procent", 100),
    ("aandeel_meldingen_professionals", "aandeel", "procent", 100), ("aandeel_overdrachten_betrokken", "aandeel", "procent", 100),
    ("meldingen_per_1000_huishoudens", "per_1000", "per_1000", 1000), ("vb_doorlooptijd_gemiddeld", "gemiddelde", "werkdagen", 1),
    ("vb_doorlooptijd_mediaan", "mediaan", "werkdagen", 1), ("wachttijd_vb_mediaan_instroom", "wachttijd_mediaan", "werkdagen", 1),
    ("wachttijd_vb_p90_instroom", "wachttijd_p90", "werkdagen", 1),
]  # fmt: skip

GROUPS = {
    "politie": "professionals", "onderwijs": "professionals", "gezondheidszorg": "professionals", "jeugd_en_lokaal": "professionals",
    "overige_professionals": "professionals", "inwoners": "inwoners", "onbekend": "onbekend",
}  # fmt: skip
RECEIVERS = {
    "JBRA": ("GI", "regiehoudend"), "LDH": ("GI", "regiehoudend"), "BLIJVEND_VEILIG": ("BLIJVEND_VEILIG", "regiehoudend"),
    "OKT": ("LOKAAL_TEAM_AMSTERDAM", "regiehoudend"), "LT_DIEMEN": ("LOKAAL_TEAM_REGIO", "regiehoudend"),
    "RVDK": ("RVDK", "overige_hulpverlening"), "THUISZORG": ("OVERIGE_HULP", "overige_hulpverlening"),
    "CLIENTSYSTEEM": ("CLIENTSYSTEEM", "clientsysteem"), "GEEN_VERVOLG": ("GEEN_VERVOLG", "geen_vervolg"),
}  # fmt: skip
WAITING = ("0-5", "6-20", "21-60", "61+")
YEARS = (2023, 2024)

CATEGORIES = {
    "melder_groep": list(GROUPS), "ontvanger": [r for r in RECEIVERS if r not in ("CLIENTSYSTEEM", "GEEN_VERVOLG")],
    "ontvanger_groep": ["GI", "BLIJVEND_VEILIG", "LOKAAL_TEAM_AMSTERDAM", "LOKAAL_TEAM_REGIO", "RVDK", "OVERIGE_HULP"],
    "betrokken": ["ja", "nee", "onbekend"], "wachttijd": list(WAITING),
    "uitstroom_soort": ["regiehoudend", "overige_hulpverlening", "clientsysteem", "geen_vervolg"],
}  # fmt: skip

ALL = ("regio", "gemeente", "buiten", "stadsdeel", "wijk", "buurt")
TO_STADSDEEL, TO_GEMEENTE, REGIO = ALL[:4], ALL[:3], ALL[:1]


def rules(*extra: Rule) -> list[Rule]:
    """The rules of the small world; those given come in the place of the same figure's."""
    found: dict[tuple[str, str, str, str], Rule] = {}

    def add(indicator: str, breakdowns: Sequence[str], areas: Sequence[str], periods: Sequence[str]) -> None:
        for breakdown in breakdowns:
            for area in areas:
                for period in periods:
                    found[indicator, breakdown, area, period] = Rule(indicator, breakdown, area, period, "afgerond")

    add("meldingen", [""], ALL, ["jaar"])
    add("meldingen", [""], TO_GEMEENTE, ["kwartaal"])
    add("meldingen", [""], REGIO, ["maand"])
    add("meldingen", ["melder_groep"], TO_STADSDEEL, ["jaar"])
    add("casussen_met_melding", [""], TO_STADSDEEL, ["jaar"])
    add("vb_afgerond", [""], REGIO, ["jaar", "kwartaal", "maand"])
    add("vb_open", ["", "wachttijd"], REGIO, ["maand"])
    add("vb_open_over_termijn", [""], REGIO, ["maand"])
    add("overdrachten", ["", "ontvanger_groep", "betrokken"], TO_GEMEENTE, ["jaar"])
    add("overdrachten", ["ontvanger", "ontvanger|betrokken", "ontvanger_groep|betrokken"], REGIO, ["jaar"])
    add("overdrachten_en_afsluitingen", ["", "uitstroom_soort"], TO_GEMEENTE, ["jaar"])
    add("aandeel_meldingen_politie", [""], TO_STADSDEEL, ["jaar"])
    add("aandeel_meldingen_professionals", [""], TO_STADSDEEL, ["jaar"])
    add("aandeel_overdrachten_betrokken", [""], TO_GEMEENTE, ["jaar"])
    add("meldingen_per_1000_huishoudens", [""], ("regio", "gemeente", "stadsdeel"), ["jaar"])
    add("vb_doorlooptijd_gemiddeld", [""], TO_GEMEENTE, ["jaar"])
    add("vb_doorlooptijd_mediaan", [""], REGIO, ["jaar"])
    for waiting in ("wachttijd_vb_mediaan_instroom", "wachttijd_vb_p90_instroom"):
        add(waiting, [""], REGIO, ["jaar", "kwartaal"])
    found["meldingen", "", "regio", "jaar"] = Rule("meldingen", "", "regio", "jaar", "exact")
    for rule in extra:
        found[rule.indicator, rule.breakdown, rule.area, rule.period] = rule
    return sorted(r for r in found.values() if r.rule != "niet")


def rows(seed: int = 1, reports: int = 420, transfers: int = 330) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Reports and transfers, drawn."""
    draw = random.Random(seed)
    places = [("GM0358", None, None, None)] * 2 + [("BUITEN", None, None, None), ("GM0363", "A", None, None), ("GM0363", "S", None, None)]
    places += [
        ("GM0363", w[0], w, b) for w, b in (("AA", "AA01"), ("AA", "AA01"), ("AA", "AA02"), ("AB", "AB01"), ("EA", "EA01"), ("EA", "EA02"))
    ] * 2
    groups = draw.choices(list(GROUPS), weights=[40, 8, 8, 6, 5, 12, 2], k=reports)
    found = []
    for number in range(reports):
        gemeente, stadsdeel, wijk, buurt = draw.choice(places)
        year, month = draw.choice(YEARS), draw.randint(1, 12)
        if stadsdeel == "S" and (year, month) < (2024, 4):
            gemeente, stadsdeel = "GM0358", None
        decided = min(24, (year - 2023) * 12 + month + draw.choice([0, 0, 0, 1, 2, 3, 99]))
        found.append((number, number // 2, year, month, gemeente, stadsdeel, wijk, buurt, groups[number], decided, draw.randint(0, 40)))
    receivers = draw.choices(list(RECEIVERS), weights=[40, 12, 6, 30, 9, 8, 14, 12, 16], k=transfers)
    moved = [
        (draw.choice(YEARS), draw.randint(1, 12), draw.choice(["GM0358", "GM0363", "GM0363", "BUITEN"]), r, draw.choice(["ja", "ja",
            "nee", "nee", "onbekend"]))
        for r in receivers
    ]  # fmt: skip
    return found, moved


def world(
    reports: Sequence[tuple[object, ...]] | None = None, transfers: Sequence[tuple[object, ...]] | None = None, *, shuffled: int = 0
) -> duckdb.DuckDBPyConnection:
    """A database on memory with marts of these rows, or of those drawn."""
    drawn = rows()
    reports, transfers = reports or drawn[0], transfers or drawn[1]
    if shuffled:
        reports, transfers = (
            random.Random(shuffled).sample(reports, len(reports)),
            random.Random(shuffled).sample(transfers, len(transfers)),
        )
    con = duckdb.connect(config={"threads": "1", **FRESH})
    con.execute(
        """
        create schema marts; create schema kwaliteit;
        create table marts.dim_breuk as
        select 'jaar' as periode_soort, '2024' as periode, null::text as indicator, null::text as categorie_soort, null::text as categorie,
            'stadsdeel' as gebied_soort, 'S' as gebied, 'weesp_2022' as vergelijkbaarheid, 'Weesp hoort erbij' as vergelijkbaarheid_reden
        union all select 'jaar', '2024', 'meldingen', 'melder_groep', 'politie', null, null, 'politie_2024', 'Anders geteld'
        union all select 'jaar', '2024', 'meldingen', 'melder_groep', 'politie', 'gemeente', 'GM0358', 'gemeente_2024', 'Anders';
        create table kwaliteit.indicatoren as
        select * from (values ('meldingen', 'goed', null), ('overdrachten', 'let_op', 'Er wachten rijen in quarantaine'))
        as t (indicator, kwaliteit, kwaliteit_reden);
        create table reports (id int, casus int, jaar int, maand int, gemeente text, stadsdeel text, wijk text, buurt text,
            melder_groep text,
            besloten int, dagen int);
        create table transfers (jaar int, maand int, gemeente text, ontvanger text, betrokken text);
        create table receivers (ontvanger text, ontvanger_groep text, uitstroom_soort text);
        create table marts.dim_gebied (gebied_soort text, gebied text, gebied_naam text, valt_onder text, geldig_van date, geldig_tot date);
        create table marts.dim_indicator (indicator text, indicator_naam text, soort text, eenheid text, factor double);
        create table marts.dim_periode (periode_soort text, periode text, periode_start date, periode_eind date, voorlopig boolean,
            volledig boolean);
        create table marts.indicatoren (indicator text, periode_soort text, periode text, gebied_soort text, gebied text,
            categorie_soort text,
            categorie text, waarde double, teller double, noemer double, status text, voorlopig boolean);
        """
    )
    for table, drawn_rows in (("reports", reports), ("transfers", transfers)):
        columns = [list(c) for c in zip(*drawn_rows, strict=True)]
        con.execute(f"insert into {table} select {', '.join(['unnest(?)'] * len(columns))}", columns)
    con.executemany("insert into receivers values (?, ?, ?)", [[r, *g] for r, g in RECEIVERS.items()])
    con.executemany(
        "insert into marts.dim_gebied values (?, ?, ?, ?, ?, null)",
        [[s, g, f"Gebied {g}", u, FROM.get(g)] for s, g, u in AREAS],
    )
    con.executemany("insert into marts.dim_indicator values (?, ?, ?, ?, ?)", [[i, i, *rest] for i, *rest in INDICATORS])
    con.execute(
        """
        insert into marts.dim_periode
        with days as (select m, m + interval 1 month - interval 1 day as e from range(date '2023-01-01', date '2025-01-01',
            interval 1 month) as t(m))
        select 'maand', strftime(m, '%Y-%m'), m::date, e::date, false, true from days
        union all select 'kwartaal', year(m) || '-Q' || quarter(m), min(m)::date, max(e)::date, false, true from days group by year(m),
            quarter(m)
        union all select 'jaar', year(m)::text, min(m)::date, max(e)::date, false, true from days group by year(m)
        union all select 'jaar', '2025', date '2025-01-01', date '2025-12-31', true, true;
        create table flows as
        select 'melding' as bron, jaar, maand, id, casus, gemeente, stadsdeel, wijk, buurt, melder_groep,
            case when besloten < 24 then dagen end as dagen, null as ontvanger, null as ontvanger_groep, null as uitstroom_soort,
            null as betrokken from reports
        union all select 'besluit', 2023 + (besloten - 1) // 12, (besloten - 1) % 12 + 1, id, casus, gemeente, stadsdeel, wijk, buurt,
            melder_groep, dagen, null, null, null, null from reports where besloten <= 24 and besloten < 24
        union all select 'uit', jaar, maand, null, null, gemeente, null, null, null, null, null, transfers.ontvanger, ontvanger_groep,
            uitstroom_soort, betrokken from transfers join receivers using (ontvanger);
        create table placed as
        select flows.*, unnest([{s: 'maand', p: jaar || '-' || lpad(maand::text, 2, '0')}, {s: 'kwartaal',
            p: jaar || '-Q' || ((maand + 2) // 3)},
            {s: 'jaar', p: jaar::text}]) as per,
        from flows;
        create table areas_of as
        select placed.*, unnest([{s: 'regio', g: 'REGIO'}, {s: case gemeente when 'BUITEN' then 'buiten' else 'gemeente' end, g: gemeente},
            {s: 'stadsdeel', g: stadsdeel}, {s: 'wijk', g: wijk}, {s: 'buurt', g: buurt}]) as geb from placed;
        """
    )
    counts = [
        ("meldingen", "bron = 'melding'", ["", "melder_groep"], "count(*)"),
        ("casussen_met_melding", "bron = 'melding'", [""], "count(distinct casus)"),
        ("vb_afgerond", "bron = 'besluit'", [""], "count(*)"),
        ("overdrachten", "bron = 'uit' and uitstroom_soort in ('regiehoudend', 'overige_hulpverlening')",
            ["", "ontvanger", "ontvanger_groep", "betrokken", "ontvanger|betrokken", "ontvanger_groep|betrokken"], "count(*)"),
        ("overdrachten_en_afsluitingen", "bron = 'uit'", ["", "uitstroom_soort"], "count(*)"),
    ]  # fmt: skip
    for indicator, where, breakdowns, count in counts:
        for breakdown in breakdowns:
            _count(con, indicator, where, breakdown, f"{count}, null, null")
            if "|" not in breakdown:
                _noughts(con, indicator, breakdown)
    professionals = "melder_groep in ('politie', 'onderwijs', 'gezondheidszorg', 'jeugd_en_lokaal', 'overige_professionals')"
    for indicator, where, is_above, is_below in (
        ("aandeel_meldingen_politie", "bron = 'melding'", "melder_groep = 'politie'", "true"),
        ("aandeel_meldingen_professionals", "bron = 'melding'", professionals, "true"),
        ("aandeel_overdrachten_betrokken", "bron = 'uit' and uitstroom_soort in ('regiehoudend', 'overige_hulpverlening')",
            "betrokken = 'ja'",
            "betrokken != 'onbekend'"),
    ):  # fmt: skip
        above, below = f"count(*) filter ({is_above})", f"count(*) filter ({is_below})"
        _count(con, indicator, where, "", f"100 * {above} / {below}, {above}, {below}")
    _count(con, "vb_doorlooptijd_gemiddeld", "bron = 'besluit'", "", "avg(dagen), sum(dagen), count(*)")
    _count(con, "vb_doorlooptijd_mediaan", "bron = 'besluit'", "", "median(dagen), null, null")
    for name, part in (("mediaan", 0.5), ("p90", 0.9)):  # who still waits waits longest; what that leaves open is empty
        waited = f"quantile_disc(coalesce(dagen, 1e9), {part})"
        _count(con, f"wachttijd_vb_{name}_instroom", "bron = 'melding'", "", f"case when {waited} < 1e9 then {waited} end, null, null")
    con.execute(
        """
        insert into marts.indicatoren
        select 'meldingen_per_1000_huishoudens', m.periode_soort, m.periode, m.gebied_soort, m.gebied, '', '',
            1000 * (m.waarde - coalesce(b.waarde, 0)) / h, m.waarde - coalesce(b.waarde, 0), h,
                case when h is null then 'ontbreekt' else 'berekend' end, false
        from (select *, case gebied when 'S' then null when 'REGIO' then 3000 else 1000 end as h from marts.indicatoren
            where indicator = 'meldingen' and categorie_soort = '' and periode_soort = 'jaar' and gebied_soort in ('regio', 'gemeente',
                'stadsdeel')) as m
        left join marts.indicatoren as b on m.gebied = 'REGIO' and b.gebied = 'BUITEN' and b.indicator = 'meldingen'
            and b.categorie_soort = ''
            and b.periode = m.periode;
        -- what waits at the end of each month, by how many months it does
        create table waiting as
        select ends.number, strftime(date '2023-01-01' + to_months((ends.number - 1)::int), '%Y-%m') as periode,
            ['0-5', '6-20', '21-60', '61+'][least(4, 1 + ends.number - ((jaar - 2023) * 12 + maand))] as wachttijd
        from reports join (select unnest(range(1, 25)) as number) as ends
            on (jaar - 2023) * 12 + maand <= ends.number and (besloten > ends.number or besloten = 24);
        insert into marts.indicatoren
        with months as (select periode from marts.dim_periode where periode_soort = 'maand'),
        classes as (select unnest(['0-5', '6-20', '21-60', '61+']) as wachttijd)
        select 'vb_open', 'maand', periode, 'regio', 'REGIO', '', '', count(wachttijd), null, null, 'berekend', false
        from months left join waiting using (periode) group by periode
        union all
        select 'vb_open', 'maand', periode, 'regio', 'REGIO', 'wachttijd', classes.wachttijd, count(waiting.wachttijd), null, null,
            'berekend', false
        from months cross join classes left join waiting using (periode, wachttijd) group by periode, classes.wachttijd
        union all
        select 'vb_open_over_termijn', 'maand', periode, 'regio', 'REGIO', '', '', count(wachttijd) filter (wachttijd != '0-5'), null,
            null, 'berekend', false
        from months left join waiting using (periode) group by periode;
        """
    )
    return con


def _count(con: duckdb.DuckDBPyConnection, indicator: str, where: str, breakdown: str, measures: str) -> None:
    category = " || '|' || ".join(breakdown.split("|")) if breakdown else "''"
    con.execute(
        f"""
        insert into marts.indicatoren
        select '{indicator}', per.s, per.p, geb.s, geb.g, '{breakdown}', {category} as c, {measures}, 'berekend', false
        from areas_of where {where} and geb.g is not null group by per, geb, c
        """
    )


def _noughts(con: duckdb.DuckDBPyConnection, indicator: str, breakdown: str) -> None:
    """Counts that are 0 stand in marts down to stadsdeel, from the day on that there is one."""
    con.execute(
        f"""
        insert into marts.indicatoren
        select '{indicator}', p.periode_soort, p.periode, g.gebied_soort, g.gebied, '{breakdown}', c, 0, null, null, 'berekend', false
        from marts.dim_periode as p cross join marts.dim_gebied as g cross join (select unnest(?::text[]) as c)
        where not p.voorlopig and g.gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel')
            and coalesce(g.geldig_van <= p.periode_eind, true)
            and not exists (select 1 from marts.indicatoren as i where i.indicator = '{indicator}' and i.categorie_soort = '{breakdown}'
                and i.categorie = c and i.gebied = g.gebied and i.periode = p.periode)
        """,
        [CATEGORIES.get(breakdown, [""])],
    )
