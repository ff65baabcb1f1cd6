"""The layout of the file for CBS: a declared file, read and held to what can be written by it.

What is wrong with it is told with its line, before anything is read of anybody.
"""

import re
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from orchestration.declared import Declared, DeclaredError, Place
from orchestration.errors import did_you_mean
from orchestration.files import sha256
from orchestration.language import say
from orchestration.outputs.cbs.columns import FOLDER, NUMBERED, SETS, Kind, code_list, codes, kind

DEFAULT = FOLDER / "bestandsdefinitie.yml"
ENDS = {"crlf": "\r\n", "lf": "\n"}
WHERE = "instelling"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class LayoutField(_Part):
    """A stretch of a record: either fixed text, or a column of the record set."""

    name: str = Field(alias="naam", pattern=r"^[a-z][a-z0-9_]*$")
    position: int = Field(alias="positie", ge=1)
    length: int = Field(alias="lengte", ge=1)
    fixed: str | None = Field(default=None, alias="vast")
    column: str | None = Field(default=None, alias="uit")
    codes: str | None = Field(default=None, alias="codelijst")
    """A table of ``codelijsten`` in the same file."""
    width: int | None = Field(default=None, alias="breedte", ge=1)
    """Of each code, where a field holds several."""
    empty: str | None = Field(default=None, alias="leeg")
    """What stands there where nothing is known; without it, spaces."""
    required: bool = Field(default=False, alias="verplicht")
    is_key: bool = Field(default=False, alias="sleutel")
    meaning: str = Field(default="", alias="uitleg")

    @property
    def end(self) -> int:
        """The last position of it."""
        return self.position + self.length - 1

    @property
    def kind(self) -> Kind | None:
        return kind(self.column) if self.column else None


class Record(_Part):
    """A kind of record: a line of this form for each row of its record set."""

    code: str = Field(min_length=1)
    of: Literal["adviezen", "meldingen", "betrokkenen_meldingen", "onderzoeken", "betrokkenen_onderzoeken"] = Field(alias="verzameling")
    fields: tuple[LayoutField, ...] = Field(alias="velden", min_length=1)
    meaning: str = Field(default="", alias="uitleg")

    @property
    def length(self) -> int:
        return self.fields[-1].end

    @property
    def keys(self) -> tuple[LayoutField, ...]:
        return tuple(field for field in self.fields if field.is_key)


class FileLayout(_Part):
    """A layout that can be written by."""

    name: str = Field(alias="naam", min_length=1)
    version: str = Field(alias="versie", min_length=1)
    source: str = Field(alias="bron", min_length=1)
    """What it was made by, and what in it is a reading of ours."""
    line_end: Literal["crlf", "lf"] = Field(alias="regeleinde")
    records: tuple[Record, ...] = Field(min_length=1)
    tables: dict[str, dict[str, str]] = Field(default={}, alias="codelijsten")
    """Name → our code → theirs; an empty one is a code that the layout has no place for."""

    @cached_property
    def code_at(self) -> tuple[int, int]:
        """First and last position of the record code, the same in every record."""
        first = _record_code(self.records[0])
        assert first is not None
        return first.position, first.end

    @property
    def numbers(self) -> list[tuple[str, str, int, int]]:
        """Where numbers that identify stand: code of the record, kind of number, first and last position."""
        return [
            (record.code, NUMBERED[record.of, field.column], field.position, field.end)
            for record in self.records
            for field in record.fields
            if field.column is not None and (record.of, field.column) in NUMBERED
        ]

    def width_of(self, field: LayoutField) -> int:
        """Positions of one code."""
        return field.width or field.length


def read(path: Path = DEFAULT) -> tuple[FileLayout, str]:
    """The layout in a file, and the checksum of it. Raises ``DeclaredError`` with file and line for what cannot be written by."""
    declared = Declared(path)
    layout = declared.of(FileLayout)
    _verify_tables(declared, layout)
    codes_seen: dict[str, int] = {}
    places = set()
    for number, record in enumerate(layout.records):
        at: Place = ("records", number)
        if record.code in codes_seen:
            raise declared.wrong(say("record code {code} stands here twice", code=record.code), (*at, "code"))
        codes_seen[record.code] = number
        _verify_record(declared, layout, record, at)
        own = _record_code(record)
        if own is None:
            raise declared.wrong(
                say("record {code} has no field whose fixed text (vast) is its code: no reader could tell its lines", code=record.code), at
            )
        places.add((own.position, own.end))
        if len(places) > 1:
            raise declared.wrong(say("the code of record {code} stands at another place than that of others", code=record.code), at)
    return layout, sha256(path)


