"""The publication rules and their parameters, read from the seeds and held to the catalogue before anything is done."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.errors import UserError, did_you_mean
from orchestration.seeds import SEEDS

FOLDER = SEEDS / "publication"
RULES, PARAMETERS = "publicatieregels.csv", "publicatieparameters.csv"

EXACT, ROUNDED, NOT = "exact", "afgerond", "niet"
AREAS = ("regio", "gemeente", "buiten", "stadsdeel", "wijk", "buurt")
PERIODS = ("jaar", "halfjaar", "kwartaal", "maand")
REGION = "regio"

SMALLEST_THRESHOLD, SMALLEST_BASE, SMALLEST_WIDTH = 3, 2, 1


class RuleError(UserError):
    """A publication rule or parameter cannot be followed."""


@dataclass(frozen=True)
class Parameters:
    """What the owner of the data decides, with whom and when."""

    threshold: int
    base: int
    width: int
    owner: str = ""
    decided: str = ""

    @property
    def slack(self) -> int:
        """How far a rounded figure lies from the true one at most."""
        return self.base // 2


@dataclass(frozen=True, order=True)
class Rule:
    """What may be published of an indicator in a breakdown, for a kind of area and a kind of period."""

    indicator: str
    breakdown: str
    area: str
    period: str
    rule: str


def read_rules(known: Mapping[str, Iterable[str]], path: Path | None = None, of_kind: Mapping[str, str] | None = None) -> list[Rule]:
    """The rules that publish something, in order; raises ``RuleError`` for one that cannot be, with its row and what to do.

    ``known`` gives the breakdowns of each indicator, ``of_kind`` its kind (``aantal``, ``aandeel`` …): what is not a count is never exact.
    """
    path = path or FOLDER / RULES
    found: dict[tuple[str, str, str, str], int] = {}
    rules = []
    for number, row in rows_of(path, ("indicator", "categorie_soort", "gebied_soort", "periode_soort", "regel")):
        where = f"{path.name}, row {number}"
        rule = Rule(row["indicator"], row["categorie_soort"], row["gebied_soort"], row["periode_soort"], row["regel"])
        _one_of(where, "indicator", rule.indicator, known)
        _one_of(where, f"breakdown of {rule.indicator}", rule.breakdown, known[rule.indicator])
        _one_of(where, "area level", rule.area, AREAS)
        _one_of(where, "kind of period", rule.period, PERIODS)
        _one_of(where, "rule", rule.rule, (EXACT, ROUNDED, NOT))
        if rule.rule == EXACT and rule.area != REGION:
            raise RuleError(f"{where}: {rule.indicator} for {rule.area} is exact. Exact is for regio only: make it {ROUNDED} or {NOT}.")
        if rule.rule == EXACT and (of_kind or {}).get(rule.indicator, "aantal") not in COUNTS:
            raise RuleError(f"{where}: {rule.indicator} is no count, and only a count can be exact. Make it {ROUNDED}.")
        key = (rule.indicator, rule.breakdown, rule.area, rule.period)
        if key in found:
            raise RuleError(f"{where}: the same figure as in row {found[key]}. Remove one of the two.")
        found[key] = number
        if rule.rule != NOT:
            rules.append(rule)
    if not rules:
        raise RuleError(f"{path.name} publishes nothing. Put the rules back, or leave publication out.")
    return sorted(rules)


COUNTS = ("aantal", "voorraad", "uniek")
"""Kinds of indicator that count."""


def read_parameters(path: Path | None = None) -> Parameters:
    """Threshold, base and width, with who decided on them; raises ``RuleError`` for one that protects nothing."""
    path = path or FOLDER / PARAMETERS
    values: dict[str, int] = {}
    owner = decided = ""
    for number, row in rows_of(path, ("parameter", "waarde", "eigenaar", "vastgesteld_op")):
        where, name = f"{path.name}, row {number}", row["parameter"]
        _one_of(where, "parameter", name, SMALLEST)
        try:
            values[name] = int(row["waarde"])
        except ValueError:
            raise RuleError(f"{where}: {name} is {row['waarde']!r}. Give a whole number.") from None
        if values[name] < SMALLEST[name]:
            raise RuleError(f"{where}: {name} is {values[name]}, which protects nobody. Give {SMALLEST[name]} or more.")
        try:
            decided = max(decided, date.fromisoformat(row["vastgesteld_op"]).isoformat())
        except ValueError:
            raise RuleError(f"{where}: {name} was decided on {row['vastgesteld_op']!r}. Give a day, as 2026-11-28.") from None
        if not (owner := row["eigenaar"].strip()):
            raise RuleError(f"{where}: {name} has no eigenaar. Name who decided on it.")
    if missing := [name for name in SMALLEST if name not in values]:
        raise RuleError(f"{path.name} has no {', '.join(missing)}. Add a row for each.")
    if values["drempel"] <= values["basis"] // 2:
        raise RuleError(
            f"{path.name}: a basis of {values['basis']} rounds figures from the drempel of {values['drempel']} on to 0. Lower it."
        )
    return Parameters(values["drempel"], values["basis"], values["breedte"], owner, decided)


SMALLEST = {"drempel": SMALLEST_THRESHOLD, "basis": SMALLEST_BASE, "breedte": SMALLEST_WIDTH}


def _one_of(where: str, what: str, word: str, known: Iterable[str]) -> None:
    names = list(known)
    if word not in names:
        choice = ", ".join(n or "'' (the total)" for n in names) if len(names) <= 10 else "those in docs/indicatoren.md"
        raise RuleError(f"{where}: there is no {what} {word!r}.{did_you_mean(word, names)} Known: {choice}.")


def rows_of(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a seed with the line on which each stands."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise RuleError(f"{path.name} has the columns {', '.join(reader.fieldnames or ())}. Give {', '.join(columns)}.")
        rows = []
        for row in reader:
            if None in row or None in row.values():
                raise RuleError(f"{path.name}, row {reader.line_num}: not {len(columns)} values. Give one for each column.")
            rows.append((reader.line_num, row))
    return rows
