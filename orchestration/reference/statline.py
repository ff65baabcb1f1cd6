"""Tables of CBS StatLine by OData 4: measures, dimensions and categories are found by title, observations come as one row a cell.

The services of a table that are used: ``Properties`` (when it was changed), ``Dimensions``, ``MeasureCodes``, ``MeasureGroups``,
``<Dimension>Codes`` and ``Observations``. Codes may end in spaces. A cell that is missing has no value, or is not there at all.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

from orchestration import duck
from orchestration.language import later, say
from orchestration.reference.web import Patience, Service, SourceError
from orchestration.settings import Settings
from orchestration.sql import text

NEXT = "@odata.nextLink"
COLUMNS = ("Measure", "ValueAttribute", "Value")
"""Of an observation, beside its dimensions."""
NONE = "None"
"""What ValueAttribute is where there is nothing to say of a value."""


@dataclass(frozen=True)
class Code:
    """A measure, a category or a dimension: its code as the service writes it, spaces and all, and its title."""

    raw: str
    title: str
    group: str | None = None
    provisional: bool = False
    """Of a period: its figures are not definite."""

    @property
    def code(self) -> str:
        return self.raw.strip()


class Table:
    """One table at CBS."""

    def __init__(self, settings: Settings, name: str, patience: Patience | None = None) -> None:
        self.name = name
        self._service = Service(f"{settings.cbs_adres.rstrip('/')}/{name}", {}, patience)
        self._known = dict[str, list[Code]]()

    def modified(self) -> str:
        """The version: the moment that CBS last changed the table, as it says it."""
        found = self._service.get("Properties").data.get("Modified")
        if not isinstance(found, str) or not found:
            raise SourceError(say("{table}: CBS does not say when it was changed (Modified in Properties)", table=self.name))
        return found

    def dimension(self, title: str) -> str:
        """The name of the dimension with this title, or this name."""
        return self._one(self._codes("Dimensions"), [title], say("dimension")).code

    def measures(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, Code]:
        """Each measure that is wanted (our name → titles of its groups, and its own), by our name."""
        found = self._codes("MeasureCodes")
        above = self._groups() if any(len(titles) > 1 for titles in wanted.values()) else {}
        return {name: self._one(found, titles, say("measure"), above) for name, titles in wanted.items()}

    def category(self, dimension: str, title: str) -> Code:
        """The category of a dimension with this title, or this code."""
        return self._one(self.categories(dimension), [title], say("category of {dimension}", dimension=dimension))

    def categories(self, dimension: str) -> list[Code]:
        """Every category of a dimension."""
        return self._codes(f"{dimension}Codes?$select=Identifier,Title")

    def periods(self, dimension: str) -> list[Code]:
        """Every period, and whether its figures are provisional: CBS says it in the status, or by a star behind the title."""
        return self._codes(f"{dimension}Codes")

    def save_categories(self, into: Path, dimension: str) -> list[Path]:
        """The pages of the categories of a dimension, as files in the folder ``into``; for ``load_categories``."""
        return _save(self._service, f"{dimension}Codes?$select=Identifier,Title", into)

    def observations(self, into: Path, dimensions: Sequence[str], conditions: Iterable[str]) -> list[Path]:
        """The pages of all cells that meet every condition, as files in the folder ``into``. Not whole, it raises ``SourceError``."""
        where = quote(" and ".join(conditions), safe="'(),")
        columns = ",".join((*COLUMNS, *dimensions))
        return _save(self._service, f"Observations?$filter={where}&$select={columns}", into)

    def _groups(self) -> dict[str, Code]:
        """Measure groups by code; ``group`` is the one that each stands in."""
        return {group.code: group for group in self._codes("MeasureGroups", identifier="Id", group="ParentId")}

    def _codes(self, what: str, identifier: str = "Identifier", group: str = "MeasureGroupId") -> list[Code]:
        if what in self._known:
            return self._known[what]
        found = list[Code]()
        for answer in self._service.pages(what, NEXT):
            for item in _items(answer.data, self.name, what):
                match item:
                    case {"Title": str(title)} if isinstance(item.get(identifier), str | int):
                        within = item.get(group)
                        provisional = title.rstrip().endswith("*") or "voorlopig" in str(item.get("Status") or "").lower()
                        group_code = None if within is None else str(within).strip()
                        found.append(Code(str(item[identifier]), " ".join(title.split()), group_code, provisional))
                    case _:
                        listed = what.split("?", 1)[0]
                        told = say("{table}: {what} has an item without {name} or Title", table=self.name, what=listed, name=identifier)
                        raise SourceError(told)
        self._known[what] = found
        return found

    def _one(self, found: list[Code], titles: Sequence[str], kind: str, above: Mapping[str, Code] | None = None) -> Code:
        *groups, title = titles
        fitting = [c for c in found if title in (c.title, c.code) and _stands_in(c, groups, above or {})]
        if len(fitting) == 1:
            return fitting[0]
        named = " › ".join(titles)
        values = {"table": self.name, "kind": kind, "title": named}
        if fitting:
            codes = ", ".join(c.code for c in fitting)
            raise SourceError(
                say("{table} has more than one {kind} «{title}» ({codes}); declare in which group it stands", codes=codes, **values)
            )
        raise SourceError(say("{table} has no {kind} «{title}»; look up what CBS calls it now and declare that", **values))


def _stands_in(code: Code, groups: Sequence[str], above: Mapping[str, Code]) -> bool:
    """Whether the groups, from the outermost on, are among those that the code stands in, in this order."""
    chain, group = list[str](), code.group
    while group and group in above and len(chain) < len(above):
        chain.append(above[group].title)
        group = above[group].group
    names = iter(reversed(chain))
    return all(any(name == title for name in names) for title in groups)


def _items(data: dict[str, Any], table: str, what: str) -> list[dict[str, Any]]:
    items = data.get("value")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise SourceError(say("{table}: {what} is not a list of items", table=table, what=what.split("?", 1)[0]))
    return items


def _save(service: Service, address: str, into: Path) -> list[Path]:
    paths = list[Path]()
    for number, answer in enumerate(service.pages(address, NEXT)):
        _items(answer.data, service.base.rsplit("/", 1)[-1], "Observations")
        path = into / f"{number:05d}.json"
        path.write_bytes(answer.content)
        paths.append(path)
    return paths


def either(column: str, codes: Iterable[Code]) -> str:
    """The condition that a column is one of these codes."""
    return "(" + " or ".join(f"{column} eq {_quoted(c.raw)}" for c in codes) + ")"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def load_categories(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], name: str) -> None:
    """Make the table ``codes`` (code, naam) of pages of categories. Raises ``SourceError`` for one without, or one that is there twice."""
    _rows(con, paths)
    wrong = duck.number(con, "select count(*) from rijen where coalesce(trim(r ->> '$.Identifier'), '') = '' or (r ->> '$.Title') is null")
    if wrong:
        raise SourceError(say("{table}: {count} categories have no Identifier or Title", table=name, count=wrong))
    con.execute("create or replace table codes as select trim(r ->> '$.Identifier') as code, trim(r ->> '$.Title') as naam from rijen")
    if (twice := con.execute("select code from codes group by code having count(*) > 1 limit 1").fetchone()) is not None:
        raise SourceError(say("{table} has the code {code} twice", table=name, code=twice[0]))


def _rows(con: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> None:
    files = ", ".join(text(str(p)) for p in paths)
    con.execute(
        "create or replace table rijen as select unnest(value) as r from read_json("
        f"[{files}], columns = {{value: 'JSON[]'}}, format = 'unstructured', maximum_object_size = 400000000)"
    )


def load(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], dimensions: Sequence[str], name: str) -> None:
    """Make the table ``cellen`` of pages of observations: maat, each dimension under its own name, waarde, attribuut.

    Held to its contract: every row has each column, values are numbers or missing, no cell is there twice. A missing value stays empty,
    whatever its ValueAttribute says; that is kept. Raises ``SourceError``.
    """
    _rows(con, paths)
    needed = (*COLUMNS, *dimensions)
    for column in needed:
        if missing := duck.number(con, f"select count(*) from rijen where not json_exists(r, '$.{column}')"):
            told = later("{table}: {count} observations have no column {column}; was it renamed?")
            raise SourceError(say(told, table=name, count=missing, column=column))
    dims = ", ".join(f"trim(r ->> '$.{d}') as {d}" for d in dimensions)
    con.execute(
        f"""
        create or replace table cellen as
        select trim(r ->> '$.Measure') as maat, {dims}, try_cast(r ->> '$.Value' as double) as waarde,
            nullif(r ->> '$.ValueAttribute', {text(NONE)}) as attribuut, r ->> '$.Value' as gelezen
        from rijen
        """
    )
    if (found := con.execute("select gelezen from cellen where waarde is null and gelezen is not null limit 1").fetchone()) is not None:
        raise SourceError(say("{table}: the value {value} is no number", table=name, value=json.dumps(str(found[0])[:40])))
    keys = ", ".join(("maat", *dimensions))
    twice = con.execute(f"select {keys} from cellen group by all having count(*) > 1 order by all limit 1").fetchone()
    if twice is not None:
        raise SourceError(say("{table} has a cell twice: {cell}", table=name, cell=", ".join(map(str, twice))))
