"""What the tests of Spark share: that it is there, a registration, its macros without dbt, a session that answers questions."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from orchestration.settings import PROJECT
from orchestration.spark.run import PYTHON, SESSION, SMALL, SparkError, python
from tests.lib.golden import ENTITIES, GOLDEN
from tests.lib.handmade import HandmadeDelivery, Row

ENGINES = PROJECT / "dbt_project" / "macros" / "engines.sql"


def spark_python() -> Path:
    """The Python that has Spark. Without it, or without Java, a test is skipped, but not in CI."""
    java = subprocess.run([PROJECT / "scripts" / "java"], capture_output=True, text=True, check=False)
    try:
        if java.returncode:
            raise SparkError(java.stderr.strip())
        return python()
    except SparkError as missing:
        if "CI" not in os.environ:
            pytest.skip(str(missing))
        raise


def touches_every_model() -> HandmadeDelivery:
    """The three golden registrations in one, each with numbers of its own: rows for every model, also of years ago."""
    parts = {name[0].upper(): deliveries[0] for name, (deliveries, _) in GOLDEN.items()}
    assert len(parts) == len(GOLDEN)

    def apart(letter: str, row: Row) -> Row:
        return {field: f"{letter}{value}" if field.endswith("_nummer") else value for field, value in row.items()}

    rows = {entity: [apart(letter, row) for letter, whole in parts.items() for row in whole.rows.get(entity, [])] for entity in ENTITIES}
    return HandmadeDelivery(1, peildatum=max(whole.peildatum for whole in parts.values()), rows=rows)


def macro(engine: str, name: str, *given: Any, **named: Any) -> str:
    """What a macro of ``engines.sql`` gives on one of both engines."""
    environment = Environment(autoescape=False, extensions=["jinja2.ext.do"])
    around = {"sessie_is_utc": lambda: "", "target": {"schema": "main"}}
    module = environment.from_string(ENGINES.read_text(encoding="utf-8"), around).module
    return str(getattr(module, f"{engine}__{name}" if engine else name)(*given, **named)).strip()


def ask(work: Path, statements: list[str], zone: str = "UTC") -> list[Any]:
    """The answers of one session to each statement: rows of texts, or the name of an error's class."""
    order, told = work / "order.json", work / "told.json"
    wanted = {
        "session": str(SESSION),
        "scratch": str(work),
        "warehouse": str(work / "warehouse"),
        "told": str(told),
        "memory": "1g",
        "threads": 2,
        "partitions": SMALL.partitions,
        "options": dict(SMALL.options or {}),
        "zone": zone,
        "ask": statements,
    }
    order.write_text(json.dumps(wanted), encoding="utf-8")
    environ = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
    command = [str(PYTHON), str(PROJECT / "tests" / "lib" / "ask_spark.py"), str(order)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, cwd=work)
    assert told.exists(), done.stdout + done.stderr
    found: list[Any] = json.loads(told.read_text(encoding="utf-8"))
    return found
