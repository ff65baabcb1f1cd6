"""The lines of the file: each record set by its layout, in SQL; and a file back into columns, by the same layout.

Nothing is cut off and nothing is left out: a value that does not fit, a code without a place that says so, a sign that is no ASCII and an
empty field that must be filled are all told, with the lines of the registration that they stand on, and then there is no file.
"""

from dataclasses import dataclass

import duckdb

from orchestration import duck
from orchestration.language import later, say
from orchestration.outputs.cbs.columns import code_list
from orchestration.outputs.cbs.columns import codes as codes_of
from orchestration.outputs.cbs.half_year import CbsError, HalfYear
from orchestration.outputs.cbs.layout import ENDS, WHERE, FileLayout, LayoutField, Record
from orchestration.outputs.cbs.source import value_sql
from orchestration.sql import literal, text

SHOWN = 3
"""Lines that are named of each fault."""
FAULTS = {
    "te_lang": later("{count} values are longer than the {length} positions of the field"),
    "niet_ascii": later("{count} values hold signs that are no ASCII"),
    "leeg": later("{count} times empty, where the layout wants it filled"),
}


@dataclass(frozen=True)
class Written:
    """What stands in the lines."""

    counts: dict[str, int]
    """Record set → records."""
    left_out: dict[str, int]
    """``field=code`` → how often a code was not delivered, as the layout has no place for it."""


def write(con: duckdb.DuckDBPyConnection, layout: FileLayout, period: HalfYear, where: str) -> Written:
    """Make the table ``lines`` (code, nummer, line) of a half-year, in the order of the file. ``where``: the organisation's number at CBS.

    Raises ``CbsError`` with every fault, when there is any.
    """
    con.execute("create or replace table lines (code varchar, nummer bigint, line varchar)")
    faults: list[str] = []
    counts: dict[str, int] = {}
    left_out: dict[str, int] = {}
    for record in layout.records:
        con.execute(
            f"""create or replace temp table rows_of_record as
            select {", ".join(_own(layout, field, where) for field in record.fields)}, {_lists(layout, record)} _levering, _bestand, _regel
            from {record.of} where telt_op between {literal(period.first)} and {literal(period.last)}"""
        )
        faults += _faults(con, record)
        left_out |= _left_out(con, record)
        whole = " || ".join(_placed(field) for field in record.fields)
        order = ", ".join(f"f_{field.name}" for field in record.keys)
        con.execute(
            f"insert into lines select {text(record.code)}, row_number() over (order by {order}, _levering, _regel), {whole} "
            "from rows_of_record"
        )
        counts[record.of] = duck.number(con, "select count(*) from rows_of_record")
        if twice := duck.number(con, f"select count(*) from (select 1 from rows_of_record group by {order} having count(*) > 1)"):
            faults.append(say("record {code}: {count} keys stand there twice", code=record.code, count=twice))
    if faults:
        raise CbsError(say("Nothing was written, for this does not fit the layout:") + "".join(f"\n- {fault}" for fault in faults))
    return Written(counts, left_out)


def _own(layout: FileLayout, field: LayoutField, where: str) -> str:
    """SQL: what a field holds, as text, before it takes its place."""
    name = f"f_{field.name}"
    if field.column is None:
        return f"{text(field.fixed or '')} as {name}"
    if field.column == WHERE:
        return f"{text(where)} as {name}"
    value = value_sql(field.column)
    if field.codes is None:
        return f"{value} as {name}"
    pairs = ", ".join(f"{text(ours)}: {text(theirs)}" for ours, theirs in layout.tables[field.codes].items())
    table = f"map {{{pairs}}}"
    if field.kind == "code":
        return f"nullif({table}[{value}], '') as {name}"
    delivered = f"list_sort(list_distinct(list_filter(list_transform({value}, lambda c: {table}[c]), lambda c: c <> '')))"
    return f"nullif(array_to_string({delivered}, ''), '') as {name}"


