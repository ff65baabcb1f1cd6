"""A build of the dbt project in a data folder of its own, on what was taken in there (or on nothing)."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.keys.keyring import Keyring, open_keyring
from orchestration.landing.history import build_history
from orchestration.quality import judging, suites
from orchestration.quality.frames import CheckedTable
from orchestration.settings import Settings
from orchestration.transform import dbt
from orchestration.transform.controle import Controle

RESULTS = "run_results.json"


@dataclass
class Build:
    """A data folder whose build is made by dbt."""

    settings: Settings

    @property
    def keyring(self) -> Keyring:
        return open_keyring(self.settings.key_path)

    @property
    def target(self) -> Path:
        """Where dbt leaves its manifest and run results."""
        return self.settings.build / "dbt"

    def historie(self) -> None:
        """Write the schema that dbt reads, from landing and register; empty tables where nothing was taken in."""
        with duck.connect(self.settings) as con:
            duck.attach_build(con, self.settings, self.keyring.derive("build"))
            build_history(self.settings, con, self.keyring)

    def make(self, *options: str) -> dict[str, str]:
        """Run the plan as a night does; name of each node → its status."""
        dbt.prepare(self.target)
        with dbt.environment(self.settings, self.keyring) as names:
            command = dbt.run_command(self.target, names, "--quiet", *options)
            done = subprocess.run(command, env={**os.environ, **names}, capture_output=True, text=True, check=False)
        assert (self.target / RESULTS).exists(), done.stdout + done.stderr
        return self._outcomes()

    def dbt(self, *args: str, project: Path = dbt.DBT_PROJECT) -> dict[str, str]:
        """Run dbt; name of each node → its status. What dbt prints is shown when it could not run at all."""
        dbt.prepare(self.target)
        command = [dbt.EXECUTABLE, "--quiet", *args, "--project-dir", str(project), "--profiles-dir", str(project)]
        with dbt.environment(self.settings, self.keyring) as names:
            environment = {**os.environ, **names, "DBT_TARGET_PATH": str(self.target)}
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert (self.target / RESULTS).exists(), done.stdout + done.stderr
        return self._outcomes()

    def _outcomes(self) -> dict[str, str]:
        results = self.target / RESULTS
        found = [r for r in json.loads(results.read_text())["results"] if not r["unique_id"].startswith("exposure.")]  # nothing is built
        return {r["unique_id"].split(".", 2)[2]: r["status"] for r in found}

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The build, to ask or to change."""
        with duck.connect(self.settings) as con:
            duck.attach_build(con, self.settings, self.keyring.derive("build"))
            con.execute("use veilig_thuis")
            yield con

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the build."""
        with self.open() as con:
            return con.execute(sql).fetchall()

    def expectations(self) -> list[Controle]:
        """What Great Expectations says of this build, at both edges."""
        with self.open() as con:
            ((peildatum,),) = con.execute("select peildatum from staging.stg_peildatum").fetchall()
            tables = [CheckedTable(con, s, peildatum) for edge in ("landing", "uitgave") for s in suites.load(edge)]
            return [outcome for table in tables for outcome in judging.validate(table)]

    def sql_of(self, controle: str) -> str:
        """The query of a dbt test as the last run compiled it, by the test's name."""
        results = json.loads((self.target / RESULTS).read_text())["results"]
        (sql,) = [r["compiled_code"] for r in results if r["unique_id"].split(".")[2] == controle]
        return str(sql)


def build_in(home: Path) -> Build:
    """A build in an empty data folder."""
    return Build(Settings(home=home))


def copy_of(build: Build, home: Path) -> Build:
    """The same build in another folder, to be changed there."""
    shutil.copytree(build.settings.root, home)
    return build_in(home)
