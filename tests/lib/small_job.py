"""A small job as the nightly one: an intake that may find nothing new or stop, and a table with a check after it."""

from collections.abc import Iterator
from enum import StrEnum

import dagster as dg

from orchestration.defs.common import StoppedError

TABLE = dg.AssetKey("tabel")
CHECK = dg.AssetCheckKey(TABLE, "controle")


class Night(StrEnum):
    """What the intake does."""

    BUILDS = "bouwt"
    IS_QUIET = "is stil"
    STOPS = "stopt"


def night(instance: dg.DagsterInstance, kind: Night) -> str:
    """Run the job; the id of its run."""

    @dg.multi_asset(specs=[dg.AssetSpec("opname", skippable=True)])
    def snapshot() -> Iterator[dg.MaterializeResult[None]]:
        if kind is Night.STOPS:
            raise StoppedError("Vastgehouden: niets opgenomen.")
        if kind is Night.BUILDS:
            yield dg.MaterializeResult(asset_key="opname")

    @dg.multi_asset(specs=[dg.AssetSpec(TABLE, deps=["opname"])], check_specs=[dg.AssetCheckSpec(CHECK.name, asset=TABLE)])
    def table() -> Iterator[dg.MaterializeResult[None]]:
        yield dg.MaterializeResult(asset_key=TABLE, check_results=[dg.AssetCheckResult(passed=True)])

    return dg.materialize([snapshot, table], instance=instance, raise_on_error=False).run_id


def evaluations(instance: dg.DagsterInstance) -> tuple[str, str]:
    """The runs that Dagster takes for the last ones of the check and of the table."""
    (last,) = instance.event_log_storage.get_asset_check_execution_history(CHECK, limit=1)
    planned = instance.get_latest_planned_materialization_info(TABLE)
    assert planned is not None
    return last.run_id, planned.run_id
