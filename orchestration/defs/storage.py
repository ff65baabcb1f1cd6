"""Dagster's state on SQLite, without a wait for the disk at each of the thousand events of a night.

Its databases keep a write-ahead log, in which ``synchronous = normal`` corrupts nothing: a power cut may lose the last events of a run that
it cut off anyway.
"""

import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


@event.listens_for(Engine, "connect")
def _wait_less(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = normal")
