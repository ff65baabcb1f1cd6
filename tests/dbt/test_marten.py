"""Every column of every subject mart says what the long table says.

Which figure a column holds is read from its description (indicator, category, unit), not from the model: so the description is held too.
"""

import csv
import json
import re
from pathlib import Path

import pytest

from orchestration.build.bench import multiply
from orchestration.keys import open_keyring
from orchestration.settings import PROJECT, Settings
from tests.dbt.bouw import Bouw
from tests.dbt.conftest import Gebouwd

pytestmark = pytest.mark.xdist_group("gouden")

LONG = ("indicatoren", "dim_indicator", "dim_gebied", "dim_periode", "meerjarenbeeld", "overdrachten_partij")
"""Marts that are no table of one figure per column; those with figures have a test of their own below."""

DESCRIPTION = re.compile(
    r"(?P<naam>[^:;,]+?)(: (?P<categorie>[^;]+?))?(, in (weken|werkdagen|procenten))?"
    r"(; (?P<soort>uitkomst [a-z ]+))?"
    r"(?P<toen>; dezelfde periode een jaar eerder)?"
    r"(?P<anders>; verandering ten opzichte van een jaar eerder, in procenten, leeg zolang de periode loopt)?"
    r"(?P<norm>; norm van het Landelijk Netwerk Veilig Thuis)?"
)


def columns(bouw: Bouw) -> dict[str, list[dict[str, str]]]:
    """Subject mart → its columns with figures: name, data_type, description."""
    nodes = json.loads((bouw.target / "manifest.json").read_text())["nodes"].values()
    return {
        n["name"]: [c for c in n["columns"].values() if c["data_type"] in ("bigint", "double")]
        for n in nodes
        if n["resource_type"] == "model" and n["schema"] == "marts"
    }


def catalogue() -> dict[str, dict[str, str]]:
    """Name of an indicator → its row of the catalogue."""
    with (PROJECT / "seeds" / "catalogue" / "indicatoren_catalogus.csv").open(encoding="utf-8", newline="") as file:
        return {row["naam"]: row for row in csv.DictReader(file)}


KEY = "periode_soort, periode, gebied_soort, gebied"

LANG = f"with lang as materialized (select {KEY}, indicator, periode_start, categorie_soort, categorie_naam, waarde from marts.indicatoren)"
"""The long table, put together once for all columns that are held against it."""


def differing(mart: str, column: dict[str, str], known: dict[str, dict[str, str]]) -> str:
    """Query: the rows on which a column is not the figure that its description names.

    What does not occur has no row everywhere: a count is 0 then where its total is, a part of a whole is 0 where there is a whole.
    """
    said = DESCRIPTION.fullmatch(column["description"])
    assert said and said["naam"] in known, f"{mart}.{column['name']}: {column['description']}"
    indicator = known[said["naam"]]
    category = (said["categorie"] or "Totaal").replace(", ", " | ")
    kind = f" and categorie_soort = '{said['soort'].replace(' ', '_')}'" if said["soort"] else ""
    figures = f"(from lang where indicator = '{indicator['indicator']}'{kind})"
    whole = category.split(" | ")[0] if " | " in category else "Totaal"
    nought = {
        "bigint": "case when bestaat.periode is not null then 0 end",
        "double": "case when geheel.waarde > 0 then 0 end" if indicator["soort"] == "aandeel_naar" else "null",
    }
    value = f"coalesce(cijfer.waarde, {nought[column['data_type']]})"
    if said["norm"]:
        norms = f"(from seeds.normen where indicator = '{indicator['indicator']}')"
        wrong = f"{column['name']} is distinct from (select norm from {norms})"
        return f"select '{mart}.{column['name']}' as kolom from marts.{mart} where {wrong}"
    if said["anders"]:
        base = column["name"].removesuffix("_verandering")
        value = f"case when not mart.voorlopig then 100 * ({base} - {base}_vorig_jaar) / nullif({base}_vorig_jaar, 0) end"
    shift = "to_years(1)" if said["toen"] else "to_years(0)"
    return f"""
        select '{mart}.{column["name"]}' as kolom from marts.{mart} as mart
        left join {figures} as cijfer
            on mart.periode_soort = cijfer.periode_soort and mart.gebied = cijfer.gebied
            and mart.periode_start = cijfer.periode_start + {shift} and cijfer.categorie_naam = '{category}'
        left join (select distinct periode_soort, periode_start, periode, gebied from {figures}) as bestaat
            on mart.periode_soort = bestaat.periode_soort and mart.gebied = bestaat.gebied
            and mart.periode_start = bestaat.periode_start + {shift}
        left join (from lang where indicator = '{indicator["noemer_indicator"]}') as geheel
            on mart.periode_soort = geheel.periode_soort and mart.gebied = geheel.gebied
            and mart.periode_start = geheel.periode_start + {shift} and geheel.categorie_naam = '{whole}'
        where mart.{column["name"]} is distinct from {value}
    """


