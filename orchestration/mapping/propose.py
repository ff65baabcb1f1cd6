"""A first mapping from sample files: how they are written, and which column looks like which field; the rest is left to a person.

Nothing of what stands in the files comes into the proposal but the names of columns (where the first line holds names) and values that are
a code of the contract or its name, in a column that looks like that field.
"""

import json
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck, seeds
from orchestration.declared import of_project
from orchestration.intake.contract import CODES, Contract, Entity, Field, load_contract
from orchestration.intake.delivery import FolderSource, RefusedError, plain_name
from orchestration.intake.numbers import normal_sql
from orchestration.intake.reader import read_other
from orchestration.language import later, say
from orchestration.mapping.errors import MappingError
from orchestration.mapping.sniff import ColumnKind, Sniffed, look, sniff
from orchestration.settings import Settings

SYNONYMS = Path(__file__).with_name("synonyms.yml")
FILL_IN = "# >>>"
"""What a person must look at begins so."""
ENOUGH = 0.5
"""Part of the required fields of an entity that must have a column for a file to be its source."""


@dataclass(frozen=True)
class ProposedMapping:
    """The text of a mapping, and how far it goes."""

    text: str
    matched: int
    missing: int


@dataclass
class Sample:
    """A file that could be read."""

    alias: str
    sniffed: Sniffed
    table: str
    kinds: dict[str, ColumnKind] = field(default_factory=dict)

    def place(self, column: str) -> str:
        return f"k{self.sniffed.columns.index(column)}"


def propose(settings: Settings, folder: Path, organisatie: str) -> ProposedMapping:
    """Propose a mapping for the files in a folder. Raises ``MappingError`` when there is no folder, or no file that can be read."""
    if not folder.is_dir():
        raise MappingError(say("There is no folder {folder}: name the one with the files of the registration.", folder=folder))
    samples: list[Sample] = []
    others: list[str] = []
    with tempfile.TemporaryDirectory(prefix="vt-") as scratch, duck.connect(settings.elsewhere(Path(scratch))) as con:
        source = FolderSource(folder)
        for path in sorted(p for p in folder.iterdir() if not p.name.startswith(".")):
            sniffed = sniff(path) if path.is_file() and plain_name(path.name) else None
            sample = Sample(_alias(path.name, samples), sniffed, f"bron_{len(samples)}") if sniffed else None
            try:
                if sample:
                    read_other(con, source, path.name, sample.sniffed.form, sample.table, Path(scratch))
            except RefusedError:
                sample = None
            if sample is None:
                others.append(path.name)
                continue
            sample.kinds = {c: look(con, sample.table, sample.place(c)) for c in sample.sniffed.columns}
            samples.append(sample)
        if not samples:
            raise MappingError(say("No file in {folder} is text in columns that can be read.", folder=folder))
        return _Writer(con, load_contract(), samples, others, organisatie).write()


def _alias(name: str, before: list[Sample]) -> str:
    alias = re.sub(r"[^a-z0-9]+", "_", Path(name).stem.lower()).strip("_") or "bestand"
    alias = re.sub(r"(_?\d{6,})+$", "", alias) or alias
    taken = {s.alias for s in before}
    return next(a for a in (alias, *(f"{alias}_{i}" for i in range(2, 1000))) if a not in taken)


