"""A mapping as it is written down, read with the line of everything in it: what it says, not yet whether that can be."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from orchestration.declared import composed
from orchestration.errors import did_you_mean
from orchestration.files import sha256
from orchestration.intake.reader import Form
from orchestration.language import later, say
from orchestration.mapping.errors import Fault, MappingError
from orchestration.mapping.formats import AGAIN, FIRST, Notation

FORM = "1"
"""The form of mapping files that this code reads (``mapping: 1``)."""
NONE = "geen"
ENCODINGS = {
    "utf-8": "utf-8",
    "windows-1252": "cp1252",
    "iso-8859-1": "iso8859-1",
    "iso-8859-15": "iso8859-15",
    "utf-16": "utf-16",
}
"""By the name in a mapping: the codec of Python's. ASCII's signs must be a byte each once it is UTF-8, so nothing else is needed."""
SEPARATORS = {"tab": "\t", ";": ";", ",": ",", "|": "|"}
QUOTES = {'"': '"', "'": "'", NONE: ""}

OPTIONS = ("scheiding", "codering", "aanhaling", "kolommen", "decimaal", "duizend", "datum", "moment", "ja", "nee", "leeg", "uurwisseling")
FILE_KEYS = ("bestand", *OPTIONS)
VALUE_KEYS = (
    *("kolom", "tussen", "constante", "codes", "ja", "nee", "vervang", "vorm"),
    *("decimaal", "duizend", "splits", "uurwisseling"),
)
BLOCK_KEYS = ("uit", "waar", "koppel", "velden", "spreid")
TOP_KEYS = ("mapping", "organisatie", "contract", "standaard", "bestanden", "entiteiten")


@dataclass(frozen=True)
class Options:
    """How values are written in a file; a value may say it for itself."""

    decimal: str = ","
    thousands: str = ""
    day: Notation | None = None
    moment: Notation | None = None
    yes: tuple[str, ...] = ("ja",)
    no: tuple[str, ...] = ("nee",)
    empty: tuple[str, ...] = ()
    """Texts that stand for nothing."""
    again: str = FIRST


@dataclass(frozen=True)
class TheirFile:
    """One file of theirs. ``pattern``: its name, ``*`` and ``?`` for what changes from day to day."""

    alias: str
    pattern: str
    form: Form
    options: Options
    line: int


@dataclass(frozen=True)
class Value:
    """Where a field of the contract comes from, and how it is read."""

    line: int
    veld: str
    """Where in the mapping."""
    columns: tuple[str, ...] = ()
    """As the mapping names them; none for a constant, or for a field that stays empty."""
    between: str = " "
    constant: str = ""
    codes: tuple[tuple[str, str, int], ...] | None = None
    """Theirs, the contract's, and the line."""
    replaced: tuple[tuple[str, str], ...] = ()
    notation: Notation | None = None
    split: str = ""
    decimal: str | None = None
    thousands: str | None = None
    yes: tuple[str, ...] | None = None
    no: tuple[str, ...] | None = None
    again: str | None = None


@dataclass(frozen=True)
class Where:
    """Which of their records belong to the entity, by the values of one column."""

    line: int
    veld: str
    column: str
    belongs: tuple[str, ...]
    others: tuple[str, ...]
    """Values of records that are known to belong elsewhere."""


@dataclass(frozen=True)
class Join:
    """A file that is looked up by key: at most one record of it for each of ours."""

    line: int
    veld: str
    alias: str
    on: tuple[tuple[str, str], ...]
    """Columns on the left, and of the file itself."""


@dataclass(frozen=True)
class Section:
    """Rows of one entity out of one file."""

    line: int
    veld: str
    alias: str
    alias_line: int
    where: tuple[Where, ...]
    joins: tuple[Join, ...]
    fields: dict[str, Value]
    spread: tuple[tuple[int, dict[str, Value]], ...]
    """What columns beside each other become rows: a line and fields for each. Empty: one row for each record."""


@dataclass(frozen=True)
class Entiteit:
    """What the mapping says of one entity; no blocks: there is nothing of it."""

    line: int
    blocks: tuple[Section, ...]


@dataclass(frozen=True)
class Mapping:
    """A mapping file."""

    path: Path
    sha256: str
    organisatie: str
    contract: str
    files: dict[str, TheirFile]
    entities: dict[str, Entiteit]
    lines: dict[str, int] = field(default_factory=dict)
    """Lines of ``organisatie``, ``contract``, ``bestanden`` and ``entiteiten``."""

    @property
    def name(self) -> str:
        return self.path.name


def read_mapping(path: Path) -> tuple[Mapping, list[Fault]]:
    """The mapping in a file, and what is wrong with how it is written. Raises ``MappingError`` or ``DeclaredError`` when it is no such file
    at all.
    """
    _, node = composed(path)
    if not isinstance(node, yaml.MappingNode):
        raise MappingError(say("{file} is no mapping: it begins with mapping: 1; see docs/mapping.md.", file=path.name))
    reader = _Reader()
    return reader.mapping(node, path, sha256(path)), reader.faults


Node = yaml.Node


