"""Dagster's state on SQLite, at less than Dagster's price for each of the thousand events of a night.

Everywhere no wait for the disk: its databases keep a write-ahead log, in which ``synchronous = normal`` corrupts nothing; a power cut may
lose the last events of a run that it cut off anyway. In ``vt refresh``, whose process ends with the run, one connection per database
instead of one per event; processes that stay (code server, daemon, UI) open and close them as Dagster does.

Rests on inner names of Dagster, which the lock file pins and ``tests/defs/test_storage.py`` holds.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteRepositoryOrigin
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import StaticPool

WAIT_FOR_OTHERS_S = 60
"""How long a write waits while another process writes."""


@event.listens_for(Engine, "connect")
def _wait_less(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = normal")


class Gebeurtenissen(SqliteEventLogStorage):
    """Dagster's event log with its connections kept; for a process that ends with its run."""

    def __init__(self, base_dir: str) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.get(shard)
            if engine is None:
                waiting = {"timeout": WAIT_FOR_OTHERS_S, "check_same_thread": False}  # one thread at a time: the lock sees to it
                engine = create_engine(self.conn_string_for_shard(shard), poolclass=StaticPool, connect_args=waiting)
                self._initdb(engine)
                self._engines[shard] = engine
            with engine.begin() as connection:
                yield connection

    @cache  # noqa: B019  # one object in a process that ends; asked before each check, of a database whose tables do not change
    def has_table(self, table_name: str) -> bool:
        return super().has_table(table_name)

    def dispose(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()


class Opslag(DagsterSqliteStorage):
    """Dagster's storage on SQLite with that event log."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = Gebeurtenissen(self._event_log_storage._base_dir)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "Opslag":
        return cls.from_local(inst_data=inst_data, **config_value)


HERE = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("orchestration.definitions"), "__repository__")
"""The code location under the name that the UI has for it (``vt ui``)."""


class Instantie(dg.DagsterInstance):
    """An instance whose runs belong to the code location, as those that Dagster starts itself: others are not on its timeline."""

    def create_run_for_job(self, job_def: dg.JobDefinition, **kwargs: Any) -> dg.DagsterRun:  # type: ignore[override]  # as it is called
        kwargs["remote_job_origin"] = HERE.get_job_origin(job_def.name)
        return super().create_run_for_job(job_def, **kwargs)

    @classmethod
    def config_schema(cls) -> dict[str, Any]:
        return {}

    @classmethod
    def config_defaults(cls, base_dir: str) -> Any:
        return InstanceRef.config_defaults(base_dir)


def instance_of_one_run(home: Path, *, postgres: bool) -> dg.DagsterInstance:
    """The instance of ``home`` for a process that ends with its run. On PostgreSQL it is the same one as everywhere."""
    own = {"storage": {"custom": {"module": __name__, "class": Opslag.__name__, "config": {"base_dir": str(home)}}}}
    shown = {"instance_class": {"module": __name__, "class": Instantie.__name__}}
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home), overrides=shown | ({} if postgres else own)))
