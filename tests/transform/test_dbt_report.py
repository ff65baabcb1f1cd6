"""dbt's own word is not taken for it: what the manifest holds must be in the results."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestration.transform import dbt
from orchestration.transform.dbt import report

NODES = {
    "model.vt.a": {"name": "a", "resource_type": "model", "config": {}, "original_file_path": "models/a.sql"},
    "model.vt.b": {"name": "b", "resource_type": "model", "config": {}, "original_file_path": "models/b.sql"},
    "model.vt.off": {"name": "off", "resource_type": "model", "config": {"enabled": False}, "original_file_path": "models/off.sql"},
    "seed.vt.s": {"name": "s", "resource_type": "seed", "config": {}, "original_file_path": "seeds/s.csv"},
    "test.vt.t": {"name": "t", "resource_type": "test", "config": {"severity": "error"}, "original_file_path": "tests/t.sql"},
    "test.vt.u": {"name": "u", "resource_type": "test", "config": {"severity": "warn"}, "original_file_path": "tests/u.sql"},
    "analysis.vt.x": {"name": "x", "resource_type": "analysis", "config": {}, "original_file_path": "x.sql"},
}
GOOD = {"model.vt.a": "success", "model.vt.b": "success", "seed.vt.s": "success", "test.vt.t": "pass", "test.vt.u": "pass"}


def held(tmp_path: Path, results: dict[str, str], failures: int = 0) -> Any:
    (tmp_path / "manifest.json").write_text(json.dumps({"nodes": NODES}))
    rows = [{"unique_id": k, "status": s, "failures": failures, "message": "Could not convert string 'Jansen'"} for k, s in results.items()]
    (tmp_path / "run_results.json").write_text(json.dumps({"results": rows}))
    return report(tmp_path / "manifest.json", tmp_path / "run_results.json")


def test_all_built_and_checked(tmp_path: Path) -> None:
    r = held(tmp_path, GOOD)
    assert (r.modellen_verwacht, r.modellen_gebouwd, r.controles_verwacht, r.controles, r.gefaald) == (3, 3, 2, {"geslaagd": 2}, [])
    assert r.complete


def test_a_warning_does_not_hold_back_and_is_told(tmp_path: Path) -> None:
    r = held(tmp_path, GOOD | {"test.vt.u": "warn"}, failures=4)
    assert r.complete
    assert [(f["naam"], f["uitkomst"], f["aantal"]) for f in r.gefaald] == [("u", "gewaarschuwd", 4)]


def test_a_failing_check_holds_back_and_never_shows_values(tmp_path: Path) -> None:
    r = held(tmp_path, GOOD | {"test.vt.t": "fail"}, failures=2)
    assert not r.complete
    assert r.gefaald[0]["toelichting"] == "2 rows fail; definition: tests/t.sql"
    assert "Jansen" not in str(r)


def test_skipped_is_not_success(tmp_path: Path) -> None:
    r = held(tmp_path, GOOD | {"model.vt.b": "skipped", "test.vt.t": "skipped"})
    assert not r.complete
    assert r.modellen_gebouwd == 2
    assert r.controles == {"geslaagd": 1, "niet_uitgevoerd": 1}


def test_missing_is_not_success(tmp_path: Path) -> None:
    r = held(tmp_path, {k: v for k, v in GOOD.items() if k != "model.vt.b"})
    assert not r.complete
    assert r.modellen_gebouwd == 2


def test_no_results_at_all(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"nodes": NODES}))
    r = report(tmp_path / "manifest.json", tmp_path / "run_results.json")
    assert not r.complete
    assert r.controles == {"niet_uitgevoerd": 2}


def test_a_project_that_was_parsed_is_not_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checkout may be another user's, which this one can only read."""
    dbt.parse()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(dbt, "FileLock", refused)
    dbt.parse()