def _lists(layout: FileLayout, record: Record) -> str:
    """SQL: of each field with codes, those that have no place, as a list."""
    parts = []
    for field in record.fields:
        if field.codes is None or field.column is None:
            continue
        none = [code for code in codes_of(code_list(field.column)) if not layout.tables[field.codes][code]]
        value = value_sql(field.column)
        as_list = value if field.kind == "codes" else f"[{value}]"
        unplaced = f"[{', '.join(map(text, none))}]::varchar[]"
        parts.append(f"list_filter({as_list}, lambda c: list_contains({unplaced}, c)) as u_{field.name},")
    return " ".join(parts)


def _placed(field: LayoutField) -> str:
    """SQL: a field at its length; text to the left, numbers to the right behind noughts."""
    empty = text((field.empty or "").ljust(field.length))
    value = f"f_{field.name}"
    if field.kind == "getal":
        return f"coalesce(lpad({value}, {field.length}, '0'), {empty})"
    return f"coalesce(rpad({value}, {field.length}, ' '), {empty})"


def _faults(con: duckdb.DuckDBPyConnection, record: Record) -> list[str]:
    """A sentence for each field and kind of fault: how often, and on which lines of which delivery; never what stands there."""
    found = []
    for field in record.fields:
        value = f"f_{field.name}"
        tests = {"te_lang": f"length({value}) > {field.length}", "niet_ascii": f"regexp_matches({value}, '[^ -~]')"}
        if field.required:
            tests["leeg"] = f"{value} is null"
        for kind, test in tests.items():
            count = duck.number(con, f"select count(*) from rows_of_record where {test}")
            if not count:
                continue
            lines = con.execute(
                f"select _levering || ':' || _bestand || ':' || _regel from rows_of_record where {test} order by all limit {SHOWN}"
            )
            what = say(FAULTS[kind], count=count, length=field.length)
            found.append(
                say(
                    "record {code}, field {field}: {what} ({lines}; vt trace --rij tells more)",
                    code=record.code,
                    field=field.name,
                    what=what,
                    lines=", ".join(line for (line,) in lines.fetchall()),
                )
            )
    return found


def _left_out(con: duckdb.DuckDBPyConnection, record: Record) -> dict[str, int]:
    found: dict[str, int] = {}
    for field in record.fields:
        if field.codes is not None and field.column is not None:
            query = f"select c, count(*) from (select unnest(u_{field.name}) as c from rows_of_record) group by c order by c"
            found |= {f"{record.of}.{field.name}={code}": count for code, count in con.execute(query).fetchall()}
    return found


def content(con: duckdb.DuckDBPyConnection, layout: FileLayout) -> bytes:
    """The file of ``lines``: records in the order of the layout, each with its line end."""
    order = [record.code for record in layout.records]
    end = ENDS[layout.line_end]
    found = con.execute(
        f"select string_agg(line || {text(end)}, '' order by list_position(?, code), nummer) from lines", [order]
    ).fetchone()
    return (found[0] or "").encode("ascii") if found else b""


def parse(con: duckdb.DuckDBPyConnection, layout: FileLayout, file: bytes, prefix: str) -> None:
    """Tables ``<prefix>_<record set>`` with a column of text for each field, of a file by its layout. Raises ``CbsError`` for a line that
    is of no record, or of another length than its record.
    """
    first, last = layout.code_at
    con.execute(
        f"create or replace table {prefix} as select unnest(string_split(?, ?)) as line", [file.decode("ascii"), ENDS[layout.line_end]]
    )
    con.execute(f"delete from {prefix} where line = ''")
    lengths = " or ".join(f"(code = {text(r.code)} and length(line) = {r.length})" for r in layout.records)
    code = f"substr(line, {first}, {last - first + 1})"
    if odd := duck.number(con, f"select count(*) from (select line, {code} as code from {prefix}) where not ({lengths})"):
        raise CbsError(say("{count} lines of the file are of no record of layout {version}.", count=odd, version=layout.version))
    for record in layout.records:
        fields = ", ".join(f"rtrim(substr(line, {f.position}, {f.length})) as {f.name}" for f in record.fields)
        con.execute(f"create or replace table {prefix}_{record.of} as select {fields} from {prefix} where {code} = {text(record.code)}")
