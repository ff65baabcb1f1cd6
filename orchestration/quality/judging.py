"""Great Expectations at both edges: the frames of a table (``quality.frames``) against its suite; what did not hold, and where."""

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any

import duckdb

from orchestration.language import say
from orchestration.quality.frames import FRAMES, CheckedTable, Frame, Measure, named
from orchestration.quality.suites import BLOCKING, PARAMETER, of_contract
from orchestration.sql import listed, literal, text
from orchestration.transform.controle import NIET_TE_BEOORDELEN, Controle

Expectation = dict[str, Any]


def validate(table: CheckedTable) -> list[Controle]:
    """Hold the frames of ``table`` against its suite: one outcome for each check, in the order of the file.

    A check that cannot be taken (a missing column, say) counts as failed; one over too short a history is not judged.
    """
    suite = table.suite
    given = {"peildatum": table.peildatum, **of_contract(suite), **_asked_of_the_build(table)}
    frames = {name: _made(table, name) for name in dict.fromkeys(e["meta"]["frame"] for e in suite.expectations)}
    passed: dict[int, bool] = {}
    for name, frame in frames.items():
        if frame is not None:
            passed |= _judge(suite.name, [e for e in suite.of_frame(name) if _judgeable(e, frame, given)], frame, given)
    return [_outcome(table, name, expectations, frames, passed, given) for name, expectations in suite.controles.items()]


def _asked_of_the_build(t: CheckedTable) -> dict[str, list[Any]]:
    """The values of the parameters that the suite's file has a query for, as far as the build can give them."""
    found = {}
    for name in _parameters(t.suite.expectations) & set(t.suite.parameters):
        with suppress(duckdb.Error):
            rows = t.con.execute(t.suite.parameters[name].format(schema=t.schema)).fetchall()
            found[name] = [r[0] if len(r) == 1 else r for r in rows]
    return found


def _parameters(expectations: Iterable[Expectation]) -> set[str]:
    return {v[PARAMETER] for e in expectations for v in e["kwargs"].values() if isinstance(v, dict)}


def _made(t: CheckedTable, name: str) -> Frame | None:
    """The frame, or None when it cannot be made."""
    try:
        return FRAMES[name](t)
    except duckdb.Error:
        return None


def _measure(e: Expectation, frame: Frame) -> Measure | None:
    """The statistic that an expectation looks at, if it is one."""
    return frame.measures.get("rijen" if e["type"] == "expect_table_row_count_to_be_between" else e["kwargs"].get("column", ""))


def _judgeable(e: Expectation, frame: Frame, given: dict[str, Any]) -> bool:
    """Whether its columns and parameters are there, and a statistic among them is known and rests on enough."""
    measure = _measure(e, frame)
    there = set(named(e)) <= set(frame.rows.columns) and _parameters([e]) <= set(given)
    return there and (measure is None or (measure.value is not None and not measure.too_short))


_ONE_AT_A_TIME = threading.Lock()
"""Tables are looked at side by side; Great Expectations has one context for all."""


