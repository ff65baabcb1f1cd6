"""The table of all checks is complete: each source of checks is counted here by its own way."""

from collections import Counter

from orchestration.defs.quality import EXPECTED
from orchestration.documentation import PAGES
from orchestration.intake.contract import load_contract
from orchestration.quality import overview
from orchestration.quality.ledger import read
from orchestration.settings import PROJECT
from orchestration.transform import dbt

ROWS = overview.rows()
NAMES = [r.controle for r in ROWS]


def test_the_table_is_made_with_the_other_pages() -> None:
    assert overview.PATH in PAGES


def test_no_check_stands_twice_and_every_cell_is_filled() -> None:
    assert [n for n, count in Counter(NAMES).items() if count > 1] == []
    assert [r.controle for r in ROWS if not all(cell.strip() for cell in r)] == []


def test_every_test_of_dbt_is_in_it() -> None:
    nodes = dbt.nodes().values()
    assert {n["name"] for n in nodes if n["resource_type"] == "test"} == {r.controle for r in ROWS if r.uitgevoerd_met == "dbt"}


def test_every_outcome_that_a_run_must_have_is_in_it() -> None:
    assert sum(r.uitgevoerd_met == "great_expectations" or r.controle.startswith("intake.") for r in ROWS) == EXPECTED


def test_every_field_of_the_contract_has_its_rules() -> None:
    ruled = {tuple(r.controle.split(".")[1:3]) for r in ROWS if r.controle.startswith("rij.")}
    assert ruled == {(e.name, v.name) for e in load_contract().entities for v in e.fields}


def test_the_ledger_names_checks_that_there_are() -> None:
    entries = read(PROJECT / "expectations" / "bekende_fouten.yaml")
    assert [e.controle for e in entries if e.controle not in NAMES] == []
