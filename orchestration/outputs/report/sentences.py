"""Sentences that say what figures show, by rules, in Dutch. A rule that cannot say something true of what is published says nothing.

What leaves is rounded, so a published figure stands for a range (``Cell.margin``). Two figures of which the ranges touch are told as
close to each other; a figure that is hidden is never part of a highest, a lowest or a total.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from orchestration.outputs.report.cells import Cell, Series
from orchestration.outputs.report.numbers import in_unit, rounded, written
from orchestration.outputs.report.periods import since

CHANCE: Final = 2.576
"""Standard deviations that chance alone exceeds once in a hundred times, up or down."""
MOST_NAMES = 3
"""More names than these at the top are no message."""
IN_UNIT = {"werkdagen": " werkdagen", "weken": " weken"}


@dataclass(frozen=True)
class Wording:
    """How the figures of an indicator are named in a sentence: ``het aantal meldingen``, ``de gemiddelde doorlooptijd van een VB``."""

    noun: str
    kind: str
    """``aantal``, ``aandeel`` or ``duur``"""

    @property
    def subject(self) -> str:
        return {"aantal": "het aantal", "aandeel": "het aandeel", "duur": "de gemiddelde"}[self.kind] + f" {self.noun}"


def told(cell: Cell) -> str:
    """A figure with its unit, as in a sentence."""
    return cell.written + IN_UNIT.get(cell.unit, "")


def listed(names: Sequence[str]) -> str:
    """``A``, ``A en B``, ``A, B en C``."""
    return " en ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def quoted(name: str) -> str:
    """A name as a label."""
    return f"‘{name}’"


def capital(text: str) -> str:
    """``text`` as a sentence begins."""
    return text[:1].upper() + text[1:]


# --- highest and lowest -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class End:
    """Those at one end of the figures that are shown: all that may be the highest, or the lowest."""

    names: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def is_message(self) -> bool:
        return 0 < len(self.names) <= MOST_NAMES

    def named(self, are_quoted: bool = False) -> str:
        """Names with their figures; names of groups are quoted, for some are plural."""
        names = [quoted(name) if are_quoted else name for name in self.names]
        figures = list(dict.fromkeys(told(c) for c in self.cells))
        if len(names) == 1 or len(figures) > 1:
            return listed([f"{name} ({told(cell)})" for name, cell in zip(names, self.cells, strict=True)])
        return f"{listed(names)} ({'beide' if len(names) == 2 else 'elk'} {figures[0]})"


def ends(pairs: Sequence[tuple[str, Cell]]) -> tuple[End, End] | None:
    """Highest and lowest of what is shown; None with fewer than two, or where one may be both."""
    shown = sorted(((n, c, c.value) for n, c in pairs if c.value is not None), key=lambda s: -s[2])
    if len(shown) < 2:
        return None
    (_, first, top), (_, last, bottom) = shown[0], shown[-1]
    high = [(n, c) for n, c, v in shown if v + c.margin >= top - first.margin]
    low = [(n, c) for n, c, v in shown if v - c.margin <= bottom + last.margin]
    if {n for n, _ in high} & {n for n, _ in low}:
        return None
    return End(*zip(*high, strict=True)), End(*zip(*low, strict=True))


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
"""The same among groups; ``MANY`` when there are more of them at the top."""
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
    if len(high.names) > 1:
        lead = MANY.get(lead, lead)
    tail = f", {second} {low.named(not are_areas)}" if low.is_message else ""
    return f"{_about(pairs, which, part, f'{lead} {high.named(not are_areas)}{tail}')}."


def _about(pairs: Sequence[tuple[str, Cell]], which: str, part: str, told_of: str) -> str:
    """What is told, with what it is told of before it."""
    some = f"van de {which} met een cijfer" if which and any(not c.is_shown for _, c in pairs) else ""
    before = ", ".join(filter(None, (part, some)))
    return capital(f"{before}: {told_of}" if before else told_of)


def _close(pairs: Sequence[tuple[str, Cell]], which: str, part: str) -> str:
    """From what to what figures go, where nobody can say which is the highest."""
    shown = sorted((c for _, c in pairs if c.value is not None), key=lambda c: c.value or 0)
    if len(shown) < CLOSE or ends(pairs) is not None:
        return ""
    if shown[0].written == shown[-1].written:
        return f"{_about(pairs, which, part, f'alle cijfers zijn {told(shown[0])}')}."
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
    difference = now.value - before.value
    direction = 0 if abs(difference) <= now.margin + before.margin else (1 if difference > 0 else -1)
    return Change(direction, _beyond_chance(now, before))


def _beyond_chance(now: Cell, before: Cell) -> bool | None:
    """Whether the difference, at its smallest by the rounding, is more than chance gives once in a hundred times.

    Counts as Poisson counts, shares as two independent proportions, rates as Poisson counts over what they are divided by.
    """
    if now.value is None or before.value is None:
        return None
    if now.unit == "aantal" and now.decimals == 0:
        smallest = abs(now.value - before.value) - now.margin - before.margin
        spread = sqrt(max(now.value, 0) + max(before.value, 0) + now.margin + before.margin)
        return smallest > CHANCE * spread if spread else False
    parts = [_parts(cell) for cell in (now, before)]
    if not (parts[0] and parts[1]):
        return None
    (above, below, margin), (above_before, below_before, margin_before) = parts[0], parts[1]
    one, other = above / below, above_before / below_before
    if now.unit == "procent":
        pooled = (above + above_before) / (below + below_before)
        spread = sqrt(max(pooled * (1 - pooled), 0) * (1 / below + 1 / below_before))
        loose = margin * (1 + one) / below + margin_before * (1 + other) / below_before
    else:
        spread = sqrt(above / below**2 + above_before / below_before**2)
        loose = margin / below + margin_before / below_before
    return abs(one - other) - loose > CHANCE * spread if spread else False


def _parts(cell: Cell) -> tuple[float, float, float] | None:
    """Above and below the line, and how far each may be off by rounding."""
    if cell.above is None or not cell.value:
        return None
    if cell.unit == "procent":
        return (cell.above, cell.below, cell.margin_of_parts) if cell.below else None
    if cell.unit == "per_1000":
        return cell.above, 1000 * cell.above / cell.value, cell.margin_of_parts
    return None


MORE = {
    "aantal": ("meer", "minder", "ongeveer evenveel"),
    "aandeel": ("een groter aandeel", "een kleiner aandeel", "een vergelijkbaar aandeel"),
    "duur": ("langer", "korter", "ongeveer even lang"),
}


SIZE = {"aantal": "hoog", "aandeel": "groot", "duur": "lang"}


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
    if found.direction == 0:
        nearly = "" if now.value == before.value and not (now.margin or before.margin) else "nagenoeg "
        return f"{lead}, {nearly}even {SIZE[wording.kind]} als {previous} ({told(before)})."
    return f"{lead}, {_difference(now, before, wording)} dan {previous} ({told(before)}).{_on_chance(found)}"


def _difference(now: Cell, before: Cell, wording: Wording) -> str:
    assert now.value is not None and before.value is not None
    places = max(now.decimals, before.decimals)
    size = abs(rounded(now.value, places) - rounded(before.value, places))
    more = now.value > before.value
    if now.unit == "procent":
        points = written(float(size), places)
        return f"{points} procentpunt {'meer' if more else 'minder'}"
    if wording.kind == "duur":
        return f"{in_unit(float(size), now.unit, places)}{IN_UNIT.get(now.unit, '')} {'langer' if more else 'korter'}"
    about = "ongeveer " if now.margin or before.margin else ""
    return f"{about}{written(float(size), places)} {'meer' if more else 'minder'}"


def _on_chance(found: Change) -> str:
    if found.is_more_than_chance is None:
        return ""
    return " Dat is meer dan toeval verklaart." if found.is_more_than_chance else " Dat kan toeval zijn."


def headline(now: Cell, before: Cell, wording: Wording, previous: str) -> str:
    """The change as a title; empty when nothing can be said."""
    found = change(now, before)
    if found is None:
        return ""
    same = found.direction == 0 or found.is_more_than_chance is False
    if wording.kind == "duur":
        form = f"ongeveer even {SIZE[wording.kind]} als" if same else ("langer dan" if found.direction > 0 else "korter dan")
        return f"{capital(wording.subject)} is {form} {previous}"
    if wording.kind == "aandeel":
        form = f"ongeveer even {SIZE[wording.kind]} als" if same else ("groter dan" if found.direction > 0 else "kleiner dan")
        return f"{capital(wording.subject)} is {form} {previous}"
    form = "Ongeveer evenveel" if same else ("Meer" if found.direction > 0 else "Minder")
    return f"{form} {wording.noun} {'als' if same else 'dan'} {previous}"


# --- over the years -----------------------------------------------------------------------------------------------------------------------


def over_time(series: Series, phrases: Sequence[str], wording: Wording) -> str:
    """The highest and lowest period of a series in which nothing is missing, hidden or broken; else nothing."""
    if len(phrases) < 3 or any(not c.is_shown for c in series.cells) or any(c.break_reason for c in series.cells[1:]):
        return ""
    found = ends(list(zip(phrases, series.cells, strict=True)))
    if found is None:
        exact = not any(c.margin for c in series.cells)
        if exact and len({c.value for c in series.cells}) == 1:
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
    """Whether a share reaches what is asked for; nothing where rounding may decide that."""
    if now.value is None:
        return ""
    if abs(now.value - norm) <= now.margin:
        return f"Gevraagd wordt {written(norm)}%; dit ligt daar dicht bij."
    return f"Gevraagd wordt {written(norm)}%; dat is {'' if now.value >= norm else 'niet '}gehaald."


# --- titles -------------------------------------------------------------------------------------------------------------------------------


def on_top(pairs: Sequence[tuple[str, Cell]], wording: Wording, are_areas: bool, part: str = "") -> str:
    """Who has most, as a title; only where every figure is shown and it is one, or two that are close."""
    found = ends(pairs)
    if found is None or any(not c.is_shown for _, c in pairs) or len(found[0].names) > 2:
        return ""
    names = listed([n if are_areas else quoted(n) for n in found[0].names])
    if are_areas:
        return f"{capital(PLACED[wording.kind][0].format(noun=wording.noun, subject=wording.subject))} {names}"
    if wording.kind == "duur":
        return f"Het langst duurt het bij {names}"
    return f"{f'{part}: ' if part else ''}{names} {'zijn de grootste groepen' if len(found[0].names) > 1 else 'is de grootste groep'}"


def movers(rows: Sequence[Series], wording: Wording, previous: str, are_areas: bool) -> str:
    """Where a figure went up or down by more than chance, as a title; empty where that cannot be judged of any row."""
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
            parts.append(f"{word}{noun} {at} {listed(names) if len(names) <= MOST_NAMES else f'{len(names)} van de {len(rows)}'}")
            noun = ""
    if parts:
        return f"{capital(', '.join(parts))} dan {previous}"
    return f"Nergens een duidelijk verschil met {since(previous)}" if len(known) == len(rows) else ""


def last_known(series: Series, phrases: Sequence[str], wording: Wording) -> str:
    """The newest figure of a series whose last one is not shown; empty where there is none."""
    shown = [(phrase, cell) for phrase, cell in zip(phrases, series.cells, strict=True) if cell.is_shown]
    if not shown:
        return ""
    phrase, cell = shown[-1]
    return f"Het laatste cijfer is van {since(phrase)}: {wording.subject} was {told(cell)}."