def test_every_column_is_the_figure_that_its_description_names(gouden: Gebouwd) -> None:
    bouw, known = gouden[0], catalogue()
    wrong: list[str] = []
    for mart, figures in columns(bouw).items():
        if mart not in LONG:
            queries = " union all ".join(differing(mart, c, known) for c in figures)
            wrong += [f"{kolom}: {n} rows" for kolom, n in bouw.vraag(f"{LANG} select kolom, count(*) from ({queries}) group by all")]
    assert wrong == []


def test_every_period_and_area_with_a_figure_has_a_row(gouden: Gebouwd) -> None:
    bouw, known = gouden[0], catalogue()
    missing: list[str] = []
    for mart, figures in columns(bouw).items():
        if mart not in LONG:
            found = (DESCRIPTION.fullmatch(c["description"]) for c in figures)
            wanted = ", ".join({f"'{known[said['naam']]['indicator']}'" for said in found if said})
            kinds = f"select distinct gebied_soort from marts.{mart}"
            there = f"select {KEY} from marts.indicatoren where indicator in ({wanted}) and gebied_soort in ({kinds})"
            ((n,),) = bouw.vraag(f"select count(*) from ({there} except select {KEY} from marts.{mart})")
            missing += [f"{mart}: {n} rows"] * (n > 0)
    assert missing == []


@pytest.mark.parametrize("gouden", ["gebieden"], indirect=True)
def test_what_breaks_the_comparison_with_a_year_earlier(gouden: Gebouwd) -> None:
    """Every break of the long table in a period after the one a year earlier, up to and including the row's own."""
    bouw, known, told = gouden[0], catalogue(), 0
    for mart, figures in columns(bouw).items():
        looked_back = (DESCRIPTION.fullmatch(c["description"]) for c in figures if c["name"].endswith("_vorig_jaar") and mart not in LONG)
        if not (wanted := ", ".join(f"'{known[said['naam']]['indicator']}'" for said in looked_back if said)):
            continue
        ((wrong, filled),) = bouw.vraag(f"""
            with breuken as (
                select distinct periode_soort, gebied, periode_start, cast(vergelijkbaarheid as varchar) as code
                from marts.indicatoren where indicator in ({wanted}) and categorie = '' and vergelijkbaarheid is not null
            ),
            verwacht as (
                select nu.periode_soort, nu.periode, nu.gebied, string_agg(distinct code, ', ' order by code) as codes
                from marts.{mart} as nu
                join marts.{mart} as toen on nu.periode_soort = toen.periode_soort and nu.gebied = toen.gebied
                    and nu.periode_start = toen.periode_start + to_years(1)
                join breuken on nu.periode_soort = breuken.periode_soort and nu.gebied = breuken.gebied
                    and breuken.periode_start > toen.periode_start and breuken.periode_start <= nu.periode_start
                group by all
            )
            select count(*) filter (vergelijkbaarheid_jaar_eerder is distinct from codes), count(codes)
            from marts.{mart} left join verwacht using (periode_soort, periode, gebied)
        """)
        assert wrong == 0, mart
        told += filled
    assert told > 0


