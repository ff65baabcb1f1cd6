"""What every asset's page shows beside its own: the file that makes it, what explains it, and from when on it is late."""

import re
from datetime import timedelta
from functools import cache
from pathlib import Path

import dagster as dg

from orchestration.settings import PROJECT
from orchestration.transform import dbt

MADE_BY = {
    "landing": PROJECT / "orchestration" / "defs" / "intake.py",
    "historie": PROJECT / "orchestration" / "landing" / "history.py",
    "uitgave": PROJECT / "orchestration" / "release" / "publish.py",
}
"""First part of the key → what makes the asset; dbt's models name their own file."""

EXPLAINED_IN = {
    "landing": ("docs/aanlevering.md", "### {name}"),
    "historie": ("docs/aanlevering.md", "### {name}"),
    "marts": ("docs/marts.md", "## Hoe een rij te lezen"),
    "kwaliteit": ("docs/runbooks/nacht.md", "# Een nacht die niet goed ging"),
}
"""First part of the key → the page and the heading on it that explain it."""

IN_GENERAL = ("docs/architecture.md", "## One night")
"""What explains the rest."""

FRESH = dg.FreshnessPolicy.time_window(warn_window=timedelta(hours=30), fail_window=timedelta(hours=78))
"""A night late is a warning, and so is a weekend without deliveries; longer is late."""

NIGHTLY = {"landing", "uitgave"}


def shown(spec: dg.AssetSpec) -> dg.AssetSpec:
    """The asset with its links, and its freshness where the nightly run begins and ends."""
    layer = spec.key.path[0]
    source = models().get(tuple(spec.key.path)) or MADE_BY.get(layer)
    page, heading = EXPLAINED_IN.get(layer, IN_GENERAL)
    text = section(page, heading.format(name=spec.key.path[-1])) or section(*IN_GENERAL)
    links: dict[str, dg.MetadataValue] = {"uitleg": dg.MetadataValue.md(text)}
    if source:
        reference = dg.LocalFileCodeReference(file_path=str(source), line_number=1, label=source.name)
        links["dagster/code_references"] = dg.CodeReferencesMetadataValue(code_references=[reference])
    spec = spec.merge_attributes(metadata=links)
    return spec.replace_attributes(freshness_policy=FRESH) if layer in NIGHTLY else spec


@cache
def section(page: str, heading: str) -> str:
    """What stands on a page under a heading, to be read in the browser: it opens no file of this machine. Empty without that heading."""
    level = heading.partition(" ")[0]
    found = re.search(rf"^{re.escape(heading)}$.*?(?=^#{{1,{len(level)}}} |\Z)", (PROJECT / page).read_text(), re.MULTILINE | re.DOTALL)
    return f"{found[0].strip()}\n\n({page})" if found else ""


@cache
def models() -> dict[tuple[str, ...], Path]:
    """Schema and name of everything that dbt builds → the file that defines it."""
    nodes = dbt.nodes().values()
    return {(n["schema"], n["name"]): dbt.DBT_PROJECT / n["original_file_path"] for n in nodes if n["resource_type"] in dbt.BUILT}
