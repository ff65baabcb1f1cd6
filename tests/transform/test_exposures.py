"""Who reads what dbt makes stands in its lineage, and is complete where it says all marts."""

import json

from orchestration.transform.dbt import MANIFEST, parse


def test_who_reads_all_marts_is_said_to() -> None:
    parse()
    manifest = json.loads(MANIFEST.read_text())
    marts = {key for key, node in manifest["nodes"].items() if node["resource_type"] == "model" and node["schema"] == "marts"}
    read = {e["name"]: set(e["depends_on"]["nodes"]) for e in manifest["exposures"].values()}
    for name in ("release_in_bestanden", "postgresql_vt_analist"):
        assert read[name] == marts
    assert all(e["description"] and e["owner"]["email"] for e in manifest["exposures"].values())