def test_transfers_by_party(gouden: Gebouwd) -> None:
    """The counts of each receiver, and the share of those of which it is known whether they were involved."""
    rows = gouden[0].vraag(f"""
        with lang as (
            select {KEY}, split_part(categorie, '|', 1) as ontvanger,
                coalesce(sum(waarde) filter (categorie_soort = 'ontvanger'), 0) as overdrachten,
                coalesce(sum(waarde) filter (categorie like '%|ja'), 0) as betrokken,
                coalesce(sum(waarde) filter (categorie like '%|nee'), 0) as niet_betrokken,
                coalesce(sum(waarde) filter (categorie like '%|onbekend'), 0) as betrokken_onbekend
            from marts.indicatoren
            where indicator = 'overdrachten' and categorie_soort in ('ontvanger', 'ontvanger|betrokken')
                and gebied_soort in ('regio', 'gemeente', 'buiten', 'stadsdeel')
            group by all
        )
        select count(*), count(*) filter (
            lang.overdrachten is distinct from partij.overdrachten
            or lang.betrokken is distinct from partij.betrokken
            or lang.niet_betrokken is distinct from partij.niet_betrokken
            or lang.betrokken_onbekend is distinct from partij.betrokken_onbekend
            or partij.aandeel_betrokken is distinct from 100 * lang.betrokken / nullif(lang.betrokken + lang.niet_betrokken, 0)
        ) from lang full join marts.overdrachten_partij as partij using ({KEY}, ontvanger)
    """)
    assert rows[0][0] > 0
    assert rows[0][1] == 0


def test_years_beside_each_other(gouden: Gebouwd) -> None:
    """Value, year before, difference, the same months of both years for what adds up, norm and comparability."""
    bouw = gouden[0]
    rows = bouw.vraag("""
        with jaar as (from marts.indicatoren where periode_soort = 'jaar'),
        maand as (
            select indicator, categorie, gebied, year(periode_start) as jaar, month(periode_start) as maand, waarde
            from marts.indicatoren
            where periode_soort = 'maand' and indicator in (select indicator from marts.dim_indicator where soort = 'aantal')
        )
        select count(*), count(*) filter (
            beeld.waarde is distinct from nu.waarde or beeld.waarde_vorig_jaar is distinct from toen.waarde
            or beeld.verschil is distinct from case when not nu.voorlopig then nu.waarde - toen.waarde end
            or beeld.verandering is distinct from
                case when not nu.voorlopig then 100 * (nu.waarde - toen.waarde) / nullif(toen.waarde, 0) end
            or beeld.vergelijkbaarheid is distinct from cast(nu.vergelijkbaarheid as varchar)
        ), count(*) filter (soort.soort = 'aantal' and beeld.waarde_tot_en_met is distinct from (
            select sum(maand.waarde) from maand
            where maand.indicator = beeld.indicator and maand.categorie = beeld.categorie and maand.gebied = beeld.gebied
                and maand.jaar = beeld.jaar and maand.maand <= beeld.tot_en_met_maand
        )), count(*) filter (beeld.norm is not null)
        from marts.meerjarenbeeld as beeld
        join marts.dim_indicator as soort using (indicator)
        left join jaar as nu
            on beeld.indicator = nu.indicator and beeld.categorie = nu.categorie and beeld.gebied = nu.gebied
            and beeld.jaar = year(nu.periode_start)
        left join jaar as toen
            on beeld.indicator = toen.indicator and beeld.categorie = toen.categorie and beeld.gebied = toen.gebied
            and beeld.jaar = year(toen.periode_start) + 1
    """)
    rij = rows[0]
    assert rij[0] > 0 and rij[3] > 0
    assert rij[1:3] == (0, 0)
    assert bouw.vraag("select distinct indicator, norm from marts.meerjarenbeeld where norm is not null order by all") == [
        ("aandeel_diensten_binnen_termijn", 80.0),
        ("aandeel_vb_binnen_termijn", 90.0),
    ]


def test_a_registration_many_times_over_keeps_its_households_and_casussen(gouden: Gebouwd, tmp_path: Path) -> None:
    """What ``vt bench models`` builds: three times the reports, casussen and persons, each copy apart from the others."""
    bouw = gouden[0]
    larger = Settings(home=tmp_path / "groter")
    counts = """
        select count(*), count(distinct melding_id), count(distinct casus_id),
            (select count(distinct huishouden_id) from historie.casussen), (select count(distinct persoon_id) from historie.betrokkenen),
            (select count(*) from historie.meldingen semi join historie.casussen using (casus_id)),
            (select count(*) from historie.leveringen)
        from historie.meldingen
    """
    ((*once, deliveries),) = bouw.vraag(counts)
    assert multiply(bouw.settings, larger, open_keyring(larger.key_path), 3) == 3 * once[0]
    assert Bouw(larger).vraag(counts) == [(*(3 * n for n in once), deliveries)]
