"""How dates and moments are written in files of others, as SQL that reads them: ``dd-mm-jjjj``, ``d-m-jjjj uu:mm``, ``jjjjmmdd``.

Letters: ``dd`` and ``mm`` (two digits) or ``d`` and ``m`` (one or two), ``jjjj``, ``uu`` or ``u``, after these ``mm`` minutes, ``ss``.
Every other sign stands for itself. A year of two digits is not read: nobody can tell the century of a birth.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from orchestration.duck import TIME_ZONE
from orchestration.sql import text

DIGITS = {"jjjj": "[0-9]{4}", "dd": "[0-9]{2}", "d": "[0-9]{1,2}", "mm": "[0-9]{2}", "m": "[0-9]{1,2}", "uu": "[0-9]{2}", "u": "[0-9]{1,2}"}
DIGITS["ss"] = "[0-9]{2}"
_TOKEN = re.compile(r"jjjj|dd?|mm?|uu?|ss")

FIRST, SECOND, NEITHER = "eerste", "tweede", "quarantaine"
AGAIN = (FIRST, SECOND, NEITHER)
"""What is made of a local time that came twice, at the end of summer time: the first, the second, or what is quarantined."""


@dataclass(frozen=True)
class Notation:
    """A way of writing, taken apart."""

    written: str

    @cached_property
    def parts(self) -> dict[str, str]:
        """By what it is (``jaar``, ``maand``, ``dag``, ``uur``, ``minuut``, ``seconde``): the letters. Empty when it is no notation."""
        found: dict[str, str] = {}
        for match in _TOKEN.finditer(self.written):
            name = self._names(match.group(), found)
            if name in found:
                return {}
            found[name] = match.group()
        return found if re.fullmatch(r"[-/.: T]*", _TOKEN.sub("", self.written)) else {}

    @staticmethod
    def _names(letters: str, before: dict[str, str]) -> str:
        minutes = letters[0] == "m" and "uur" in before
        return "minuut" if minutes else {"j": "jaar", "d": "dag", "m": "maand", "u": "uur", "s": "seconde"}[letters[0]]

    @property
    def has_day(self) -> bool:
        return {"jaar", "maand", "dag"} <= self.parts.keys()

    @property
    def has_month(self) -> bool:
        return {"jaar", "maand"} <= self.parts.keys()

    @property
    def has_time(self) -> bool:
        return {"uur", "minuut"} <= self.parts.keys()

    @cached_property
    def pattern(self) -> str:
        """A regular expression with a group for each part, in their order."""
        at, found = 0, ""
        for match in _TOKEN.finditer(self.written):
            found += re.escape(self.written[at : match.start()]) + f"({DIGITS[match.group()]})"
            at = match.end()
        return f"^{found}{re.escape(self.written[at:])}$"

    def part(self, raw: str, name: str, width: int = 2) -> str:
        """SQL for one part of the text ``raw``, filled up with zeros; the empty text where the whole is not written so."""
        group = list(self.parts).index(name) + 1
        return f"lpad(nullif(regexp_extract({raw}, {text(self.pattern)}, {group}), ''), {width}, '0')"


def day_sql(raw: str, notation: Notation) -> str:
    """SQL for a day as the contract writes it; null where ``raw`` is none (31-02-2024)."""
    whole = f"{notation.part(raw, 'jaar', 4)} || '-' || {notation.part(raw, 'maand')} || '-' || {notation.part(raw, 'dag')}"
    return f"case when try_cast({whole} as date) is not null then {whole} end"


def month_sql(raw: str, notation: Notation) -> str:
    """SQL for a month as the contract writes it; null where ``raw`` is none."""
    month = notation.part(raw, "maand")
    return f"case when {month} between '01' and '12' then {notation.part(raw, 'jaar', 4)} || '-' || {month} end"


def birth_sql(raw: str, notation: Notation) -> str:
    """SQL for a date of birth as the contract writes it: only put in its order, since 00 may stand for what is not known."""
    return f"{notation.part(raw, 'jaar', 4)} || {notation.part(raw, 'maand')} || {notation.part(raw, 'dag')}"


def local_sql(raw: str, notation: Notation) -> str:
    """SQL for the local time as a timestamp; null where ``raw`` is none."""
    seconds = notation.part(raw, "seconde") if "seconde" in notation.parts else "'00'"
    hour, minute = notation.part(raw, "uur"), notation.part(raw, "minuut")
    # DuckDB takes 24:00 for the next day, and a sixtieth second for the next minute
    clock = f"case when {hour} <= '23' and {minute} <= '59' and {seconds} <= '59' then {hour} || ':' || {minute} || ':' || {seconds} end"
    return f"try_cast(({day_sql(raw, notation)}) || ' ' || ({clock}) as timestamp)"


def _holds(local: str, hours: int) -> str:
    """Whether the clocks in Amsterdam showed this local time when they were ``hours`` ahead of UTC."""
    return f"timezone('{TIME_ZONE}', timezone('UTC', {local} - interval {hours} hour)) = {local}"


def twice_sql(local: str) -> str:
    """SQL for whether the clocks showed this local time twice: the hour at the end of summer time."""
    return f"({_holds(local, 2)} and {_holds(local, 1)})"


def moment_sql(local: str, again: str) -> str:
    """SQL for a moment as the contract writes it, with its offset; null where the clocks never showed it (the start of summer time).

    ``again``: of ``AGAIN``. Offsets of before 1940 are not known here; the contract's window begins later.
    """
    written = f"strftime({local}, '%Y-%m-%dT%H:%M:%S')"
    summer, winter = f"when {_holds(local, 2)} then {written} || '+02:00'", f"when {_holds(local, 1)} then {written} || '+01:00'"
    order = f"{summer} {winter}" if again == FIRST else f"{winter} {summer}"
    both = f"when {twice_sql(local)} then null " if again == NEITHER else ""
    return f"case {both}{order} end"
