"""What Dagster tells of a run: its verdict as tags and last event, a sentence without a stack trace, outcomes that stay what they were."""

from collections.abc import Iterator
from dataclasses import replace

import dagster as dg
import pytest
from filelock import FileLock

from orchestration.alarm.message import sentence
from orchestration.definitions import defs
from orchestration.defs.common import StoppedError, held
from orchestration.defs.dagster_inside import ASSET_JOB, instance_of_one_run
from orchestration.defs.jobs import BY_HAND_TAGS
from orchestration.defs.verdict import broken, conclude_run, end_lost
from orchestration.defs.warehouse import dbt_models
from orchestration.defs.whole import is_part
from orchestration.language import speak
from orchestration.refresh import dagster_home
from orchestration.release.verdict import Uitkomst, Verdict
from orchestration.settings import Settings
from tests.lib.small_job import Night, evaluations, night

REFUSED = {"nummer": 3, "soort": "mutaties", "peildatum": "2025-02-01", "uitkomst": "geweigerd", "reden": "file a.csv: too short"}


@pytest.fixture
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    with instance_of_one_run(dagster_home(settings), postgres=False) as instance:
        yield instance


def verdict(outcome: Uitkomst, **more: object) -> Verdict:
    return Verdict(outcome, "20250201T033000Z-000002", None, "2025-01-31", **more)  # type: ignore[arg-type]  # any field, by its name


@pytest.fixture
def dutch(spoken: None) -> None:
    speak("nl")


def put(instance: dg.DagsterInstance, run_id: str, found: Verdict) -> None:
    conclude_run(instance, run_id, replace(found, zin=sentence(found)))


@dg.op
def stops() -> None:
    raise StoppedError("Vastgehouden: controle a: 3 rijen")


@dg.op
def breaks() -> None:
    raise ZeroDivisionError("secret")