class _Reader:
    """Reads nodes of YAML as text, whatever YAML takes them for: 01, no and 1.10 are codes as they stand."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._keys: dict[int, int] = {}
        """By value that has a name: the line of the name, where people look for it."""

    def line(self, node: Node) -> int:
        return self._keys.get(id(node), int(node.start_mark.line) + 1)

    def wrong(self, node: Node, veld: str, what: str, **values: object) -> None:
        self.faults.append(Fault(self.line(node), veld, say(what, **values)))

    # --- small things ---------------------------------------------------------------------------------------------------------------

    def text(self, node: Node | None, veld: str, default: str = "") -> str:
        if node is None:
            return default
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(node, veld, later("must be one text"))
            return default
        return str(node.value)

    def texts(self, node: Node | None, veld: str) -> tuple[str, ...]:
        """One text or a list of them."""
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.text(item, veld) for item in node.value)
        return () if node is None else (self.text(node, veld),)

    def items(self, node: Node | None, veld: str, known: tuple[str, ...] | None = None) -> dict[str, Node]:
        """Key → node. ``known``: the keys there may be."""
        if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, veld, later("must be names with a value each"))
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if name in found:
                self.wrong(key, f"{veld}.{name}".strip("."), later("stands there twice"))
            elif known is not None and name not in known:
                hint = did_you_mean(name, known)
                self.wrong(key, f"{veld}.{name}".strip("."), later("is not known here{hint}"), hint=hint and f".{hint}".rstrip("."))
            else:
                found[name] = value
                self._keys[id(value)] = int(key.start_mark.line) + 1
        return found

    def choice(self, node: Node | None, veld: str, known: dict[str, str], default: str) -> str:
        if node is None:
            return default
        given = self.text(node, veld)
        if given not in known:
            self.wrong(node, veld, later("must be one of: {known}"), known=" ".join(known))
        return known.get(given, default)

    def notation(self, node: Node | None, veld: str) -> Notation | None:
        if node is None:
            return None
        found = Notation(self.text(node, veld))
        if not found.has_month:
            self.wrong(node, veld, later("is no way of writing a date; see docs/mapping.md: dd-mm-jjjj, dd-mm-jjjj uu:mm"))
            return None
        return found

    # --- the parts of a mapping --------------------------------------------------------------------------------------------------------

    def mapping(self, node: Node, path: Path, checksum: str) -> Mapping:
        top = self.items(node, "", TOP_KEYS)
        for name in ("mapping", "organisatie", "contract", "bestanden", "entiteiten"):
            if name not in top:
                self.wrong(node, name, later("is missing"))
        if "mapping" in top and self.text(top["mapping"], "mapping") != FORM:
            self.wrong(top["mapping"], "mapping", later("must be {form}, the form of mappings that is read"), form=FORM)
        raw = self.items(top.get("standaard"), "standaard", OPTIONS)
        form, options = self._options(raw, "standaard", Form(), Options())
        files = {alias: self._file(alias, item, form, options) for alias, item in self.items(top.get("bestanden"), "bestanden").items()}
        entities = {name: self._entity(name, item) for name, item in self.items(top.get("entiteiten"), "entiteiten").items()}
        return Mapping(
            path=path,
            sha256=checksum,
            organisatie=self.text(top.get("organisatie"), "organisatie"),
            contract=self.text(top.get("contract"), "contract"),
            files=files,
            entities=entities,
            lines={name: self.line(top.get(name, node)) for name in TOP_KEYS},
        )

    def _options(self, raw: dict[str, Node], veld: str, form: Form, options: Options) -> tuple[Form, Options]:
        def at(name: str) -> str:
            return f"{veld}.{name}"

        form = Form(
            separator=self.choice(raw.get("scheiding"), at("scheiding"), SEPARATORS, form.separator),
            quote=self.choice(raw.get("aanhaling"), at("aanhaling"), QUOTES, form.quote),
            encoding=self.choice(raw.get("codering"), at("codering"), ENCODINGS, form.encoding),
            columns=self.texts(raw.get("kolommen"), at("kolommen")),
        )
        changes: dict[str, Any] = {}
        for key, name in (("ja", "yes"), ("nee", "no"), ("leeg", "empty")):
            if key in raw:
                changes[name] = self.texts(raw[key], at(key))
        for key, name in (("datum", "day"), ("moment", "moment")):
            if key in raw:
                changes[name] = self.notation(raw[key], at(key))
        signs, no_sign = {",": ",", ".": "."}, {NONE: "", " ": " ", "'": "'", ",": ",", ".": "."}
        options = replace(
            options,
            decimal=self.choice(raw.get("decimaal"), at("decimaal"), signs, options.decimal),
            thousands=self.choice(raw.get("duizend"), at("duizend"), no_sign, options.thousands),
            again=self.choice(raw.get("uurwisseling"), at("uurwisseling"), {a: a for a in AGAIN}, options.again),
            **changes,
        )
        if options.decimal == options.thousands:
            node = raw.get("duizend") or raw.get("decimaal")
            if node:
                self.wrong(node, at("duizend"), later("is the sign for decimals too"))
        return form, options

    def _file(self, alias: str, node: Node, form: Form, options: Options) -> TheirFile:
        veld = f"bestanden.{alias}"
        if isinstance(node, yaml.ScalarNode):
            return TheirFile(alias, node.value, replace(form, columns=()), options, self.line(node))
        raw = self.items(node, veld, FILE_KEYS)
        if "bestand" not in raw:
            self.wrong(node, f"{veld}.bestand", later("is missing"))
        own, its = self._options(raw, veld, form, options)
        return TheirFile(alias, self.text(raw.get("bestand"), f"{veld}.bestand"), own, its, self.line(raw.get("bestand", node)))

    def _entity(self, name: str, node: Node) -> Entiteit:
        veld = f"entiteiten.{name}"
        if isinstance(node, yaml.ScalarNode):
            if node.value != NONE:
                self.wrong(node, veld, later("must say where its rows come from, or geen"))
            return Entiteit(self.line(node), ())
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return Entiteit(self.line(node), tuple(self._block(veld, item) for item in items))

    def _block(self, veld: str, node: Node) -> Section:
        raw = self.items(node, veld, BLOCK_KEYS)
        if "uit" not in raw:
            self.wrong(node, f"{veld}.uit", later("is missing"))
        where = tuple(
            self._where(f"{veld}.waar.{column}", column, item) for column, item in self.items(raw.get("waar"), f"{veld}.waar").items()
        )
        joins = raw.get("koppel")
        listed = joins.value if isinstance(joins, yaml.SequenceNode) else [joins] if joins else []
        spread = raw.get("spreid")
        if spread is not None and not isinstance(spread, yaml.SequenceNode):
            self.wrong(spread, f"{veld}.spreid", later("must be a list: the fields of one row, and of the next"))
            spread = None
        return Section(
            line=self.line(node),
            veld=veld,
            alias=self.text(raw.get("uit"), f"{veld}.uit"),
            alias_line=self.line(raw.get("uit", node)),
            where=where,
            joins=tuple(self._join(f"{veld}.koppel", item) for item in listed),
            fields=self._fields(raw.get("velden"), f"{veld}.velden"),
            spread=tuple((self.line(item), self._fields(item, f"{veld}.spreid")) for item in (spread.value if spread else [])),
        )

    def _where(self, veld: str, column: str, node: Node) -> Where:
        raw = self.items(node, veld, ("is", "niet"))
        if "is" not in raw:
            self.wrong(node, f"{veld}.is", later("is missing"))
        return Where(self.line(node), veld, column, self.texts(raw.get("is"), veld), self.texts(raw.get("niet"), veld))

    def _join(self, veld: str, node: Node) -> Join:
        raw = self.items(node, veld, ("bestand", "op"))
        for name in ("bestand", "op"):
            if name not in raw:
                self.wrong(node, f"{veld}.{name}", later("is missing"))
        on = tuple((left, self.text(right, f"{veld}.op")) for left, right in self.items(raw.get("op"), f"{veld}.op").items())
        return Join(self.line(node), veld, self.text(raw.get("bestand"), f"{veld}.bestand"), on)

    def _fields(self, node: Node | None, veld: str) -> dict[str, Value]:
        return {name: self._value(f"{veld}.{name}", item) for name, item in self.items(node, veld).items()}

    def _value(self, veld: str, node: Node) -> Value:
        if not isinstance(node, yaml.MappingNode):
            columns = self.texts(node, veld)
            empty = isinstance(node, yaml.ScalarNode) and not node.value
            return Value(self.line(node), veld, () if empty else columns)
        raw = self.items(node, veld, VALUE_KEYS)
        if ("kolom" in raw) == ("constante" in raw):
            self.wrong(node, veld, later("must have either kolom or constante"))
        return Value(
            line=self.line(node),
            veld=veld,
            columns=self.texts(raw.get("kolom"), f"{veld}.kolom"),
            between=self.text(raw.get("tussen"), f"{veld}.tussen", " "),
            constant=self.text(raw.get("constante"), f"{veld}.constante"),
            codes=tuple(self._codes(raw["codes"], f"{veld}.codes")) if "codes" in raw else None,
            replaced=tuple((a, b) for a, b, _ in self._codes(raw.get("vervang"), f"{veld}.vervang")),
            notation=self.notation(raw.get("vorm"), f"{veld}.vorm"),
            split=self.text(raw.get("splits"), f"{veld}.splits"),
            decimal=self.choice(raw.get("decimaal"), f"{veld}.decimaal", {",": ",", ".": "."}, "") or None,
            thousands=self.text(raw["duizend"], f"{veld}.duizend").replace(NONE, "") if "duizend" in raw else None,
            yes=self.texts(raw["ja"], f"{veld}.ja") if "ja" in raw else None,
            no=self.texts(raw["nee"], f"{veld}.nee") if "nee" in raw else None,
            again=self.choice(raw.get("uurwisseling"), f"{veld}.uurwisseling", {a: a for a in AGAIN}, "") or None,
        )

    def _codes(self, node: Node | None, veld: str) -> Iterator[tuple[str, str, int]]:
        for theirs, item in self.items(node, veld).items():
            yield theirs, self.text(item, f"{veld}.{theirs}"), self.line(item)
