"""How dbt opens the encrypted build: a dbt-duckdb plugin, so that paths and key stand in no profile.

What stands in a profile decides whether dbt parses the whole project again, and could come out in its logs. This way the profile is the
same for every data folder, and the project that was parsed with the environment serves all of them.
"""

import gc
import os

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from orchestration.transform.build_file import attach
from orchestration.transform.dbt_names import BUILD_DB


class Plugin(BasePlugin):
    """Attaches the build as ``veilig_thuis``, when the environment names one; without, dbt works in memory (parsing, sqlfluff)."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        if BUILD_DB not in os.environ:
            return
        gc.freeze()  # the project as parsed stays; looking through it again and again for something to free takes a second
        attach(conn)
