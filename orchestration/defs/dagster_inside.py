"""All that the project uses of Dagster that Dagster keeps to itself, and ``INSIDE``, which says of each name what for and why.

Nothing else names any of it: ``tests/test_public_ground.py`` sees to that, and asks for another look at a newer Dagster.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME
from dagster._core.definitions.repository_definition.valid_definitions import SINGLETON_REPOSITORY_NAME
from dagster._core.errors import DagsterUserCodeProcessError
from dagster._core.instance.ref import InstanceRef
from dagster._core.log_manager import LOG_RECORD_METADATA_ATTR
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteRepositoryOrigin
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, SqlEventLogStorageTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster_dbt.core.dbt_cli_event import DbtCliEventMessage, DbtCoreCliEventMessage
from dagster_shared.error import SerializableErrorInfo
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import StaticPool

from orchestration.inside import Inside

SEEN = "1.13.27"


def _core(name: str, why: str, text: str = "") -> Inside:
    return Inside("dagster", SEEN, f"dagster._core.{name}", why, text)


EVENT_LOG = "storage.event_log"
SQLITE = f"{EVENT_LOG}.sqlite.sqlite_event_log.SqliteEventLogStorage"
SQL = f"{EVENT_LOG}.sql_event_log.SqlEventLogStorage"
STORAGE = "storage.sqlite_storage.DagsterSqliteStorage"
INSTANCE = "instance.ref.InstanceRef"
DEFINITIONS = "definitions.repository_definition.valid_definitions"

INSIDE = [
    # a step that stops without a stack trace: dg.Failure, and every other error that a step may raise, shows one
    _core("errors.DagsterUserCodeProcessError", "the one error of which Dagster shows what it is given"),
    Inside("dagster-shared", SEEN, "dagster_shared.error.SerializableErrorInfo", "what it is given; dg has no such class"),
    # the event log with its connections kept: 3 s a night instead of 11 (docs/measurements.md); no setting keeps them
    _core(SQLITE, "the event log that keeps them is one of it; dg has no storage"),
    _core(f"{SQLITE}._connect", "overridden: it opens a connection for each event"),
    _core(f"{SQLITE}._db_lock", "one thread at a time, as Dagster does; its connections are its own affair"),
    _core(f"{SQLITE}._initdb", "makes a database that is not there yet; the public way is its whole command (dagster instance migrate)"),
    _core(f"{SQLITE}._base_dir", "the folder of the event log; only the setting that it comes of is documented"),
    _core(f"{SQLITE}.conn_string_for_shard", "where the database of a run is; only the folder is documented"),
    _core(f"{SQLITE}.has_table", "overridden: asked before each check"),
    _core(STORAGE, "a storage of one's own is a documented setting (storage: custom), a class to derive it from is not"),
    _core(f"{STORAGE}._event_log_storage", "where it keeps its event log; the property can only be read"),
    # the instance of vt refresh: that storage beside the settings of the folder, and runs that the timeline shows
    _core(f"{INSTANCE}.from_dir", "settings beside those of a file; DagsterInstance.get takes the file alone"),
    _core(f"{INSTANCE}.config_defaults", "what a class of instances of one's own must give"),
    _core("instance.instance.DagsterInstance.create_run_for_job", "overridden: nothing public gives a run its code location"),
    _core("remote_origin.RegisteredCodeLocationOrigin", "the code location of a run, as the UI has it; dg has no origins"),
    _core("remote_origin.RemoteRepositoryOrigin", "its repository; dg has no origins"),
    _core(f"{DEFINITIONS}.SINGLETON_REPOSITORY_NAME", "what that is called; public only when all definitions are loaded"),
    _core("definitions.assets.job.asset_job.IMPLICIT_ASSET_JOB_NAME", "what the buttons of the asset graph start; the same"),
    # outcomes that a run did not come to stay what they were: nothing public takes back what a run planned
    _core(f"{SQL}.run_connection", "the events of a run, whatever database holds them"),
    _core(f"{SQL}.index_connection", "what all runs planned and made, whatever database holds it"),
    _core(f"{EVENT_LOG}.schema.SqlEventLogStorageTable", "events: what was planned and not made goes"),
    _core(f"{EVENT_LOG}.schema.AssetCheckExecutionsTable", "checks: what was planned goes"),
    _core("storage.asset_check_execution_record.AssetCheckExecutionRecordStatus.PLANNED", "which checks; no public status is kept"),
    _core("execution.plan.active", "the words of a step left out: no type of event tells it", "Not executing."),
    _core("execution.plan.active", "how they begin", "Dependencies for step"),
    # what dbt tells, read here: dagster-dbt's reader writes a stack trace when nobody reads on, or standard output cannot be written
    Inside(
        "dagster-dbt", "0.29.27", "dagster_dbt.core.dbt_cli_event.DbtCoreCliEventMessage", "an event; only its abstract class is exported"
    ),
    # progress while a run goes on: hooks and sensors, which are public, come after a step or a run
    _core("log_manager.LOG_RECORD_METADATA_ATTR", "where a record of the log has its event; loggers of one's own are public, this is not"),
    _core("log_manager.DagsterLogRecordMetadata", "the event there", "dagster_event"),
    _core("log_manager.DagsterLogRecordMetadata", "what was said", "orig_message"),
]

REPOSITORY = SINGLETON_REPOSITORY_NAME
ASSET_JOB = IMPLICIT_ASSET_JOB_NAME


class WithoutStackTraceError(DagsterUserCodeProcessError):
    """An error of which Dagster shows the sentence, and no stack trace under it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # Dagster gives it no types
            sentence, user_code_process_error_infos=[SerializableErrorInfo(sentence, [], type(self).__name__)]
        )


