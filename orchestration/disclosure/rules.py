"""The publication rules and their parameters, read from the seeds and held to the catalogue before anything is done."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.errors import UserError, did_you_mean
from orchestration.language import say
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
        where = say("{file}, row {row}", file=path.name, row=number)
        rule = Rule(row["indicator"], row["categorie_soort"], row["gebied_soort"], row["periode_soort"], row["regel"])
        _one_of(where, "indicator", rule.indicator, known)
        _one_of(where, f"breakdown of {rule.indicator}", rule.breakdown, known[rule.indicator])
        _one_of(where, "area level", rule.area, AREAS)
        _one_of(where, "kind of period", rule.period, PERIODS)
        _one_of(where, "rule", rule.rule, (EXACT, ROUNDED, NOT))
        if rule.rule == EXACT and rule.area != REGION:
            raise RuleError(
                say(
                    "{where}: {indicator} for {area} is exact. Exact is for regio only: make it {rounded} or {no}.",
                    where=where,
                    indicator=rule.indicator,
                    area=rule.area,
                    rounded=ROUNDED,
                    no=NOT,
                )
            )
        if rule.rule == EXACT and (of_kind or {}).get(rule.indicator, "aantal") not in COUNTS:
            raise RuleError(
                say(
                    "{where}: {indicator} is no count, and only a count can be exact. Make it {rounded}.",
                    where=where,
                    indicator=rule.indicator,
                    rounded=ROUNDED,
                )
            )
        key = (rule.indicator, rule.breakdown, rule.area, rule.period)
        if key in found:
            raise RuleError(say("{where}: the same figure as in row {row}. Remove one of the two.", where=where, row=found[key]))
        found[key] = number
        if rule.rule != NOT:
            rules.append(rule)
    if not rules:
        raise RuleError(say("{path} publishes nothing. Put the rules back, or leave publication out.", path=path.name))
    return sorted(rules)


COUNTS = ("aantal", "voorraad", "uniek")
"""Kinds of indicator that count."""


def read_parameters(path: Path | None = None) -> Parameters:
    """Threshold, base and width, with who decided on them; raises ``RuleError`` for one that protects nothing."""
    path = path or FOLDER / PARAMETERS
    values: dict[str, int] = {}
    owner = decided = ""
    for number, row in rows_of(path, ("parameter", "waarde", "eigenaar", "vastgesteld_op")):
        where, name = say("{file}, row {row}", file=path.name, row=number), row["parameter"]
        _one_of(where, "parameter", name, SMALLEST)
        try:
            values[name] = int(row["waarde"])
        except ValueError:
            raise RuleError(
                say("{where}: {name} is {waarde}. Give a whole number.", where=where, name=name, waarde=repr(row["waarde"]))
            ) from None
        if values[name] < SMALLEST[name]:
            raise RuleError(
                say(
                    "{where}: {name} is {value}, which protects nobody. Give {smallest} or more.",
                    where=where,
                    name=name,
                    value=values[name],
                    smallest=SMALLEST[name],
                )
            )
        try:
            decided = max(decided, date.fromisoformat(row["vastgesteld_op"]).isoformat())
        except ValueError:
            raise RuleError(
                say(
                    "{where}: {name} was decided on {vastgesteld_op}. Give a day, as 2026-11-28.",
                    where=where,
                    name=name,
                    vastgesteld_op=repr(row["vastgesteld_op"]),
                )
            ) from None
        if not (owner := row["eigenaar"].strip()):
            raise RuleError(say("{where}: {name} has no eigenaar. Name who decided on it.", where=where, name=name))
    if missing := [name for name in SMALLEST if name not in values]:
        raise RuleError(say("{path} has no {missing}. Add a row for each.", path=path.name, missing=", ".join(missing)))
    if values["drempel"] <= values["basis"] // 2:
        raise RuleError(
            say(
                "{path}: a basis of {basis} rounds figures from the drempel of {drempel} on to 0. Lower it.",
                path=path.name,
                basis=values["basis"],
                drempel=values["drempel"],
            )
        )
    return Parameters(values["drempel"], values["basis"], values["breedte"], owner, decided)


SMALLEST = {"drempel": SMALLEST_THRESHOLD, "basis": SMALLEST_BASE, "breedte": SMALLEST_WIDTH}


def _one_of(where: str, what: str, word: str, known: Iterable[str]) -> None:
    names = list(known)
    if word not in names:
        choice = ", ".join(n or "'' (the total)" for n in names) if len(names) <= 10 else "those in docs/indicatoren.md"
        raise RuleError(
            say(
                "{where}: there is no {what} {word}.{hint} Known: {choice}.",
                where=where,
                what=what,
                word=repr(word),
                hint=did_you_mean(word, names),
                choice=choice,
            )
        )


def rows_of(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a seed with the line on which each stands."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise RuleError(
                say(
                    "{path} has the columns {columns}. Give {wanted}.",
                    path=path.name,
                    columns=", ".join(reader.fieldnames or ()),
                    wanted=", ".join(columns),
                )
            )
        rows = []
        for row in reader:
            if None in row or None in row.values():
                raise RuleError(
                    say("{path}, row {row}: not {n} values. Give one for each column.", path=path.name, row=reader.line_num, n=len(columns))
                )
            rows.append((reader.line_num, row))
    return rows
