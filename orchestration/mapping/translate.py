"""Files of theirs become rows of the contract, all in DuckDB: tables ``klaar_<entity>`` and ``deel_<n>`` beside what was found on the way.

``klaar_<entity>`` has the fields of the contract as text, ``op_regel`` (the physical line on which the row will start in its CSV file),
and which row of which ``deel_<n>`` it is; that has the lines of theirs.
"""

import fnmatch
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration import duck
from orchestration.intake.contract import DELETED, Contract, Entity
from orchestration.intake.delivery import FolderSource, RefusedError, plain_name, tidy
from orchestration.intake.numbers import normal_sql
from orchestration.intake.origin import COLUMNS
from orchestration.intake.reader import read_other
from orchestration.language import later, say
from orchestration.mapping.bind import RECORD, Binding, BoundWhere, JoinedFile, OpenFile, Variant
from orchestration.mapping.errors import Fault, MappingError, refused
from orchestration.mapping.model import Mapping, TheirFile
from orchestration.mapping.values import Expression
from orchestration.sql import listed, text

SHOWN_CODES = 50
"""Codes of one column that are shown; a column with more holds no codes, and none of it is shown."""
LONGEST_CODE = 40


@dataclass(frozen=True)
class Unmapped:
    """What the mapping does not say of values that are there. ``waarde``: only of columns that hold codes by the mapping's word."""

    bron: str
    """File and columns of theirs."""
    entiteit: str
    veld: str
    soort: str
    """``onvertaald`` or ``niet_gevonden``."""
    what: str
    waarde: str | None
    aantal: int
    regel: int
    """The first line of theirs."""


