"""The CSV files of a delivery: read once, checked to the byte, parsed by DuckDB.

A file is copied into anonymous memory while its checksum is taken, so that what was checked is what is parsed, also when someone writes on
in the inbox, and nothing personal touches a disk. A file without quotes, carriage returns and empty lines (nearly all of them) goes to
DuckDB as it is. In others the records are found here first, by the positions of quotes and line ends: that gives the physical line on which
each record starts, and refuses what DuckDB would let pass.
"""

import codecs
import csv
import hashlib
import mmap
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from orchestration import duck
from orchestration.intake.contract import DELETED, Entity
from orchestration.intake.delivery import CHUNK, MAX_FILE, DeliveredFile, RefusedError, Source, tidy
from orchestration.language import later, say
from orchestration.sql import text

MAX_RECORD = 1 << 20
"""Bytes that one record may hold; DuckDB reads lines up to twice as long."""
MAX_HEADER = 1 << 16
BLOCK = 1 << 26
BOM = b"\xef\xbb\xbf"
NEWLINE, RETURN = b"\n\r"

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Form:
    """How a CSV file is written; as it stands here, the form of the contract."""

    separator: str = ";"
    quote: str = '"'
    """Empty where nothing is quoted: the sign is then a sign like any other."""
    encoding: str = "utf-8"
    """The name of a codec of Python's."""
    columns: tuple[str, ...] = ()
    """The names of the columns of a file without a header."""

    @cached_property
    def separator_byte(self) -> int:
        return self.separator.encode()[0]

    @cached_property
    def quote_byte(self) -> int | None:
        return self.quote.encode()[0] if self.quote else None

    @property
    def sql(self) -> str:
        """The options of DuckDB's reader; nothing is detected, everything is given."""
        quoted = text(self.quote)
        return (
            f"delim = {text(self.separator)}, quote = {quoted}, escape = {quoted}, auto_detect = false, strict_mode = true, "
            "new_line = '\\n', null_padding = false"
        )


CONTRACT = Form()


@dataclass(frozen=True)
class FileRead:
    """A file that was read: its rows stand in a DuckDB view with the columns of the contract as text."""

    entity: str
    file: str
    rows: int
    unknown_columns: tuple[str, ...]


def read_file(
    con: duckdb.DuckDBPyConnection, source: Source, delivered: DeliveredFile, entity: Entity, table: str, scratch: Path
) -> FileRead:
    """Read one listed file; its rows become the DuckDB view ``table``.

    The view has ``nummer`` (record, from 0), ``regel`` (physical line on which the record starts; the header's is 1), every contract column
    of the entity as text (null where empty) and ``verwijderd``. ``scratch`` is a folder for systems without anonymous memory. Raises
    ``RefusedError`` that names file, line and field.
    """
    with _memory(scratch) as memory:
        seen = _copy(source, delivered.bestand, memory, CONTRACT)
        _verify_checksum(seen, delivered)
        with memory.array() as data:
            header = _header(data, delivered.bestand, CONTRACT)
            _verify_header(header.names, entity, delivered.bestand)
            columns = _columns_of(header.names, entity)
            rows = _read(con, memory, data, seen, header, columns, table, delivered.bestand, CONTRACT, scratch, delivered.rijen)
    known = _known(entity)
    return FileRead(delivered.entiteit, delivered.bestand, rows, tuple(tidy(n) for n in header.names if n not in known))


@dataclass(frozen=True)
class OtherRead:
    """A file of another form that was read: column ``k<i>`` of its view is ``names[i]``."""

    names: tuple[str, ...]
    rows: int


