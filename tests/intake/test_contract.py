"""The contract in its file is the contract of the code, of dbt and of the pages; a later version stands beside it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.intake import contract
from orchestration.landing import store
from orchestration.settings import PROJECT
from tests.lib.handmade import VERSION, HandmadeDelivery, mutaties
from tests.lib.warehouse import Warehouse

SOURCES = PROJECT / "dbt_project" / "models" / "staging" / "_historie.yml"
NEXT = contract.next_version()
BUILT = ("_geldig_van", "_geldig_tot", "_is_actueel", "_vervangt_quarantaine", "_bevestigd")


@pytest.mark.parametrize("entity", contract.load_contract().entities, ids=lambda e: e.name)
def test_dbt_knows_the_columns_that_the_contract_gives(entity: contract.Entity) -> None:
    (source,) = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"]
    (table,) = [t for t in source["tables"] if t["name"] == entity.name]
    # a rank of the whole history takes the place of that within a delivery
    assert [c["name"] for c in table["columns"]] == [*store.row_columns(entity), *BUILT]
    assert all(c.get("description") for c in table["columns"])


def test_the_history_is_as_dbt_expects_it(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery())
    (source,) = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"]
    made = warehouse.query(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        "where (database_name, schema_name) = ('veilig_thuis', 'historie') group by all"
    )
    columns = dict(made)
    for table in source["tables"]:
        named = [c["name"] for c in table["columns"]]
        assert set(named) <= set(columns[table["name"]]), table["name"]
    assert set(columns) >= {t["name"] for t in source["tables"]}


@pytest.fixture
def later(tmp_path: Path) -> Iterator[None]:
    """The next version of the contract beside those there are: huisverboden get an optional field."""
    content: dict[str, Any] = yaml.safe_load(contract.PATH.read_text(encoding="utf-8"))
    content["version"] = NEXT
    properties = {c["property"]: c for c in content["customProperties"]}
    properties["versies"]["value"].append(NEXT)
    kind = [{"property": "veldsoort", "value": "datum"}, {"property": "sinds", "value": NEXT}]
    entities = {e["name"]: e for e in content["schema"]}
    entities["huisverboden"]["properties"].append({"name": "verlengd_op", "description": "dag van verlenging", "customProperties": kind})
    path = tmp_path / "contract.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    before = contract.PATH
    contract.PATH = path
    _forget()
    yield
    contract.PATH = before
    _forget()


def _forget() -> None:
    """What was read of the contract before."""
    contract._loaded.cache_clear()
    contract.versions.cache_clear()


@pytest.mark.usefixtures("later")
def test_a_later_version_is_taken_in_beside_this_one(warehouse: Warehouse) -> None:
    row = HandmadeDelivery().row("huisverboden")
    second = mutaties(2, huisverboden=[row | {"huisverbod_nummer": "X2", "verlengd_op": "2024-01-14"}])
    second.manifest["contract_versie"] = NEXT
    third = mutaties(3, huisverboden=[row | {"huisverbod_nummer": "X3"}])
    third.manifest["contract_versie"] = NEXT
    found = warehouse.take_in(HandmadeDelivery(1), second, third)
    # a column of the next version is asked for in that alone
    assert [u.uitkomst for u in found] == ["opgenomen", "opgenomen", "geweigerd"]
    assert "verlengd_op" in found[2].reden
    fourth = mutaties(3, huisverboden=[row | {"huisverbod_nummer": "X4"}])
    assert warehouse.take_in_one(fourth).uitkomst == "opgenomen"
    assert warehouse.query("select _levering, verlengd_op is null from huisverboden order by all") == [(1, True), (2, False), (3, True)]
    assert warehouse.query("select contract_versie from leveringen where uitkomst = 'opgenomen' order by levering_nummer") == [
        (VERSION,), (NEXT,), (VERSION,),
    ]  # fmt: skip


def test_a_contract_that_says_what_the_code_does_not_know_is_a_mistake_of_the_project(tmp_path: Path) -> None:
    content = yaml.safe_load(contract.PATH.read_text(encoding="utf-8"))
    content["schema"][0]["properties"][0]["customProperties"].append({"property": "nooit_op_zondag", "value": True})
    path = tmp_path / "c.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(contract.ContractError, match=r"adviesvragen\.advies_nummer.*nooit_op_zondag"):
        contract.read_contract(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.update(version="0.9"), "is not the version of the contract"),
        (lambda c: c["schema"][0]["customProperties"].append({"property": "sinds", "value": "0.9"}), "adviesvragen: 0.9 is no version"),
    ],
    ids=["a version that is on no list", "since a version that there never was"],
)
def test_versions_that_contradict_one_another_are_a_mistake_of_the_project(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    content = yaml.safe_load(contract.PATH.read_text(encoding="utf-8"))
    content["schema"][0]["customProperties"] = []
    change(content)
    path = tmp_path / "c.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(contract.ContractError, match=said):
        contract.read_contract(path)


def test_a_parameter_that_is_missing_or_unknown_is_a_mistake_of_the_project(tmp_path: Path) -> None:
    content = yaml.safe_load(contract.PATH.read_text(encoding="utf-8"))
    bounds = {c["property"]: c for c in content["customProperties"]}
    bounds["eerste_dag"]["property"] = "laatste_dag"
    path = tmp_path / "c.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(contract.ContractError, match="eerste_dag, laatste_dag"):
        contract.read_contract(path)


@pytest.mark.parametrize(
    ("peildatum", "last"),
    [("2024-12-31", "2034-12-31"), ("2024-02-29", "2034-02-28"), ("2023-02-28", "2033-02-28"), ("9998-02-28", "9999-02-28")],
)
def test_the_last_day_of_what_may_lie_after_the_peildatum(peildatum: str, last: str) -> None:
    assert contract.load_contract().bounds.last_day(date.fromisoformat(peildatum)) == date.fromisoformat(last)


def test_the_calendar_of_the_models_holds_every_day_of_the_window() -> None:
    """For every peildatum of the ten years to come: where this fails, move ``kalender_tot``."""
    variables = yaml.safe_load((PROJECT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    bounds = contract.load_contract().bounds
    today = datetime.now(UTC).date()
    assert date.fromisoformat(variables["kalender_van"]) <= bounds.eerste_dag
    assert date.fromisoformat(variables["vroegste_dag"]) == bounds.eerste_dag
    assert bounds.last_day(today.replace(year=today.year + 11, month=1, day=1)) < date.fromisoformat(variables["kalender_tot"])
