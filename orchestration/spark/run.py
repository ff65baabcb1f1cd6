"""Both engines on the history of this data folder, with the same models, seeds and checks.

The history is read from the encrypted build and stays in a folder of this user alone, outside the data folder, that goes when this ends.
DuckDB builds it anew there, so that both sides are made by the same code; the data folder is read, never written, but for the log of the
key's uses.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration import duck
from orchestration.errors import UserError
from orchestration.files import make_folder
from orchestration.keys.keyring import Keyring, open_keyring
from orchestration.keys.use import open_key
from orchestration.language import later, say
from orchestration.settings import PROJECT, Settings
from orchestration.spark.held import Held, hold
from orchestration.sql import text
from orchestration.transform import dbt, dbt_names
from orchestration.transform.messages import without_values

PYTHON = PROJECT / ".venv" / "spark" / "bin" / "python"
SESSION = Path(__file__).with_name("session.py")
LOG = "spark.log"
GIVEN = "gegeven"
"""Folder of what was exported for Spark."""


class SparkError(UserError):
    """Spark is not there, or did not come to its end."""


@dataclass(frozen=True)
class EnginesCompared:
    """What both engines made of one history."""

    tables: list[Held]
    checks: dict[str, int]
    """Of Spark, by outcome in dbt's words: how many models, seeds and checks."""
    failed: list[str]
    """What did not go well on Spark: its name and what dbt says of it, values out."""
    duckdb_s: float
    spark_s: float
    """Seconds of dbt's work on Spark, its session made already."""

    @property
    def agrees(self) -> bool:
        return not self.failed and all(held.agrees for held in self.tables)


@dataclass(frozen=True)
class Size:
    """What a session of Spark gets. ``partitions``: of a shuffle; ``options``: settings of Spark beside those that ``session`` has."""

    memory: str = "4g"
    threads: int = 2
    partitions: int = 4
    options: Mapping[str, str] | None = None


SMALL = Size(
    memory="2g",
    partitions=1,
    options={  # what Spark does before it reads a row takes most of the time
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.leafNodeDefaultParallelism": "1",
        "spark.sql.files.minPartitionNum": "1",
        "spark.sql.files.openCostInBytes": "0",
    },
)
"""For a small history."""


def python() -> Path:
    """The Python that has Spark. Raises ``SparkError``, saying what to do, where that or Java is not there."""
    if not PYTHON.exists():
        raise SparkError(say("Apache Spark is an extra that is not installed here: make spark installs it."))
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise SparkError(say("Apache Spark wants Java 17, and there is none: scripts/java says what to install."))
    return PYTHON


UNCHECKED = ("--exclude-resource-type", "test")
"""Options of dbt: build, and check nothing."""


def compare(
    settings: Settings,
    progress: Callable[[str], None],
    size: Size | None = None,
    folder: Path | None = None,
    *,
    checked: bool = True,
) -> EnginesCompared:
    """Build the history of the data folder on both engines, and hold every table of the one to that of the other.

    ``checked``: run the checks of dbt on Spark too. Where every table is the same they say what they say on DuckDB.
    Raises ``SparkError`` where Spark is not installed or breaks down, and where there is no build.
    """
    python()
    if not settings.build_db.exists():
        raise SparkError(say("There is no build in {folder}: run vt refresh first.", folder=settings.build))
    keyring = open_key(settings, "spark")
    with tempfile.TemporaryDirectory(prefix="vt-spark-", dir=folder) as name:  # of this user alone
        work = Path(name)
        progress(say("the history"))
        given = export(settings.build_db, keyring, work, ["historie"])
        own = Settings(home=work / "duckdb")
        progress("DuckDB")
        began = time.monotonic()
        _build_on_duckdb(own, settings, given)
        duckdb_s = time.monotonic() - began
        with dbt.environment(own, open_keyring(own.key_path), settings) as names:
            told, checks, failed = run_spark(work, names, size or Size(), progress, *(() if checked else UNCHECKED))
        tables = hold_all(own, work, _tables(), progress)
    return EnginesCompared(tables, checks, failed, duckdb_s, told["dbt_s"])


def export(build: Path, keyring: Keyring, work: Path, schemas: Sequence[str], names: Sequence[str] = ()) -> Path:
    """Tables of a build as Parquet, a folder for each schema and a file for each table; ``names``: of these alone."""
    folder = make_folder(work / GIVEN)
    with duck.connect(Settings(home=work / "duckdb")) as con:
        con.execute(f"attach {text(build)} as bron (encryption_key '{keyring.derive('build').hex()}', read_only)")
        found = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'bron' and list_contains(?, schema_name) "
            "and (len(?) = 0 or list_contains(?, table_name))",
            [list(schemas), list(names), list(names)],
        )
        for schema, table in found.fetchall():
            con.execute(f"copy bron.{schema}.{table} to {text(make_folder(folder / schema) / f'{table}.parquet')} (format parquet)")
    return folder