@cache
def _batches() -> Any:
    """Where Great Expectations takes a frame from: made once, since it writes its whole context anew for each that it is told of."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    import great_expectations as gx  # seconds to import, so only where it is used

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context.data_sources.add_pandas("frames").add_dataframe_asset("frame").add_batch_definition_whole_dataframe("frame")


def _judge(name: str, expectations: list[Expectation], frame: Frame, given: dict[str, Any]) -> dict[int, bool]:
    """The identity of each expectation → whether it holds, from Great Expectations."""
    if not expectations:
        return {}
    with _ONE_AT_A_TIME:
        batch = _batches().get_batch({"dataframe": frame.rows})
        import great_expectations as gx

        numbered = [{**e, "meta": {**e["meta"], "id": id(e)}} for e in expectations]
        suite = gx.ExpectationSuite(name=name, expectations=numbered)
        results = batch.validate(suite, result_format="BOOLEAN_ONLY", expectation_parameters=given).results
    return {r.expectation_config.meta["id"]: bool(r.success) for r in results}


def _outcome(
    t: CheckedTable,
    name: str,
    expectations: list[Expectation],
    frames: dict[str, Frame | None],
    passed: dict[int, bool],
    given: dict[str, Any],
) -> Controle:
    first = expectations[0]
    meta, frame = first["meta"], frames[first["meta"]["frame"]]
    measure = _measure(first, frame) if frame else None
    gravity, tripped = ("blokkeert", "gefaald") if first["severity"] == BLOCKING else ("waarschuwt", "gewaarschuwd")
    measured, count, shown = measure.value if measure else None, None, ""
    failing = [e for e in expectations if not passed.get(id(e), True)]
    if measure is not None and measure.too_short:
        outcome = NIET_TE_BEOORDELEN
        shown = say(
            "{what}; not to be judged yet: {history} of the {needed} {unit} that this needs",
            what=meta["wat"],
            history=measure.history,
            needed=measure.needed,
            unit=say(measure.unit),
        )
    elif frame is None or any(id(e) not in passed for e in expectations):
        outcome = tripped
        shown = say("{what}; could not be measured: is the column there? To mend: {who}", what=meta["wat"], who=meta["wie"])
    elif not failing:
        outcome, count = "geslaagd", 0
    else:
        outcome = tripped
        kwargs = [_resolved(e["kwargs"], given) for e in failing]
        where = " or ".join(c for e, k in zip(failing, kwargs, strict=True) if (c := breaks(e, k, t.columns)))
        count = _count(t, first, kwargs[0], frame, where)
        found, places = _seen(first, kwargs[0], frame), t.places(where or None)
        what = f"{meta['wat']}{found}"
        shown = say("{what}; to mend: {who}", what=what, who=meta["wie"])
        if places:
            shown = say("{what}; {places}; to mend: {who}", what=what, places=places, who=meta["wie"])
    if count is not None and (measure is None or measure.scale is None):
        measured = float(count)
    return Controle(f"{t.suite.name}.{name}", "great_expectations", t.name, outcome, gravity, count, shown, measured, bound(expectations))


def _resolved(kwargs: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """With the values of parameters filled in, as Great Expectations does."""
    return {k: given[v[PARAMETER]] if isinstance(v, dict) else v for k, v in kwargs.items()}


def _seen(e: Expectation, kwargs: dict[str, Any], frame: Frame) -> str:
    """What was found and what was expected of a statistic, in counts; empty for what is none."""
    measure = _measure(e, frame) or frame.measures.get(kwargs.get("column_A", ""))
    if measure is None or measure.value is None or measure.scale is None:
        return ""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if "column_B" in kwargs:
        low = high = float(frame.rows[kwargs["column_B"]].sum())
    return f": {measure.scale.seen(measure.value, low, high)}"


# --- the rows that an expectation fails on, and how many there are ------------------------------------------------------------------------

OF_ROWS = {"suspects", "values", "extremes"}
"""Frames of what stands in the rows themselves: what fails in them can be looked up by a condition."""


def breaks(e: Expectation, kwargs: dict[str, Any], types: dict[str, str]) -> str | None:
    """The condition of the rows on which an expectation fails, ``kwargs`` filled in; None where it is about no rows."""
    if e["meta"]["frame"] not in OF_ROWS:
        return None
    column, found = kwargs.get("column", ""), None
    match e["type"].removeprefix("expect_column_"):
        case "values_to_not_be_null":
            found = f"{column} is null"
        case "values_to_be_in_set":
            found = f"{column}::varchar not in ({listed(kwargs['value_set'])})"
        case "pair_values_to_be_in_set":
            pairs = ", ".join(f"({listed(pair)})" for pair in kwargs["value_pairs_set"])
            found = f"({kwargs['column_A']}::varchar, {kwargs['column_B']}::varchar) not in ({pairs})"
        case "values_to_match_regex":
            found = f"not regexp_matches({column}, {text(kwargs['regex'].replace(chr(92) + 'Z', chr(92) + 'z'))})"  # DuckDB's name for it
        case "values_to_be_between":
            value = f"cast({column} as date)" if types.get(column, "").startswith("TIMESTAMP") else column
            bounds = [f"{value} {sign} {literal(kwargs[k])}" for k, sign in (("min_value", "<"), ("max_value", ">")) if k in kwargs]
            found = " or ".join(bounds)
    return found


def _count(t: CheckedTable, e: Expectation, kwargs: dict[str, Any], frame: Frame, where: str) -> int | None:
    """How many rows fail, or what else of it can be counted; None for a statistic."""
    if where:
        return int(t.number(f"select count(*) from ({t.all_rows}) where {where}"))
    rows = frame.rows
    match e["type"].removeprefix("expect_"):
        case "table_columns_to_match_set":
            return len(set(kwargs["column_set"]) - set(rows.columns))
        case "compound_columns_to_be_unique":
            keys = ", ".join(kwargs["column_list"])
            return int(t.number(f"select sum(n - 1) from (select count(*) as n from ({t.all_rows}) group by {keys})"))
        case "column_pair_values_to_be_equal" | "column_pair_values_a_to_be_greater_than_b":
            short = rows[kwargs["column_B"]] - rows[kwargs["column_A"]]
            return int((short.abs() if e["type"].endswith("equal") else short.clip(lower=0)).sum())
        case "column_values_to_be_between" if e["meta"]["frame"] == "years":
            return int((~rows[kwargs["column"]].between(kwargs["min_value"], kwargs["max_value"])).sum())
    return None


# --- bounds in words ----------------------------------------------------------------------------------------------------------------------

WORDS = {
    "expect_table_columns_to_match_set": ("alle {column_set}", "een die ontbreekt van {column_set}"),
    "expect_column_values_to_not_be_null": ("{column} gevuld", "{column} leeg"),
    "expect_column_values_to_be_in_set": ("{column} uit {value_set}", "{column} buiten {value_set}"),
    "expect_column_values_to_match_regex": ("{column} als {regex}", "{column} anders dan {regex}"),
    "expect_column_pair_values_to_be_in_set": ("{column_A} en {column_B} uit {value_pairs_set}", "een paar buiten {value_pairs_set}"),
    "expect_compound_columns_to_be_unique": ("{column_list} eenmaal", "{column_list} vaker dan eens"),
    "expect_column_pair_values_to_be_equal": ("{column_A} gelijk aan {column_B}", "{column_A} anders dan {column_B}"),
    "expect_column_pair_values_a_to_be_greater_than_b": ("{column_A} ten minste {column_B}", "minder {column_A} dan {column_B}"),
}
"""Type of an expectation → what it asks, and what it fails on; of the others it is their least and greatest value."""


def bound(expectations: list[Expectation]) -> str:
    """What the expectations of a check ask, in words."""
    return "; ".join(dict.fromkeys(_words(e, 0, ("ten minste", "hoogstens"), " en ") for e in expectations))


def fails_on(expectations: list[Expectation]) -> str:
    """What the expectations of a check fail on, in words."""
    return "; ".join(dict.fromkeys(_words(e, 1, ("minder dan", "meer dan"), " of ") for e in expectations))


def _words(e: Expectation, which: int, bounds: tuple[str, str], between: str) -> str:
    shown = {k: _word(v) for k, v in e["kwargs"].items()}
    if e["type"] in WORDS:
        return WORDS[e["type"]][which].format_map(shown)
    return between.join(f"{word} {shown[k]}" for k, word in zip(("min_value", "max_value"), bounds, strict=True) if k in shown)


def _word(value: Any) -> str:
    if isinstance(value, dict):
        return str(value[PARAMETER])
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
