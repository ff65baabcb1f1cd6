"""Deliveries as partitions: made by themselves, and each job does to one what ``vt`` does."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.defs import leveringen
from orchestration.settings import Settings
from tests.lib.handmade import HandmadeDelivery
from tests.lib.warehouse import Warehouse, warehouse_in

REPOSITORY = defs.get_repository_def()


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A data folder with two deliveries taken in, which the settings point at."""
    monkeypatch.setenv("VT_HOME", str(tmp_path / "vt"))
    warehouse = warehouse_in(tmp_path / "vt")
    warehouse.take_in(HandmadeDelivery(), HandmadeDelivery(2))
    return warehouse


def test_the_watch_makes_a_partition_of_each_delivery_taken_in(warehouse: Warehouse) -> None:
    sensor = REPOSITORY.get_sensor_def("wacht_op_leveringen")
    with dg.instance_for_test() as instance:
        tick = sensor.evaluate_tick(dg.build_sensor_context(instance=instance))
        assert [list(r.partition_keys) for r in tick.dynamic_partitions_requests or []] == [["00000001", "00000002"]]
        instance.add_dynamic_partitions("leveringen", ["00000001", "00000002"])
        assert not sensor.evaluate_tick(dg.build_sensor_context(instance=instance)).dynamic_partitions_requests


def test_one_delivery_is_taken_in_anew(warehouse: Warehouse) -> None:
    with dg.instance_for_test() as instance:
        instance.add_dynamic_partitions("leveringen", ["00000002"])
        config = {"ops": {"neem_opnieuw_op": {"config": {"door": "D. Engineer", "reden": "een regel was te streng"}}}}
        job = REPOSITORY.get_job("levering_opnieuw_opnemen")
        assert job.execute_in_process(instance=instance, partition_key="00000002", run_config=config).success
    events = [p.name for p in sorted(warehouse.settings.register.glob("*.json"))]
    assert len(events) > 2, events


def test_as_of_one_is_built_beside_what_stands_and_in_the_place_of_an_earlier_one(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def vt(_: dg.OpExecutionContext, *arguments: str) -> str:
        asked.append(arguments)
        return '{"release": "r", "peildatum": "2024-12-31"}'

    monkeypatch.setattr(leveringen, "run_vt", vt)
    old = Settings().root / "standen" / "00000001" / "oud"
    old.mkdir(parents=True)
    with dg.instance_for_test() as instance:
        instance.add_dynamic_partitions("leveringen", ["00000001"])
        assert REPOSITORY.get_job("stand_na_levering").execute_in_process(instance=instance, partition_key="00000001").success
    assert asked == [("refresh", "--json", "--levering", "1", "--naar", str(old.parent))]
    assert not old.exists()


def test_what_vt_refuses_fails_the_run_in_its_words(warehouse: Warehouse) -> None:
    with dg.instance_for_test() as instance:
        instance.add_dynamic_partitions("leveringen", ["00000009"])
        done = REPOSITORY.get_job("stand_na_levering").execute_in_process(instance=instance, partition_key="00000009", raise_on_error=False)
    (failure,) = done.filter_events(lambda e: e.is_step_failure)
    assert "is nooit opgenomen" in str(failure.step_failure_data.user_failure_data)
