"""What every asset's page shows beside its own: the file that makes it, the page that explains it, and from when on it is late."""

import warnings
from datetime import timedelta
from functools import cache
from pathlib import Path

import dagster as dg

from orchestration.build import dbt
from orchestration.settings import PROJECT

MADE_BY = {
    "landing": PROJECT / "orchestration" / "defs" / "intake.py",
    "historie": PROJECT / "orchestration" / "landing" / "history.py",
    "uitgave": PROJECT / "orchestration" / "release" / "publish.py",
}
"""First part of the key → what makes the asset; dbt's models name their own file."""

EXPLAINED_IN = {
    "landing": "docs/aanlevering.md",
    "historie": "docs/aanlevering.md",
    "marts": "docs/indicatoren.md",
    "kwaliteit": "expectations/controles.csv",
}
"""First part of the key → the page that explains it; docs/architecture.md for the rest."""

VERS = dg.FreshnessPolicy.time_window(warn_window=timedelta(hours=30), fail_window=timedelta(hours=78))
"""A night late is a warning, and so is a weekend without deliveries; longer is late."""

NIGHTLY = {"landing", "uitgave"}


def shown(spec: dg.AssetSpec) -> dg.AssetSpec:
    """The asset with its links, and its freshness where the nightly run begins and ends."""
    layer = spec.key.path[0]
    source = models().get(tuple(spec.key.path)) or MADE_BY.get(layer)
    links: dict[str, dg.MetadataValue] = {"uitleg": dg.MetadataValue.path(str(PROJECT / EXPLAINED_IN.get(layer, "docs/architecture.md")))}
    if source:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", dg.BetaWarning)  # a link that looks otherwise in a next version harms nothing
            reference = dg.LocalFileCodeReference(file_path=str(source), line_number=1, label=source.name)
            links["dagster/code_references"] = dg.CodeReferencesMetadataValue(code_references=[reference])
    spec = spec.merge_attributes(metadata=links)
    return spec.replace_attributes(freshness_policy=VERS) if layer in NIGHTLY else spec


@cache
def models() -> dict[tuple[str, ...], Path]:
    """Schema and name of everything that dbt builds → the file that defines it."""
    nodes = dbt.nodes().values()
    return {(n["schema"], n["name"]): dbt.DBT_PROJECT / n["original_file_path"] for n in nodes if n["resource_type"] in dbt.BUILT}
