"""How a file of somebody else is written: encoding, separator, header; and how the values in its columns are, without showing any."""

import codecs
import csv
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration import duck
from orchestration.intake.numbers import normal_sql
from orchestration.intake.reader import Form
from orchestration.mapping.formats import DIGITS, Notation, day_sql, local_sql
from orchestration.mapping.model import ENCODINGS, NONE, QUOTES, SEPARATORS
from orchestration.sql import text

SAMPLE = 1 << 20
"""Bytes of a file that its form is judged by."""
RECORDS = 50

DAYS = ("dd-mm-jjjj", "d-m-jjjj", "jjjj-mm-dd", "jjjjmmdd", "dd/mm/jjjj", "d/m/jjjj", "dd.mm.jjjj", "jjjj/mm/dd")
"""In order: of two that fit all values the first, so 01-02-2024 is the first of February, as it is written here."""
TIMES = (" uu:mm", " uu:mm:ss", "Tuu:mm:ss", "Tuu:mm", " u:mm")
YES_NO = (("ja", "nee"), ("J", "N"), ("Ja", "Nee"), ("1", "0"), ("true", "false"), ("True", "False"), ("Y", "N"), ("waar", "onwaar"))
LISTS = ("|", ",", ";", "/")


@dataclass(frozen=True)
class Sniffed:
    """The form of a file, by the names of a mapping. Without a header the columns are called ``kolom_1``, ``kolom_2``, ..."""

    name: str
    encoding: str
    separator: str
    quote: str
    columns: tuple[str, ...]
    header: bool

    @property
    def form(self) -> Form:
        own = () if self.header else self.columns
        return Form(SEPARATORS[self.separator], QUOTES[self.quote], ENCODINGS[self.encoding], own)


def sniff(path: Path) -> Sniffed | None:
    """The form of a file; None where it is no text in columns."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    encoding = _encoding(sample)
    if encoding is None or not sample:
        return None
    content = codecs.getincrementaldecoder(ENCODINGS[encoding])("replace").decode(sample).removeprefix("\ufeff")
    found = max((_columns(content, name) for name in SEPARATORS), key=lambda c: c[0])
    width, separator, quote, records = found
    if width < 2 or not records:
        return None
    names = tuple(name.strip() for name in records[0])
    header = _is_header(names)
    return Sniffed(path.name, encoding, separator, quote, names if header else tuple(f"kolom_{i + 1}" for i in range(width)), header)


def _encoding(sample: bytes) -> str | None:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in sample:
        return None
    for name in ("utf-8", "windows-1252", "iso-8859-1"):
        try:
            codecs.getincrementaldecoder(ENCODINGS[name])().decode(sample)  # a sign that was cut off at the end is no fault
        except UnicodeDecodeError:
            continue
        return name
    return None


def _columns(content: str, separator: str) -> tuple[int, str, str, list[list[str]]]:
    """Columns, separator, quote and the first records, where all records are as wide as the first; 0 where they are not."""
    best: tuple[int, str, str, list[list[str]]] = (0, separator, '"', [])
    for quote in ('"', NONE):
        lines = iter(content.splitlines(keepends=True)[: RECORDS * 4])
        if quote == NONE:
            reader = csv.reader(lines, delimiter=SEPARATORS[separator], quoting=csv.QUOTE_NONE)
        else:
            reader = csv.reader(lines, delimiter=SEPARATORS[separator], strict=True)
        try:
            records = [record for record in reader if record][:RECORDS]
        except csv.Error:
            continue
        whole = records[:-1] if len(records) > 1 and len(content) >= SAMPLE else records
        if whole and all(len(r) == len(whole[0]) for r in whole) and len(whole[0]) > best[0]:
            best = (len(whole[0]), separator, quote, whole)
    return best


def _is_header(names: tuple[str, ...]) -> bool:
    """Names are there, differ, and none is a number or a date: what might be data is not taken for names, and not shown."""
    return all(names) and len(set(names)) == len(names) and not any(re.search(r"\d{3}|^[\d.,/-]+$", name) for name in names)


@dataclass(frozen=True)
class ColumnKind:
    """What the values of a column are, as far as SQL tells; no value is in it."""

    rows: int
    """That are filled."""
    notation: str = ""
    yes_no: tuple[str, str] | None = None
    decimal: str = ""
    separator: str = ""
    """The sign that parts a list in one cell."""


def look(con: duckdb.DuckDBPyConnection, table: str, column: str) -> ColumnKind:
    """What the values of one column of a file that was read are."""
    bare = normal_sql(column)
    filled = f"(select {bare} as t from {table} where {bare} <> '')"
    rows = duck.number(con, f"select count(*) from {filled}")
    if not rows:
        return ColumnKind(0)
    return ColumnKind(rows, _notation(con, filled), _yes_no(con, filled), _decimal(con, filled), _list(con, filled))


def _all(con: duckdb.DuckDBPyConnection, filled: str, condition: str) -> bool:
    return bool(duck.row(con, f"select bool_and(coalesce({condition}, false)) from {filled}")[0])


def _notation(con: duckdb.DuckDBPyConnection, filled: str) -> str:
    # a birth date may have 00 for a day that is not known; most columns are none, which the first look tells
    if not _all(con, filled, "regexp_full_match(t, '[0-9T :./-]{8,19}')"):
        return ""
    for day in DAYS:
        written = Notation(day)
        if _all(con, filled, f"({day_sql('t', written)}) is not null or regexp_matches(t, {_zeros(written)})"):
            return day
        for time in TIMES:
            if _all(con, filled, f"({local_sql('t', Notation(day + time))}) is not null"):
                return day + time
    return ""


def _zeros(notation: Notation) -> str:
    """A literal: the notation with 00 for the day."""
    pattern = notation.pattern
    letters = notation.parts["dag"]
    day = f"({DIGITS[letters]})"
    at = pattern.index(day) if notation.written.startswith("d") else pattern.rindex(day)
    return text(f"{pattern[:at]}(00){pattern[at + len(day) :]}")


def _yes_no(con: duckdb.DuckDBPyConnection, filled: str) -> tuple[str, str] | None:
    for yes, no in YES_NO:
        if _all(con, filled, f"t in ('{yes}', '{no}')"):
            return yes, no
    return None


def _decimal(con: duckdb.DuckDBPyConnection, filled: str) -> str:
    for sign, pattern in ((",", "-?[0-9]+(,[0-9]+)?"), (".", "-?[0-9]+([.][0-9]+)?")):
        if _all(con, filled, f"regexp_full_match(t, '{pattern}')") and not _all(con, filled, f"not contains(t, '{sign}')"):
            return sign
    return ""


def _list(con: duckdb.DuckDBPyConnection, filled: str) -> str:
    return next((sign for sign in LISTS if not _all(con, filled, f"not contains(t, '{sign}')")), "")
