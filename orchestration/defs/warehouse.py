"""Step 3: dbt builds and tests staging, facts, marts and quality tables, as one step; its models are assets, its tests checks."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from importlib import metadata
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliEventMessage, DbtCliResource, DbtProject, dbt_assets
from dagster_shared.record import replace
from packaging.version import Version

from orchestration.build import dbt, failing, stand
from orchestration.build.dbt import BuildReport
from orchestration.defs.common import OWNERS, Stopped, held, told
from orchestration.defs.known import known
from orchestration.defs.project import warehouse as project
from orchestration.defs.resources import Warehouse
from orchestration.quality import bekend

GROUPS = {"seeds": "referentie", "facts": "feiten"}
"""dbt folder → Dagster group, where they differ."""

BEKENDE_FOUTEN = "VT_DBT_BEKENDE_FOUTEN"
"""Environment variable with which ``macros/bekende_fouten.sql`` is told what is accepted; no setting of a user."""


COLUMNS = "dagster/column_schema"
"""Metadata of the definition; what dagster-dbt adds to each materialization would stand before it."""


class Translator(DagsterDbtTranslator):
    """Key = schema and table, so that an asset is called what a BI tool calls it; group = layer."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
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
        return spec and replace(spec, description=manifest["nodes"][unique_id]["description"])


def columns(node: Mapping[str, Any]) -> dict[str, dg.TableSchema]:
    """The columns of a table, with types as a reader knows them: a list of values by its name, not by where it is kept."""
    found = [
        dg.TableColumn(name, re.sub(r".*lijst_(\w+)|enum\(.*", r"lijst \1", c.get("data_type") or "").strip(), c["description"])
        for name, c in node["columns"].items()
    ]
    return {COLUMNS: dg.TableSchema(found)} if found else {}


class Dbt(DbtCliResource):
    """dbt, without what dagster-dbt does beside each run and nothing here asks for: 6 s a night."""

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]  # the caller takes None
        """No adapter of its own, to count rows and read columns: the materializations report rows, the manifest has the columns."""

    @property
    def _cli_version(self) -> Version:
        """The version of the environment's dbt, without starting it to ask."""
        return Version(metadata.version("dbt-core"))


TRANSLATOR = Translator(settings=DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True, enable_dbt_views_as_virtual_assets=True))


@dbt_assets(manifest=dbt.MANIFEST, project=project, dagster_dbt_translator=TRANSLATOR, name="dbt")
def dbt_models(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[Any]:
    """``dbt build`` without the unit tests, which do not look at data; they run with the other tests of the code."""
    settings = warehouse.settings
    target = settings.build / "dbt"
    dbt.prepare(target)
    resource = Dbt(
        project_dir=str(dbt.DBT_PROJECT),
        profiles_dir=str(dbt.DBT_PROJECT),
        target="build",
        dbt_executable=dbt.EXECUTABLE,
        global_config_flags=["--log-level-file", "info"],  # at debug, writing the log takes a tenth of the time
    )
    ledger, today, keyring = known(warehouse), date.today(), warehouse.keyring
    # two models at once: most are too small for DuckDB to spread over its threads; three give nothing more (docs/measurements.md)
    args = ["build", "--exclude-resource-type", "unit_test", "--threads", "2"]
    try:
        with dbt.environment(settings, keyring) as names, _set(names | {BEKENDE_FOUTEN: bekend.for_dbt(ledger, today)}):
            invocation = resource.cli(args, context=context, target_path=target, raise_on_error=False)
            for event in invocation.stream_raw_events():
                yield from _with_row_count(event, event.to_default_asset_events(invocation.manifest, TRANSLATOR, context, target))
    finally:
        with told(settings):
            report = asdict(dbt.report(dbt.MANIFEST, target / "run_results.json"))
            report["gefaald"] = failing.name_columns(settings, keyring, target, report["gefaald"])
            report = bekend.settle_report(ledger, report, today)
            stand.record(settings, "dbt", report)
    if not BuildReport(**report).volledig:
        raise Stopped(held([f for f in report["gefaald"] if f["uitkomst"] == "gefaald"], settings.taal))


@contextmanager
def _set(environment: dict[str, str]) -> Iterator[None]:
    """Environment variables for the process that dagster-dbt starts, which gets those of this one."""
    os.environ.update(environment)
    try:
        yield
    finally:
        for name in environment:
            os.environ.pop(name, None)


def _with_row_count(event: DbtCliEventMessage, made: Iterator[Any]) -> Iterator[Any]:
    """What Dagster makes of an event of dbt, with the row count that the materialization of a table gives as its message."""
    told = re.fullmatch(r"(\d+) rijen", str(event.raw_event.get("data", {}).get("status", "")))
    for result in made:
        if isinstance(result, dg.Output):
            rows = {"dagster/row_count": int(told[1])} if told else {}
            yield result.with_metadata({**{k: v for k, v in result.metadata.items() if k != COLUMNS}, **rows})
        else:
            yield result
