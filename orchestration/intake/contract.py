"""The delivery contract as the code uses it: read from the ODCS file and the code lists, which are its only source."""

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import MAXYEAR, date
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from orchestration import seeds
from orchestration.declared import of_project
from orchestration.language import later, say
from orchestration.settings import PROJECT

PATH = PROJECT / "expectations" / "contract" / "aanlevering.odcs.yaml"
CODES, DISTRICTS, NEIGHBOURHOODS = "codes/codelijsten.csv", "areas/stadsdelen.csv", "areas/buurten.csv"
"""Seeds that the contract names codes of."""

PLAIN_KINDS = frozenset({"datum", "moment", "maand", "boolean", "code", "geheel", "decimaal", "tekst", "gemeente", "stadsdeel", "buurt"})
IDENTIFYING = frozenset({"nummer", "bsn", "geboortedatum"})
VELDSOORTEN = PLAIN_KINDS | IDENTIFYING
WHOLE_DIGITS, DECIMALS = 9, 6
"""What a number with decimals may have before and after its point or comma."""
TYPES = {
    "datum": "DATE",
    "moment": "TIMESTAMP WITH TIME ZONE",
    "boolean": "BOOLEAN",
    "geheel": "INTEGER",
    "decimaal": f"DECIMAL({WHOLE_DIGITS + DECIMALS},{DECIMALS})",
}
"""DuckDB types of the kinds of field that become one column under their own name; text where none is given."""
VERSIONS, SINDS = "versies", "sinds"
"""The properties of the contract that name its versions, and the version with which a field or an entity came."""
DELETED = "verwijderd"
"""The optional last column of every entity: ``ja`` deletes the row, in a ``mutaties`` delivery only."""


class ContractError(Exception):
    """The contract file itself is not as the code expects it: a mistake of the project, not of a delivery."""


@dataclass(frozen=True)
class OnlyWhere:
    """May be filled only where ``veld`` is filled, or has the value ``waarde``."""

    veld: str
    waarde: str | None


@dataclass(frozen=True)
class Field:
    """One field of an entity, with every rule that the contract lays on it."""

    name: str
    veldsoort: str
    required: bool
    key_position: int | None
    """Position in the primary key, from 1; None when it is no part of it."""
    description: str
    codelijst: str | None = None
    verwijst_naar: str | None = None
    niet_voor: str | None = None
    gevuld_precies_waar: str | None = None
    alleen_waar: OnlyWhere | None = None
    leeg_waar: str | None = None
    sinds: str | None = None
    """The version of the contract with which it came; None for the first."""
    minimum: int | None = None
    maximum: int | None = None
    langste: int | None = None
    """Most characters that a text may have."""
    mag_na_peildatum: bool = False

    @property
    def number_kind(self) -> str | None:
        """The kind of number that the field holds (``melding``, ``persoon``, ...): equal numbers of one kind are the same thing."""
        if self.veldsoort == "bsn":
            return "persoon"
        return self.name.removesuffix("_nummer") if self.veldsoort == "nummer" else None

    @property
    def identifies(self) -> bool:
        """Whether its content goes to the vault and nowhere else."""
        return self.veldsoort in IDENTIFYING

    @property
    def columns(self) -> dict[str, str]:
        """The columns of the landing that come from this field, with their DuckDB types."""
        match self.veldsoort:
            case "nummer":
                return {f"{self.number_kind}_id": "UUID"}
            case "bsn":
                return {"persoon_id": "UUID", "bsn_onbekend": "BOOLEAN", "bsn_ongeboren": "BOOLEAN"}
            case "geboortedatum":
                return {"geboortejaar": "INTEGER", "ongeboren": "BOOLEAN"}
            case _:
                return {self.name: TYPES.get(self.veldsoort, "VARCHAR")}


@dataclass(frozen=True)
class Entity:
    """One entity: a CSV file in a delivery, a Parquet file in the landing, a table in the history."""

    name: str
    description: str
    fields: tuple[Field, ...]

    @property
    def primary_key(self) -> tuple[Field, ...]:
        """The fields of the primary key, in its order."""
        return tuple(sorted((v for v in self.fields if v.key_position), key=lambda v: v.key_position or 0))

    @property
    def primary_key_columns(self) -> tuple[str, ...]:
        """The landing's columns of the primary key."""
        return tuple(column for v in self.primary_key for column in v.columns)

    @property
    def columns(self) -> dict[str, str]:
        """The content columns of the landing, with their DuckDB types."""
        return {column: soort for v in self.fields for column, soort in v.columns.items()}

    @property
    def parents(self) -> tuple[Field, ...]:
        """The fields that name a row of another entity."""
        return tuple(v for v in self.fields if v.verwijst_naar)

    def field(self, name: str) -> Field:
        return next(v for v in self.fields if v.name == name)