def told_by_dbt(line: bytes) -> DbtCliEventMessage | None:
    """An event of dbt, as a line of its log in JSON tells it; None for any other line."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict) or not {"info", "data"} <= said.keys():
        return None
    return DbtCoreCliEventMessage(raw_event=said, event_history_metadata={})


# --- Dagster's state ----------------------------------------------------------------------------------------------------------------------

WAIT_FOR_OTHERS_S = 60
"""How long a write waits while another process writes."""


class EventLog(SqliteEventLogStorage):
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


class Storage(DagsterSqliteStorage):
    """Dagster's storage on SQLite with that event log."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = EventLog(self._event_log_storage._base_dir)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "Storage":
        return cls.from_local(inst_data=inst_data, **config_value)


HERE = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("orchestration.definitions"), REPOSITORY)
"""The code location under the name that the UI has for it (``vt ui``)."""


class Instance(dg.DagsterInstance):
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
    """The instance of ``home`` for a process that ends with its run. On PostgreSQL its storage is the same one as everywhere."""
    own = {"storage": {"custom": {"module": __name__, "class": Storage.__name__, "config": {"base_dir": str(home)}}}}
    shown = {"instance_class": {"module": __name__, "class": Instance.__name__}}
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home), overrides=shown | ({} if postgres else own)))


# --- events -------------------------------------------------------------------------------------------------------------------------------


def keep_outcomes(instance: dg.DagsterInstance, run_id: str) -> None:
    """Let everything that the run planned and did not come to keep its last outcome; a run that broke down keeps Dagster's marks."""
    storage = instance.event_log_storage
    assert isinstance(storage, SqlEventLogStorage)
    checks, events = AssetCheckExecutionsTable, SqlEventLogStorageTable
    planned = (checks.c.run_id == run_id) & (checks.c.execution_status == AssetCheckExecutionRecordStatus.PLANNED.value)
    of_run = events.c.run_id == run_id
    made = events.select().where(of_run, events.c.dagster_event_type == dg.DagsterEventType.ASSET_MATERIALIZATION.value)
    after_failure = events.c.event.like("%Dependencies for step%Not executing.%")  # "dbt, dbt, dbt": the verdict says it in a sentence
    with storage.run_connection(run_id) as connection:
        connection.execute(events.delete().where(of_run, events.c.dagster_event_type.is_(None), after_failure))
    with storage.index_connection() as connection:
        connection.execute(checks.delete().where(planned))
        connection.execute(
            events.delete().where(
                of_run,
                events.c.dagster_event_type == dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED.value,
                events.c.asset_key.not_in(made.with_only_columns(events.c.asset_key)),
            )
        )


def told_by(record: logging.LogRecord) -> tuple[dg.DagsterEvent | None, str | None, str]:
    """What a record of a run's log holds: an event or none, the step it is of, and what was said."""
    meta = getattr(record, LOG_RECORD_METADATA_ATTR, {})
    return meta.get("dagster_event"), meta.get("step_key"), str(meta.get("orig_message") or "")
