"""What Dagster shows: everything described, owned and grouped; one job; the schedule on local time."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from orchestration.definitions import defs
from orchestration.defs.jobs import BY_HAND
from orchestration.defs.sensors import _conclude
from orchestration.settings import PROJECT, Settings
from tests.intake.test_refusal import put_what_is_no_delivery

REPOSITORY = defs.get_repository_def()
SPECS = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_definitions_can_be_loaded_whole() -> None:
    dg.Definitions.validate_loadable(defs)


@pytest.mark.parametrize("key", sorted(SPECS))
def test_every_asset_is_described_owned_grouped_and_has_kinds(key: str) -> None:
    spec = SPECS[key]
    assert spec.description and len(spec.description) > 10, "undescribed"
    assert spec.owners
    assert spec.group_name and spec.group_name != "default"
    assert spec.kinds
    assert "Raw SQL" not in spec.description


SHOWN = """
import sys
if sys.argv[1:]:
    import dagster_dbt
from orchestration.definitions import defs
assets = defs.resolve_asset_graph()
for spec in defs.resolve_all_asset_specs():
    told = sorted(f"{k}={v}" for k, v in spec.metadata.items() if "column" in k or "table" in k)
    print(spec.key, sorted(str(d.asset_key) for d in spec.deps), spec.description, spec.group_name, sorted(spec.kinds), told)
for key in sorted(assets.asset_check_keys, key=str):
    check = assets.get_check_spec(key)
    print(key, check.description, check.blocking, sorted(str(d.asset_key) for d in check.additional_deps))
