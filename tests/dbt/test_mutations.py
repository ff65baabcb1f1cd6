"""Deliberate changes to the rules, one at a time each: the unit test of the rule must fail, or it guards nothing."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from orchestration.settings import PROJECT
from tests.lib.build import Build, copy_of

pytestmark = pytest.mark.xdist_group("leeg")


@dataclass(frozen=True)
class Change:
    """Text of a file of the dbt project, what it is changed into, and the unit test that must notice."""

    file: str
    old: str
    new: str
    test: str


DATUM, GEBIED, EERDERE = (
    "models/facts/dim_datum.sql",
    "models/intermediate/int_melding_gebied.sql",
    "models/intermediate/int_melding_eerdere.sql",
)
FASE, MELDINGEN = "models/intermediate/int_melding_betrokkenheid.sql", "models/facts/fct_meldingen.sql"
MELDING_AREA, STOCK = "models/intermediate/int_gebiedsmelding.sql", "models/facts/fct_werkvoorraad_maand.sql"
WINDOW = "models/staging/stg_buiten_venster.sql"
FIGURES, BIJDRAGE = "models/intermediate/cijfers/int_cijfers_", "models/intermediate/cijfers/int_bijdrage_"

CHANGES = [
    Change(DATUM, "paasdag - 2 as dag", "paasdag - 3 as dag", "werkdagen_rond_pasen"),
    Change(DATUM, "make_date(jaar, 5, 5)", "make_date(jaar, 5, 4)", "vijf_mei_is_elk_jaar_vrij"),
    Change(DATUM, "then dag - 1 else dag", "then dag + 1 else dag", "koningsdag_op_zondag_gaat_een_dag_terug"),
    Change(DATUM, "then make_date(jaar, 4, 30)", "then make_date(jaar, 4, 27)", "tot_2013_koninginnedag"),
    Change("macros/buiten_venster.sql", "    _is_actueel\n        and (_lev", "    true\n        and (_lev", "alleen_wat_nu_geldt"),
    Change("macros/buiten_venster.sql", "buiten.entiteit = '{{ entiteit }}'", "true", "alleen_wat_nu_geldt"),
    Change("macros/buiten_venster.sql", "{{ ouders }}.entiteit = '{{ ouder }}'", "true", "wat_in_geen_periode_te_plaatsen_is"),
    Change(WINDOW, "union\n", "union all\n", "wat_in_geen_periode_te_plaatsen_is"),
    Change(
        "macros/engines.sql",
        "timestamp '{{ dag }}' at time zone 'Europe/Amsterdam'",
        "timestamp '{{ dag }}' at time zone 'UTC'",
        "wat_in_geen_periode_te_plaatsen_is",
    ),
    Change("models/facts/fct_casussen.sql", "when not casussen.afsluiting_buiten_venster", "when true", "twee_jaar_zonder_hermelding"),
    Change(
        "models/kwaliteit/leveringen.sql",
        "where soort = 'volledig' and uitkomst = 'opgenomen'",
        "where soort = 'volledig'",
        "register_bevestigd_en_te_laat",
    ),
    Change(
        "models/kwaliteit/leveringen.sql",
        "and leveringen.uitkomst = 'opgenomen'",
        "and leveringen.uitkomst != 'geweigerd'",
        "register_bevestigd_en_te_laat",
    ),
    Change("models/staging/stg_peildatum.sql", "where uitkomst = 'opgenomen'", "", "peildatum_van_de_laatste_opgenomen_levering"),
    Change("models/facts/dim_gemeente.sql", "then 'BUITEN'", "then gemeenten.gemeente_code", "weesp_tot_en_vanaf_24_maart_2022"),
    Change("models/facts/fct_adviesvragen.sql", "adviesvragen.gestart_op >= gemeenten.geldig_van", "true", "gemeente_van_een_adviesvraag"),
    Change(GEBIED, ", vervangend.stadsdeel_code) as", ") as", "gebied_van_een_melding"),
    Change(GEBIED, "meldingen.ontvangen_dag >= geleverd.geldig_van", "true", "gebied_van_een_melding"),
    Change(GEBIED, "and meldingen.gemeente_code = buurten.gemeente_code", "", "gebied_van_een_melding"),
    Change(EERDERE, "nieuw.terugblik_van <= eerder", "nieuw.terugblik_van < eerder", "drie_jaar_terug_dezelfde_datum_telt_mee"),
    Change(EERDERE, "nieuw.persoon_id = eerder.persoon_id", "false", "gedeelde_personen_en_open_casussen"),
    Change(EERDERE, "eerder.afgesloten_op > nieuw", "eerder.afgesloten_op >= nieuw", "gedeelde_personen_en_open_casussen"),
    Change(
        EERDERE, "nieuw.ontvangen_op > eerder.ontvangen_op", "nieuw.melding_id > eerder.melding_id", "gedeelde_personen_en_open_casussen"
    ),
    Change(FASE, "besluiten.besluit_op > laatste_open", "besluiten.besluit_op >= laatste_open", "eerste_her_en_vervolgmelding_met_fase"),
    Change(
        FASE, "diensten.afgesloten_op > laatste_open", "diensten.afgesloten_op >= laatste_open", "eerste_her_en_vervolgmelding_met_fase"
    ),
    Change(FASE, "eerdere_nummer_volgorde desc", "eerdere_nummer_volgorde asc", "eerste_her_en_vervolgmelding_met_fase"),
    Change(FASE, "diensten.gestart_op <= laatste_open.ontvangen_dag", "true", "eerste_her_en_vervolgmelding_met_fase"),
    Change(MELDINGEN, "gemeten.vb_werkdagen <= {{", "gemeten.vb_werkdagen < {{", "vijf_werkdagen_en_nog_onbesloten"),
    Change(MELDINGEN, "werkdagen_tot_peildatum > {{", "werkdagen_tot_peildatum >= {{", "vijf_werkdagen_en_nog_onbesloten"),
    Change(
        "macros/engines.sql",
        "(epoch_us({{ tot }}) - epoch_us({{ van }}))",
        "(epoch_us(cast({{ tot }} as timestamp)) - epoch_us(cast({{ van }} as timestamp)))",
        "twee_uur_over_de_klok_heen",
    ),
    Change("macros/engines.sql", "'Europe/Amsterdam' as date", "'UTC' as date", "dag_is_de_lokale_dag"),
    Change("models/facts/fct_diensten.sql", "kalender.eerstvolgende_werkdag as", "kalender.dag as", "tien_weken_tot_tweede_pinksterdag"),
    Change(MELDING_AREA, "gebeurtenissen.dag >= meldingen", "gebeurtenissen.dag > meldingen", "welke_melding_het_gebied_geeft"),
    Change(MELDING_AREA, "meldingen.nummer_volgorde desc", "meldingen.nummer_volgorde asc", "welke_melding_het_gebied_geeft"),
    Change(
        "models/facts/fct_overdrachten.sql",
        "overdrachten.overgedragen_op >= genoemd",
        "true or genoemd",
        "overdracht_met_en_zonder_melding",
    ),
    Change(
        STOCK,
        "meldingen.vb_besluit_op, date '9999-12-31') >",
        "meldingen.vb_besluit_op, date '9999-12-31') >=",
        "werkvoorraad_aan_het_eind_van_januari",
    ),
    Change(STOCK, "1 - var('zicht_dagen')", "-var('zicht_dagen')", "werkvoorraad_aan_het_eind_van_januari"),
    Change(STOCK, "termijn_eindigt_op < maandeinden", "termijn_eindigt_op <= maandeinden", "werkvoorraad_aan_het_eind_van_januari"),
    Change("models/facts/fct_casussen.sql", "afgesloten_op < meldingen", "afgesloten_op <= meldingen", "twee_jaar_zonder_hermelding"),
    Change("models/facts/fct_casussen.sql", "gevolgd_tot < peildatum", "gevolgd_tot <= peildatum", "twee_jaar_zonder_hermelding"),
    Change("models/facts/fct_betrokkenen.sql", "leeftijd_jaren < 0", "leeftijd_jaren < -1", "leeftijd_in_het_jaar_van_ontvangst"),
    Change(
        "models/intermediate/cijfers/int_melding_uitsplitsing.sql",
        "left join vormen",
        "inner join vormen",
        "vormen_en_groepen_van_een_melding",
    ),
    Change("macros/cijfers.sql", "(90 * rijen + 99)", "(95 * rijen + 99)", "mediaan_en_negentigste_percentiel"),
    Change("macros/cijfers.sql", "'(rijen + 1)', 2", "'rijen', 2", "mediaan_en_negentigste_percentiel"),
    Change("macros/cijfers.sql", "(90 * rijen + 99)", "(90 * rijen)", "mediaan_en_negentigste_percentiel"),
    Change("macros/cijfers.sql", "gerangschikt.plaats >= {{", "gerangschikt.plaats > {{", "mediaan_en_negentigste_percentiel"),
    Change("macros/cijfers.sql", "count(distinct bijdragen.geteld_id)", "count(bijdragen.geteld_id)", "een_casus_telt_een_keer"),
    Change(
        FIGURES + "per_1000.sql",
        "jaren.periode_start >= gebieden.geldig_van",
        "jaren.periode_start + 365 >= gebieden.geldig_van",
        "per_duizend_huishoudens",
    ),
    Change(FIGURES + "per_1000.sql", "count(per_jaar.huishoudens) = count(*)", "true", "per_duizend_huishoudens"),
    Change(BIJDRAGE + "overdrachten.yml", "sql: is_overdracht}", 'sql: "1"}', "overdrachten_en_afsluitingen"),
    Change(
        "macros/cijfers.sql", "on maanden.periode_eind = perioden.periode_eind", "on true", "voorraad_is_het_cijfer_van_de_laatste_maand"
    ),
    Change(BIJDRAGE + "meldingen.yml", "sql: eerdere_incidenten is not null", 'sql: "1"', "aandelen_van_meldingen"),
    Change(
        FIGURES[:-8] + "figuur_deel.sql",
        "coalesce(figuren.geheel_categorie_id, figuren.categorie_id) = delen",
        "1 = delen",
        "waarvan_verdelingen_en_verhoudingen_gemaakt_zijn",
    ),
    Change(
        FIGURES + "samengesteld.sql",
        "noemers.teller as noemer",
        "tellers.teller as noemer",
        "aandeel_van_het_geheel_of_van_het_soort_huishouden",
    ),
    Change("macros/cijfers.sql", "else coalesce(noemer, teller) != 0 end", "else true end", "aandelen_van_meldingen"),
    Change(
        "macros/cijfers.sql",
        "when wijze in ('verdeling', 'wachttijd', 'maandgemiddelde') then teller is not null",
        "when false then true",
        "doorlooptijden_van_beoordelingen",
    ),
    Change("macros/cijfers.sql", "order by werkdagen desc", "order by werkdagen asc", "wie_nog_wacht_telt_mee"),
    Change("macros/cijfers.sql", "then 0.5 else 0.1 end", "then 0.5 else 0.5 end", "wie_nog_wacht_telt_mee"),
    Change("macros/cijfers.sql", "sum(bijdragen.noemer) as besloten", "count(*) as besloten", "wie_nog_wacht_telt_mee"),
    Change(
        "macros/cijfers.sql",
        "as double) / count(distinct bijdragen.periode_id)",
        "as double) / count(*)",
        "gemiddelde_van_de_maanden_die_bekend_zijn",
    ),
    Change(FIGURES + "per_fte.sql", "noemers.noemer = perioden.maanden", "noemers.noemer >= 1", "per_bezette_formatieplaats"),
    Change(
        FIGURES + "samengesteld.sql",
        "case when is_noemer then -teller else teller end",
        "case when is_noemer then 0 else teller end",
        "aandeel_van_het_geheel_of_van_het_soort_huishouden",
    ),
    Change(FIGURES + "nul.sql", "not figuren.leeg_ontbreekt\n", "true\n", "wat_niet_voorkomt_staat_als_nul"),
    Change(
        "models/marts/werkvoorraad_vooruitblik.sql",
        "having count(*) =",
        "having count(*) >= 1 or 1 =",
        "vooruitblik_met_wat_de_terugblik_ervan_zegt",
    ),
    Change("macros/cijfers.sql", "when figuren.diepte >= 4 then", "when true then", "diensten_beginnen_en_eindigen"),
    Change(FIGURES + "per_1000.sql", "jaren.periode_start < gebieden.geldig_tot", "true", "per_duizend_huishoudens"),
    Change(FIGURES + "nul.sql", "not is_gekruist and", "", "wat_niet_voorkomt_staat_als_nul"),
    Change(FIGURES + "nul.sql", "gebieden.geldig_tot > perioden.periode_start", "true", "wat_niet_voorkomt_staat_als_nul"),
    Change(
        "models/intermediate/cijfers/int_gebied.sql",
        "        geldig_tot,\n        1 as diepte",
        "        null as geldig_tot,\n        1 as diepte",
        "een_gemeente_die_opgaat_in_een_andere",
    ),
    Change(
        "models/intermediate/cijfers/int_periode.sql",
        "periode_eind > venster.peildatum",
        "periode_eind >= venster.peildatum",
        "perioden_en_wat_er_voorlopig_aan_is",
    ),
    Change(FIGURES[:-8] + "breuk.sql", "niet_heel_vanaf <=", "niet_heel_vanaf <", "waar_een_breuk_ligt"),
    Change(FIGURES[:-8] + "breuk.sql", "breuken.vanaf > perioden.vorige_start", "true", "waar_een_breuk_ligt"),
    Change(
        "models/kwaliteit/aansluiting.sql",
        "vergeleken.berekend = coalesce(",
        "vergeleken.berekend >= coalesce(",
        "oordeel_over_gepubliceerde_cijfers",
    ),
]


def batches() -> list[list[Change]]:
    """The changes in few runs of dbt: in one run at most one change to a file, and one that a unit test must notice."""
    dealt: list[list[Change]] = []
    for change in CHANGES:
        for batch in dealt:
            if all(v.file != change.file and v.test != change.test for v in batch):
                batch.append(change)
                break
        else:
            dealt.append([change])
    return dealt


@pytest.fixture(scope="module", params=range(len(batches())))
def batch(
    request: pytest.FixtureRequest, empty: tuple[Build, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Change], dict[str, str]]]:
    """One run: its changes, and the outcome of every unit test."""
    changes = batches()[request.param]
    folder = tmp_path_factory.mktemp("veranderd")
    project = folder / "dbt_project"
    shutil.copytree(PROJECT / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    shutil.copytree(PROJECT / "seeds", folder / "seeds")
    for v in changes:
        text = (project / v.file).read_text()
        assert v.old in text, f"{v.file} no longer says: {v.old}"
        (project / v.file).write_text(text.replace(v.old, v.new))
    build = copy_of(empty[0], folder / "vt")
    names = sorted({v.test for v in changes})
    yield changes, build.dbt("test", "--select", *names, project=project)
    shutil.rmtree(folder)


def test_each_change_to_a_rule_makes_its_unit_test_fail(batch: tuple[list[Change], dict[str, str]]) -> None:
    changes, outcomes = batch
    status = {name.split(".")[-1]: outcome for name, outcome in outcomes.items()}
    assert [(v.file, v.old) for v in changes if status[v.test] != "fail"] == []