def _record_code(record: Record) -> LayoutField | None:
    return next((field for field in record.fields if field.fixed == record.code), None)


def _verify_tables(declared: Declared, layout: FileLayout) -> None:
    for name, table in layout.tables.items():
        for ours, theirs in table.items():
            if not _plain(theirs):
                raise declared.wrong(say("code {code} has signs that are no ASCII", code=ours), ("codelijsten", name, ours))


def _verify_record(declared: Declared, layout: FileLayout, record: Record, at: Place) -> None:
    """Fields follow each other without a gap or an overlap, and each can hold what it is for."""
    following, names = 1, set[str]()
    for number, field in enumerate(record.fields):
        place: Place = (*at, "velden", number)
        if field.name in names:
            raise declared.wrong(say("record {code} has two fields {field}", code=record.code, field=field.name), place)
        names.add(field.name)
        if field.position != following:
            overlaps = say(
                "field {field} begins at position {position}, and the one before it ends at {end}: they overlap",
                field=field.name,
                position=field.position,
                end=following - 1,
            )
            gap = say(
                "field {field} begins at position {position}, and the one before it ends at {end}: name what lies between (vast: '')",
                field=field.name,
                position=field.position,
                end=following - 1,
            )
            raise declared.wrong(overlaps if field.position < following else gap, (*place, "positie"))
        following = field.end + 1
        _verify_field(declared, layout, record, field, place)
    if not record.keys:
        raise declared.wrong(say("record {code} has no field with sleutel: true: what changed could not be told", code=record.code), at)


def _verify_field(declared: Declared, layout: FileLayout, record: Record, field: LayoutField, place: Place) -> None:
    def wrong(what: str, member: str) -> DeclaredError:
        return declared.wrong(say("field {field}: {problem}", field=field.name, problem=what), (*place, member))

    if (field.fixed is None) == (field.column is None):
        raise wrong(say("give either vast (a fixed text) or uit (a column)"), "naam")
    for member, given in (("vast", field.fixed), ("leeg", field.empty)):
        if given is not None and (len(given) > field.length or not _plain(given)):
            raise wrong(say("this is longer than the field or no ASCII"), member)
    if field.column is None:
        return
    known = (WHERE, *SETS[record.of])
    if field.column not in known:
        near = did_you_mean(field.column, known)
        raise wrong(say("record set {set} has no column {column}", set=record.of, column=field.column) + near.rstrip("?. "), "uit")
    kind_of = kind(field.column)
    if kind_of not in {"code", "codes"}:
        if field.codes or field.width:
            raise wrong(say("column {column} holds no codes", column=field.column), "codelijst" if field.codes else "breedte")
        if kind_of == "datum" and field.length != len("JJJJMMDD"):
            raise wrong(say("a day takes 8 positions (JJJJMMDD)"), "lengte")
        return
    _verify_codes(declared, layout, field, place)


def _verify_codes(declared: Declared, layout: FileLayout, field: LayoutField, place: Place) -> None:
    """Each code of the column has a place in the table of the field, and fits."""

    def wrong(what: str, member: str) -> DeclaredError:
        return declared.wrong(say("field {field}: {problem}", field=field.name, problem=what), (*place, member))

    assert field.column is not None
    if field.codes not in layout.tables:
        raise wrong(say("column {column} holds codes: name their table (codelijst) of this file", column=field.column), "codelijst")
    table, wanted = layout.tables[field.codes], codes(code_list(field.column))
    if missing := [code for code in wanted if code not in table]:
        told = say("table {table} has no place for {codes}", table=field.codes, codes=", ".join(missing))
        raise declared.wrong(told, ("codelijsten", field.codes))
    if extra := [code for code in table if code not in wanted]:
        near = did_you_mean(extra[0], wanted).rstrip("?. ")
        raise declared.wrong(say("there is no code {code}", code=extra[0]) + near, ("codelijsten", field.codes, extra[0]))
    width = layout.width_of(field)
    if field.kind == "codes" and (field.width is None or field.length % field.width):
        raise wrong(say("give breedte, the positions of one code, of which lengte is a multiple"), "lengte")
    if too_wide := [code for code in wanted if len(table[code]) not in {0, width}]:
        told = say("code {code} of table {table} has {length} positions, and field {field} takes {width}", code=too_wide[0],
                   table=field.codes, length=len(table[too_wide[0]]), field=field.name, width=width)  # fmt: skip
        raise declared.wrong(told, ("codelijsten", field.codes, too_wide[0]))


def _plain(text: str) -> bool:
    return re.fullmatch(r"[ -~]*", text) is not None