def run_of(op: dg.OpDefinition, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    return dg.JobDefinition(name="nacht", graph_def=dg.GraphDefinition("nacht", node_defs=[op])).execute_in_process(
        instance=instance, raise_on_error=False
    )


def test_a_step_that_stops_shows_its_sentence_and_no_stack_trace(instance: dg.DagsterInstance) -> None:
    run = run_of(stops, instance)
    (failure,) = run.filter_events(lambda e: e.is_step_failure)
    error = failure.step_failure_data.error
    assert error is not None
    assert (error.to_string(), error.stack, error.cause) == ("Vastgehouden: controle a: 3 rijen", [], None)
    assert broken(instance, run.run_id) == "Vastgehouden: controle a: 3 rijen"


def test_a_step_that_breaks_down_is_named_without_what_its_error_says(instance: dg.DagsterInstance) -> None:
    run = run_of(breaks, instance)
    told = broken(instance, run.run_id)
    assert told is not None and told.startswith("Step breaks broke down (ZeroDivisionError).") and "secret" not in told


def test_a_run_that_ended_well_or_before_any_step(instance: dg.DagsterInstance) -> None:
    @dg.job
    def nothing() -> None: ...

    assert broken(instance, nothing.execute_in_process(instance=instance).run_id) is None
    cut_off = instance.create_run_for_job(job_def=nothing)
    instance.report_run_canceled(cut_off)
    assert broken(instance, cut_off.run_id) == f"Run {cut_off.run_id} ended as CANCELED; see it in Dagster (make ui)."


@pytest.mark.parametrize("outcome", list(Uitkomst))
def test_the_verdict_is_the_last_event_and_stands_on_the_run(dutch: None, instance: dg.DagsterInstance, outcome: Uitkomst) -> None:
    run = run_of(stops, instance)
    put(instance, run.run_id, verdict(outcome, leveringen=[REFUSED]))
    last = instance.all_logs(run.run_id)[-1].dagster_event
    ended = instance.get_run_by_id(run.run_id)
    assert last is not None and last.message is not None and ended is not None
    assert last.message.lower().startswith(outcome.value.replace("_", " "))
    assert "Levering 3 is geweigerd: file a.csv: too short" in last.message
    assert "Vraag de registratie" in last.message
    assert ended.tags["oordeel"] == outcome.value
    assert ended.tags["reden"] == "Levering 3 is geweigerd: file a.csv: too short"
    assert ended.tags["release"] == "20250201T033000Z-000002"


@pytest.mark.parametrize(
    ("failed", "begins"),
    [
        (
            [{"soort": "controle", "naam": "a", "toelichting": "3 rows fail"}],
            "Vastgehouden: controle a: 3 rows fail. Draai `vt checks show",
        ),
        ([{"soort": "model", "naam": "m", "toelichting": "failed"}], "Mislukt: model m: failed. Doe wat de zin zegt"),
        ([], "Mislukt: niet alles is gebouwd en gecontroleerd"),
    ],
)
def test_a_step_in_which_something_failed_says_what_and_what_to_do(dutch: None, failed: list[dict[str, str]], begins: str) -> None:
    assert held(failed).startswith(begins)


@pytest.mark.parametrize(("outcome", "kept"), [(Uitkomst.NIETS_NIEUWS, True), (Uitkomst.VASTGEHOUDEN, True), (Uitkomst.MISLUKT, False)])
def test_what_was_not_run_keeps_its_outcome_unless_the_run_broke_down(instance: dg.DagsterInstance, outcome: Uitkomst, kept: bool) -> None:
    first = night(instance, Night.BUILDS)
    second = night(instance, Night.STOPS if outcome is Uitkomst.VASTGEHOUDEN else Night.IS_QUIET)
    assert evaluations(instance) == (second, second), "planned, and not come to"
    put(instance, second, verdict(outcome))
    assert evaluations(instance) == ((first, first) if kept else (second, second))
    third = night(instance, Night.BUILDS)
    put(instance, third, verdict(Uitkomst.GEPUBLICEERD))
    assert evaluations(instance) == (third, third)


def test_steps_after_one_that_stopped_are_not_named_one_by_one(instance: dg.DagsterInstance) -> None:
    run_id = night(instance, Night.STOPS)
    assert any("Not executing" in e.user_message for e in instance.all_logs(run_id))
    put(instance, run_id, verdict(Uitkomst.VASTGEHOUDEN))
    assert not any("Not executing" in e.user_message for e in instance.all_logs(run_id))


def test_a_refresh_that_was_killed_does_not_hold_up_the_queue(instance: dg.DagsterInstance, settings: Settings) -> None:
    @dg.job
    def nothing() -> None: ...

    killed = instance.create_run_for_job(job_def=nothing, tags=BY_HAND_TAGS, status=dg.DagsterRunStatus.STARTED)
    of_dagster = instance.create_run_for_job(job_def=nothing, status=dg.DagsterRunStatus.STARTED)

    def statuses() -> list[dg.DagsterRunStatus]:
        return [r.status for r in map(instance.get_run_by_id, (killed.run_id, of_dagster.run_id)) if r]

    with FileLock(settings.root / "schrijver.lock"):  # as the process of the run does
        end_lost(instance, settings)
    assert statuses() == [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTED]
    end_lost(instance, settings)
    assert statuses() == [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.STARTED]


def test_a_choice_of_tables_is_a_part_and_all_of_them_are_the_whole() -> None:
    everything = frozenset(spec.key for spec in defs.resolve_all_asset_specs())
    check = dg.AssetCheckKey(dg.AssetKey(["marts", "indicatoren"]), "uitgave_indicatoren")

    def run(**chosen: object) -> dg.DagsterRun:
        return dg.DagsterRun(job_name=ASSET_JOB, **chosen)  # type: ignore[arg-type]  # any field, by its name

    assert not is_part(run())
    assert not is_part(run(asset_selection=everything))
    assert is_part(run(asset_selection=everything - {dg.AssetKey(["uitgave", "release"])}))
    assert is_part(run(asset_selection=frozenset([next(iter(dbt_models.keys))])))
    assert is_part(run(asset_check_selection=frozenset([check])))


def test_one_mart_alone_is_refused_in_a_sentence_and_writes_nothing(settings: Settings) -> None:
    with dg.instance_for_test() as instance:
        mart = dg.AssetKey(["marts", "instroom_gemeente"])
        run = defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance, asset_selection=[mart], raise_on_error=False
        )
        assert not run.success
        assert str(broken(instance, run.run_id)).startswith("Tabellen worden samen gemaakt")
    assert not settings.build.exists()