def plain(name: str) -> str:
    """A name as names are compared: small letters and digits, without accents."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", folded)


@cache
def _synonyms() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = of_project(SYNONYMS)
    return found


def _names(entity: Entity, item: Field) -> list[str]:
    """What a column may be called that holds this field, the best first."""
    own = [plain(item.name), plain(item.name.removesuffix("_op")), *_synonyms()["velden"].get(item.name, [])]
    # the number of the thing itself is often called no more than that
    return [*own, "nr", "nummer", "id"] if item.key_position == 1 and not item.verwijst_naar else own


def _fits(item: Field, kind: ColumnKind) -> bool:
    """Whether the values of a column can be of a field; names alone say too much."""
    if not kind.rows:
        return True
    match item.veldsoort:
        case "datum" | "moment" | "geboortedatum":
            return bool(kind.notation) or item.veldsoort == "geboortedatum"
        case "boolean":
            return kind.yes_no is not None
        case _:
            return True


@dataclass(frozen=True)
class Matched:
    """A file as the source of an entity: by field, its columns (more than one: beside each other)."""

    sample: Sample
    columns: dict[str, tuple[str, ...]]
    score: float


def match(entity: Entity, sample: Sample) -> Matched:
    """Which column of a file looks like which field of an entity."""
    free = {plain(c): c for c in reversed(sample.sniffed.columns)}
    found: dict[str, tuple[str, ...]] = {}
    for item in entity.fields:
        spread = [c for c in sample.sniffed.columns if re.sub(r"\d+$", "", plain(c)) in _names(entity, item) and plain(c)[-1:].isdigit()]
        if item.key_position == 2 and item.veldsoort == "code" and len(spread) > 1:
            found[item.name] = tuple(spread)
            continue
        taken = {c for columns in found.values() for c in columns}
        column = next((c for n in _names(entity, item) if (c := free.get(n)) and c not in taken and _fits(item, sample.kinds[c])), None)
        if column:
            found[item.name] = (column,)
    required = [f for f in entity.fields if f.required]
    have = sum(f.name in found for f in required) / len(required)
    named = any(word in plain(sample.alias) for word in _synonyms()["entiteiten"].get(entity.name, []))
    keyed = all(f.name in found for f in entity.primary_key)
    other = sum(f.name in found for f in entity.fields) / len(entity.fields)
    return Matched(sample, found, (have + other + 0.5 * named) if keyed and have >= ENOUGH else 0.0)


def _yaml(text: str) -> str:
    """A text as it may stand in YAML."""
    return text if re.fullmatch(r"[A-Za-z_][\w.]*( [\w.]+)*", text) else json.dumps(text, ensure_ascii=False)


class _Writer:
    def __init__(
        self, con: duckdb.DuckDBPyConnection, contract: Contract, samples: list[Sample], others: list[str], organisatie: str
    ) -> None:
        self.con, self.contract, self.samples, self.others, self.organisatie = con, contract, samples, others, organisatie
        self.matched = self.missing = 0
        self.used: dict[str, set[str]] = {s.alias: set() for s in samples}
        kinds = [k for s in samples for k in s.kinds.values()]
        self.day = _most([k.notation for k in kinds if k.notation and "u" not in k.notation])
        self.moment = _most([k.notation for k in kinds if "u" in k.notation])
        self.decimal = _most([k.decimal for k in kinds if k.decimal]) or ","
        self.yes_no: Any = _most([k.yes_no for k in kinds if k.yes_no and k.yes_no != ("1", "0")])

    def write(self) -> ProposedMapping:
        lines = [*self._head(), "", "bestanden:"]
        for sample in self.samples:
            lines += self._file(sample)
        unread = later("not text in columns: {name}")
        lines += [f"  # {say(unread, name=name)}" for name in self.others if plain_name(name)]
        lines += ["", "entiteiten:"]
        for entity in self.contract.entities:
            lines += [*self._entity(entity), ""]
        lines += self._unused()
        return ProposedMapping("\n".join(lines).rstrip() + "\n", self.matched, self.missing)

    def _head(self) -> Iterator[str]:
        told = say("A proposal: what it could not tell is marked with >>>. What may stand here: docs/mapping.md")
        yield f"# {told}"
        yield "mapping: 1"
        yield f"organisatie: {_yaml(self.organisatie)}"
        yield f'contract: "{self.contract.version}"'
        yield ""
        yield "standaard:"
        for key, of in (("codering", "encoding"), ("scheiding", "separator"), ("aanhaling", "quote")):
            yield f"  {key}: {_yaml(self._usual(of))}"
        yield f'  decimaal: "{self.decimal}"'
        yield f"  datum: {self.day}" if self.day else f"  {FILL_IN} datum: dd-mm-jjjj"
        yield f"  moment: {self.moment}" if self.moment else f"  {FILL_IN} moment: dd-mm-jjjj uu:mm"
        if self.yes_no:
            yield f"  ja: {_yaml(self.yes_no[0])}"
            yield f"  nee: {_yaml(self.yes_no[1])}"
        else:
            yield f"  {FILL_IN} ja: ja"
            yield f"  {FILL_IN} nee: nee"
        again = say("the hour that comes twice at the end of summer time: eerste, tweede or quarantaine")
        yield f"  uurwisseling: eerste # {again}"

    def _usual(self, of: str) -> str:
        return str(_most([getattr(s.sniffed, of) for s in self.samples]))

    def _file(self, sample: Sample) -> Iterator[str]:
        sniffed = sample.sniffed
        keys = (("codering", "encoding"), ("scheiding", "separator"), ("aanhaling", "quote"))
        other = [(key, getattr(sniffed, of)) for key, of in keys if getattr(sniffed, of) != self._usual(of)]
        if not other and sniffed.header:
            yield f"  {sample.alias}: {_yaml(sniffed.name)}"
            return
        yield f"  {sample.alias}:"
        yield f"    bestand: {_yaml(sniffed.name)}"
        for key, value in other:
            yield f"    {key}: {_yaml(value)}"
        if not sniffed.header:
            nameless = say("its first line holds no names: name the columns")
            yield f"    kolommen: [{', '.join(sniffed.columns)}] {FILL_IN} {nameless}"

    def _entity(self, entity: Entity) -> Iterator[str]:
        best = max((match(entity, sample) for sample in self.samples), key=lambda m: m.score)
        required = [f for f in entity.fields if f.required]
        if not best.score:
            self.missing += len(required)
            told = say("no file looks like it; geen where it is not registered")
            yield f"  {FILL_IN} {entity.name}: geen # {told} ({entity.description})"
            return
        yield f"  {entity.name}: # {entity.description}"
        yield f"    uit: {best.sample.alias}"
        spread = next((f for f in entity.fields if len(best.columns.get(f.name, ())) > 1), None)
        yield "    velden:"
        for item in entity.fields:
            if item is not spread:
                yield from self._field(entity, item, best)
        if spread:
            self.matched += 1
            yield "    spreid:"
            columns = best.columns[spread.name]
            for i, column in enumerate(columns):
                yield from self._spread(spread, best.sample, column, columns, first=i == 0)

    def _field(self, entity: Entity, item: Field, best: Matched) -> Iterator[str]:
        columns = best.columns.get(item.name)
        if columns is None:
            must = say("must be filled") if item.required else say("may stay empty")
            self.missing += item.required
            yield f"      {FILL_IN if item.required else '#'} {item.name}: # {must}: {item.description}"
            return
        self.matched += 1
        self.used[best.sample.alias].add(columns[0])
        how = list(self._how(item, best.sample, columns[0]))
        if not how:
            yield f"      {item.name}: {_yaml(columns[0])}"
            return
        yield f"      {item.name}:"
        yield f"        kolom: {_yaml(columns[0])}"
        yield from (f"        {line}" for line in how)

    def _spread(self, item: Field, sample: Sample, column: str, columns: tuple[str, ...], *, first: bool) -> Iterator[str]:
        self.used[sample.alias].add(column)
        anchor = f"{item.name}_{sample.alias}"
        codes = list(self._codes(item, [(sample, c) for c in columns]))
        if not _known(codes):
            yield f"      - {item.name}: {{kolom: {_yaml(column)}}} {FILL_IN} codes: {{}}"
            yield from (f"      {line}" for line in codes if first)
        elif first:
            yield f"      - {item.name}:"
            yield f"          kolom: {_yaml(column)}"
            yield f"          codes: &{anchor}"
            yield from (f"            {line}" for line in codes)
        else:
            yield f"      - {item.name}: {{kolom: {_yaml(column)}, codes: *{anchor}}}"

    def _how(self, item: Field, sample: Sample, column: str) -> Iterator[str]:
        kind = sample.kinds[column]
        if item.veldsoort in {"datum", "geboortedatum", "moment"} and kind.notation:
            usual = self.moment if item.veldsoort == "moment" else self.day
            if kind.notation != usual:
                yield f"vorm: {kind.notation}"
        if item.veldsoort == "boolean" and kind.yes_no and kind.yes_no != self.yes_no:
            yield f"ja: {_yaml(kind.yes_no[0])}"
            yield f"nee: {_yaml(kind.yes_no[1])}"
        if item.veldsoort in {"decimaal", "geheel"} and kind.decimal and kind.decimal != self.decimal:
            yield f'decimaal: "{kind.decimal}"'
        if item.veldsoort == "code":
            split = kind.separator if item.key_position == 2 else ""
            if split:
                yield f'splits: "{split}"'
            codes = list(self._codes(item, [(sample, column)], split))
            # that a column holds codes, and may be shown, is said by a person where nothing in it is known
            yield "codes:" if _known(codes) else f"{FILL_IN} codes: {{}}"
            yield from (f"  {line}" for line in codes)

    def _codes(self, item: Field, places: list[tuple[Sample, str]], split: str = "") -> Iterator[str]:
        """The values that are a code of the contract, or its name; of the others how many there are, and none of them."""
        known = {plain(code): code for code in self.contract.code_lists[item.codelijst or ""]}
        known |= {plain(row["naam"]): row["code"] for row in seeds.rows(CODES) if row["codelijst"] == item.codelijst}
        texts = " union all ".join(f"select {s.place(c)} as t from {s.table}" for s, c in places)
        parts = f"select unnest(string_split(t, '{split}')) as t from ({texts})" if split else texts
        values = [
            value
            for (value,) in self.con.execute(
                f"select distinct {normal_sql('t')} as t from ({parts}) where {normal_sql('t')} <> '' order by 1"
            ).fetchall()
        ]
        for value in values:
            if plain(value) in known:
                yield f"{_yaml(value)}: {known[plain(value)]}"
        if others := sum(plain(value) not in known for value in values):
            told = later(
                "{count} values are none of the contract: where these are codes, and no people, write codes; vt mapping check names them"
            )
            yield f"{FILL_IN} {say(told, count=others)}"

    def _unused(self) -> Iterator[str]:
        for sample in self.samples:
            left = [c for c in sample.sniffed.columns if c not in self.used[sample.alias]]
            if left and sample.sniffed.header:
                told = later("Of {file} not used: {columns}")
                yield f"# {say(told, file=sample.sniffed.name, columns=', '.join(left))}"


def _known(codes: list[str]) -> bool:
    """Whether any of the lines of ``codes`` is one."""
    return any(not line.startswith("#") for line in codes)


def _most(values: list[Any]) -> Any:
    """What occurs most; the empty text where there is nothing."""
    return Counter(values).most_common(1)[0][0] if values else ""
