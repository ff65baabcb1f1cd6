"""Run by the Python that has Spark: ``python ask_spark.py ORDER``. Asks a session as ``vt spark`` makes it; answers as JSON.

An error is the name of its class.
"""

import importlib.util
import json
import sys
from pathlib import Path

order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
spec = importlib.util.spec_from_file_location("session", order["session"])
assert spec is not None and spec.loader is not None
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
session = module.make_session(order)


def answer(statement: str) -> object:
    try:
        return [[str(value) if value is not None else None for value in row] for row in session.sql(statement).collect()]
    except Exception as error:  # whatever it is, the test says whether it should be
        return type(error).__name__


Path(order["told"]).write_text(json.dumps([answer(statement) for statement in order["ask"]]), encoding="utf-8")
session.stop()
