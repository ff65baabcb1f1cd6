"""Dagster's state on SQLite, without a wait for the disk at each of the thousand events of a night: a quarter of a small night.

Dagster opens and closes a database for every event. These keep a write-ahead log, in which ``synchronous = normal`` corrupts nothing
(a power cut may lose the last events of a run that it cut off anyway), and which is folded into the database, with a wait, whenever the
last connection closes: so one is kept open for as long as the process lives.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

_KEPT: dict[str, sqlite3.Connection] = {}
_WAL = b"\x02\x02"
"""Bytes 18 and 19 of a database with a write-ahead log (sqlite.org/fileformat.html)."""


@event.listens_for(Engine, "do_connect")
def _keep_one_open(dialect: Any, _record: Any, args: list[Any], _kwargs: Any) -> None:
    path = str(args[0]) if args else ""
    if dialect.name == "sqlite" and path not in _KEPT and _has_log(Path(path)):
        _KEPT[path] = sqlite3.connect(path, check_same_thread=False)
        _KEPT[path].execute("select count(*) from sqlite_master").fetchall()


def _has_log(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(20)[18:] == _WAL


@event.listens_for(Engine, "connect")
def _wait_less(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = normal")