print("dbt.adapters.base.impl" in sys.modules, file=sys.stderr)
"""


def test_dagster_dbt_says_the_same_without_dbt() -> None:
    """The definitions load without dbt-core; what they say is what dagster-dbt says of the project with it."""
    runs = [
        subprocess.run([sys.executable, "-c", SHOWN, *with_dbt], cwd=PROJECT, capture_output=True, text=True, check=True)
        for with_dbt in ([], ["with"])
    ]
    assert [run.stderr.split()[-1] for run in runs] == ["False", "True"]
    assert sorted(runs[0].stdout.splitlines()) == sorted(runs[1].stdout.splitlines())
    assert runs[0].stdout.count("\n") > len(SPECS)


def test_types_of_columns_are_words_of_the_reader() -> None:
    types = {c.type for spec in SPECS.values() for c in spec.metadata.get("dagster/column_schema", dg.TableSchema([])).columns}
    assert {"lijst gebied", "bigint"} <= types
    assert not [t for t in types if "veilig_thuis." in t or "(" in t or "?" in t]


@pytest.mark.parametrize("key", sorted(SPECS))
def test_every_asset_links_to_what_makes_and_explains_it(key: str) -> None:
    metadata = SPECS[key].metadata
    assert isinstance(metadata["uitleg"], dg.MarkdownMetadataValue), "which opens in the browser; a path does not"
    assert len(metadata["uitleg"].value) > 200
    (reference,) = metadata["dagster/code_references"].code_references
    assert Path(reference.file_path).is_file()


def test_the_begin_and_the_end_of_the_night_have_a_freshness_policy() -> None:
    assert {k.split("/")[0] for k, spec in SPECS.items() if spec.freshness_policy} == {"landing", "uitgave"}


def test_the_watchdog_says_whether_a_delivery_is_late(settings: Settings) -> None:
    sensor = REPOSITORY.get_sensor_def("wacht_op_leveringen")
    with dg.instance_for_test() as instance:
        tick = sensor.evaluate_tick(dg.build_sensor_context(instance=instance))
    assert (tick.run_requests, tick.skip_message) == ([], "Geen levering is te laat.")


def test_every_check_says_what_it_checks() -> None:
    checks = list(REPOSITORY.asset_graph.asset_check_keys)
    undescribed = [key.name for key in checks if not REPOSITORY.asset_graph.get_check_spec(key).description]
    assert (len(checks) > 100, undescribed) == (True, [])


def test_assets_jobs_schedules_and_sensors_are_those_we_know(snapshot: SnapshotAssertion) -> None:
    shown = {
        "assets": {
            key: {"groep": spec.group_name, "na": sorted(d.asset_key.to_user_string() for d in spec.deps)} for key, spec in SPECS.items()
        },
        "jobs": sorted(j.name for j in REPOSITORY.get_all_jobs() if not j.name.startswith("__")),
        "schedules": {s.name: [s.cron_schedule, s.execution_timezone, s.default_status.value] for s in REPOSITORY.schedule_defs},
        "sensors": {s.name: [s.minimum_interval_seconds, s.default_status.value] for s in REPOSITORY.sensor_defs},
    }
    assert json.loads(json.dumps(shown, sort_keys=True)) == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("night", ["2025-03-30", "2025-10-26", "2025-07-01"])
def test_the_schedule_runs_once_at_half_past_four_also_when_the_clock_changes(night: str) -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    schedule = REPOSITORY.get_schedule_def("elke_nacht")
    midnight = datetime.fromisoformat(f"{night}T00:00:00").replace(tzinfo=zone)
    ticks = dg.TimeWindowPartitionsDefinition(  # of partitions Dagster tells when they begin, by the same calendar as for schedules
        start=midnight, fmt="%Y-%m-%dT%H:%M", cron_schedule=str(schedule.cron_schedule), timezone=schedule.execution_timezone
    ).get_partition_keys(midnight + timedelta(days=3))
    assert ticks[0] == f"{night}T04:30"
    assert [tick[11:] for tick in ticks] == ["04:30"] * len(ticks)
    assert len({tick[:10] for tick in ticks}) == len(ticks) > 1


def test_the_inbox_sensor_names_what_is_no_delivery_and_survives_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VT_TAAL", "en")
    sensor = REPOSITORY.get_sensor_def("inbox")
    expected = put_what_is_no_delivery(settings.inbox)
    with dg.DagsterInstance.ephemeral() as instance:
        tick = sensor.evaluate_tick(dg.build_sensor_context(instance=instance))
        assert tick.run_requests == []
        assert all(name in str(tick.skip_message) and why in str(tick.skip_message) for name, why in expected.items())

        def refused(_: Path) -> None:
            raise PermissionError(13, "Permission denied", str(settings.inbox))

        monkeypatch.setattr("orchestration.defs.jobs.waiting", refused)
        tick = sensor.evaluate_tick(dg.build_sensor_context(instance=instance))
        assert "Permission denied" in (tick.skip_message or "")


def test_the_inbox_sensor_asks_for_one_run_per_set_of_deliveries(settings: Settings) -> None:
    sensor = REPOSITORY.get_sensor_def("inbox")
    with dg.instance_for_test() as instance:
        empty = sensor.evaluate_tick(dg.build_sensor_context(instance=instance))
        assert empty.run_requests == []
        delivery = settings.inbox / "levering-1"
        delivery.mkdir(parents=True)
        assert sensor.evaluate_tick(dg.build_sensor_context(instance=instance)).run_requests == [], "not complete without levering.json"
        (delivery / "levering.json").write_text("{}")
        tick = sensor.evaluate_tick(dg.build_sensor_context(instance=instance))
        assert len(tick.run_requests or []) == 1
        again = sensor.evaluate_tick(dg.build_sensor_context(instance=instance, cursor=tick.cursor))
        assert again.run_requests == []


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_run_that_dagster_started_gets_its_verdict(settings: Settings, by_hand: bool) -> None:
    """A run that left nothing behind broke down, whatever Dagster calls it; one of ``vt refresh`` draws its own."""

    @dg.job
    def nothing() -> None: ...

    with dg.instance_for_test() as instance:
        run = nothing.execute_in_process(instance=instance, tags={BY_HAND: "vt refresh"} if by_hand else {})
        (event,) = (e for e in run.all_events if e.is_job_success)
        context = dg.build_run_status_sensor_context("oordeel_success", event, instance, run.dagster_run)
        _conclude(context)
        ended = instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert ended.tags.get("oordeel") == (None if by_hand else "mislukt")
    assert len(list(settings.root.glob("logboek/oordeel-*.json"))) == (0 if by_hand else 1)
