"""The publication calendar: on which day which periods leave, and as which vintage. What stands in no row of it leaves on no day."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.disclosure.rules import FOLDER, RuleError, rows_of
from orchestration.language import say

CALENDAR = FOLDER / "publicatiekalender.csv"
COLUMNS = ("jaargang", "publicatiedatum", "tot_en_met", "eigenaar", "vastgesteld_op")
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")


@dataclass(frozen=True)
class Planned:
    """A vintage that the calendar announces."""

    name: str
    day: date
    """the first release that tells of this day or a later one (peildatum) publishes it"""
    until: date
    """last day of the periods in it"""


def read_calendar(path: Path = CALENDAR) -> list[Planned]:
    """The vintages in order of their day; raises ``RuleError`` for a row that cannot be followed, with its number and what to do."""
    found: list[Planned] = []
    for number, row in rows_of(path, COLUMNS):
        where = say("{file}, row {row}", file=path.name, row=number)
        name = row["jaargang"]
        if not NAME.fullmatch(name):
            raise RuleError(
                say("{where}: {name} cannot be the name of a vintage. Use letters, digits, - and _.", where=where, name=repr(name))
            )
        if name in {p.name for p in found}:
            raise RuleError(say("{where}: there is a vintage {name} in a row before it. Give each its own name.", where=where, name=name))
        day, until, decided = (_day(where, column, row[column]) for column in ("publicatiedatum", "tot_en_met", "vastgesteld_op"))
        if not row["eigenaar"].strip():
            raise RuleError(say("{where}: vintage {name} has no eigenaar. Name who decided on its day.", where=where, name=name))
        if day < decided:
            raise RuleError(
                say(
                    "{where}: vintage {name} was decided on {decided}, and its publicatiedatum {day} had passed by then."
                    " Nothing is published in the past: give a later day.",
                    where=where,
                    name=name,
                    decided=decided,
                    day=day,
                )
            )
        if until >= day:
            raise RuleError(
                say(
                    "{where}: vintage {name} tells of periods until {until}, and those have not ended on {day}. Give a later day.",
                    where=where,
                    name=name,
                    until=until,
                    day=day,
                )
            )
        if found and day <= found[-1].day:
            raise RuleError(
                say(
                    "{where}: vintage {name} is of {day}, and the row before it of {before}. Put the rows in order of day.",
                    where=where,
                    name=name,
                    day=day,
                    before=found[-1].day,
                )
            )
        found.append(Planned(name, day, until))
    return found


def due(calendar: list[Planned], published: Collection[str], peildatum: date) -> Planned | None:
    """What a release of ``peildatum`` must publish: the newest vintage whose day has come, unless it was published before.

    One that was passed over (the registration was taken in whole, years later) is not published afterwards.
    """
    come = [planned for planned in calendar if planned.day <= peildatum]
    return come[-1] if come and come[-1].name not in published else None


def _day(where: str, column: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise RuleError(
            say("{where}: {column} is {value}. Give a day, as 2026-11-28.", where=where, column=column, value=repr(value))
        ) from None
