"""Words: nouns of the domain are Dutch, as contract and tables have them; all else in an identifier or a file name is English.

A noun of the domain is one that stands where others read it: in the delivery contract, in a table or a seed, in a key of the register,
the verdict or a release, in a setting, an option of ``vt``, or the glossary. English is what a dictionary has, and ``tests/words.txt``:
words of the trade and names, one to a line.
"""

import ast
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from spellchecker import SpellChecker

from orchestration.cli import late
from orchestration.intake.checks import Counts
from orchestration.intake.delivery import DeliveredFile, Manifest
from orchestration.landing.process import Processed
from orchestration.landing.quarantine import QuarantinedRow
from orchestration.landing.takein import Outcome
from orchestration.quality.ledger import KnownFailure
from orchestration.quality.overview import OverviewRow
from orchestration.register.register import Anchor, Event, Levering, Plan, Seal
from orchestration.release.diff import FigureChanges, PerIndicator
from orchestration.release.hold import Pin
from orchestration.release.verdict import Uitkomst, Verdict
from orchestration.settings import PROJECT, Omgeving, Settings
from orchestration.transform.catalogue import Indicator
from orchestration.transform.controle import Controle
from orchestration.transform.dbt import BuildReport

WRITTEN_OUT = (
    *(Verdict, BuildReport, Outcome, Counts, Controle, OverviewRow, KnownFailure),
    *(Event, Levering, Anchor, Seal, Plan, Processed, QuarantinedRow, Pin, FigureChanges, PerIndicator),
    *(Manifest, DeliveredFile, Indicator),
)
"""Records whose fields are keys and columns: of verdicts, of the register, of a release, of a manifest, of tables and lists."""

TRADE = PROJECT / "tests" / "words.txt"
SHORT = 2
"""Words of so few letters belong to no language: ``op``, ``vb``, ``id``."""
PLURAL = ("en", "n", "s")
FAR = 20
"""A word that both languages have is Dutch when it is this many times as common there."""
ADVICE = "use English, or, when it is a noun of the domain, put it in docs/glossary.md (a word of the trade: in tests/words.txt)"


def split(name: str) -> list[str]:
    """The words of a name, in small letters: ``leg_vast``, ``NUMMER_SPRONG`` and ``MapBron`` have two each."""
    return [w.lower() for w in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


# --- the words that may be used -----------------------------------------------------------------------------------------------------------


def _names(content: Any, keys: Iterable[str]) -> Iterator[str]:
    """What stands under one of these keys, anywhere in a YAML file."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key in keys and isinstance(value, str):
                yield value
            yield from _names(value, keys)
    elif isinstance(content, list):
        for value in content:
            yield from _names(value, keys)


def _options(command: Any) -> Iterator[str]:
    """The names of a command's options and arguments, and of what is below it."""
    for parameter in command.params:
        yield parameter.name
    for name, below in getattr(command, "commands", {}).items():
        yield name
        yield from _options(below)


def _fields(record: Any) -> Iterable[str]:
    if is_dataclass(record):
        return [f.name for f in fields(record)]
    return getattr(record, "model_fields", None) or record._fields


def _domain() -> Iterator[str]:
    for path in (PROJECT / "expectations" / "contract").glob("*.odcs.yaml"):
        yield from _names(yaml.safe_load(path.read_text(encoding="utf-8")), {"name", "property"})
    for path in (PROJECT / "dbt_project" / "models").rglob("*.yml"):
        yield from _names(yaml.safe_load(path.read_text(encoding="utf-8")), {"name"})
    for path in (PROJECT / "seeds").rglob("*.csv"):
        yield path.stem
        with path.open(encoding="utf-8", newline="") as file:
            yield from next(csv.reader(file))
    for record in (*WRITTEN_OUT, Settings):
        yield from _fields(record)
    yield from (e.value for kind in (Omgeving, Uitkomst) for e in kind)
    for name in late.COMMANDS:
        yield name
        yield from _options(late.command(name))
    glossary = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8")
    yield from re.findall(r"^\| ([^|]+) \|", glossary, re.MULTILINE)
    yield from re.findall(r"(?:\*\*|`)(\w+)(?:\*\*|`)", glossary)


@cache
def domain() -> frozenset[str]:
    return frozenset(word for name in _domain() for word in split(name))


@cache
def dictionaries() -> tuple[SpellChecker, SpellChecker, frozenset[str]]:
    """English, Dutch, and the words of the trade."""
    return SpellChecker(language="en"), SpellChecker(language="nl"), frozenset(TRADE.read_text(encoding="utf-8").split())


def permitted(word: str) -> bool:
    """Whether a word is English, of the trade, or a noun of the domain."""
    english, dutch, trade = dictionaries()
    one = {word, *(word.removesuffix(ending) for ending in PLURAL)}
    if len(word) <= SHORT or word in trade or one & domain():
        return True
    here = english.word_frequency[word] if word in english else 0
    there = dutch.word_frequency[word] if word in dutch else 0
    return bool(here) and here * FAR >= there


# --- the words that are used --------------------------------------------------------------------------------------------------------------


def identifiers(code: str) -> Iterator[tuple[str, int]]:
    """Every name that Python code gives, with its line."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name, node.lineno
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((alias.asname, node.lineno) for alias in names if alias.asname)


def foreign(code: str) -> list[tuple[int, str, str]]:
    """The names in Python code with a word that is not permitted: line, name, word."""
    return sorted({(line, name, word) for name, line in identifiers(code) for word in split(name) if not permitted(word)})


def modules(*roots: str) -> list[Path]:
    return sorted(path for root in roots for path in (PROJECT / root).rglob("*.py"))


# --- the tests ----------------------------------------------------------------------------------------------------------------------------


def test_identifiers_are_english_but_for_nouns_of_the_domain() -> None:
    found = [
        f"{path.relative_to(PROJECT)}:{line}: {word} in {name}"
        for path in modules("orchestration", "tests")
        for line, name, word in foreign(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join([*found, ADVICE])


def test_so_are_the_names_of_files_and_folders() -> None:
    macros, scripts = (PROJECT / "dbt_project" / "macros").glob("*.sql"), (PROJECT / "scripts").iterdir()
    paths = {p.relative_to(PROJECT) for p in (*modules("orchestration", "tests"), *macros, *scripts)}
    found = [
        f"{path}: {word}" for path in sorted(paths) for part in path.with_suffix("").parts for word in split(part) if not permitted(word)
    ]
    assert not found, "\n".join([*found, ADVICE])


def test_a_class_has_a_name_of_its_own() -> None:
    """In two modules a name would have two meanings."""
    homes: dict[str, list[str]] = {}
    for path in modules("orchestration"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(str(path.relative_to(PROJECT)))
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("class Gebeurtenis: ...", ["gebeurtenis"]),
        ("def neem_op(tabel, *, sleutel=None): ...", ["neem", "sleutel", "tabel"]),
        ("self.bevindingen = [kolom for kolom in found]", ["bevindingen", "kolom"]),
        ("NUMMER_SPRONG, peildatum = 1, 2", ["sprong"]),
        ("with open(path) as herleider: pass\nimport json as inhoudsopgave", ["herleider", "inhoudsopgave"]),
        ("try: ...\nexcept ValueError as vergissing: ...", ["vergissing"]),
        ("def take_in(levering, peildatum, melding_nummer): day, gebied, soort = levering", []),
    ],
)
def test_what_is_no_english_is_seen(code: str, words: list[str]) -> None:
    assert sorted({word for _, _, word in foreign(code)}) == words
