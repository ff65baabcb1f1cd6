"""Both engines on one history: every seed and model, and every check on Spark."""

from pathlib import Path

import duckdb
import pytest

from orchestration.files import make_folder
from orchestration.keys import use
from orchestration.settings import Settings
from orchestration.spark import run
from orchestration.spark.held import hold
from tests.lib.build import Build
from tests.lib.spark import spark_python, touches_every_model
from tests.lib.warehouse import warehouse_in

pytestmark = pytest.mark.xdist_group("spark")

EMPTY = {"kwaliteit.quarantaine", "staging.stg_quarantaine", "staging.stg_buiten_venster", "seeds.publicatiekalender"}
"""What has no rows on a registration in which nothing is wrong, and before anything is published."""


def test_every_table_is_the_same_on_both_but_for_last_bits(tmp_path: Path) -> None:
    """Of a small history that touches every model; the checks are left out, for of the same tables they say the same."""
    spark_python()
    warehouse = warehouse_in(tmp_path / "vt")
    assert [u.uitkomst for u in warehouse.take_in(touches_every_model())] == ["opgenomen"]
    Build(warehouse.settings).historie()
    found = run.compare(warehouse.settings, lambda _: None, run.SMALL, make_folder(tmp_path / "werk"), checked=False)
    assert found.failed == []
    assert found.checks == {"success": len(found.tables)}
    assert [held for held in found.tables if not held.agrees] == []
    assert {held.table for held in found.tables if not held.rows} == EMPTY


@pytest.mark.thorough
def test_everything_is_built_and_checked_on_spark(released: Settings, tmp_path: Path) -> None:
    """Of the small demo."""
    spark_python()
    before = {p: p.stat().st_mtime_ns for p in released.build.rglob("*")}
    found = run.compare(released, lambda _: None, run.SMALL, tmp_path)
    assert list(tmp_path.iterdir()) == [], "nothing of the history stays"
    assert {p: p.stat().st_mtime_ns for p in released.build.rglob("*")} == before, "the build was written to"
    assert use.uses(released)[-1]["waarvoor"] == "spark"
    assert found.failed == []
    assert set(found.checks) <= {"success", "pass", "warn"}
    assert found.checks["success"] == len(found.tables)
    assert found.checks["pass"] > len(found.tables)
    assert [held for held in found.tables if not held.agrees] == []


def test_a_table_that_differs_is_seen(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as veilig_thuis")
        con.execute("create table veilig_thuis.feiten as select 'a' as naam, 1.5 :: double as waarde union all select 'b', null")
        for number, (rows, agrees, unequal) in enumerate(
            [
                ("select 'a' as naam, 1.5 as waarde union all select 'b', null", True, 0),
                ("select 'a' as naam, 1.5000000000000002 :: double as waarde union all select 'b', null", True, 1),
                ("select 'a' as naam, 1.500001 as waarde union all select 'b', null", False, 1),
                ("select 'a' as naam, 1.5 as waarde union all select 'b', 0", False, 1),
                ("select 'a' as naam, 1.5 as waarde union all select 'None', null", False, 1),
                ("select 'a' as naam, 1.5 as waarde", False, 1),
                ("select 'a' as naam, 1.5 as waarde union all select 'b', null union all select 'b', null", False, 1),
                ("select 'a' as naam union all select 'b'", False, 0),
            ]
        ):
            folder = tmp_path / str(number)
            folder.mkdir()
            con.execute(f"copy ({rows}) to '{folder}/deel.parquet' (format parquet)")
            held = hold(con, "feiten", folder)
            assert (held.agrees, held.unequal) == (agrees, unequal), rows
        assert not hold(con, "feiten", tmp_path / "geen").agrees


def test_without_spark_a_sentence_says_what_to_do(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "PYTHON", tmp_path / "python")
    with pytest.raises(run.SparkError, match="make spark"):
        run.compare(settings, lambda _: None)
    run.PYTHON.touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(run.SparkError, match="Java 17"):
        run.compare(settings, lambda _: None)


def test_without_a_build_a_sentence_says_what_to_do(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "python", lambda: Path("python"))
    with pytest.raises(run.SparkError, match="vt refresh"):
        run.compare(settings, lambda _: None)


@pytest.mark.thorough
def test_another_zone_stops_the_build(released: Settings, tmp_path: Path) -> None:
    spark_python()
    run.export(released.build_db, run.open_key(released, "test"), tmp_path, ["historie"])
    size = run.Size(memory="1g", partitions=1, options={"spark.sql.session.timeZone": "Europe/Amsterdam"})
    with pytest.raises(run.SparkError, match="UTC"):
        run.build_on_spark(tmp_path, {}, size, "--select", "stg_buiten_venster")
    _, failed = run._outcomes(tmp_path / "target" / "run_results.json")
    assert [line.split(":")[0] for line in failed] == ["stg_buiten_venster"]
