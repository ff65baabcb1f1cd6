"""Step 3: dbt builds and tests staging, facts, marts and quality tables, as one step; its models are assets, its tests checks."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, DbtProject, dbt_assets

from orchestration import duck
from orchestration.build import dbt, stand
from orchestration.defs.common import OWNERS
from orchestration.defs.project import warehouse as project
from orchestration.defs.resources import Warehouse

GROUPS = {"seeds": "referentie", "facts": "feiten"}
"""dbt folder → Dagster group, where they differ."""


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
        return spec.merge_attributes(metadata={"dagster/table_name": f"veilig_thuis.{'.'.join(spec.key.path)}"})


TRANSLATOR = Translator(settings=DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True, enable_dbt_views_as_virtual_assets=True))


@dbt_assets(manifest=dbt.MANIFEST, project=project, dagster_dbt_translator=TRANSLATOR, name="dbt")
def dbt_models(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[Any]:
    """``dbt build`` without the unit tests, which do not look at data; they run with the other tests of the code."""
    settings = warehouse.settings
    target = settings.build / "dbt"
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    (target / "run_results.json").unlink(missing_ok=True)
    cache = dbt.MANIFEST.with_name("partial_parse.msgpack")
    if cache.exists():
        shutil.copy(cache, target / cache.name)
    resource = DbtCliResource(
        project_dir=str(dbt.DBT_PROJECT),
        profiles_dir=str(dbt.DBT_PROJECT),
        target="build",
        dbt_executable=dbt.EXECUTABLE,
        global_config_flags=["--log-level-file", "info"],  # at debug, writing the log takes a tenth of the time
    )
    os.environ.update(dbt.environment(settings, warehouse.keyring))
    args = ["build", "--exclude-resource-type", "unit_test", "--threads", str(settings.threads)]
    events: list[Any] = []
    try:
        for event in resource.cli(args, context=context, target_path=target).stream():
            events.append(event)
    finally:
        yield from _with_row_counts(warehouse, events)
        for name in dbt.environment(settings, warehouse.keyring):
            os.environ.pop(name, None)
        stand.record(settings, "dbt", asdict(dbt.report(dbt.MANIFEST, target / "run_results.json")))


def _with_row_counts(warehouse: Warehouse, events: list[Any]) -> Iterator[Any]:
    """The events of dbt with the row count of each table beside it, read once when dbt has let go of the file."""
    with duck.connect(warehouse.settings) as con:
        duck.attach_build(con, warehouse.settings, warehouse.keyring.derive("build"))
        tables = "select schema_name || '__' || table_name, estimated_size from duckdb_tables() where database_name = 'veilig_thuis'"
        rows: dict[str, int] = dict(con.execute(tables).fetchall())
    for event in events:
        known = isinstance(event, dg.Output) and event.output_name in rows
        yield event.with_metadata({**event.metadata, "dagster/row_count": rows[event.output_name]}) if known else event