@dataclass
class Translation:
    """What a mapping made of a folder."""

    mapping: Mapping
    contract: Contract | None
    faults: list[Fault] = field(default_factory=list)
    findings: list[Unmapped] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What is as it should be, and good to know: as ``say`` gave it."""
    files: dict[str, OpenFile] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    """By entity that has a source: the rows made."""
    parts: dict[str, list[tuple[str, Variant]]] = field(default_factory=dict)
    """By entity: the tables ``deel_<n>`` that its rows come from."""

    @property
    def untranslated(self) -> int:
        """Values that go on as they are, to be quarantined."""
        return sum(f.aantal for f in self.findings if f.soort == UNREAD)


UNREAD, NOT_FOUND = "onvertaald", "niet_gevonden"


def translate(con: duckdb.DuckDBPyConnection, mapping: Mapping, faults: Iterable[Fault], folder: Path, scratch: Path) -> Translation:
    """Read the files of ``folder`` and make the rows of every entity that can be made; what is wrong and what is not said is told.

    ``faults``: those of how the mapping is written. With any fault the rows are not whole, and nothing should be made of them.
    """
    if not folder.is_dir():
        raise MappingError(say("There is no folder {folder}: name the one with the files of the registration.", folder=folder))
    done = Translation(mapping, None, list(faults))
    with FolderSource(folder) as source:
        for i, (alias, file) in enumerate(mapping.files.items()):
            if opened := _open(con, done, source, file, f"bron_{i}", scratch):
                done.files[alias] = opened
    binding = Binding(mapping, done.files)
    done.faults += binding.faults
    done.contract = binding.contract
    _tell_files(done, folder)
    _verify_keys(con, done, binding)
    number = 0
    for name, variants in binding.variants.items():
        done.parts[name] = []
        for variant in variants:
            table = f"deel_{number}"
            number += 1
            _make_part(con, variant, table)
            _look(con, done, variant, table)
            done.parts[name].append((table, variant))
        if binding.contract and (variants or not mapping.entities[name].blocks):
            _make_ready(con, binding.contract.entity(name), done.parts[name])
            done.rows[name] = duck.number(con, f"select count(*) from klaar_{name}")
    done.faults.sort()
    return done


def hold(done: Translation) -> None:
    """Raise ``MappingError`` when the mapping cannot be used."""
    if done.faults:
        raise refused(done.mapping.name, done.faults)


# --- their files -----------------------------------------------------------------------------------------------------------------------


def _open(
    con: duckdb.DuckDBPyConnection, done: Translation, source: FolderSource, file: TheirFile, table: str, scratch: Path
) -> OpenFile | None:
    def wrong(what: str, **values: object) -> None:
        done.faults.append(Fault(file.line, f"bestanden.{file.alias}.bestand", say(what, **values)))

    names = sorted(entry.name for entry in os.scandir(source.path) if not entry.name.startswith("."))
    there = [name for name in names if fnmatch.fnmatchcase(name, file.pattern)]
    if file.pattern in names:
        there = [file.pattern]
    if not there:
        wrong(later("there is no file {pattern} in {folder}"), pattern=tidy(file.pattern), folder=source.path)
    elif len(there) > 1:
        told = later("{count} files in {folder} are called so ({names}); leave one, or name it more closely")
        wrong(told, count=len(there), folder=source.path, names=", ".join(map(tidy, there[:3])))
    elif not plain_name(there[0]):
        wrong(later("{name} is no plain file name"), name=tidy(there[0]))
    else:
        try:
            read = read_other(con, source, there[0], file.form, table, scratch)
        except RefusedError as error:
            done.faults.append(Fault(file.line, f"bestanden.{file.alias}.bestand", str(error)))
            return None
        return OpenFile(there[0], tuple(name.strip() for name in read.names), table, read.rows)
    return None


def _tell_files(done: Translation, folder: Path) -> None:
    """What lies in the folder and the mapping does not name."""
    known = {file.name for file in done.files.values()}
    others = [p.name for p in sorted(folder.iterdir()) if p.is_file() and not p.name.startswith(".") and p.name not in known]
    if others and not done.faults:
        shown = ", ".join(map(tidy, others[:10])) + (", ..." if others[10:] else "")
        done.remarks.append(say("Not named in the mapping: {names}.", names=shown))


def _verify_keys(con: duckdb.DuckDBPyConnection, done: Translation, binding: Binding) -> None:
    """A file that is joined has one record for each key."""
    joined = {(v.join.line, v.file.name): v for variants in binding.variants.values() for variant in variants for v in variant.joined}
    for side in joined.values():
        keys = ", ".join(normal_sql(column) for column in side.right)
        filled = " and ".join(f"{normal_sql(column)} <> ''" for column in side.right)
        found = duck.row(
            con,
            f"select count(*), arg_min(eerste, tweede), min(tweede) from (select min(regel) as eerste, min(regel, 2)[2] as tweede "
            f"from {side.file.table} where {filled} group by {keys} having count(*) > 1)",
        )
        if found[0]:
            told = later("{count} keys stand twice or more in {file}, the first on lines {first} and {second}: a join needs one row a key")
            values = {"count": found[0], "file": side.file.name, "first": found[1], "second": found[2]}
            done.faults.append(Fault(side.join.line, f"{side.join.veld}.op", say(told, **values)))


# --- rows ------------------------------------------------------------------------------------------------------------------------------


def _joins(variant: Variant) -> str:
    found = ""
    for i, side in enumerate(variant.joined):
        on = " and ".join(
            f"{normal_sql(left)} = {normal_sql(f'j{i}.{right}')} and {normal_sql(left)} <> ''"
            for left, right in zip(side.left, side.right, strict=True)
        )
        found += f" left join {side.file.table} j{i} on {on}"
    return found


def _selected(selections: Iterable[BoundWhere]) -> str:
    return " and ".join(f"coalesce({normal_sql(s.column)}, '') in ({listed(s.belongs)})" for s in selections) or "true"


def _make_part(con: duckdb.DuckDBPyConnection, variant: Variant, table: str) -> None:
    """``deel_<n>``: the lines of theirs, what each field becomes, whether it could be read and whether it came twice."""
    raws = {e.field.name: e.raw for e in variant.expressions}
    split = next((e for e in variant.expressions if e.value.split), None)
    parted = place = ""
    if split:
        parts = f"string_split(coalesce({raws[split.field.name]}, ''), {text(split.value.split)})"
        parted = f" cross join lateral (select unnest({parts}) as element, generate_subscripts({parts}, 1) as plaats) as lijst"
        raws[split.field.name], place = "lijst.element", ", lijst.plaats"
    lines = "".join(f", j{i}.regel as j{i}" for i in range(len(variant.joined)))
    raw = "".join(f", {sql} as r_{name}" for name, sql in raws.items())
    read = "".join(f", {e.read} as d_{e.field.name}" for e in variant.expressions)
    made = "".join(f", {e.made} as m_{e.field.name}" for e in variant.expressions)
    told = "".join(
        f", coalesce({e.failed}, false) as x_{e.field.name}, coalesce({e.twice}, false) as t_{e.field.name}"
        for e in variant.expressions
        if e.value.columns
    )
    shown = "".join(f", {normal_sql(f'r_{e.field.name}')} as s_{e.field.name}" for e in variant.expressions if e.shows)
    there = {e.field.name for e in variant.expressions}
    filled = " or ".join(f"m_{name} is not null" for name in variant.only_filled if name in there)
    conditions = [f"({filled})"] if filled else []
    conditions += [f"m_{split.field.name} is not null"] if split else []
    con.execute(
        f"""
        create or replace table {table} as
        with ruw as (
            select {RECORD}.regel{lines}{place}{raw} from {variant.file.table} {RECORD}{_joins(variant)}{parted}
            where {_selected(variant.selections)}
        ),
        gelezen as (select *{read} from ruw),
        gemaakt as (
            select regel{"".join(f", j{i}" for i in range(len(variant.joined)))}{", plaats" if split else ""}{made}{told}{shown}
            from gelezen
        )
        select * from gemaakt where {" and ".join(conditions) or "true"} order by regel{", plaats" if split else ""}
        """
    )


def _columns(entity: Entity, parts: list[tuple[str, Variant]]) -> list[str]:
    """The columns of the produced file; ``verwijderd`` only where the mapping has it."""
    deletes = any(e.field.name == DELETED for _, variant in parts for e in variant.expressions)
    return [*(f.name for f in entity.fields), *([DELETED] if deletes else [])]


def _make_ready(con: duckdb.DuckDBPyConnection, entity: Entity, parts: list[tuple[str, Variant]]) -> None:
    """``klaar_<entity>``: the rows of all its parts in the order of theirs, with the line on which each will start."""
    columns = _columns(entity, parts)
    selects = []
    for i, (table, variant) in enumerate(parts):
        there = {e.field.name for e in variant.expressions}
        fields = ", ".join(f"{f'm_{c}' if c in there else 'null::varchar'} as {c}" for c in columns)
        block = sum(v.first for _, v in parts[: i + 1])
        selects.append(f"select {block} as blok, {i} as deel, rowid as rij, regel, {fields} from {table}")
    nothing = f"select 0 as blok, 0 as deel, 0::bigint as rij, 0::bigint as regel, {', '.join(f'null::varchar as {c}' for c in columns)}"
    content = " union all ".join(selects) or f"{nothing} where false"
    breaks = " + ".join(f"coalesce(length({c}) - length(replace({c}, chr(10), '')), 0)" for c in columns)
    con.execute(
        f"""
        create or replace table klaar_{entity.name} as
        select deel, rij, (row_number() over volgorde) + 1
            + coalesce(sum({breaks}) over (volgorde rows between unbounded preceding and 1 preceding), 0)::bigint as op_regel,
            {", ".join(columns)}
        from ({content})
        window volgorde as (order by blok, regel, deel, rij)
        """
    )


def columns_of(con: duckdb.DuckDBPyConnection, entity: str) -> list[str]:
    """The columns of the file of an entity that ``translate`` made."""
    return [name for name, *_ in con.execute(f"describe klaar_{entity}").fetchall() if name not in {"deel", "rij", "op_regel"}]


def origin_sql(done: Translation) -> str:
    """Of which line of whose file each row was made: what ``intake.origin`` reads."""
    selects = []
    for name, parts in done.parts.items():
        for i, (table, variant) in enumerate(parts):
            files = [(1, "regel", variant.file.name)]
            files += [(2 + n, f"j{n}", side.file.name) for n, side in enumerate(variant.joined)]
            selects += [
                f"select '{name}' as entiteit, k.op_regel, {order} as volgnummer, {text(file)} as bron_bestand, d.{line} as bron_regel "
                f"from klaar_{name} k join {table} d on d.rowid = k.rij where k.deel = {i} and d.{line} is not null"
                for order, line, file in files
            ]
    nothing = ", ".join(f"null::{kind} as {name}" for name, kind in COLUMNS.items())
    return f"from ({' union all '.join(selects) or f'select {nothing} where false'}) order by entiteit, op_regel, volgnummer"


# --- what was found on the way ---------------------------------------------------------------------------------------------------------


def _look(con: duckdb.DuckDBPyConnection, done: Translation, variant: Variant, table: str) -> None:
    for expression in variant.expressions:
        if expression.value.columns:
            done.findings += _unread(con, variant, expression, table)
            _tell_twice(con, done, variant, expression, table)
    if variant.first:
        for i, side in enumerate(variant.joined):
            done.findings += _unmatched(con, variant, side, i, table)
        for selection in variant.selections:
            _outside(con, done, variant, selection)


def _unread(con: duckdb.DuckDBPyConnection, variant: Variant, expression: Expression, table: str) -> Iterator[Unmapped]:
    name, entity = expression.field.name, variant.entity.name
    count, first, kinds, longest = duck.row(
        con,
        f"select count(*), min(regel), {f'count(distinct s_{name}), max(length(s_{name}))' if expression.shows else '0, 0'} "
        f"from {table} where x_{name}",
    )
    if not count:
        return
    bron = variant.called[name]
    if expression.shows and kinds <= SHOWN_CODES and longest <= LONGEST_CODE:
        for value, rows, line in con.execute(
            f"select s_{name}, count(*), min(regel) from {table} where x_{name} group by 1 order by 2 desc, 1"
        ).fetchall():
            yield Unmapped(bron, entity, name, UNREAD, say("has no code in the mapping"), tidy(value), rows, line)
        return
    what = later("{kinds} values are none of the mapping's codes: too many, or too long, to be shown") if expression.shows else None
    plain = later("cannot be read as {kind}")
    yield Unmapped(bron, entity, name, UNREAD, say(what or plain, kinds=kinds, kind=expression.field.veldsoort), None, count, first)


def _tell_twice(con: duckdb.DuckDBPyConnection, done: Translation, variant: Variant, expression: Expression, table: str) -> None:
    name = expression.field.name
    again = expression.value.again or done.mapping.files[_alias(done, variant)].options.again
    if count := duck.number(con, f"select count(*) from {table} where t_{name}"):
        told = {
            "eerste": later("{source} → {field}: {count} local times came twice (end of summer time); read as the first (uurwisseling)"),
            "tweede": later("{source} → {field}: {count} local times came twice (end of summer time); read as the second (uurwisseling)"),
            "quarantaine": later("{source} → {field}: {count} local times came twice (end of summer time); not read (uurwisseling)"),
        }[again]
        done.remarks.append(say(told, source=variant.called[name], field=f"{variant.entity.name}.{name}", count=count) + ".")


def _alias(done: Translation, variant: Variant) -> str:
    return next(alias for alias, file in done.files.items() if file is variant.file)


def _unmatched(con: duckdb.DuckDBPyConnection, variant: Variant, side: JoinedFile, number: int, table: str) -> Iterator[Unmapped]:
    """Records whose key is filled and not in the other file; what comes from there is empty."""
    filled = " and ".join(f"coalesce({normal_sql(left)}, '') <> ''" for left in side.left)
    count, first = duck.row(
        con,
        f"select count(*), min({RECORD}.regel) from {variant.file.table} {RECORD}{_joins(variant)} "
        f"where {_selected(variant.selections)} and {filled} and j{number}.regel is null",
    )
    if count:
        told = say("the key ({keys}) is not in {file}: what comes from there is empty", keys=side.called, file=side.file.name)
        yield Unmapped(variant.file.name, variant.entity.name, "", NOT_FOUND, told, None, count, first)


def _outside(con: duckdb.DuckDBPyConnection, done: Translation, variant: Variant, selection: BoundWhere) -> None:
    """Records that ``waar`` leaves out are counted; one of which the mapping does not say where it belongs is a fault: it would be lost."""
    bare = f"coalesce({normal_sql(selection.column)}, '')"
    known = listed((*selection.belongs, *selection.others))
    source = f"{variant.file.table} {RECORD}{_joins(variant)}"
    values = con.execute(
        f"select {bare}, count(*), min({RECORD}.regel) from {source} where {bare} not in ({known}) group by 1 order by 2 desc, 1"
    )
    if found := values.fetchall():
        shown = [tidy(value) for value, *_ in found[:10]] if len(found) <= SHOWN_CODES else []
        told = later(
            "{count} records of {column} have a value under neither is nor niet ({values}), the first on line {line}: they would be lost"
        )
        counted, first = sum(rows for _, rows, _ in found), min(line for *_, line in found)
        reason = say(told, count=counted, column=selection.called, values=", ".join(shown) or len(found), line=first)
        done.faults.append(Fault(selection.line, selection.veld, reason))
    left = duck.number(con, f"select count(*) from {source} where {bare} in ({listed(selection.others)})") if selection.others else 0
    if left:
        told = later("{file}: {count} records are no {entity} (waar)")
        done.remarks.append(say(told, file=selection.called, count=left, entity=variant.entity.name) + ".")
