"""Great Expectations at both edges: suites are files in ``expectations/suites``, what they judge is measured at run time (``maten``).

A file makes one suite for each table that it lists: its expectations, in Great Expectations' own words, with the table's entry filled in.
The column that an expectation looks at is the measure under its name.
"""

import importlib
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import yaml

from orchestration.build.controle import NIET_TE_BEOORDELEN, Controle
from orchestration.quality.maten import Maat, Tabel
from orchestration.settings import PROJECT

SUITES = PROJECT / "expectations" / "suites"

BLOCKING = "critical"
"""The severity at which a failing expectation holds the release back; any other is a warning."""


@dataclass(frozen=True)
class Suite:
    """What is expected of one table. ``verwachtingen`` as Great Expectations takes them, with ``maat`` in their meta."""

    naam: str
    schema: str
    tabel: str
    opties: dict[str, Any]
    verwachtingen: tuple[dict[str, Any], ...]


def warm_up() -> None:
    """Begin to import Great Expectations, which takes seconds, beside whatever runs now."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    threading.Thread(target=importlib.import_module, args=["great_expectations"], daemon=True).start()


@cache
def load(edge: str) -> tuple[Suite, ...]:
    """The suites of ``expectations/suites/<edge>.yaml``: ``landing`` or ``uitgave``."""
    content = yaml.safe_load((SUITES / f"{edge}.yaml").read_text(encoding="utf-8"))
    return tuple(
        Suite(
            content["naam"].format(tabel=table),
            content["schema"],
            table,
            options,
            tuple(e for template in content["verwachtingen"] for e in _expand(template, table, options)),
        )
        for table, options in content["tabellen"].items()
    )


def _expand(template: dict[str, Any], table: str, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The expectations that a template gives on a table: none, one, or one for each field under ``per``."""
    if table not in template.get("alleen", [table]) or table in template.get("niet", []):
        return
    bare = {k: v for k, v in template.items() if k not in {"alleen", "niet", "per"}}
    if "per" not in template:
        yield bare
        return
    fields = options.get(template["per"], [])
    for name in fields:
        yield _fill(bare, {"{veld}": name, "{waarde}": fields[name] if isinstance(fields, dict) else ""})


def _fill(value: Any, names: dict[str, str]) -> Any:
    match value:
        case dict():
            return {k: _fill(v, names) for k, v in value.items()}
        case list():
            return [_fill(v, names) for v in value]
        case str():
            for name, text in names.items():
                value = value.replace(name, text)
    return value


@cache
def _context() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    import great_expectations as gx  # seconds to import, so only where it is used

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def validate(suite: Suite, tabel: Tabel) -> list[Controle]:
    """Hold the measures of ``tabel`` against ``suite``: one outcome for each expectation, in the order of the file.

    A measure that cannot be taken (a missing column, say) counts as failed; one over too short a history is not judged.
    """
    with suppress(duckdb.Error, KeyError):  # one that cannot be taken spoils the pass; each is then taken by itself
        tabel.tel([e["meta"]["maat"] for e in suite.verwachtingen])
    measured = {e["meta"]["naam"]: _measure(tabel, e["meta"]["maat"]) for e in suite.verwachtingen}
    judged = [e for e in suite.verwachtingen if (m := measured[e["meta"]["naam"]]) and m.waarde is not None and not m.te_kort]
    passed = _judge(suite.naam, judged, {name: m.waarde for name, m in measured.items() if m})
    return [_outcome(suite, tabel, e, measured[e["meta"]["naam"]], passed.get(e["meta"]["naam"])) for e in suite.verwachtingen]


def _measure(tabel: Tabel, maat: dict[str, Any]) -> Maat | None:
    """The measure, or None when it cannot be taken."""
    try:
        return tabel.meet(maat)
    except (duckdb.Error, KeyError):
        return None


_ONE_AT_A_TIME = threading.Lock()
"""Tables are measured side by side; Great Expectations has one context for all."""


def _judge(name: str, expectations: list[dict[str, Any]], values: dict[str, float | None]) -> dict[str, bool]:
    """Name → whether the expectation holds, from Great Expectations."""
    if not expectations:
        return {}
    with _ONE_AT_A_TIME:
        context = _context()
        import great_expectations as gx
        import pandas as pd  # comes with Great Expectations, and takes as long to import as half of the rest

        frame = pd.DataFrame([{e["meta"]["naam"]: values[e["meta"]["naam"]] for e in expectations}])
        batch = context.data_sources.pandas_default.read_dataframe(frame)
        asked = [{**e, "kwargs": {"column": e["meta"]["naam"], **e["kwargs"]}} for e in expectations]
        results = batch.validate(gx.ExpectationSuite(name=name, expectations=asked), result_format="BOOLEAN_ONLY").results
    return {r.expectation_config.meta["naam"]: bool(r.success) for r in results}


def _outcome(suite: Suite, tabel: Tabel, expectation: dict[str, Any], maat: Maat | None, passed: bool | None) -> Controle:
    meta = expectation["meta"]
    blocking = expectation["severity"] == BLOCKING
    ernst, tripped = ("blokkeert", "gefaald") if blocking else ("waarschuwt", "gewaarschuwd")
    count = None
    if maat is not None and maat.te_kort:
        outcome = NIET_TE_BEOORDELEN
        text = f"{meta['wat']}; nog niet te beoordelen: {maat.geschiedenis} van de {maat.nodig} {maat.eenheid} die daarvoor nodig zijn"
    elif maat is None or maat.waarde is None or passed is None:
        outcome, text = tripped, f"{meta['wat']}; kon niet worden gemeten: is de kolom er? Oplossen: {meta['wie']}"
    elif passed:
        outcome, text, count = "geslaagd", "", 0
    else:
        outcome = tripped
        where = tabel.plaatsen(meta["maat"])
        count = int(maat.waarde) if meta["maat"]["soort"] in TELT else None
        limits = expectation["kwargs"]
        shown = f": {maat.schaal.gezien(maat.waarde, limits.get('min_value'), limits.get('max_value'))}" if maat.schaal else ""
        text = f"{meta['wat']}{shown}" + (f"; {where}" if where else "") + f"; oplossen: {meta['wie']}"
    name, measured = f"{suite.naam}.{meta['naam']}", maat.waarde if maat else None
    return Controle(
        name, "great_expectations", suite.tabel, outcome, ernst, count, text, measured, bounds(expectation, "ten minste", "hoogstens")
    )


def bounds(expectation: dict[str, Any], least: str, most: str, between: str = " en ") -> str:
    """The bounds of an expectation in words."""
    kwargs = expectation["kwargs"]
    return between.join(f"{word} {kwargs[key]}" for key, word in (("min_value", least), ("max_value", most)) if key in kwargs)


TELT = {
    "telling",
    "sleutel_leeg",
    "codes_onbekend",
    "datum_na_peildatum",
    "datum_voor_eerste_dag",
    "aandeel_buiten_bereik",
    "negatief",
    "dubbel",
    "kolommen",
    "onbekend",
    "gebieden_ontbreken",
    "perioden_ontbreken",
    "jaarsprongen",
}
"""Measures that count what fails."""