def read_other(con: duckdb.DuckDBPyConnection, source: Source, name: str, form: Form, table: str, scratch: Path) -> OtherRead:
    """Read a CSV file of another form than the contract's, as strictly; its rows become the DuckDB view ``table``.

    The view has ``nummer`` and ``regel`` as that of ``read_file``, and its columns as text under ``k0``, ``k1``, ..., null where empty.
    Raises ``RefusedError`` that names file and line.
    """
    with _memory(scratch) as memory:
        seen = _sound(_copy(source, name, memory, form))
        with memory.array() as data:
            header = _header(data, name, form)
            columns = {f"k{i}": f"k{i}" for i in range(len(header.names))}
            rows = _read(con, memory, data, seen, header, columns, table, name, form, scratch)
    return OtherRead(header.names, rows)


def measure(source: Source, entity: str, name: str, scratch: Path) -> DeliveredFile:
    """A file of the contract as a manifest lists it: its rows counted and its checksum taken. Raises ``RefusedError`` as reading does."""
    with _memory(scratch) as memory:
        seen = _sound(_copy(source, name, memory, CONTRACT))
        with memory.array() as data:
            found = _records(data, _header(data, name, CONTRACT), name, CONTRACT)
            return DeliveredFile(entity, name, len(found.starts), seen.sha256)


def _read(
    con: duckdb.DuckDBPyConnection,
    memory: "_Memory",
    data: Bytes,
    seen: "_Seen",
    header: "_Header",
    columns: dict[str, str],
    table: str,
    name: str,
    form: Form,
    scratch: Path,
    listed: int | None = None,
) -> int:
    """Make the view ``table`` of a file that was copied; returns its rows. ``columns``: what ``_parse`` takes. ``listed``: the rows that
    the manifest says, where one does.
    """
    if not seen.plain:
        return _read_quoted(con, data, header, columns, table, name, form, scratch, listed)
    first = 1 if form.columns else 2
    rows = seen.lines + (seen.last not in {b"", b"\n"}) - (first - 1)
    if seen.separators != (rows + first - 1) * (len(header.names) - 1):
        _records(data, header, name, form)
    rows = max(rows, 0)  # of a file without anything in it
    _verify_rows(rows, listed, name)
    try:
        _parse(con, memory.path, len(header.names), columns, table, name, form, rows, header_line=not form.columns)
    except RefusedError:
        _records(data, header, name, form)  # knows the line
        raise
    con.execute(f"create or replace view {table} as select rowid as nummer, rowid + {first} as regel, * from {table}_csv")
    return rows


def raw_records(source: Source, delivered: DeliveredFile, numbers: Positions, scratch: Path) -> pa.Table:
    """The records with these numbers (from 0) as they stand in the file: Arrow, ``nummer`` and ``ruw`` (bytes, with line end)."""
    with _memory(scratch) as memory:
        _verify_checksum(_copy(source, delivered.bestand, memory, CONTRACT), delivered)
        with memory.array() as data:
            found = _records(data, _header(data, delivered.bestand, CONTRACT), delivered.bestand, CONTRACT)
            offsets = np.append(found.starts, len(data)).astype(np.int64)
            whole = pa.LargeBinaryArray.from_buffers(
                pa.large_binary(), len(found.starts), [None, pa.py_buffer(offsets), pa.py_buffer(data)]
            )
            table = pa.table({"nummer": pa.array(numbers), "ruw": whole.take(pa.array(numbers))})
            del whole
            return table


# --- copying ---------------------------------------------------------------------------------------------------------------------------


@dataclass
class _Memory:
    """A file without a name. On Linux it lies in memory; elsewhere it is a temporary file that goes when it is closed."""

    handle: int
    path: str
    size: int = 0

    def write(self, chunk: bytes | memoryview) -> None:
        view = memoryview(chunk)
        while view:
            view = view[os.write(self.handle, view) :]
        self.size += len(chunk)

    @contextmanager
    def array(self) -> Iterator[Bytes]:
        if self.size:
            # The map goes with the last array that looks into it; closing it here would fail while an error still holds one.
            yield np.frombuffer(mmap.mmap(self.handle, self.size, prot=mmap.PROT_READ), dtype=np.uint8)
        else:
            yield np.empty(0, dtype=np.uint8)


