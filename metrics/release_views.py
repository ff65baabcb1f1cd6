"""A dbt-duckdb plugin: the release, read-only, with the models of this folder as views in memory, as `dbt run` would make them.

MetricFlow asks tables that stand somewhere already, and a release is not written to.
"""

import os
from pathlib import Path

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection


class Plugin(BasePlugin):
    """Attaches the release that ``VT_RELEASE_DATABASE`` names, as ``veilig_thuis``."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        path = os.environ["VT_RELEASE_DATABASE"].replace("'", "''")
        conn.execute(f"attach '{path}' as veilig_thuis (read_only)")
        for model in sorted(Path(__file__).parent.glob("models/*.sql")):
            conn.execute(f"create view {model.stem} as {model.read_text(encoding='utf-8')}")
