"""A mapping held against the contract and against the files that are there: what it names exists, and every required field has a source."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from orchestration.errors import did_you_mean
from orchestration.intake.contract import Contract, Entity, Field, load_contract, versions
from orchestration.intake.delivery import tidy
from orchestration.language import later, say
from orchestration.mapping.errors import Fault
from orchestration.mapping.model import Join, Mapping, Options, Section, Value
from orchestration.mapping.values import DELETION, Expression, allowed, constant, expression, misused, text_of

RECORD = "b"
"""The record of theirs in SQL; what is joined to it is ``j0``, ``j1``, ..."""


@dataclass(frozen=True)
class OpenFile:
    """A file of theirs as it was read into the view ``table``: its name and the names of its columns."""

    name: str
    columns: tuple[str, ...]
    table: str
    rows: int


@dataclass(frozen=True)
class JoinedFile:
    """A join, bound: the file, SQL for the keys on the left, the columns of the right, and how both are called."""

    join: Join
    file: OpenFile
    left: tuple[str, ...]
    right: tuple[str, ...]
    called: str


@dataclass(frozen=True)
class BoundWhere:
    """``waar``, bound: SQL of the column, and which values belong here or elsewhere."""

    line: int
    veld: str
    column: str
    called: str
    belongs: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """Rows of one entity out of one file: a block without its spread, or with one line of it."""

    entity: Entity
    file: OpenFile
    joined: tuple[JoinedFile, ...]
    selections: tuple[BoundWhere, ...]
    expressions: tuple[Expression, ...]
    only_filled: tuple[str, ...]
    """Names of fields of which one must be filled for a row to be there: those of the spread; none: each record is a row."""
    called: dict[str, str]
    """By field: the columns of theirs, for people."""
    first: bool
    """The first of its block: what holds for the records is told once."""


class Binding:
    """The binding of one mapping; ``faults`` is what is wrong with it, by line."""

    def __init__(self, mapping: Mapping, files: dict[str, OpenFile]) -> None:
        """``files``: by the mapping's name for it, those that are there and could be read."""
        self.mapping, self.files, self.faults = mapping, files, list[Fault]()
        self.variants: dict[str, list[Variant]] = {}
        self.contract: Contract | None = None
        if mapping.contract in versions():
            self.contract = load_contract(mapping.contract)
            self._bind(self.contract)
        elif mapping.contract:
            told = later("contract {version} is not known here; known: {known}")
            self._wrong(mapping.lines["contract"], "contract", told, version=tidy(mapping.contract), known=", ".join(versions()))

    def _wrong(self, line: int, veld: str, what: str, **values: object) -> None:
        self.faults.append(Fault(line, veld, say(what, **values)))

    def _bind(self, contract: Contract) -> None:
        mapping = self.mapping
        for name in contract.names:
            if name not in mapping.entities:
                absent = later("is missing: say where its rows come from, or geen where nothing of it is registered")
                self._wrong(mapping.lines["entiteiten"], f"entiteiten.{name}", absent)
        for name, entiteit in mapping.entities.items():
            if name not in contract.names:
                unknown = later("is no entity of contract {version}{hint}")
                self._wrong(entiteit.line, f"entiteiten.{name}", unknown, version=contract.version, hint=_hint(name, contract.names))
                continue
            entity = contract.entity(name)
            self.variants[name] = [v for block in entiteit.blocks for v in self._block(contract, entity, block)]

    def _block(self, contract: Contract, entity: Entity, block: Section) -> Iterator[Variant]:
        file = self._file(block.alias, block.alias_line, f"{block.veld}.uit")
        if file is None:
            return
        joined: list[JoinedFile] = []
        for join in block.joins:
            if side := self._join(join, file, joined, len(joined)):
                joined.append(side)
        find = self._finder(file, joined)
        selections = [
            BoundWhere(w.line, w.veld, found[0], found[1], w.belongs, w.others)
            for w in block.where
            if (found := find(w.column, w.line, w.veld))
        ]
        for i, (line, spread) in enumerate(block.spread or [(block.line, {})]):
            for name in spread.keys() & block.fields.keys():
                self._wrong(spread[name].line, spread[name].veld, later("stands under velden too"))
            bound = self._fields(contract, entity, block, spread, line, find)
            yield Variant(
                entity,
                file,
                tuple(joined),
                tuple(selections),
                tuple(e for e, _ in bound),
                tuple(name for name, value in spread.items() if value.columns),
                {e.field.name: called for e, called in bound},
                first=i == 0,
            )

    def _fields(
        self, contract: Contract, entity: Entity, block: Section, spread: dict[str, Value], line: int, find: "Finder"
    ) -> list[tuple[Expression, str]]:
        """The expressions of a row with the columns that they come from; what is required and has no source is told."""
        fields = {f.name: f for f in (*entity.fields, DELETION)}
        options, given = self.mapping.files[block.alias].options, block.fields | spread
        found = []
        for name, value in given.items():
            if name not in fields:
                unknown = later("is no field of {entity}{hint}")
                self._wrong(value.line, value.veld, unknown, entity=entity.name, hint=_hint(name, fields))
                continue
            self._codes(contract, fields[name], value, may_be_nothing=name in spread or bool(value.split))
            found += [e] if (e := self._value(contract, fields[name], value, options, find)) else []
        for field in entity.fields:
            source = given.get(field.name)
            if field.required and (source is None or not (source.columns or source.constant)):
                absent = later("must be filled in every row, and has no source")
                self._wrong(source.line if source else line, f"{block.veld}.velden.{field.name}", absent)
        if len([e for e, _ in found if e.value.split]) > 1:
            self._wrong(line, block.veld, later("has more than one field with splits"))
        return found

    def _value(self, contract: Contract, field: Field, value: Value, options: Options, find: "Finder") -> tuple[Expression, str] | None:
        for key, kinds in misused(field, value):
            told = later("goes with {kinds}, and {field} is {kind}")
            self._wrong(value.line, f"{value.veld}.{key}", told, kinds=kinds, field=field.name, kind=field.veldsoort)
        if not value.columns:
            return constant(field, value), ""
        places = [found for column in value.columns if (found := find(column, value.line, value.veld))]
        if len(places) < len(value.columns):
            return None
        notation = value.notation or (options.moment if field.veldsoort == "moment" else None)
        if notation and field.veldsoort == "moment" and not (notation.has_day and notation.has_time):
            self._wrong(
                value.line, f"{value.veld}.vorm", later("must have a day, hours and minutes: {field} is a moment"), field=field.name
            )
            return None
        day = value.notation or options.day
        if field.veldsoort in {"datum", "geboortedatum"} and day and not day.has_day:
            self._wrong(value.line, f"{value.veld}.vorm", later("must have a day: {field} is a date"), field=field.name)
            return None
        raw = text_of([place for place, _ in places], value, options)
        return expression(contract, field, value, raw, options), ", ".join(called for _, called in places)

    def _codes(self, contract: Contract, field: Field, value: Value, *, may_be_nothing: bool) -> None:
        """What a value may become is in the contract's list; ``may_be_nothing``: there is no row then."""
        known = allowed(contract, field)
        targets = [(f"{value.veld}.codes.{a}", b, line) for a, b, line in value.codes or ()]
        if not value.columns and value.constant:
            targets.append((f"{value.veld}.constante", value.constant, value.line))
        for veld, ours, line in targets:
            if not ours and field.required and not may_be_nothing:
                self._wrong(line, veld, later("must be a code: {field} is filled in every row"), field=field.name)
            elif ours and known is not None and ours not in known:
                told = later("{code} is no code of {field}; there are: {known}{hint}")
                shown = ", ".join(known[:LISTED]) + (", ..." if known[LISTED:] else "")
                self._wrong(line, veld, told, code=tidy(ours), field=field.name, known=shown, hint=_hint(ours, known))

    # --- files and columns ---------------------------------------------------------------------------------------------------------

    def _file(self, alias: str, line: int, veld: str) -> OpenFile | None:
        if alias not in self.mapping.files and alias:
            unknown = later("{alias} is no file under bestanden{hint}")
            self._wrong(line, veld, unknown, alias=tidy(alias), hint=_hint(alias, self.mapping.files))
        return self.files.get(alias)

    def _join(self, join: Join, file: OpenFile, before: list[JoinedFile], number: int) -> JoinedFile | None:
        other = self._file(join.alias, join.line, f"{join.veld}.bestand")
        if other is None:
            return None
        if other is file or other in [b.file for b in before]:
            self._wrong(join.line, f"{join.veld}.bestand", later("is there already: a file is joined once, and not to itself"))
            return None
        left = [self._finder(file, before)(column, join.line, f"{join.veld}.op") for column, _ in join.on]
        right = [self._finder(other, [], f"j{number}")(column, join.line, f"{join.veld}.op") for _, column in join.on]
        if None in left or None in right:
            return None
        return JoinedFile(
            join,
            other,
            tuple(place[0] for place in left if place),
            tuple(place[0].partition(".")[2] for place in right if place),
            " + ".join(f"{a} = {b}" for a, b in join.on),
        )

    def _finder(self, file: OpenFile, joined: list[JoinedFile], record: str = RECORD) -> "Finder":
        """Finds a column by the mapping's name: its own of the record, or ``<file>.<column>`` of one that is joined."""

        def find(column: str, line: int, veld: str) -> tuple[str, str] | None:
            if column in file.columns:
                return self._place(file, record, column, line, veld)
            alias, _, rest = column.partition(".")
            for i, side in enumerate(joined):
                if alias == side.join.alias and rest in side.file.columns:
                    return self._place(side.file, f"j{i}", rest, line, veld)
            known = [*file.columns, *(f"{x.join.alias}.{c}" for x in joined for c in x.file.columns)]
            absent = later("{file} has no column {column}{hint}")
            self._wrong(line, veld, absent, file=file.name, column=tidy(column), hint=_hint(column, known))
            return None

        return find

    def _place(self, file: OpenFile, record: str, column: str, line: int, veld: str) -> tuple[str, str] | None:
        if file.columns.count(column) > 1:
            self._wrong(line, veld, later("{file} has two columns {column}"), file=file.name, column=tidy(column))
            return None
        return f"{record}.k{file.columns.index(column)}", f"{file.name}, {tidy(column)}"


LISTED = 40
"""Codes that a message lists."""
Finder = Callable[[str, int, str], tuple[str, str] | None]
"""Column, line and field of the mapping → SQL for it, and how it is called."""


def _hint(name: str, known: Iterable[str]) -> str:
    hint = did_you_mean(name, known)
    return f".{hint}" if hint else ""