@contextmanager
def _memory(scratch: Path) -> Iterator[_Memory]:
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("levering", os.MFD_CLOEXEC)
        try:
            yield _Memory(handle, f"/proc/self/fd/{handle}")
        finally:
            os.close(handle)
    else:
        scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=scratch) as file:
            yield _Memory(file.fileno(), file.name)


@dataclass
class _Seen:
    """What the copying saw of a file."""

    lines: int = 0
    separators: int = 0
    quotes: bool = False
    returns: bool = False
    empty_lines: bool = False
    last: bytes = b""
    sha256: str = ""
    problem: RefusedError | None = None
    """Why it is no UTF-8."""

    @property
    def plain(self) -> bool:
        """Every line is a record."""
        return not (self.quotes or self.returns or self.empty_lines)


def _copy(source: Source, name: str, memory: _Memory, form: Form) -> _Seen:
    """Copy the file into memory, as UTF-8; refuse a wrong encoding, NUL bytes, endless lines and endless files, and take its checksum.

    What is wrong with a file of the contract within its lines is told only once its checksum is known to be right.
    """
    digest, seen = hashlib.sha256(), _Seen()
    own = form.encoding == "utf-8"
    decoder = codecs.getincrementaldecoder(form.encoding)()
    line_length = 0
    with source.open(name) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            if own:
                seen.problem = seen.problem or _undecodable(chunk, decoder, seen, name, first=memory.size == 0)
            else:
                chunk = _converted(chunk, decoder, seen, name)
            memory.write(chunk)
            if memory.size > MAX_FILE:
                raise RefusedError("te_groot", say("holds more than {most} GiB", most=MAX_FILE >> 30), file=name)
            at = chunk.rfind(b"\n")
            line_length = line_length + len(chunk) if at < 0 else len(chunk) - at - 1
            if line_length > MAX_RECORD:
                raise _too_long(name, seen.lines + chunk.count(b"\n") + 1)
            seen.empty_lines |= b"\n\n" in chunk or (chunk[:1] == b"\n" and seen.last in {b"", b"\n"})
            seen.lines += chunk.count(b"\n")
            seen.separators += chunk.count(form.separator.encode())
            seen.quotes |= bool(form.quote) and form.quote.encode() in chunk
            seen.returns |= b"\r" in chunk
            seen.last = chunk[-1:] or seen.last
    seen.sha256 = digest.hexdigest()
    if own:
        seen.problem = seen.problem or _undecodable(b"", decoder, seen, name, first=False, final=True)
    else:
        _converted(b"", decoder, seen, name, final=True)
    return seen


def _verify_checksum(seen: _Seen, delivered: DeliveredFile) -> None:
    if seen.sha256 != delivered.sha256:
        raise RefusedError(
            "controlesom",
            say("the checksum is not the one in levering.json; the file changed on its way, send it again"),
            file=delivered.bestand,
        )
    _sound(seen)


def _sound(seen: _Seen) -> _Seen:
    if seen.problem:
        raise seen.problem
    return seen


def _converted(chunk: bytes, decoder: codecs.IncrementalDecoder, seen: _Seen, name: str, *, final: bool = False) -> bytes:
    """What stands in ``chunk`` as UTF-8."""
    before = decoder.getstate()
    try:
        found = decoder.decode(chunk, final).encode("utf-8", "strict")
    except UnicodeError as error:
        decoder.setstate(before)
        good = chunk[: max(0, error.start - len(before[0]))] if isinstance(error, UnicodeDecodeError) else b""
        with suppress(UnicodeError):
            seen.lines += decoder.decode(good).count("\n")
        raise RefusedError("codering", say("is not in the encoding that is said of it"), file=name, line=seen.lines + 1) from None
    if (nul := found.find(b"\0")) >= 0:
        line = seen.lines + found.count(b"\n", 0, nul) + 1
        raise RefusedError("codering", say("holds a NUL byte; deliver UTF-8 text"), file=name, line=line)
    return found