@dataclass(frozen=True)
class Bounds:
    """The contract's parameters: bounds that hold for every entity."""

    eerste_dag: date
    """No date or moment of an event lies before it."""
    jaren_na_peildatum: int
    """How far after the peildatum a date may lie that may lie after it."""
    geen_nummer: tuple[str, ...]
    """What is delivered as a number and stands for nothing, in any case."""
    casussen_per_huishouden: int
    meldingen_per_casus: int
    """More of them are a warning."""

    def last_day(self, peildatum: date) -> date:
        """The last day for a date that may lie after the peildatum; of 29 February it is 28 February."""
        year = min(peildatum.year + self.jaren_na_peildatum, MAXYEAR)
        leap_day = (peildatum.month, peildatum.day) == (2, 29)
        return peildatum.replace(year=year, day=28) if leap_day and not isleap(year) else peildatum.replace(year=year)


@dataclass(frozen=True)
class Contract:
    """One version of the contract. ``entities`` keeps the order of the file; ``levels`` puts parents before children."""

    version: str
    bounds: Bounds
    entities: tuple[Entity, ...]
    code_lists: dict[str, tuple[str, ...]]
    groups: dict[str, dict[str, str]]
    """By code list: the group that a code belongs to."""
    stadsdelen: dict[str, date]
    """The day from which each stadsdeel exists."""
    stadsdeel_gemeente: str
    """The only gemeente whose stadsdelen and buurten mean something in a delivery; empty where none has."""
    buurten: tuple[str, ...]
    """Codes of every division there was."""

    def entity(self, name: str) -> Entity:
        return next(e for e in self.entities if e.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(e.name for e in self.entities)

    @property
    def levels(self) -> tuple[tuple[Entity, ...], ...]:
        """The entities in levels: each names only entities of levels before its own."""
        sorter = TopologicalSorter({e.name: {v.verwijst_naar for v in e.parents} for e in self.entities})
        sorter.prepare()
        levels = []
        while sorter.is_active():
            ready = sorter.get_ready()
            levels.append(tuple(e for e in self.entities if e.name in ready))
            sorter.done(*ready)
        return tuple(levels)


@cache
def versions() -> tuple[str, ...]:
    """The contract versions that deliveries may name, oldest first."""
    return _versions(of_project(PATH))


def next_version() -> str:
    """The version that what is added now will be of."""
    major, minor = versions()[-1].split(".")
    return f"{major}.{int(minor) + 1}"


def load_contract(version: str | None = None) -> Contract:
    """The contract of ``version``, or the latest. Raises ``ContractError`` when the file says something that the code does not know."""
    return _loaded(version, seeds.folder())


@cache
def _loaded(version: str | None, _organisation: Path | None) -> Contract:
    return read_contract(PATH, version)


def read_contract(path: Path, version: str | None = None) -> Contract:
    """The contract in an ODCS file, as it was in one of its versions (the latest, when none is given): what came later is left out."""
    content = of_project(path)
    every = _versions(content)
    version = version or every[-1]
    _require(version in every, f"there is no version {version} of the contract; its versions are {', '.join(every)}")

    def there(raw: dict[str, Any]) -> bool:
        since = {c["property"]: c["value"] for c in raw.get("customProperties", [])}.get(SINDS, every[0])
        _require(since in every, f"{raw['name']}: {since} is no version of the contract")
        return every.index(since) <= every.index(version)

    codes, districts = seeds.rows(CODES), seeds.rows(DISTRICTS)
    lists: dict[str, tuple[str, ...]] = {}
    groups: dict[str, dict[str, str]] = {}
    for row in codes:
        lists[row["codelijst"]] = (*lists.get(row["codelijst"], ()), row["code"])
        groups.setdefault(row["codelijst"], {})[row["code"]] = row["hoort_bij"]
    _require(len({d["gemeente_code"] for d in districts}) <= 1, f"{DISTRICTS}: stadsdelen of one gemeente are expected")
    contract = Contract(
        version=version,
        bounds=_bounds(content.get("customProperties", [])),
        entities=tuple(_entity(e, filter(there, e["properties"])) for e in content["schema"] if there(e)),
        code_lists=lists,
        groups=groups,
        stadsdelen={d["stadsdeel_code"]: date.fromisoformat(d["geldig_van"]) for d in districts},
        stadsdeel_gemeente=districts[0]["gemeente_code"] if districts else "",
        buurten=tuple(dict.fromkeys(row["buurt_code"] for row in seeds.rows(NEIGHBOURHOODS))),
    )
    _verify(contract)
    return contract


def _bounds(raw: list[dict[str, Any]]) -> Bounds:
    found = {c["property"]: c["value"] for c in raw if c["property"] != VERSIONS}
    wrong = found.keys() ^ {f.name for f in fields(Bounds)}
    if wrong:
        raise ContractError(f"customProperties of the contract: unknown, or missing: {', '.join(sorted(wrong))}")
    return Bounds(**found | {"eerste_dag": date.fromisoformat(found["eerste_dag"]), "geen_nummer": tuple(found["geen_nummer"])})


def _versions(content: dict[str, Any]) -> tuple[str, ...]:
    """The versions that a file has. Raises ``ContractError`` when the last of them is not the version of the file."""
    found = {c["property"]: c["value"] for c in content.get("customProperties", [])}.get(VERSIONS, [])
    _require(bool(found) and found[-1] == content["version"], f"the last of `{VERSIONS}` is not the version of the contract")
    return tuple(found)


def _entity(raw: dict[str, Any], properties: Iterable[dict[str, Any]]) -> Entity:
    return Entity(raw["name"], raw["description"], tuple(_field(raw["name"], p) for p in properties))


def _field(entity: str, raw: dict[str, Any]) -> Field:
    custom = {c["property"]: c["value"] for c in raw.get("customProperties", [])}
    known = {"veldsoort", "codelijst", "verwijst_naar", "niet_voor", "gevuld_precies_waar", "alleen_waar", "leeg_waar", "minimum"}
    unknown = custom.keys() - known - {"maximum", "langste", "mag_na_peildatum", SINDS}
    if unknown or custom.get("veldsoort") not in VELDSOORTEN:
        raise ContractError(
            f"{entity}.{raw['name']}: unknown rule or kind of field ({', '.join(sorted(unknown)) or custom.get('veldsoort')})"
        )
    only = custom.get("alleen_waar")
    return Field(
        name=raw["name"],
        veldsoort=custom["veldsoort"],
        required=bool(raw.get("required", False)),
        key_position=raw["primaryKeyPosition"] if raw.get("primaryKey") else None,
        description=raw["description"],
        codelijst=custom.get("codelijst"),
        verwijst_naar=custom.get("verwijst_naar"),
        niet_voor=custom.get("niet_voor"),
        gevuld_precies_waar=custom.get("gevuld_precies_waar"),
        alleen_waar=OnlyWhere(only["veld"], only.get("waarde")) if only else None,
        leeg_waar=custom.get("leeg_waar"),
        sinds=custom.get(SINDS),
        minimum=custom.get("minimum"),
        maximum=custom.get("maximum"),
        langste=custom.get("langste"),
        mag_na_peildatum=bool(custom.get("mag_na_peildatum", False)),
    )


def _verify(contract: Contract) -> None:
    """Every name that a rule uses exists, and every entity has a key."""
    for entity in contract.entities:
        names = {v.name for v in entity.fields}
        _require(bool(entity.primary_key), f"{entity.name} has no key")
        for v in entity.fields:
            where = f"{entity.name}.{v.name}"
            _require(v.codelijst is None or v.codelijst in contract.code_lists, f"{where}: unknown code list")
            _require(v.verwijst_naar is None or v.verwijst_naar in contract.names, f"{where}: unknown parent entity")
            used = [v.gevuld_precies_waar, v.leeg_waar, v.alleen_waar and v.alleen_waar.veld]
            _require(all(u is None or u in names for u in used), f"{where}: a rule names an unknown field")
            if v.niet_voor and "." in v.niet_voor:
                parent, field = v.niet_voor.split(".")
                _require(parent in {o.verwijst_naar for o in entity.parents}, f"{where}: niet_voor names an entity that is no parent")
                _require(field in {p.name for p in contract.entity(parent).fields}, f"{where}: niet_voor names an unknown field")
            else:
                _require(v.niet_voor is None or v.niet_voor in names, f"{where}: niet_voor names an unknown field")


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ContractError(message)


ALLOWED = {
    "datum": later("a date, JJJJ-MM-DD"),
    "moment": later("a moment with offset, as 2025-01-02T01:14:05+01:00"),
    "maand": later("a month, JJJJ-MM"),
    "boolean": later("ja, nee"),
    "geheel": later("a whole number"),
    "decimaal": later("a number, with a point or a comma before its decimals and nothing between its thousands"),
    "tekst": later("text, without signs that cannot be seen"),
    "gemeente": later("GM and four digits"),
    "bsn": later("nine digits that pass the elfproef, 000000000 (unknown) or 999999999 (unborn)"),
    "geboortedatum": later("JJJJMMDD, with 00 for a day or month that is not known, or 99999999 (unborn)"),
    "nummer": later("a number in its normal form, without spaces or signs that cannot be seen"),
    "buurt": later("a buurt, of any division there was (seeds/areas/buurten.csv)"),
}


def allowed_values(contract: Contract, entity: str, entity_field: str) -> str:
    """What a field may hold, for people: its codes, or the form of its values; and whether it may be empty."""
    field = contract.entity(entity).field(entity_field)
    match field.veldsoort:
        case "code":
            text = ", ".join(contract.code_lists[field.codelijst or ""])
        case "stadsdeel":
            text = ", ".join(contract.stadsdelen)
        case kind:
            text = say(ALLOWED[kind])
    bounds = [say("at least {minimum}", minimum=field.minimum)] if field.minimum is not None else []
    bounds += [say("at most {maximum}", maximum=field.maximum)] if field.maximum is not None else []
    bounds += [say("at most {count} characters", count=field.langste)] if field.langste is not None else []
    return "; ".join([text, *bounds, say("not empty") if field.required else say("may be empty")])
