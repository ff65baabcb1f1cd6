"""The dbt unit tests: each subtle rule has one, its arithmetic stands beside it, and all pass."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.documentation import COMPILED, OF_TABLES
from orchestration.transform import dbt
from orchestration.transform.described import EXAMPLES, Columns, compiled, of_tables
from tests.lib.build import Build

pytestmark = pytest.mark.xdist_group("leeg")

RULES = {
    "working days over Easter": "werkdagen_rond_pasen",
    "5 May": "vijf_mei_is_elk_jaar_vrij",
    "Koningsdag on a Sunday": "koningsdag_op_zondag_gaat_een_dag_terug",
    "Koninginnedag until 2013": "tot_2013_koninginnedag",
    "31 December": "werkdagen_rond_de_jaarwisseling",
    "ten weeks ending on Whit Monday": "tien_weken_tot_tweede_pinksterdag",
    "two hours across both clock changes": "twee_uur_over_de_klok_heen",
    "23:30 UTC on 31 December": "dag_is_de_lokale_dag",
    "Centrum for an unknown stadsdeel, Weesp on 23 and 24 March 2022, an unknown gemeente": "gebied_van_een_melding",
    "the same for requests": "gemeente_van_een_adviesvraag",
    "the three-year edge, 29 February too": "drie_jaar_terug_dezelfde_datum_telt_mee",
    "shared persons, sentinels, a case closed the same day": "gedeelde_personen_en_open_casussen",
    "first, repeat and follow-up reports, and the phase": "eerste_her_en_vervolgmelding_met_fase",
    "a casus with several reports and transfers": "welke_melding_het_gebied_geeft",
    "a transfer without report number": "overdracht_met_en_zonder_melding",
    "an undecided VB just inside and just past its term": "vijf_werkdagen_en_nog_onbesloten",
    "a quarantined parent: the version before stands": "alleen_wat_nu_geldt",
    "work stock and sight of safety": "werkvoorraad_aan_het_eind_van_januari",
    "24 months without a repeat": "twee_jaar_zonder_hermelding",
    "median and p90": "mediaan_en_negentigste_percentiel",
    "a missing household count": "per_duizend_huishoudens",
    "a delivery that was withdrawn, and came again": "register_bevestigd_en_te_laat",
    "rows of before the first day there can be, and what hangs on them": "wat_in_geen_periode_te_plaatsen_is",
}


@pytest.fixture(scope="session")
def described(empty: tuple[Build, dict[str, str]]) -> dict[str, str]:
    """Unit test → its description."""
    manifest = json.loads(dbt.MANIFEST.read_text())
    return {test["name"]: test["description"] for test in manifest["unit_tests"].values()}


def test_every_model_is_built_and_every_unit_test_passes(empty: tuple[Build, dict[str, str]], described: dict[str, str]) -> None:
    outcomes = empty[1]
    assert {name for name, status in outcomes.items() if status not in ("success", "pass")} == set()
    assert sum(status == "pass" for status in outcomes.values()) == len(described)


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_has_a_unit_test(rule: str, described: dict[str, str]) -> None:
    assert RULES[rule] in described


def test_every_unit_test_says_how_its_figures_come_about(described: dict[str, str]) -> None:
    assert {name for name, text in described.items() if len(text) < 40} == set()


def test_every_model_and_column_is_described(empty: tuple[Build, dict[str, str]]) -> None:
    """In the documentation, and no column less than in the database."""
    manifest = json.loads(dbt.MANIFEST.read_text())
    nodes = [n for n in manifest["nodes"].values() if n["resource_type"] in ("model", "seed")] + list(manifest["sources"].values())
    undescribed = [n["name"] for n in nodes if not n["description"]]
    undescribed += [f"{n['name']}.{c['name']}" for n in nodes for c in n["columns"].values() if not c["description"]]
    known = {(n["schema"], n["name"], c) for n in nodes for c in n["columns"]}
    there = empty[0].query(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where database_name = 'veilig_thuis' and schema_name != 'historie'"
    )
    undescribed += [".".join(column) for column in there if column not in known]
    assert undescribed == []


@pytest.mark.parametrize(("path", "make"), OF_TABLES.items(), ids=lambda x: getattr(x, "name", ""))
def test_columns_are_written_as_the_tables_have_them(
    empty: tuple[Build, dict[str, str]], path: Path, make: Callable[[Columns], str]
) -> None:
    with empty[0].open() as con:
        assert path.read_text() == make(of_tables(con)), "run: make docs"


def test_the_examples_of_compiled_sql_are_what_dbt_makes(empty: tuple[Build, dict[str, str]]) -> None:
    made = compiled(json.loads(dbt.MANIFEST.read_text())["nodes"])
    assert made == {path.stem: path.read_text() for path in COMPILED.glob("*.sql")}, "run: make docs"
    assert set(made) == set(EXAMPLES)


def test_marts_and_quality_tables_have_a_contract_and_all_have_an_owner(empty: tuple[Build, dict[str, str]]) -> None:
    nodes = json.loads(dbt.MANIFEST.read_text())["nodes"].values()
    models = [n for n in nodes if n["resource_type"] == "model"]
    assert {n["name"] for n in models if n["schema"] in ("marts", "kwaliteit") and not n["contract"]["enforced"]} == set()
    assert {n["name"] for n in models if not n["config"]["meta"].get("owner")} == set()


def test_there_are_few_models(empty: tuple[Build, dict[str, str]]) -> None:
    nodes = json.loads(dbt.MANIFEST.read_text())["nodes"].values()
    assert sum(n["resource_type"] == "model" for n in nodes) <= 111