def run_spark(
    work: Path, names: Mapping[str, str], size: Size, progress: Callable[[str], None], *options: str
) -> tuple[dict[str, Any], dict[str, int], list[str]]:
    """dbt on Spark with the environment ``names``: what ``build_on_spark`` gives, how many of each outcome, and what did not go well."""
    progress("Apache Spark")
    told = build_on_spark(work, {n: names[n] for n in (dbt_names.ACCEPTED, dbt_names.SEEDS)}, size, *options)
    return told, *_outcomes(work / "target" / "run_results.json")


def hold_all(own: Settings, work: Path, tables: Sequence[str], progress: Callable[[str], None]) -> list[Held]:
    """Tables (schema and name) of the build of ``own`` beside what Spark made of them."""
    progress(say("every table of the one beside that of the other"))
    with duck.connect(own) as con:
        duck.attach_build(con, own, open_keyring(own.key_path).derive("build"))
        return [hold(con, table, work / "warehouse" / table.replace(".", ".db/")) for table in tables]


def _build_on_duckdb(own: Settings, truth: Settings, given: Path) -> None:
    keyring = open_keyring(own.key_path)
    with duck.connect(own) as con:
        duck.attach_build(con, own, keyring.derive("build"))
        con.execute("create schema veilig_thuis.historie")
        for file in sorted((given / "historie").glob("*.parquet")):
            con.execute(f"create table veilig_thuis.historie.{file.stem} as from read_parquet({text(file)})")
    report = dbt.build(own, keyring, truth)
    if lost := report.modellen_verwacht - report.modellen_gebouwd:
        told = later("DuckDB did not build {count} of the models: vt refresh tells what is wrong.")
        raise SparkError(say(told, count=lost))


def build_on_spark(work: Path, names: Mapping[str, str], size: Size, *options: str) -> dict[str, Any]:
    """Let dbt build the project on Spark, on what was exported into ``work``, tables in its ``warehouse``; the seconds that it took.

    ``names``: environment variables of dbt's macros. Raises ``SparkError`` when it ends without outcomes.
    """
    target, told, order = make_folder(work / "target"), work / "told.json", work / "order.json"
    folders = ["--project-dir", str(dbt.DBT_PROJECT), "--profiles-dir", str(dbt.DBT_PROJECT), "--target-path", str(target)]
    command = ["build", "--target", "spark", "--exclude-resource-type", "unit_test", "--log-path", str(target / "logs"), *folders, *options]
    written = {
        "given": str(work / GIVEN),
        "schemas": sorted({table.split(".")[0] for table in _tables()}),
        "warehouse": str(work / "warehouse"),
        "scratch": str(make_folder(work / "scratch")),
        "told": str(told),
        "memory": size.memory,
        "threads": size.threads,
        "partitions": size.partitions,
        "options": dict(size.options or {}),
        "dbt": command,
    }
    order.write_text(json.dumps(written), encoding="utf-8")
    environ = {**os.environ, **dbt.QUIET, **names, "SPARK_LOCAL_IP": "127.0.0.1", "PYTHONSAFEPATH": "1"}
    with (work / LOG).open("wb") as log:
        subprocess.run([python(), str(SESSION), str(order)], env=environ, check=False, stdout=log, stderr=log, cwd=work)
    if not (told.exists() and (target / "run_results.json").exists()):
        said = (work / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:]
        raise SparkError(say("Apache Spark broke down: {words}", words=without_values(" ".join(said))))
    found: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    if (found["spark.sql.session.timeZone"], found["spark.sql.ansi.enabled"]) != ("UTC", "true"):
        raise SparkError(say("The session of Spark was not what it must be: its zone UTC, and strict (ANSI). Its figures do not count."))
    return found


def _outcomes(path: Path) -> tuple[dict[str, int], list[str]]:
    counted: dict[str, int] = {}
    failed = []
    for result in json.loads(path.read_text(encoding="utf-8"))["results"]:
        if (status := result["status"]) == "no-op":  # an exposure: nothing is made of it
            continue
        counted[status] = counted.get(status, 0) + 1
        if status in ("error", "fail"):
            message = without_values(" ".join((result["message"] or "").split()))[:300]
            failed.append(f"{result['unique_id'].split('.')[2]}: {message}")
    return counted, failed


def _tables() -> list[str]:
    """Schema and name of every seed and model."""
    return sorted(f"{n['schema']}.{n['name']}" for n in dbt.nodes().values() if n["resource_type"] in dbt.BUILT)
