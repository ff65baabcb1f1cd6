"""dbt on Apache Spark, run by the Python of its own environment: ``python session.py ORDER``, a file that ``run`` writes.

The session is made here, before dbt asks for one, so that everything about it is known: its zone, its memory, its folders, and that it is
strict (ANSI). Nothing of the project is imported: what the project needs is not in this environment.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from dbt.adapters.spark import session as of_dbt
from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession


def make_session(order: dict[str, Any]) -> SparkSession:
    """The one session of this process; its tables are Parquet files in ``warehouse``, and what they are called goes with it."""
    scratch = Path(order["scratch"])
    wanted = {
        "spark.master": f"local[{order['threads']}]",
        "spark.driver.memory": order["memory"],
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={scratch} -Dderby.system.home={scratch} -Duser.timezone=UTC",
        "spark.local.dir": str(scratch),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.scheduler.mode": "FAIR",
        "spark.sql.session.timeZone": order.get("zone", "UTC"),
        "spark.sql.ansi.enabled": "true",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": order["warehouse"],
        "spark.sql.shuffle.partitions": str(order["partitions"]),
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.legacy.createHiveTableByDefault": "false",
        "spark.sql.maxPlanStringLength": "10000",
        **order.get("options", {}),
    }
    builder = SparkSession.builder.appName("veilig-thuis")
    for name, value in wanted.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def hand_to_dbt(session: SparkSession) -> None:
    """Let dbt's cursor ask this session. By itself it asks for one with each statement, and turns ANSI off every time."""

    def execute(cursor: of_dbt.Cursor, sql: str, *parameters: Any) -> None:
        if parameters:
            raise TypeError("a statement with values beside it: no macro of ours makes one")
        cursor._df = session.sql(sql)

    of_dbt.Cursor.execute = execute


def make_schemas(session: SparkSession, schemas: list[str]) -> None:
    """All schemas of the project: dbt makes those of what it builds, and asks what stands in all of them."""
    for name in ("historie", "main", *schemas):
        session.sql(f"create database if not exists {name}")


def read_given(session: SparkSession, folder: Path) -> None:
    """The tables that are there before dbt begins, where they were exported: a folder for each schema, a file for each table."""
    for file in sorted(folder.glob("*/*.parquet")):
        session.sql(f"create table {file.parent.name}.{file.stem} using parquet options (path '{file}')")


def main() -> int:
    """Make the session, run dbt in it, and leave what became of it; dbt's own way of ending."""
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    began = time.monotonic()
    session = make_session(order)
    hand_to_dbt(session)
    make_schemas(session, order["schemas"])
    read_given(session, Path(order["given"]))
    started = time.monotonic()
    done = dbtRunner().invoke(order["dbt"])
    told = {"session_s": started - began, "dbt_s": time.monotonic() - started}
    told |= {name: session.conf.get(name) for name in ("spark.sql.session.timeZone", "spark.sql.ansi.enabled")}
    Path(order["told"]).write_text(json.dumps(told), encoding="utf-8")
    session.stop()
    if done.exception is not None:
        sys.stderr.write(f"{done.exception}\n")
    return 0 if done.success else 1


if __name__ == "__main__":
    sys.exit(main())
