"""Sentences that say what figures show, by rules, in Dutch. A rule that cannot say something true of what is published says nothing.

What leaves is rounded, so a published figure stands for a range (``lies_between``). Of two figures of which the ranges touch it is not
told which is more; a figure that is hidden is never part of a highest, a lowest or a total.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import inf, sqrt
from typing import Final

from orchestration.outputs.report.cells import Cell, Series
from orchestration.outputs.report.numbers import rounded, written
from orchestration.outputs.report.periods import since
from orchestration.outputs.words import IN_UNIT

CHANCE: Final = 2.576
"""Standard deviations that chance alone exceeds once in a hundred times, up or down."""
TOUCH: Final = 1e-9
"""Ranges this near to each other touch: 7.3 less 0.05 is not more than 7.2 and 0.05."""
MOST_NAMES = 3
"""More names than these at the top are no message."""


@dataclass(frozen=True)
class Wording:
    """How the figures of an indicator are named in a sentence: ``het aantal meldingen``, ``de gemiddelde doorlooptijd van een VB``."""

    noun: str
    kind: str
    """``aantal``, ``aandeel``, ``duur`` or ``peil``"""
    lead: str = ""
    """What stands before the noun, where it is not what the kind has"""

    @property
    def subject(self) -> str:
        return f"{self.lead or LEADS[self.kind]} {self.noun}"


LEADS = {"aantal": "het aantal", "aandeel": "het aandeel", "duur": "de gemiddelde", "peil": "de"}


def told(cell: Cell) -> str:
    """A figure with its unit, as in a sentence."""
    return cell.written + IN_UNIT.get(cell.unit, "")


def listed(names: Sequence[str], word: str = "en") -> str:
    """``A``, ``A en B``, ``A, B en C``."""
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def quoted(name: str) -> str:
    """A name as a label."""
    return f"‘{name}’"


def capital(text: str) -> str:
    """``text`` as a sentence begins."""
    return text[:1].upper() + text[1:]


# --- what the rounding leaves open --------------------------------------------------------------------------------------------------------


def lies_between(cell: Cell) -> tuple[float, float]:
    """The least and the most that the true figure may be. An exact one is as it is written: what reads as equal is told as equal."""
    assert cell.value is not None
    if not (cell.margin or cell.margin_of_parts):
        shown = float(rounded(cell.value, cell.decimals))
        return shown, shown
    if cell.unit in FACTORS and (readings := _readings(cell)):
        shares = [FACTORS[cell.unit] * above / below if below > 0 else inf for above, below in readings]
        return min(shares), min(max(shares), MOST.get(cell.unit, inf))
    return cell.value - cell.margin, cell.value + cell.margin


FACTORS = {"procent": 100, "per_1000": 1000, "verhouding": 1}
"""What a share or rate is times what is above its line by what is below it."""
MOST = {"procent": 100}


def is_exact(cell: Cell) -> bool:
    """Whether a figure is known, and all of it is written."""
    return not (cell.margin or cell.margin_of_parts) and cell.value is not None and cell.value == float(rounded(cell.value, cell.decimals))


def _readings(cell: Cell) -> list[tuple[float, float]]:
    """What may stand above and below the line at the ends of what the rounding leaves; a count stands on 1. Empty where it is not known."""
    assert cell.value is not None
    off = cell.margin_of_parts
    if cell.unit == "aantal" and cell.decimals == 0:
        return [(max(cell.value + way * cell.margin, 0), 1) for way in (-1, 1)]
    if (not cell.above and cell.below is None) or cell.above is None or cell.unit not in FACTORS:
        return []
    if cell.below is not None:
        wholes = [cell.below] if cell.unit == "per_1000" else [cell.below - off, cell.below + off]
    else:
        half = 0.5 / 10**cell.decimals if off else 0
        wholes = [FACTORS[cell.unit] * cell.above / max(v, TOUCH) for v in (cell.value - half, cell.value + half)]
    counted = [max(cell.above - off, 0), cell.above + off]
    if cell.unit == "procent":  # a part is no more than the whole
        return [(min(above, below), below) for above, below in product(counted, wholes)]
    return list(product(counted, wholes))


# --- highest and lowest -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class End:
    """Those at one end of the figures that are shown: all that may be the highest, or the lowest."""

    names: tuple[str, ...]
    cells: tuple[Cell, ...]
    is_clear: bool
    """Whether each name is that of one row: wijken that were divided anew may share one"""

    @property
    def is_message(self) -> bool:
        return self.is_clear and len(self.names) <= MOST_NAMES

    @property
    def are_equal(self) -> bool:
        """Whether all of them are the highest, or the lowest; else one of them is, and the rounding leaves open which."""
        return len(self.names) > 1 and all(is_exact(c) for c in self.cells)

    @property
    def word(self) -> str:
        return "en" if self.are_equal else "of"

    def named(self, are_quoted: bool = False) -> str:
        """Names with their figures; names of groups are quoted, for some are plural."""
        names = [quoted(name) if are_quoted else name for name in self.names]
        figures = list(dict.fromkeys(told(c) for c in self.cells))
        if len(names) == 1 or len(figures) > 1:
            return listed([f"{name} ({told(cell)})" for name, cell in zip(names, self.cells, strict=True)], self.word)
        return f"{listed(names, self.word)} ({'beide' if len(names) == 2 else 'elk'} {figures[0]})"


def ends(pairs: Sequence[tuple[str, Cell]]) -> tuple[End, End] | None:
    """Highest and lowest of what is shown; None with fewer than two, or where one may be both."""
    shown = sorted(((n, c, *lies_between(c)) for n, c in pairs if c.value is not None), key=lambda s: -(s[1].value or 0))
    if len(shown) < 2:
        return None
    top, bottom = max(shown, key=lambda s: s[2]), min(shown, key=lambda s: s[3])
    high = [(n, c) for n, c, _, most in shown if most >= top[2] - TOUCH or c.written == top[1].written]
    low = [(n, c) for n, c, least, _ in shown if least <= bottom[3] + TOUCH or c.written == bottom[1].written]
    if any(one is other for _, one in high for _, other in low):
        return None
    return _end(high, pairs), _end(low, pairs)


def _end(found: Sequence[tuple[str, Cell]], pairs: Sequence[tuple[str, Cell]]) -> End:
    names = [name for name, _ in pairs]
    return End(tuple(n for n, _ in found), tuple(c for _, c in found), all(names.count(n) == 1 for n, _ in found))


PLACED = {
    "aantal": ("de meeste {noun} zijn er in", "de minste in"),
    "aandeel": ("{subject} is het grootst in", "het kleinst in"),
    "duur": ("{subject} is het langst in", "het kortst in"),
}
"""Highest and lowest among areas."""
GROUPED = {
    "aantal": ("de grootste groep is", "de kleinste"),
    "aandeel": ("het grootste aandeel heeft", "het kleinste"),
    "duur": ("het langst duurt het bij", "het kortst bij"),
}
"""The same among groups; ``MANY`` when more of them are at the top."""
MANY = {"de grootste groep is": "de grootste groepen zijn", "het grootste aandeel heeft": "de grootste aandelen hebben"}
CLOSE = 3
"""From this number of figures on it is told from what to what they go."""


def extremes(pairs: Sequence[tuple[str, Cell]], wording: Wording, are_areas: bool, which: str = "", part: str = "") -> str:
    """Who has most and least. Empty when nothing can be said.

    ``which`` names the rows (``gemeenten``), for when some are hidden; ``part`` the part of each row that this is about.
    """
    found = ends(pairs)
    if found is None or not found[0].is_message:
        return _close(pairs, which, part)
    high, low = found
    first, second = (PLACED if are_areas else GROUPED)[wording.kind]
    lead = first.format(noun=wording.noun, subject=wording.subject)
    if high.are_equal:
        lead = MANY.get(lead, lead)
    tail = f", {second} {low.named(not are_areas)}" if low.is_message else ""
    return f"{_about(pairs, which, part, f'{lead} {high.named(not are_areas)}{tail}')}."


def _about(pairs: Sequence[tuple[str, Cell]], which: str, part: str, told_of: str) -> str:
    """What is told, with what it is told of before it."""
    some = f"van de {which or 'rijen'} met een cijfer" if any(not c.is_shown for _, c in pairs) else ""
    before = ", ".join(filter(None, (part, some)))
    return capital(f"{before}: {told_of}" if before else told_of)


def _close(pairs: Sequence[tuple[str, Cell]], which: str, part: str) -> str:
    """From what to what figures go, where nobody can say which is the highest."""
    shown = sorted((c for _, c in pairs if c.value is not None), key=lambda c: c.value or 0)
    if len(shown) < CLOSE or ends(pairs) is not None:
        return ""
    if shown[0].written == shown[-1].written:
        nearly = "" if all(is_exact(c) for c in shown) else "na afronding "
        return f"{_about(pairs, which, part, f'alle cijfers zijn {nearly}{told(shown[0])}')}."
    range_told = f"de cijfers lopen van {told(shown[0])} tot {told(shown[-1])}; door de afronding is niet te zeggen welk het hoogst is"
    return f"{_about(pairs, which, part, range_told)}."


# --- change -------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """From the period before to this one: ``direction`` is 1, -1, or 0 where the difference may be rounding alone."""

    direction: int
    is_more_than_chance: bool | None
    """None where chance cannot be judged by what is published."""


def change(now: Cell, before: Cell) -> Change | None:
    """None when one is not shown, or they cannot be compared."""
    if now.value is None or before.value is None or now.break_reason:
        return None
    (least, most), (least_before, most_before) = lies_between(now), lies_between(before)
    direction = (least > most_before + TOUCH) - (most < least_before - TOUCH)
    direction = 0 if now.written == before.written else direction  # shares of many: their parts tell more than is written
    return Change(direction, _beyond_chance(now, before))


def _beyond_chance(now: Cell, before: Cell) -> bool | None:
    """Whether the difference is more than chance gives once in a hundred times, whatever the true figures are within their rounding.

    Counts as Poisson counts, rates as Poisson counts over what they are divided by, shares as two independent proportions; each with the
    correction for continuity and with one more on either side, without which small counts pass too soon.
    """
    assert now.value is not None and before.value is not None
    if not (now.is_of_chance and before.is_of_chance):
        return None
    readings, readings_before = _readings(now), _readings(before)
    if not (readings and readings_before) or min(below for _, below in (*readings, *readings_before)) <= 0:
        return None
    is_share, side = now.unit == "procent", 1 if now.value > before.value else -1
    return all(side * _deviations(*one, *other, is_share, side) > CHANCE for one, other in product(readings, readings_before))


def _deviations(above: float, below: float, above_before: float, below_before: float, is_share: bool, side: int) -> float:
    """How many standard deviations one share or rate lies above another, less what a half more or less on both makes towards ``side``."""
    pooled = (above + above_before + 1) / (below + below_before + (2 if is_share else 0))
    width = 1 / below + 1 / below_before
    spread = sqrt((pooled * (1 - pooled) if is_share else pooled) * width)
    return (above / below - above_before / below_before - side * width / 2) / spread


SIZE = {"aantal": "hoog", "aandeel": "groot", "duur": "lang", "peil": "hoog"}


def changed(now: Cell, before: Cell, wording: Wording, period: str, previous: str) -> str:
    """The figure, and its change since the period before; empty when this one is not shown. Periods are phrases: ``in 2024``."""
    if now.value is None:
        return ""
    lead = f"{capital(period)} is {wording.subject} {told(now)}"
    found = change(now, before)
    if found is None:
        if now.break_reason and before.is_shown:
            return f"{lead}. Met {since(previous)} is dat niet te vergelijken."
        return f"{lead}."
    if found.direction == 0 and now.written != before.written:
        return f"{lead}. Het verschil met {since(previous)} ({told(before)}) valt binnen de afronding."
    if found.direction == 0:
        nearly = "" if is_exact(now) and is_exact(before) else "na afronding "
        return f"{lead}, {nearly}even {SIZE[wording.kind]} als {previous} ({told(before)})."
    return f"{lead}, {_difference(now, before, wording, found.direction > 0)} dan {previous} ({told(before)}).{_on_chance(found)}"


def _difference(now: Cell, before: Cell, wording: Wording, is_more: bool) -> str:
    assert now.value is not None and before.value is not None
    places = max(now.decimals, before.decimals)
    size = abs(rounded(now.value, places) - rounded(before.value, places))
    more, less = ("langer", "korter") if wording.kind == "duur" else ("meer", "minder")
    about = "" if is_exact(now) and is_exact(before) else "ongeveer "
    unit = " procentpunt" if now.unit == "procent" else IN_UNIT.get(now.unit, "")
    return f"{about}{written(float(size), places)}{unit} {more if is_more else less}"


def _on_chance(found: Change) -> str:
    if found.is_more_than_chance is None:
        return ""
    return " Dat is meer dan toeval verklaart." if found.is_more_than_chance else " Dat kan toeval zijn."


def headline(now: Cell, before: Cell, wording: Wording, previous: str) -> str:
    """The change as a title; empty when nothing can be said."""
    found = change(now, before)
    if found is None:
        return ""
    if found.direction == 0 or found.is_more_than_chance is False:
        return f"Geen duidelijk verschil met {since(previous)} in {wording.subject}"
    more, less = COMPARED[wording.kind]
    return f"{(more if found.direction > 0 else less).format(noun=wording.noun, subject=capital(wording.subject))} dan {previous}"


COMPARED = {
    "aantal": ("Meer {noun}", "Minder {noun}"),
    "aandeel": ("{subject} is groter", "{subject} is kleiner"),
    "duur": ("{subject} is langer", "{subject} is korter"),
    "peil": ("{subject} is hoger", "{subject} is lager"),
}
"""More and less than before, as a title."""


# --- over the years -----------------------------------------------------------------------------------------------------------------------


def over_time(series: Series, phrases: Sequence[str], wording: Wording) -> str:
    """The highest and lowest period of a series in which nothing is missing, hidden or broken; else nothing."""
    if len(phrases) < 3 or any(not c.is_shown for c in series.cells) or any(c.break_reason for c in series.cells[1:]):
        return ""
    found = ends(list(zip(phrases, series.cells, strict=True)))
    if found is None:
        if all(is_exact(c) for c in series.cells) and len({c.value for c in series.cells}) == 1:
            return f"{capital(wording.subject)} is sinds {since(phrases[0])} gelijk gebleven."
        return ""
    high, low = found
    if not (high.is_message and low.is_message):
        return ""
    up, down = ("langst", "kortst") if wording.kind == "duur" else ("hoogst", "laagst")
    if wording.kind == "aandeel":
        up, down = "grootst", "kleinst"
    return f"Sinds {since(phrases[0])} was {wording.subject} het {up} {high.named()} en het {down} {low.named()}."


def against_norm(now: Cell, norm: float) -> str:
    """Whether a share reaches what is asked for."""
    if now.value is None:
        return ""
    asked = f"Gevraagd wordt {written(norm, 0 if float(norm).is_integer() else 1)}%"
    least, most = lies_between(now) if now.margin or now.margin_of_parts else (now.value, now.value)
    if least < norm <= most:
        return f"{asked}; door de afronding is niet te zeggen of dat gehaald is."
    return f"{asked}; dat is {'' if least >= norm else 'niet '}gehaald."


# --- titles -------------------------------------------------------------------------------------------------------------------------------


def on_top(pairs: Sequence[tuple[str, Cell]], wording: Wording, are_areas: bool, part: str = "") -> str:
    """Who has most, as a title; only where every figure is shown and it is one, or two that are close."""
    found = ends(pairs)
    if found is None or any(not c.is_shown for _, c in pairs) or len(found[0].names) > 2 or not found[0].is_message:
        return ""
    names = listed([n if are_areas else quoted(n) for n in found[0].names], found[0].word)
    if are_areas:
        return f"{capital(PLACED[wording.kind][0].format(noun=wording.noun, subject=wording.subject))} {names}"
    if wording.kind == "duur":
        return f"Het langst duurt het bij {names}"
    one, more = TOPS[wording.kind]
    return f"{f'{part}: ' if part else ''}{names} {more if found[0].are_equal else one}"


TOPS = {
    "aantal": ("is de grootste groep", "zijn de grootste groepen"),
    "aandeel": ("heeft het grootste aandeel", "hebben het grootste aandeel"),
}


def movers(rows: Sequence[Series], wording: Wording, previous: str, are_areas: bool, which: str) -> str:
    """Where a figure went up or down by more than chance, as a title; empty where that cannot be judged of any row.

    ``which`` names the rows (``gemeenten``), for when they are too many to name."""
    judged = [(r.name if are_areas else quoted(r.name), change(r.cells[-1], r.cells[-2])) for r in rows]
    known = [(n, c) for n, c in judged if c is not None and c.is_more_than_chance is not None]
    if not known or wording.kind == "duur":
        return ""
    noun = f" {wording.noun}"
    more, less = ("meer", "minder") if wording.kind == "aantal" else ("een groter aandeel", "een kleiner aandeel")
    at = "in" if are_areas else "bij"
    parts = []
    for word, direction in ((more, 1), (less, -1)):
        if names := [n for n, c in known if c.direction == direction and c.is_more_than_chance]:
            parts.append(f"{word}{noun} {at} {listed(names) if len(names) <= MOST_NAMES else _of_all(len(names), len(rows), which)}")
            noun = ""
    if parts:
        return f"{capital(', '.join(parts))} dan {previous}"
    return f"Nergens een duidelijk verschil met {since(previous)}" if len(known) == len(rows) else ""


def _of_all(some: int, count: int, which: str) -> str:
    """At least, for of the others some may have changed too, by no more than chance or hidden."""
    return f"alle {count} {which}" if some == count else f"minstens {some} van de {count} {which}"


def last_known(series: Series, phrases: Sequence[str], wording: Wording) -> str:
    """The newest figure of a series whose last one is not shown; empty where there is none."""
    shown = [(phrase, cell) for phrase, cell in zip(phrases, series.cells, strict=True) if cell.is_shown]
    if not shown:
        return ""
    phrase, cell = shown[-1]
    return f"Het laatste cijfer is van {since(phrase)}: {wording.subject} was {told(cell)}."
