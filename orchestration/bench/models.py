"""How the time and memory of dbt grow with the registration: the history of the data folder, a number of times over.

Every copy has numbers of its own, so that households and persons are as often reported as they are, and nothing but the size changes. The
build of the data folder is read, never written.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from orchestration import duck
from orchestration.errors import UserError
from orchestration.keys.keyring import Keyring, open_keyring
from orchestration.settings import Settings
from orchestration.sql import text
from orchestration.transform import dbt

ONCE = ("leveringen", "levering_entiteiten", "quarantaine", "waarschuwingen")
"""Tables on deliveries, not on what was registered: these are copied as they are."""


@dataclass(frozen=True)
class ModelsMeasurement:
    """One size: reports, seconds that models and checks took, seconds of the whole of dbt, peak of its memory in MiB."""

    keer: int
    meldingen: int
    models_s: float
    checks_s: float
    dbt_s: float
    mib: int

    @property
    def sql_s(self) -> float:
        return self.models_s + self.checks_s


def bench_models(
    settings: Settings, repeats: tuple[int, ...], progress: Callable[[str], None], folder: Path | None = None
) -> list[ModelsMeasurement]:
    """Build the registration of the data folder this many times over, each size in a folder of its own that is thrown away."""
    if not settings.build_db.exists():
        raise UserError(f"There is no build in {settings.build}: run `vt refresh` first.")
    measured = []
    for keer in repeats:
        home = Path(tempfile.mkdtemp(prefix="vt-bench-", dir=folder))
        try:
            progress(f"history × {keer}")
            larger = Settings(home=home)
            reports = multiply(settings, larger, open_keyring(larger.key_path), keer)
            progress(f"dbt × {keer}")
            measured.append(_build(larger, keer, reports))
        finally:
            shutil.rmtree(home)
    return measured


def multiply(settings: Settings, larger: Settings, keyring: Keyring, keer: int) -> int:
    """Copy the history into a new build, ``keer`` times; returns the number of versions of reports."""
    with duck.connect(larger) as con:
        duck.attach_build(con, larger, keyring.derive("build"))
        source_key = open_keyring(settings.key_path).derive("build").hex()
        con.execute(f"attach {text(settings.build_db)} as bron (encryption_key '{source_key}', read_only)")
        con.execute("create schema veilig_thuis.historie")
        tables = con.execute("select table_name from duckdb_tables() where database_name = 'bron' and schema_name = 'historie'").fetchall()
        for (table,) in tables:
            columns = [c for c, *_ in con.execute(f"describe bron.historie.{table}").fetchall()]
            numbers = [c for c in columns if c.endswith("_id")] if table not in ONCE else []
            # copies lie further apart than there are numbers
            apart = ", ".join(f"{c} * {keer} + keer as {c}" for c in numbers)
            replaced = f"* replace ({apart})" if numbers else "*"
            times = keer if numbers else 1
            con.execute(
                f"create table veilig_thuis.historie.{table} as select {replaced.replace('*', 't.*', 1)}"
                f" from bron.historie.{table} as t cross join range({times}) as keren(keer)"
            )
        return duck.number(con, "select count(*) from veilig_thuis.historie.meldingen")


def _build(settings: Settings, keer: int, reports: int) -> ModelsMeasurement:
    target = settings.build / "dbt"
    dbt.prepare(target)
    with dbt.environment(settings, open_keyring(settings.key_path)) as names:
        command = dbt.run_command(target, names, "--quiet", "--threads", "1")
        running = subprocess.Popen(command, env={**os.environ, **names}, stdout=subprocess.DEVNULL)
        _, _, usage = os.wait4(running.pid, 0)
    results = json.loads((target / "run_results.json").read_text())
    kinds = [(r["unique_id"].split(".")[0], r["execution_time"], r["status"]) for r in results["results"]]
    if failed := [status for _, _, status in kinds if status in ("error", "fail", "skipped")]:
        raise UserError(f"{len(failed)} models or checks failed on the history × {keer}; their names stand in run_results.json.")
    return ModelsMeasurement(
        keer=keer,
        meldingen=reports,
        models_s=round(sum(s for kind, s, _ in kinds if kind == "model"), 1),
        checks_s=round(sum(s for kind, s, _ in kinds if kind == "test"), 1),
        dbt_s=round(results["elapsed_time"], 1),
        mib=usage.ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1 << 10),
    )
