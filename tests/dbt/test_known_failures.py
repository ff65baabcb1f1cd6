"""dbt's tests know the ledger of known failures: up to what is accepted they warn, above it they fail, and others are as they were."""

import json
from pathlib import Path

import pytest

from orchestration import duck
from orchestration.transform.dbt_names import KNOWN_FAILURES
from tests.lib.build import Build, copy_of

pytestmark = pytest.mark.xdist_group("leeg")


def test_accepted_rows_warn_and_more_fail(empty: tuple[Build, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = copy_of(empty[0], tmp_path / "vt")
    with duck.connect(build.settings) as con:
        duck.attach_build(con, build.settings, build.keyring.derive("build"))
        for table, rows in (("dim_melder", 1), ("dim_vorm", 2), ("dim_aard", 1)):
            con.execute(f"insert into veilig_thuis.facts.{table} from veilig_thuis.facts.{table} limit {rows}")
    keys = {name: f"sleutel_dim_{name}_{column}" for name, column in (("melder", "hoedanigheid"), ("vorm", "vorm"), ("aard", "aard"))}
    monkeypatch.setenv(KNOWN_FAILURES, json.dumps({keys["melder"]: 1, keys["vorm"]: 1, "sleutel_dim_ontvanger_ontvanger": 3}))
    found = build.dbt("test", "--exclude-resource-type", "unit_test", "--select", "dim_melder", "dim_vorm", "dim_aard", "dim_ontvanger")
    outcomes = {name.rpartition(".")[0] or name: status for name, status in found.items()}
    assert {name: outcomes[key] for name, key in keys.items()} == {"melder": "warn", "vorm": "fail", "aard": "fail"}
    assert outcomes["sleutel_dim_ontvanger_ontvanger"] == "pass"
