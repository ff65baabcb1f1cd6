"""Deliberate changes to the rules, one at a time each: the unit test of the rule must fail, or it guards nothing."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from orchestration.settings import PROJECT
from tests.lib.build import Bouw, kopie

pytestmark = pytest.mark.xdist_group("leeg")


@dataclass(frozen=True)
class Verandering:
    """Text of a file of the dbt project, what it is changed into, and the unit test that must notice."""

    bestand: str
    oud: str
    nieuw: str
    test: str


DATUM, GEBIED, EERDERE = (
    "models/facts/dim_datum.sql",
    "models/intermediate/int_melding_gebied.sql",
    "models/intermediate/int_melding_eerdere.sql",
)
FASE, MELDINGEN = "models/intermediate/int_melding_betrokkenheid.sql", "models/facts/fct_meldingen.sql"
GEBIEDSMELDING, VOORRAAD = "models/intermediate/int_gebiedsmelding.sql", "models/facts/fct_werkvoorraad_maand.sql"
VENSTER = "models/staging/stg_buiten_venster.sql"
CIJFERS, BIJDRAGE = "models/intermediate/cijfers/int_cijfers_", "models/intermediate/cijfers/int_bijdrage_"

VERANDERINGEN = [
    Verandering(DATUM, "paasdag - 2 as dag", "paasdag - 3 as dag", "werkdagen_rond_pasen"),
    Verandering(DATUM, "make_date(jaar, 5, 5)", "make_date(jaar, 5, 4)", "vijf_mei_is_elk_jaar_vrij"),
    Verandering(DATUM, "then dag - 1 else dag", "then dag + 1 else dag", "koningsdag_op_zondag_gaat_een_dag_terug"),
    Verandering(DATUM, "then make_date(jaar, 4, 30)", "then make_date(jaar, 4, 27)", "tot_2013_koninginnedag"),
    Verandering("macros/buiten_venster.sql", "    _is_actueel\n        and (_lev", "    true\n        and (_lev", "alleen_wat_nu_geldt"),
    Verandering("macros/buiten_venster.sql", "buiten.entiteit = '{{ entiteit }}'", "true", "alleen_wat_nu_geldt"),
    Verandering("macros/buiten_venster.sql", "{{ ouders }}.entiteit = '{{ ouder }}'", "true", "wat_in_geen_periode_te_plaatsen_is"),
    Verandering(VENSTER, "union\n", "union all\n", "wat_in_geen_periode_te_plaatsen_is"),
    Verandering(
        "macros/alleen_duckdb.sql",
        "timestamp '{{ dag }}' at time zone 'Europe/Amsterdam'",
        "timestamp '{{ dag }}' at time zone 'UTC'",
        "wat_in_geen_periode_te_plaatsen_is",
    ),
    Verandering("models/facts/fct_casussen.sql", "when not casussen.afsluiting_buiten_venster", "when true", "twee_jaar_zonder_hermelding"),
    Verandering(
        "models/kwaliteit/leveringen.sql",
        "where soort = 'volledig' and uitkomst = 'opgenomen'",
        "where soort = 'volledig'",
        "register_bevestigd_en_te_laat",
    ),
    Verandering(
        "models/kwaliteit/leveringen.sql",
        "and leveringen.uitkomst = 'opgenomen'",
        "and leveringen.uitkomst != 'geweigerd'",
        "register_bevestigd_en_te_laat",
    ),
    Verandering("models/staging/stg_peildatum.sql", "where uitkomst = 'opgenomen'", "", "peildatum_van_de_laatste_opgenomen_levering"),
    Verandering("models/facts/dim_gemeente.sql", "then 'BUITEN'", "then gemeenten.gemeente_code", "weesp_tot_en_vanaf_24_maart_2022"),
    Verandering(
        "models/facts/fct_adviesvragen.sql", "adviesvragen.gestart_op >= gemeenten.geldig_van", "true", "gemeente_van_een_adviesvraag"
    ),
    Verandering(GEBIED, ", vervangend.stadsdeel_code) as", ") as", "gebied_van_een_melding"),
    Verandering(GEBIED, "meldingen.ontvangen_dag >= geleverd.geldig_van", "true", "gebied_van_een_melding"),
    Verandering(GEBIED, "and meldingen.gemeente_code = buurten.gemeente_code", "", "gebied_van_een_melding"),
    Verandering(EERDERE, "nieuw.terugblik_van <= eerder", "nieuw.terugblik_van < eerder", "drie_jaar_terug_dezelfde_datum_telt_mee"),
    Verandering(EERDERE, "nieuw.persoon_id = eerder.persoon_id", "false", "gedeelde_personen_en_open_casussen"),
    Verandering(EERDERE, "eerder.afgesloten_op > nieuw", "eerder.afgesloten_op >= nieuw", "gedeelde_personen_en_open_casussen"),
    Verandering(
        EERDERE, "nieuw.ontvangen_op > eerder.ontvangen_op", "nieuw.melding_id > eerder.melding_id", "gedeelde_personen_en_open_casussen"
    ),
    Verandering(
        FASE, "besluiten.besluit_op > laatste_open", "besluiten.besluit_op >= laatste_open", "eerste_her_en_vervolgmelding_met_fase"
    ),
    Verandering(
        FASE, "diensten.afgesloten_op > laatste_open", "diensten.afgesloten_op >= laatste_open", "eerste_her_en_vervolgmelding_met_fase"
    ),
    Verandering(FASE, "eerdere_nummer_volgorde desc", "eerdere_nummer_volgorde asc", "eerste_her_en_vervolgmelding_met_fase"),
    Verandering(FASE, "diensten.gestart_op <= laatste_open.ontvangen_dag", "true", "eerste_her_en_vervolgmelding_met_fase"),
    Verandering(MELDINGEN, "gemeten.vb_werkdagen <= {{", "gemeten.vb_werkdagen < {{", "vijf_werkdagen_en_nog_onbesloten"),
    Verandering(MELDINGEN, "werkdagen_tot_peildatum > {{", "werkdagen_tot_peildatum >= {{", "vijf_werkdagen_en_nog_onbesloten"),
    Verandering(
        "macros/alleen_duckdb.sql",
        "(epoch_us({{ tot }}) - epoch_us({{ van }}))",
        "(epoch_us(cast({{ tot }} as timestamp)) - epoch_us(cast({{ van }} as timestamp)))",
        "twee_uur_over_de_klok_heen",
    ),
    Verandering("macros/alleen_duckdb.sql", "'Europe/Amsterdam' as date", "'UTC' as date", "dag_is_de_lokale_dag"),
    Verandering(
        "models/facts/fct_diensten.sql", "kalender.eerstvolgende_werkdag as", "kalender.dag as", "tien_weken_tot_tweede_pinksterdag"
    ),
    Verandering(GEBIEDSMELDING, "gebeurtenissen.dag >= meldingen", "gebeurtenissen.dag > meldingen", "welke_melding_het_gebied_geeft"),
    Verandering(GEBIEDSMELDING, "meldingen.nummer_volgorde desc", "meldingen.nummer_volgorde asc", "welke_melding_het_gebied_geeft"),
    Verandering(
        "models/facts/fct_overdrachten.sql",
        "overdrachten.overgedragen_op >= genoemd",
        "true or genoemd",
        "overdracht_met_en_zonder_melding",
    ),
    Verandering(
        VOORRAAD,
        "meldingen.vb_besluit_op, date '9999-12-31') >",
        "meldingen.vb_besluit_op, date '9999-12-31') >=",
        "werkvoorraad_aan_het_eind_van_januari",
    ),
    Verandering(VOORRAAD, "1 - var('zicht_dagen')", "-var('zicht_dagen')", "werkvoorraad_aan_het_eind_van_januari"),
    Verandering(VOORRAAD, "termijn_eindigt_op < maandeinden", "termijn_eindigt_op <= maandeinden", "werkvoorraad_aan_het_eind_van_januari"),
    Verandering("models/facts/fct_casussen.sql", "afgesloten_op < meldingen", "afgesloten_op <= meldingen", "twee_jaar_zonder_hermelding"),
    Verandering("models/facts/fct_casussen.sql", "gevolgd_tot < peildatum", "gevolgd_tot <= peildatum", "twee_jaar_zonder_hermelding"),
    Verandering("models/facts/fct_betrokkenen.sql", "leeftijd_jaren < 0", "leeftijd_jaren < -1", "leeftijd_in_het_jaar_van_ontvangst"),
    Verandering(
        "models/intermediate/cijfers/int_melding_uitsplitsing.sql",
        "left join vormen",
        "inner join vormen",
        "vormen_en_groepen_van_een_melding",
    ),
    Verandering("macros/cijfers.sql", "'lijst', 90)", "'lijst', 95)", "mediaan_en_negentigste_percentiel"),
    Verandering("macros/alleen_duckdb.sql", "+ 1) // 2]", ") // 2]", "mediaan_en_negentigste_percentiel"),
    Verandering("macros/alleen_duckdb.sql", "+ 99) // 100]", ") // 100]", "mediaan_en_negentigste_percentiel"),
    Verandering("macros/cijfers.sql", "count(distinct bijdragen.geteld_id)", "count(bijdragen.geteld_id)", "een_casus_telt_een_keer"),
    Verandering(
        CIJFERS + "per_1000.sql",
        "jaren.periode_start >= gebieden.geldig_van",
        "jaren.periode_start + 365 >= gebieden.geldig_van",
        "per_duizend_huishoudens",
    ),
    Verandering(CIJFERS + "per_1000.sql", "count(per_jaar.huishoudens) = count(*)", "true", "per_duizend_huishoudens"),
    Verandering(BIJDRAGE + "overdrachten.yml", "sql: is_overdracht}", 'sql: "1"}', "overdrachten_en_afsluitingen"),
    Verandering(
        "macros/cijfers.sql", "on maanden.periode_eind = perioden.periode_eind", "on true", "voorraad_is_het_cijfer_van_de_laatste_maand"
    ),
    Verandering(BIJDRAGE + "meldingen.yml", "sql: eerdere_incidenten is not null", 'sql: "1"', "aandelen_van_meldingen"),
    Verandering(
        CIJFERS[:-8] + "figuur_deel.sql",
        "coalesce(figuren.geheel_categorie_id, figuren.categorie_id) = delen",
        "1 = delen",
        "waarvan_verdelingen_en_verhoudingen_gemaakt_zijn",
    ),
    Verandering(
        CIJFERS + "samengesteld.sql",
        "noemers.teller as noemer",
        "tellers.teller as noemer",
        "aandeel_van_het_geheel_of_van_het_soort_huishouden",
    ),
    Verandering("macros/cijfers.sql", "else coalesce(noemer, teller) != 0 end", "else true end", "aandelen_van_meldingen"),
    Verandering(
        "macros/cijfers.sql", "when wijze = 'verdeling' then teller is not null", "when false then true", "doorlooptijden_van_beoordelingen"
    ),
    Verandering("macros/cijfers.sql", "when figuren.diepte >= 4 then", "when true then", "diensten_beginnen_en_eindigen"),
    Verandering(CIJFERS + "nul.sql", "not is_gekruist and", "", "wat_niet_voorkomt_staat_als_nul"),
    Verandering(
        "models/intermediate/cijfers/int_periode.sql",
        "periode_eind > venster.peildatum",
        "periode_eind >= venster.peildatum",
        "perioden_en_wat_er_voorlopig_aan_is",
    ),
    Verandering(CIJFERS[:-8] + "breuk.sql", "niet_heel_vanaf <=", "niet_heel_vanaf <", "waar_een_breuk_ligt"),
    Verandering(CIJFERS[:-8] + "breuk.sql", "breuken.vanaf > perioden.vorige_start", "true", "waar_een_breuk_ligt"),
    Verandering(
        "models/kwaliteit/aansluiting.sql",
        "vergeleken.berekend = coalesce(",
        "vergeleken.berekend >= coalesce(",
        "oordeel_over_gepubliceerde_cijfers",
    ),
]


def rondes() -> list[list[Verandering]]:
    """The changes in few runs of dbt: in one run at most one change to a file, and one that a unit test must notice."""
    verdeeld: list[list[Verandering]] = []
    for verandering in VERANDERINGEN:
        for ronde in verdeeld:
            if all(v.bestand != verandering.bestand and v.test != verandering.test for v in ronde):
                ronde.append(verandering)
                break
        else:
            verdeeld.append([verandering])
    return verdeeld


@pytest.fixture(scope="module", params=range(len(rondes())))
def ronde(
    request: pytest.FixtureRequest, leeg: tuple[Bouw, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Verandering], dict[str, str]]]:
    """One run: its changes, and the outcome of every unit test."""
    veranderingen = rondes()[request.param]
    folder = tmp_path_factory.mktemp("veranderd")
    project = folder / "dbt_project"
    shutil.copytree(PROJECT / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    shutil.copytree(PROJECT / "seeds", folder / "seeds")
    for v in veranderingen:
        text = (project / v.bestand).read_text()
        assert v.oud in text, f"{v.bestand} no longer says: {v.oud}"
        (project / v.bestand).write_text(text.replace(v.oud, v.nieuw))
    bouw = kopie(leeg[0], folder / "vt")
    names = sorted({v.test for v in veranderingen})
    yield veranderingen, bouw.dbt("test", "--select", *names, project=project)
    shutil.rmtree(folder)


def test_each_change_to_a_rule_makes_its_unit_test_fail(ronde: tuple[list[Verandering], dict[str, str]]) -> None:
    veranderingen, outcomes = ronde
    status = {name.split(".")[-1]: outcome for name, outcome in outcomes.items()}
    assert [(v.bestand, v.oud) for v in veranderingen if status[v.test] != "fail"] == []
