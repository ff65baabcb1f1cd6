"""Dagster's state on SQLite, at less than Dagster's price for each of the thousand events of a night.

Everywhere no wait for the disk: its databases keep a write-ahead log, in which ``synchronous = normal`` corrupts nothing; a power cut may
lose the last events of a run that it cut off anyway. In ``vt refresh``, whose process ends with the run, one connection per database
instead of one per event (``dagster_inside``); processes that stay (code server, daemon, UI) open and close them as Dagster does.
"""

import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


@event.listens_for(Engine, "connect")
def _wait_less(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = normal")
