"""Great Expectations at the edges: suites are files in ``expectations/suites``, batches are DataFrames made at run time.

A value in a suite may name its home instead of repeating it: ``{"codelijst": "melder"}`` stands for the codes of that list,
``{"catalogus": "indicator"}`` for the codes of the indicator catalogue, ``{"grens": "peildatum"}`` for a value that the run gives.
"""

import csv
import importlib
import json
import os
import threading
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.build.controle import Controle
from orchestration.settings import PROJECT

SUITES = PROJECT / "expectations" / "suites"
CODES = PROJECT / "seeds" / "codes" / "codelijsten.csv"
CATALOGUE = PROJECT / "seeds" / "catalogue" / "indicatoren_catalogus.csv"

BLOCKING = "critical"
"""The severity at which a failing expectation holds the release back; any other is a warning."""


def warm_up() -> None:
    """Begin to import Great Expectations, which takes seconds, beside whatever runs now."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    threading.Thread(target=importlib.import_module, args=["great_expectations"], daemon=True).start()


def load_suite(name: str, grenzen: dict[str, Any]) -> dict[str, Any]:
    """The suite ``expectations/suites/<name>.json`` with its references filled in.

    Raises ``KeyError`` when the suite asks for a bound that ``grenzen`` does not hold.
    """
    suite: dict[str, Any] = _resolve(json.loads((SUITES / f"{name}.json").read_text()), grenzen)
    return suite


def _resolve(value: Any, grenzen: dict[str, Any]) -> Any:
    match value:
        case {"codelijst": lijst}:
            return [r["code"] for r in _rows(CODES) if r["codelijst"] == lijst]
        case {"catalogus": column}:
            return sorted({r[column] for r in _rows(CATALOGUE)})
        case {"grens": name}:
            return grenzen[name]
        case dict():
            return {k: _resolve(v, grenzen) for k, v in value.items()}
        case list():
            return [_resolve(v, grenzen) for v in value]
    return value


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def validate(name: str, frame: pd.DataFrame, grenzen: dict[str, Any]) -> list[Controle]:
    """Hold ``frame`` against suite ``name``: one outcome for each expectation, in the order of the file.

    An expectation that cannot be evaluated (a missing column, say) counts as failed.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    import great_expectations as gx  # seconds to import, so only where it is used

    suite = load_suite(name, grenzen)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = context.data_sources.pandas_default.read_dataframe(frame)
    results = batch.validate(gx.ExpectationSuite(name=name, expectations=suite["expectations"]), result_format="SUMMARY").results
    by_name = {r.expectation_config.meta["naam"]: r for r in results}
    return [_outcome(name, e, by_name.get(e["meta"]["naam"])) for e in suite["expectations"]]


def _outcome(suite: str, expectation: dict[str, Any], result: Any) -> Controle:
    meta = expectation["meta"]
    ok = result is not None and bool(result.success)
    blocking = expectation["severity"] == BLOCKING
    count = None if result is None else result.result.get("unexpected_count")
    broken = result is None or any(i.get("raised_exception") for i in _exceptions(result))
    text = "" if ok else f"{meta['wat']}; could not be evaluated: is the column there?" if broken else f"{meta['wat']}; fix: {meta['wie']}"
    return Controle(
        naam=f"{suite}.{meta['naam']}",
        uitgevoerd_met="great_expectations",
        onderwerp=suite,
        uitkomst="geslaagd" if ok else "gefaald" if blocking else "gewaarschuwd",
        ernst="blokkeert" if blocking else "waarschuwt",
        aantal=count if not ok else 0,
        toelichting=text,
    )


def _exceptions(result: Any) -> list[dict[str, Any]]:
    info = result.exception_info or {}
    return [info] if "raised_exception" in info else [i for i in info.values() if isinstance(i, dict)]
