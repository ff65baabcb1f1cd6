"""A build of the dbt project in a data folder of its own, on what was taken in there (or on nothing)."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration import duck
from orchestration.build import dbt
from orchestration.keys import Keyring, open_keyring
from orchestration.landing.history import build_history
from orchestration.settings import Settings


@dataclass
class Bouw:
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

    def dbt(self, *args: str, project: Path = dbt.DBT_PROJECT) -> dict[str, str]:
        """Run dbt; name of each node → its status. What dbt prints is shown when it could not run at all."""
        dbt.prepare(self.target)
        command = [dbt.EXECUTABLE, "--quiet", *args, "--project-dir", str(project), "--profiles-dir", str(project)]
        with dbt.environment(self.settings, self.keyring) as names:
            environment = {**os.environ, **names, "DBT_TARGET_PATH": str(self.target)}
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        results = self.target / "run_results.json"
        assert results.exists(), done.stdout + done.stderr
        return {r["unique_id"].split(".", 2)[2]: r["status"] for r in json.loads(results.read_text())["results"]}

    def vraag(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the build."""
        with duck.connect(self.settings) as con:
            duck.attach_build(con, self.settings, self.keyring.derive("build"))
            con.execute("use veilig_thuis")
            return con.execute(sql).fetchall()


def bouw_in(home: Path) -> Bouw:
    """A build in an empty data folder."""
    return Bouw(Settings(home=home))


def kopie(bouw: Bouw, home: Path) -> Bouw:
    """The same build in another folder, to be changed there."""
    shutil.copytree(bouw.settings.root, home)
    return bouw_in(home)
