"""How the process that builds opens the encrypted build: by the environment that ``dbt.environment`` gives it."""

import os
from pathlib import Path

from duckdb import DuckDBPyConnection

from orchestration.sql import text
from orchestration.transform.dbt_names import BUILD_DB, BUILD_KEY, HTTPFS, MEMORY, SPILL


def attach(con: DuckDBPyConnection) -> None:
    """Attach the build as ``veilig_thuis``, with spill files encrypted and memory bounded."""
    con.execute(f"set temp_directory = {text(os.environ[SPILL])}")
    con.execute("set temp_file_encryption = true")
    con.execute(f"set memory_limit = {text(os.environ[MEMORY])}")
    con.execute(f"load {text(os.environ[HTTPFS])}")
    key = Path(os.environ[BUILD_KEY]).read_text()
    con.execute(f"attach {text(os.environ[BUILD_DB])} as veilig_thuis (encryption_key '{key}')")
