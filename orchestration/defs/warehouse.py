"""Step 3: what dbt compiled makes and tests staging, facts, marts and quality tables, as one step; models are assets, tests checks."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliEventMessage, DbtProject, dbt_assets

from orchestration.defs.common import OWNERS, StoppedError, held, told
from orchestration.defs.dagster_inside import told_by_dbt
from orchestration.defs.known import known
from orchestration.defs.project import warehouse as project
from orchestration.defs.resources import Warehouse
from orchestration.quality import ledger
from orchestration.transform import dbt, failing, steps
from orchestration.transform.dbt import BuildReport
from orchestration.transform.dbt_names import KNOWN_FAILURES

GROUPS = {"seeds": "referentie", "facts": "feiten"}
"""dbt folder → Dagster group, where they differ."""

COLUMNS = "dagster/column_schema"
"""Metadata of the definition; what dagster-dbt adds to each materialization would stand before it."""


class Translator(DagsterDbtTranslator):
    """Key = schema and table, so that an asset is called what a BI tool calls it; group = layer."""

    def __init__(self, settings: DagsterDbtTranslatorSettings) -> None:
        super().__init__(settings)
        self._made: dict[str, dg.AssetSpec] = {}

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The asset of a node; made once, and asked for by each that follows it."""
        if unique_id not in self._made:
            self._made[unique_id] = self._make(manifest, unique_id, project)
        return self._made[unique_id]

    def _make(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest["sources" if unique_id.startswith("source.") else "nodes"][unique_id]
        layer = "historie" if unique_id.startswith("source.") else "seeds" if unique_id.startswith("seed.") else node["fqn"][1]
        spec = spec.replace_attributes(
            key=dg.AssetKey(["historie" if layer == "historie" else node["schema"], node["name"]]),
            group_name=GROUPS.get(layer, layer),
            owners=OWNERS,
            kinds={"dbt", "duckdb", "seed" if layer == "seeds" else node["config"].get("materialized", "source")},
        )
        table = {"dagster/table_name": f"veilig_thuis.{'.'.join(spec.key.path)}"}
        return spec.replace_attributes(description=node["description"]).merge_attributes(metadata=table | columns(node))

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """The check with the description that its test has in the project."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and dg.AssetCheckSpec(
            spec.name,
            asset=spec.asset_key,
            description=manifest["nodes"][unique_id]["description"],
            additional_deps=spec.additional_deps,
            blocking=spec.blocking,
            metadata=spec.metadata,
            automation_condition=spec.automation_condition,
        )


def columns(node: Mapping[str, Any]) -> dict[str, dg.TableSchema]:
    """The columns of a table, with types as a reader knows them."""
    found = [dg.TableColumn(name, _kind(c.get("data_type") or ""), c["description"]) for name, c in node["columns"].items()]
    return {COLUMNS: dg.TableSchema(found)} if found else {}


def _kind(data_type: str) -> str:
    """A list of values by its name, not by where it is kept; a decimal without its digits."""
    return re.sub(r".*lijst_(\w+)|enum\(.*", r"lijst \1", re.sub(r"(?<=decimal)\(.*", "", data_type)).strip()


TRANSLATOR = Translator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True, enable_dbt_views_as_virtual_assets=True))

MANIFEST = dbt.manifest()


@dbt_assets(manifest=MANIFEST, project=project, dagster_dbt_translator=TRANSLATOR, name="dbt")
def dbt_models(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[Any]:
    """The plan of the build, with an event for each model and test as it ends."""
    settings = warehouse.settings
    target = settings.build / "dbt"
    dbt.prepare(target)
    accepted, today, keyring = known(warehouse), date.today(), warehouse.keyring
    # left half-way, what ended it is what is told; a report that cannot be written then is no news, and no second error
    unreported: AbstractContextManager[None] = suppress(StoppedError)
    try:
        with dbt.environment(settings, keyring) as names:
            for event in _events(context, target, names | {KNOWN_FAILURES: ledger.for_dbt(accepted, today)}):
                yield from _with_row_count(event, event.to_default_asset_events(MANIFEST, TRANSLATOR, context, target))
        unreported = nullcontext()
    finally:
        with unreported, told(settings):
            report = asdict(dbt.report(dbt.MANIFEST, target / "run_results.json"))
            report["gefaald"] = failing.name_columns(settings, keyring, target, report["gefaald"])
            report = ledger.settle_report(accepted, report, today)
            steps.record(settings, "dbt", report)
    if not BuildReport(**report).complete:
        raise StoppedError(held([f for f in report["gefaald"] if f["uitkomst"] == "gefaald"]))


def _events(context: dg.AssetExecutionContext, target: Path, names: dict[str, str]) -> Iterator[DbtCliEventMessage]:
    """What is told while the plan runs. It is started here and not by ``DbtCliResource``: nothing of it is dbt's command line."""
    command = dbt.run_command(target, names)
    with (
        (target / dbt.LOG).open("wb") as log,
        subprocess.Popen(command, env={**os.environ, **names}, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        yield from events_of(process)


PATIENCE = 10
"""Seconds that the build has to end by itself."""


def events_of(process: "subprocess.Popen[bytes]") -> Iterator[DbtCliEventMessage]:
    """What the build tells, as it tells it; shown on standard output too, which Dagster keeps with the run.

    Left half-way (the disk is too full for Dagster to keep an event), it ends too: the night is over. dagster-dbt's own reader shows
    a stack trace then, and when standard output cannot be written.
    """
    assert process.stdout is not None
    try:
        for line in process.stdout:
            event = told_by_dbt(line)
            with suppress(OSError):
                sys.stdout.write(f"{event or line.decode(errors='replace').rstrip()}\n")
                sys.stdout.flush()
            if event:
                yield event
        process.wait()
    except BaseException:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=PATIENCE)
        process.kill()  # from a script's background SIGTERM is ignored; of a process that ended, nothing
        raise


def _with_row_count(event: DbtCliEventMessage, made: Iterator[Any]) -> Iterator[Any]:
    """What Dagster makes of an event of dbt, with the row count that the materialization of a table gives as its message."""
    told = re.fullmatch(r"(\d+) rijen", str(event.raw_event.get("data", {}).get("status", "")))
    for result in made:
        if isinstance(result, dg.Output):
            rows = {"dagster/row_count": int(told[1])} if told else {}
            yield result.with_metadata({**{k: v for k, v in result.metadata.items() if k != COLUMNS}, **rows})
        else:
            yield result