def _undecodable(
    chunk: bytes, decoder: codecs.IncrementalDecoder, seen: _Seen, name: str, *, first: bool, final: bool = False
) -> RefusedError | None:
    if first and chunk[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return RefusedError("codering", say("is UTF-16; deliver UTF-8"), file=name, line=1)
    nul = chunk.find(b"\0")
    if nul >= 0:
        line = seen.lines + chunk.count(b"\n", 0, nul) + 1
        return RefusedError("codering", say("holds a NUL byte; deliver UTF-8 text"), file=name, line=line)
    held = len(decoder.getstate()[0])
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line = seen.lines + chunk.count(b"\n", 0, max(0, error.start - held)) + 1
        return RefusedError("codering", say("is not UTF-8"), file=name, line=line)
    return None


def _too_long(name: str, line: int) -> RefusedError:
    return RefusedError("te_lang", say("a record is longer than {most} MiB", most=MAX_RECORD >> 20), file=name, line=line)


def _carriage_return(name: str, line: int) -> RefusedError:
    return RefusedError("regeleinde", say("a carriage return that ends no line; lines end in LF or CR LF"), file=name, line=line)


# --- header ----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Header:
    names: tuple[str, ...]
    body: int
    """Where the first record starts."""


def _header(data: Bytes, name: str, form: Form) -> _Header:
    start = 3 if data[:3].tobytes() == BOM else 0
    if form.columns:
        return _Header(form.columns, start)
    head = data[start : start + MAX_HEADER].tobytes()
    end = head.find(b"\n")
    while end >= 0 and form.quote and head.count(form.quote.encode(), 0, end) % 2:
        end = head.find(b"\n", end + 1)
    if end < 0 and start + len(head) < len(data):
        raise RefusedError("kopregel", say("the header never ends"), file=name, line=1)
    line = head if end < 0 else head[:end]
    body = len(data) if end < 0 else start + end + 1
    line = line.removesuffix(b"\r")
    if b"\r" in line:
        raise _carriage_return(name, 1)
    try:
        names = next(_fields(line.decode("utf-8"), form), [])
    except (csv.Error, UnicodeDecodeError):
        raise RefusedError("kopregel", say("the header cannot be parsed"), file=name, line=1) from None
    return _Header(tuple(names), body)


def _fields(line: str, form: Form) -> Iterator[list[str]]:
    if not form.quote:
        return iter([line.split(form.separator)])
    return csv.reader([line], delimiter=form.separator, quotechar=form.quote, strict=True)


def _known(entity: Entity) -> tuple[str, ...]:
    return (*(v.name for v in entity.fields), DELETED)


def _verify_header(names: tuple[str, ...], entity: Entity, name: str) -> None:
    """Every contract column is there, once. What else stands in a header that is none could be data: it is not shown."""
    missing = [v.name for v in entity.fields if v.name not in names]
    if missing and (why := _other_form(names, entity)):
        raise RefusedError("kolom_ontbreekt", why, file=name, line=1)
    if missing:
        one = later("the column is missing; the first line names every column of {entity}, separated by ;")
        several = later("the column is missing (and {others} more); the first line names every column of {entity}, separated by ;")
        reason = say(several if missing[1:] else one, entity=entity.name, others=len(missing) - 1)
        raise RefusedError("kolom_ontbreekt", reason, file=name, line=1, field=missing[0])
    for position, column in enumerate(names, 1):
        if column in names[: position - 1]:
            shown = column if column in _known(entity) else say("column {position}", position=position)
            raise RefusedError("kolom_dubbel", say("stands twice in the header"), file=name, line=1, field=shown)


SEPARATORS = {
    ",": later("the columns are separated by commas, and the contract asks for ; between them. Export the file again with ;"),
    "\t": later("the columns are separated by tabs, and the contract asks for ; between them. Export the file again with ;"),
    "|": later("the columns are separated by bars, and the contract asks for ; between them. Export the file again with ;"),
}


def _other_form(names: tuple[str, ...], entity: Entity) -> str:
    """How a header differs that names the columns of the contract in another form; empty when it does not."""
    known = {v.name for v in entity.fields}
    for separator, why in SEPARATORS.items():
        if len(names) == 1 and len(known & {n.strip(' "') for n in names[0].split(separator)}) > 1:
            return say(why)
    other = [n for n in names if n not in known and n.strip().lower() in known - set(names)]
    if other:
        column = other[0].strip().lower()
        return say("column {column} is written in other letters or with spaces; name it exactly as the contract does", column=column)
    return ""


def _verify_rows(rows: int, listed: int | None, name: str) -> None:
    if listed is not None and rows != listed:
        reason = say("holds {rows} rows, levering.json says {listed}; send the delivery again", rows=rows, listed=listed)
        raise RefusedError("aantal_rijen", reason, file=name)


# --- records ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Records:
    """Where the records of a file start and end (line end left out), and on which physical line; empty lines are no records."""

    starts: Positions
    ends: Positions
    lines: Positions


def _positions(data: Bytes, byte: int) -> Positions:
    """Where ``byte`` stands, found in blocks so that the comparison stays small."""
    found = [np.flatnonzero(data[at : at + BLOCK] == byte) + at for at in range(0, len(data), BLOCK)]
    return np.concatenate(found).astype(np.int64) if found else np.empty(0, np.int64)


def _records(data: Bytes, header: _Header, name: str, form: Form) -> _Records:
    """Find the records after the header; refuses quotes, carriage returns and numbers of fields that RFC 4180 does not allow."""
    newlines, returns = (_positions(data, b) for b in (NEWLINE, RETURN))
    quotes = np.empty(0, np.int64) if form.quote_byte is None else _positions(data, form.quote_byte)

    def line(position: int) -> int:
        return int(np.searchsorted(newlines, position)) + 1

    def outside(positions: Positions) -> Positions:
        inside: Positions = np.searchsorted(quotes, positions) % 2
        return np.compress(inside == 0, positions)

    _verify_quotes(data, quotes, name, line, form)
    stray = outside(returns)
    stray = stray[np.append(data, 0).take(stray + 1) != NEWLINE] if len(stray) else stray
    if len(stray):
        raise _carriage_return(name, line(stray[0]))
    breaks = outside(newlines)
    breaks = breaks[breaks >= header.body]
    starts = np.concatenate([np.array([header.body], np.int64), breaks + 1])
    ends = np.append(breaks, len(data))
    ends = ends - ((ends > starts) & (data[np.maximum(ends - 1, 0)] == RETURN)) if len(data) else ends
    filled = ends > starts
    starts, ends = starts[filled], ends[filled]
    lines = np.searchsorted(newlines, starts).astype(np.int64) + 1
    long = np.flatnonzero(ends - starts > MAX_RECORD)
    if len(long):
        raise _too_long(name, int(lines[long[0]]))
    separators = outside(_positions(data, form.separator_byte))
    widths = np.searchsorted(separators, ends) - np.searchsorted(separators, starts) + 1
    wrong = np.flatnonzero(widths != len(header.names))
    if len(wrong):
        raise RefusedError(
            "aantal_velden",
            say("{fields} fields where the header has {columns}", fields=widths[wrong[0]], columns=len(header.names)),
            file=name,
            line=int(lines[wrong[0]]),
        )
    return _Records(starts, ends, lines)


def _verify_quotes(data: Bytes, quotes: Positions, name: str, line: Callable[[int], int], form: Form) -> None:
    """An opening quote stands at the start of a field, a closing one at its end; within a field quotes are doubled."""
    if form.quote_byte is None:
        return
    edge = (NEWLINE, form.separator_byte, form.quote_byte)
    opening, closing = quotes[0::2], quotes[1::2]
    edges = np.concatenate([np.array([NEWLINE], np.uint8), data, np.array([NEWLINE, NEWLINE], np.uint8)])
    before, after, then = edges[opening], edges[closing + 2], edges[closing + 3] if len(closing) else edges[:0]
    if data[:3].tobytes() == BOM and len(opening) and opening[0] == 3:
        before = before.copy()
        before[0] = NEWLINE
    bad_open = opening[~np.isin(before, edge)]
    bad_close = np.flatnonzero(~(np.isin(after, edge) | ((after == RETURN) & (then == NEWLINE))))
    first = [int(bad_open[0])] if len(bad_open) else []
    first += [int(opening[bad_close[0]])] if len(bad_close) else []
    if first:
        raise RefusedError(
            "aanhalingsteken",
            say("a quote in the middle of a field, or never closed; double the quotes inside a quoted field"),
            file=name,
            line=line(min(first)),
        )
    if len(quotes) % 2:
        raise RefusedError("aanhalingsteken", say("a quote is never closed"), file=name, line=line(int(quotes[-1])))


def _read_quoted(
    con: duckdb.DuckDBPyConnection,
    data: Bytes,
    header: _Header,
    columns: dict[str, str],
    table: str,
    name: str,
    form: Form,
    scratch: Path,
    listed: int | None,
) -> int:
    """Parse a file that needs care: DuckDB gets its records one after the other with plain line ends, and the lines beside them."""
    found = _records(data, header, name, form)
    _verify_rows(len(found.starts), listed, name)
    # Keep the bytes of the records and one line feed after each: +1 where a kept stretch starts, -1 where it ends.
    flips = np.zeros(len(data) + 2, np.int8)
    flips[found.starts] += 1
    np.add.at(flips, found.ends, -1)
    kept = np.cumsum(flips[: len(data)], dtype=np.int8).astype(bool)
    breaks = found.ends[found.ends < len(data)]
    with _memory(scratch) as clean:
        body = data.copy()
        body[breaks] = NEWLINE
        kept[breaks] = True
        clean.write(memoryview(body[kept]))
        _parse(con, clean.path, len(header.names), columns, table, name, form, len(found.starts), header_line=False)
    regels = pa.table({"regel": found.lines})
    con.register("regels_van_bestand", regels)
    con.execute(f"create or replace table {table}_regels as select * from regels_van_bestand")
    con.unregister("regels_van_bestand")
    con.execute(
        f"create or replace view {table} as "
        f"select t.rowid as nummer, r.regel, t.* from {table}_csv t join {table}_regels r on r.rowid = t.rowid"
    )
    return len(found.starts)


def _columns_of(names: tuple[str, ...], entity: Entity) -> dict[str, str]:
    """What the view of an entity has, by name, and where it stands in a file with these columns."""
    places = {n: f"k{i}" for i, n in enumerate(names)}
    return {n: places.get(n, "null::varchar") for n in _known(entity)}


def _parse(
    con: duckdb.DuckDBPyConnection,
    path: str,
    width: int,
    columns: dict[str, str],
    table: str,
    name: str,
    form: Form,
    rows: int,
    *,
    header_line: bool,
) -> None:
    """Let DuckDB parse the file at ``path`` into the table ``<table>_csv``; it must find as many rows as there are records.

    ``columns``: those of the table, and what each is of those of the file, which are called ``k0``, ``k1``, ... up to ``width``.
    """
    there = {f"k{i}": "VARCHAR" for i in range(width)}
    wanted = ", ".join(f"{place} as {column}" for column, place in columns.items())
    source = f"read_csv({text(path)}, {form.sql}, header = {str(header_line).lower()}, columns = {there})"
    try:
        con.execute(f"create or replace table {table}_csv as select {wanted} from {source}")
    except duckdb.InvalidInputException:
        # DuckDB's own message quotes the line: it is not passed on.
        raise RefusedError("onleesbaar", say("cannot be parsed as CSV"), file=name) from None
    if duck.number(con, f"select count(*) from {table}_csv") != rows:
        raise RefusedError("onleesbaar", say("cannot be parsed as CSV"), file=name)
