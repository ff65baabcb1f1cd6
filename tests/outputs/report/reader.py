"""A reader of the sentences of the report: reads each back by its Dutch alone, and holds it to the table and to the true figures.

It knows the names of rows and columns, what was published, and the truth; not the rules that sentences are made by.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product

from scipy.stats import binomtest, fisher_exact

LEVEL, NEAR = 0.0125, 0.001
"""Chance of an exact test: at most the first where it is said to be more than chance; at least the second where it may be chance, for
rules lean to that side where numbers are small."""
OFF = 4
"""How far a published count lies from the true one at most."""


class UntrueError(AssertionError):
    """A sentence that says what is not so, or that cannot be read."""


@dataclass(frozen=True)
class Truth:
    """A figure as it is, and as it is published; ``shown`` is None where it is not. A mean has ``above`` of as many as it is of."""

    true: float
    above: float
    below: float
    shown: float | None
    decimals: int
    unit: str
    is_exact: bool
    shown_above: float | None = None
    shown_below: float | None = None
    is_break: bool = False
    is_judged: bool = True
    """Whether it is a count or a share of counts: of others nothing is said of chance"""

    @property
    def is_of_chance(self) -> bool:
        return self.is_judged and self.unit not in ("werkdagen", "weken")

    @property
    def written(self) -> float | None:
        return None if self.shown is None else round_half(self.shown, self.decimals)


@dataclass(frozen=True)
class Table:
    """What a reader has before him."""

    title: str
    rows: tuple[str, ...]
    """Names"""
    columns: tuple[str, ...]
    """Phrases where they are periods"""
    truths: tuple[tuple[Truth, ...], ...]
    subjects: tuple[str, ...]
    """How each row is named where its change is told"""
    of: str
    """How all of it is named"""
    noun: str
    are_areas: bool
    are_periods: bool
    against: int
    norms: tuple[float | None, ...] = ()
    fired: set[str] = field(default_factory=set)
    """Kinds of what was read"""

    def column(self, place: int) -> dict[str, Truth]:
        return {name: row[place] for name, row in zip(self.rows, self.truths, strict=True)}


def round_half(value: float, decimals: int) -> float:
    """Half away from nought, of the figure as it is written in digits."""
    digits, _, behind = f"{abs(value):.9f}".partition(".")
    kept = int(digits + behind[:decimals]) + (behind[decimals] >= "5")
    return float(kept / 10**decimals) * (-1 if value < 0 else 1)


def need(holds: bool, why: str) -> None:
    if not holds:
        raise UntrueError(why)


# --- the language -------------------------------------------------------------------------------------------------------------------------

NUMBER = r"-?\d{1,3}(?:\.\d{3})*(?:,\d+)?"
FIGURE = rf"{NUMBER}(?:%| werkdagen| weken| fte)?"
MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
WHEN = rf"(?:het [12]e halfjaar van \d{{4}}|het [1-4]e kwartaal van \d{{4}}|(?:{MONTHS}) \d{{4}}|\d{{4}})"
PERIOD = rf"(?:in|eind) {WHEN}"
SINCE = rf"(?:eind )?{WHEN}"
UNITS = {"%": "procent", " werkdagen": "werkdagen", " weken": "weken", " fte": "fte", "": ""}


@cache
def some(names: tuple[str, ...]) -> str:
    """Any of these, the longest first: no name is read in another."""
    return "(?:" + "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True)) + ")"


def number(told: str) -> float:
    return float(told.replace(".", "").replace(",", "."))


def figure(told: str, truth: Truth) -> float:
    """A figure in a sentence, held to that in the table."""
    found = re.fullmatch(rf"({NUMBER})(%| werkdagen| weken| fte|)", told)
    need(found is not None, f"{told} is no figure")
    assert found
    unit = {"per_1000": "", "aantal": "", "verhouding": ""}.get(truth.unit, truth.unit)
    need(UNITS[found[2]] == unit, f"{told} is not in {truth.unit}")
    need(truth.written is not None, f"{told} is told of a figure that is hidden")
    need(number(found[1]) == truth.written, f"{told} does not stand in the table, but {truth.written}")
    behind = found[1].partition(",")[2]
    need(len(behind) == truth.decimals, f"{told} has other decimals than the table")
    return number(found[1])


# --- what the true figures say ------------------------------------------------------------------------------------------------------------


def possible(truth: Truth) -> tuple[float, float]:
    """Between what a reader of what leaves knows that the true figure lies."""
    assert truth.shown is not None
    if truth.is_exact:
        return truth.true, truth.true
    if truth.shown_above is None:
        off = OFF if truth.unit == "aantal" else 0.5 / 10**truth.decimals
        return truth.shown - off, truth.shown + off
    values = [a / b for a, b in readings(truth)]
    factor = {"procent": 100, "per_1000": 1000}[truth.unit]
    loose = 0.1 if truth.unit == "per_1000" else 0  # a report tells no households, so a rate is known as far as it is written
    return factor * min(values) - loose, factor * max(values) + loose


def readings(truth: Truth) -> list[tuple[float, float]]:
    """What may stand above and below the line."""
    if truth.is_exact:
        return [(truth.above, truth.below)]
    if truth.shown_above is None:
        assert truth.shown is not None
        return [(truth.shown + way, 1) for way in (-OFF, OFF)]
    above, below = truth.shown_above, truth.shown_below
    if truth.unit == "per_1000":
        return [(above + way, truth.below) for way in (-OFF, OFF)]  # how many households there are, everybody knows
    assert below is not None
    return [(min(above + one, below + other), below + other) for one, other in product((-OFF, OFF), repeat=2)]


def chance(one: tuple[float, float], other: tuple[float, float], unit: str) -> float:
    """How often chance alone makes such a difference."""
    (a, n), (b, m) = one, other
    if a + b == 0:
        return 1
    if unit == "procent":
        return float(fisher_exact([[a, n - a], [b, m - b]])[1])
    return float(binomtest(round(a), round(a + b), n / (n + m)).pvalue)


def may_be_chance(now: Truth, before: Truth) -> bool:
    """Whether what is published leaves it open."""
    return any(chance(one, other, now.unit) >= NEAR for one, other in product(readings(now), readings(before))) or overlap(
        possible(now), possible(before)
    )


def overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] + 1e-9 and other[0] <= one[1] + 1e-9


def compared(table: Table, row: int, place: int) -> tuple[Truth, Truth]:
    """The newest figure and the one that it is said to be compared with: both shown, and nothing breaks on the way."""
    line = table.truths[row]
    now, before = line[-1], line[place]
    need(now.shown is not None and before.shown is not None, "a change of or since a figure that is hidden")
    need(not any(t.is_break for t in line[len(line) + place if place < 0 else place :][1:]), "a change over a break")
    return now, before


def way(now: Truth, before: Truth) -> int:
    return (now.true > before.true) - (now.true < before.true)


def more_than_chance(now: Truth, before: Truth) -> None:
    level = chance((now.above, now.below), (before.above, before.below), now.unit)
    need(level <= LEVEL, f"said to be more than chance, which gives it {level:.4f} of the times")


# --- one end of the figures ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToldEnd:
    """Who are told of as highest or lowest."""

    names: tuple[str, ...]
    are_equal: bool


def end(told: str, shown: dict[str, Truth], sign: int, is_quoted: bool, are_alone: bool = False) -> ToldEnd:
    """``A (3)``, ``A en B (beide 3)``, ``A (3), B (2) of C (2)``: who are at this end (``sign`` 1 is highest), held to the truth."""
    quotes = ("‘", "’") if is_quoted else ("", "")
    name = quotes[0] + "(" + some(tuple(shown)) + ")" + quotes[1]
    rest, names, words, figures = told, list[str](), list[str](), list[str]()
    while found := re.match(rf"{name}(?: \(((?:beide |elk )?{FIGURE})\))?(, | en | of |$)", rest):
        names.append(found[1])
        figures.append(found[2] or "")
        words.append(found[3])
        rest = rest[found.end() :]
    need(not rest and bool(names) and words[-1] == "", f"cannot be read as names with figures: {told}")
    need(len(set(names)) == len(names), f"a name twice: {told}")
    need(all(w == ", " for w in words[:-2]) and (len(names) == 1 or words[-2] in (" en ", " of ")), f"no list: {told}")
    if are_alone:
        need(not any(figures), f"a figure in a title: {told}")
    elif figures[-1].startswith(("beide ", "elk ")):
        need(figures[-1].startswith("beide ") == (len(names) == 2) and len(names) > 1, f"beide or elk of {len(names)}")
        need(not any(figures[:-1]), f"a figure and one of all: {told}")
        figures = [figures[-1].split(" ", 1)[1]] * len(names)
    for n, f in zip(names, figures, strict=True):
        need(shown[n].shown is not None, f"{n} is hidden")
        if not are_alone:
            need(bool(f), f"{n} without a figure")
            figure(f, shown[n])
    at_end = [sign * shown[n].true for n in names]
    others = [sign * t.true for n, t in shown.items() if n not in names and t.shown is not None]
    need(not others or max(at_end) >= max(others), f"one that is not told of lies beyond {told}")
    if len(names) > 1 and words[-2] == " en ":
        need(len({shown[n].true for n in names}) == 1, f"told as equal: {told}")
        need(not others or at_end[0] > max(others), f"another is equal: {told}")
    if len(names) == 1 and others:
        need(at_end[0] > max(others), f"another is as high or as low as {told}")
    return ToldEnd(tuple(names), len(names) > 1 and words[-2] == " en ")


# --- sentences ----------------------------------------------------------------------------------------------------------------------------

ABOUT = r"(?P<about>(?:(?P<part>(?!Van de )[^:]+?)(?:, (?=van de )|: ))?(?:(?P<some>[Vv]an de (?P<which>.+?) met een cijfer): )?)"
ENDS = (
    (r"[Dd]e meeste (?P<noun>.+?) zijn er in (?P<high>.+?)(?:, de minste in (?P<low>.+))?", True),
    (r"(?P<subject>[Hh]et aandeel .+?) is het grootst in (?P<high>.+?)(?:, het kleinst in (?P<low>.+))?", True),
    (r"(?P<subject>[Dd]e gemiddelde .+?) is het langst in (?P<high>.+?)(?:, het kortst in (?P<low>.+))?", True),
    (r"[Dd]e grootste groep(?P<many>en zijn| is) (?P<high>.+?)(?:, de kleinste (?P<low>.+))?", False),
    (r"(?:[Hh]et grootst|[Dd]e grootst)(?P<many>e aandeel heeft|e aandelen hebben) (?P<high>.+?)(?:, het kleinste (?P<low>.+))?", False),
    (r"[Hh]et langst duurt het bij (?P<high>.+?)(?:, het kortst bij (?P<low>.+))?", False),
)
CLOSE = (
    rf"[Dd]e cijfers lopen van (?P<least>{FIGURE}) tot (?P<most>{FIGURE}); door de afronding is niet te zeggen welk het hoogst is"
    rf"|[Aa]lle cijfers zijn (?P<nearly>na afronding )?(?P<all>{FIGURE})"
)


def read_sentences(table: Table, texts: Sequence[str], parts: Sequence[str] = ()) -> None:
    """Read all that is said under a figure; raises ``UntrueError``. ``parts`` are the names of columns that are no periods."""
    row = -1
    for text in texts:
        need(text[:1].isupper() and text.endswith("."), f"no sentence: {text}")
        need("  " not in text and ".." not in text and " ." not in text and " ," not in text, f"signs: {text}")
        try:
            row = _one(table, text, parts, row)
        except UntrueError as found:
            raise UntrueError(f"{found}\n  in: {text}") from None


def _one(table: Table, text: str, parts: Sequence[str], row: int) -> int:
    if text == "Hierover is geen cijfer te tonen.":
        need(all(t.shown is None for line in table.truths for t in line), "there are figures")
        table.fired.add("nothing")
    elif found := re.fullmatch(
        rf"(?P<period>{_capital(PERIOD)}) is (?P<subject>{_subjects(table)}) (?P<figure>{FIGURE})(?P<rest>\D.*)", text
    ):
        row = table.subjects.index(_small(found["subject"]))
        _change(table, row, found)
    elif found := re.fullmatch(rf"Gevraagd wordt (?P<norm>{NUMBER})%; (?P<rest>.+)\.", text):
        _norm(table, row, found)
    elif text.startswith("Sinds ") or "gelijk gebleven" in text:
        _over_time(table, text)
    elif found := re.fullmatch(
        rf"Het laatste cijfer is van (?P<when>{SINCE}): (?P<subject>{_subjects(table)}) was (?P<figure>{FIGURE})\.", text
    ):
        row = table.subjects.index(found["subject"])
        _last(table, row, found)
    else:
        _ends(table, text, parts)
    return row


def _subjects(table: Table) -> str:
    return some(tuple({*table.subjects, *(_big(s) for s in table.subjects)}))


def _capital(pattern: str) -> str:
    return pattern.replace("in|eind", "In|Eind")


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _big(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bare(phrase: str) -> str:
    """A period after a preposition of the sentence: without ``in``."""
    return phrase[3:] if phrase.startswith("in ") else phrase


def _change(table: Table, row: int, found: re.Match[str]) -> None:  # one branch for each form of the sentence
    now = table.truths[row][-1]
    need(_small(found["period"]) == table.columns[-1], f"{found['period']} is not the newest period")
    figure(found["figure"], now)
    rest = found["rest"]
    kind = kind_of(table.subjects[row])
    if rest == ".":
        table.fired.add("alone")
        return
    if f := re.fullmatch(rf"\. Met (?P<when>{SINCE}) is dat niet te vergelijken\.", rest):
        table.fired.add("broken")
        place = _place(table, f["when"])
        line = table.truths[row]
        need(line[place].shown is not None, "compared with what is hidden")
        need(any(t.is_break for t in line[place + 1 :]), "there is no break")
    elif f := re.fullmatch(rf"\. Het verschil met (?P<when>{SINCE}) \((?P<before>{FIGURE})\) valt binnen de afronding\.", rest):
        table.fired.add("within")
        _, before = compared(table, row, _place(table, f["when"]))
        figure(f["before"], before)
        need(now.written != before.written, "there is no difference")
        need(not now.is_exact or not before.is_exact, "of exact figures it is known")
        need(overlap(possible(now), possible(before)), "the difference is more than the rounding")
    elif f := re.fullmatch(rf", (?P<nearly>na afronding )?even (?P<kind>\w+) als (?P<when>{PERIOD}) \((?P<before>{FIGURE})\)\.", rest):
        table.fired.add("even")
        _, before = compared(table, row, _place(table, f["when"]))
        figure(f["before"], before)
        need(f["kind"] == kind, f"{f['kind']} of {table.subjects[row]}")
        need(now.written == before.written, "they are not equal")
        need(bool(f["nearly"]) or now.true == before.true, "told as equal")
    else:
        f = re.fullmatch(
            rf", (?P<about>ongeveer )?(?P<size>{NUMBER})(?P<unit> procentpunt| werkdagen| weken| fte|) (?P<word>meer|minder|langer|korter)"
            rf" dan (?P<when>{PERIOD}) \((?P<before>{FIGURE})\)\.(?P<chance> Dat is meer dan toeval verklaart\.| Dat kan toeval zijn\.|)",
            rest,
        )
        need(f is not None, "a sentence that cannot be read")
        assert f
        _difference(table, row, f, kind)


def kind_of(subject: str) -> str:
    """How large it is said to be: by the words that a subject begins with."""
    words = {"het aantal": "hoog", "het aandeel": "groot", "de gemiddelde": "lang", "de mediane": "lang"}
    return words.get(" ".join(_small(subject).split()[:2]), "hoog")


def _place(table: Table, told: str) -> int:
    """The column of a period in a sentence, which is the one that is compared with."""
    place = table.against % len(table.columns)
    need(told in (table.columns[place], _bare(table.columns[place])), f"{told} is not the period to compare with")
    return place


def _difference(table: Table, row: int, f: re.Match[str], kind: str) -> None:
    table.fired.add("change")
    now, before = compared(table, row, _place(table, f["when"]))
    figure(f["before"], before)
    assert now.written is not None and before.written is not None
    need(number(f["size"]) == round(abs(now.written - before.written), 6), f"{f['size']} is not the difference")
    need(len(f["size"].partition(",")[2]) == now.decimals, "the difference has other decimals")
    need(bool(f["about"]) or abs(abs(now.true - before.true) - number(f["size"])) < 1e-9, "the difference is not just that")
    need((f["unit"] == " procentpunt") == (now.unit == "procent"), "unit of the difference")
    need((f["unit"].strip() == now.unit) == (now.unit in ("werkdagen", "weken", "fte")), "unit of the difference")
    need((f["word"] in ("langer", "korter")) == (kind == "lang"), f"{f['word']} of {table.subjects[row]}")
    need(way(now, before) == (1 if f["word"] in ("meer", "langer") else -1), f"{f['word']}: {now.true} after {before.true}")
    need(now.is_of_chance or not f["chance"], "chance cannot be judged")
    if f["chance"].startswith(" Dat is"):
        table.fired.add("more than chance")
        more_than_chance(now, before)
    elif f["chance"]:
        table.fired.add("chance")
        need(may_be_chance(now, before), "what is published leaves no room for chance")
    else:
        need(not now.is_of_chance, "nothing is said of chance")


def _norm(table: Table, row: int, found: re.Match[str]) -> None:
    table.fired.add("norm")
    now = table.truths[row][-1]
    need(table.norms[row] is not None and number(found["norm"]) == table.norms[row], "nobody asks that")
    asked = number(found["norm"])
    if found["rest"] == "door de afronding is niet te zeggen of dat gehaald is":
        need(possible(now)[0] < asked <= possible(now)[1] + 1e-9, "the rounding does not decide that")
    else:
        need(found["rest"] in ("dat is gehaald", "dat is niet gehaald"), "a sentence that cannot be read")
        need((now.true >= asked) == (found["rest"] == "dat is gehaald"), f"{now.true} of {asked}")


def _over_time(table: Table, text: str) -> None:
    table.fired.add("over time")
    if found := re.fullmatch(rf"(?P<subject>{_subjects(table)}) is sinds (?P<since>{SINCE}) gelijk gebleven\.", text):
        line = table.truths[table.subjects.index(_small(found["subject"]))]
        need(len({t.true for t in line}) == 1, "it did not stay equal")
    else:
        found = re.fullmatch(
            rf"Sinds (?P<since>{SINCE}) was (?P<subject>{_subjects(table)}) het (?P<up>hoogst|grootst|langst) (?P<high>.+)"
            r" en het (?P<down>laagst|kleinst|kortst) (?P<low>.+)\.",
            text,
        )
        need(found is not None, "a sentence that cannot be read")
        assert found
        line = table.truths[table.subjects.index(found["subject"])]
        shown = dict(zip(table.columns, line, strict=True))
        ups = {"hoog": ("hoogst", "laagst"), "groot": ("grootst", "kleinst"), "lang": ("langst", "kortst")}
        need((found["up"], found["down"]) == ups[kind_of(found["subject"])], "no word for it")
        both = end(found["high"], shown, 1, False), end(found["low"], shown, -1, False)
        need(not set(both[0].names) & set(both[1].names), "both highest and lowest")
    need(found["since"] == _bare(table.columns[0]), "not the first period")
    need(all(t.shown is not None for t in line), "a figure is hidden")
    need(not any(t.is_break for t in line[1:]), "over a break")


def _last(table: Table, row: int, found: re.Match[str]) -> None:
    table.fired.add("last")
    line = table.truths[row]
    places = [p for p, t in enumerate(line) if t.shown is not None]
    need(bool(places) and places[-1] != len(line) - 1, "the newest figure is shown, or none")
    need(found["when"] == _bare(table.columns[places[-1]]), "not the last figure that is shown")
    figure(found["figure"], line[places[-1]])


def _ends(table: Table, text: str, parts: Sequence[str]) -> None:
    for pattern, are_areas in (*ENDS, (CLOSE, table.are_areas)):
        if (found := re.fullmatch(rf"{ABOUT}(?:{pattern})\.", text)) and are_areas == table.are_areas:
            break
    else:
        raise UntrueError("a sentence that cannot be read")
    need(found["part"] in parts if parts else found["part"] is None, f"of what: {found['part']}")
    column = table.column(parts.index(found["part"]) if parts else -1)
    told, starts = found.groupdict(), found["about"]
    need((text[len(starts)].islower()) == bool(starts) and (starts[:1] != "v"), "capitals")
    need(bool(found["some"]) == any(t.shown is None for t in column.values()), "of all, or of those with a figure?")
    need(found["which"] != "rijen", "rows without a name")
    if "all" in told:
        _close(table, found, column)
        return
    table.fired.add("ends")
    if "noun" in told:
        need(told["noun"] == table.noun, "of something else")
    if "subject" in told:
        need(_small(told["subject"]) == table.of, "of something else")
    high = end(found["high"], column, 1, not table.are_areas)
    if told.get("many"):
        need((told["many"] in ("en zijn", "e aandelen hebben")) == high.are_equal, "one or more?")
    if found["low"]:
        need(not set(high.names) & set(end(found["low"], column, -1, not table.are_areas).names), "both highest and lowest")


def _close(table: Table, found: re.Match[str], column: dict[str, Truth]) -> None:
    table.fired.add("close")
    shown = sorted((t for t in column.values() if t.shown is not None), key=lambda t: t.shown or 0)
    need(len(shown) > 2, "too few")
    if found["all"]:
        for t in shown:
            figure(found["all"], t)
        need(bool(found["nearly"]) or len({t.true for t in shown}) == 1, "told as equal")
        return
    figure(found["least"], shown[0])
    figure(found["most"], shown[-1])
    top = max(possible(t)[0] for t in shown)
    need(sum(possible(t)[1] >= top - 1e-9 for t in shown) > 1, "it is known which is highest")


# --- titles -------------------------------------------------------------------------------------------------------------------------------


def read_title(table: Table, text: str, parts: Sequence[str] = ()) -> None:
    """Read the title of a figure; raises ``UntrueError``."""
    try:
        _title(table, text, parts)
    except UntrueError as found:
        raise UntrueError(f"{found}\n  in the title: {text}") from None


def _title(table: Table, text: str, parts: Sequence[str]) -> None:
    need(text[:1].isupper() or text[:1] == "‘", "no capital")
    need("  " not in text and text[-1] not in ".,", "signs")
    if text == table.title:
        table.fired.add("title alone")
    elif found := re.fullmatch(rf"(?P<nowhere>Nergens een|Geen) duidelijk verschil met (?P<when>{SINCE})(?: in (?P<subject>.+))?", text):
        _no_difference(table, found)
    elif _on_top(table, text, parts) or _headline(table, text):
        return
    else:
        _movers(table, text)


def _no_difference(table: Table, found: re.Match[str]) -> None:
    everywhere = found["nowhere"].startswith("Nergens")
    table.fired.add("nowhere" if everywhere else "no difference")
    need(everywhere != bool(found["subject"]), "of what?")
    place = len(table.columns) - 2 if everywhere else _place(table, found["when"])
    need(found["when"] == _bare(table.columns[place]), "another period")
    rows = range(len(table.rows)) if everywhere else [table.subjects.index(found["subject"])]
    for row in rows:
        now, before = compared(table, row, place)
        if not now.is_of_chance:
            need(overlap(possible(now), possible(before)) or now.written == before.written, "there is a difference")
        else:
            need(may_be_chance(now, before) or now.written == before.written, "there is a difference")


def _headline(table: Table, text: str) -> bool:
    nouns = {s.split(" ", 2)[2]: row for row, s in enumerate(table.subjects) if s.startswith("het aantal ")}
    found = re.fullmatch(rf"(?P<word>Meer|Minder) (?P<noun>{some(tuple(nouns))}) dan (?P<when>{PERIOD})", text) if nouns else None
    if found:
        row = nouns[found["noun"]]
    else:
        words = "groter|kleiner|langer|korter|hoger|lager"
        found = re.fullmatch(rf"(?P<subject>{_subjects(table)}) is (?P<word>{words}) dan (?P<when>{PERIOD})", text)
        if not found:
            return False
        row = table.subjects.index(_small(found["subject"]))
        fitting = {"groot": ("groter", "kleiner"), "lang": ("langer", "korter"), "hoog": ("hoger", "lager")}[kind_of(found["subject"])]
        need(found["word"] in fitting and not found["subject"].startswith("Het aantal"), "no word for it")
    table.fired.add("headline")
    now, before = compared(table, row, _place(table, found["when"]))
    need(way(now, before) == (1 if found["word"] in ("Meer", "groter", "langer", "hoger") else -1), "the other way")
    if now.is_of_chance:
        more_than_chance(now, before)
    return True


def _on_top(table: Table, text: str, parts: Sequence[str]) -> bool:
    patterns = (
        (rf"De meeste {re.escape(table.noun)} zijn er in (?P<high>.+)", True),
        (rf"{re.escape(_big(table.of))} is het (?:grootst|langst) in (?P<high>.+)", True),
        (r"(?:(?P<part>[^:‘]+): )?(?P<high>.+?) (?P<many>is de grootste groep|zijn de grootste groepen)", False),
        (r"(?P<high>.+?) (?P<many>heeft|hebben) het grootste aandeel", False),
        (r"Het langst duurt het bij (?P<high>.+)", False),
    )
    found = next((f for p, areas in patterns if areas == table.are_areas and (f := re.fullmatch(p, text))), None)
    if not found:
        return False
    table.fired.add("on top")
    column = table.column(parts.index(found.groupdict()["part"]) if parts else -1)
    need(all(t.shown is not None for t in column.values()), "something is hidden")
    high = end(found["high"], column, 1, not table.are_areas, are_alone=True)
    need(len(high.names) < 3, "three at the top")
    if many := found.groupdict().get("many"):
        need((many.split()[0] in ("zijn", "hebben")) == high.are_equal, "one or more?")
    return True


def _movers(table: Table, text: str) -> None:
    found = re.fullmatch(rf"(?P<moved>.+) dan (?P<when>{PERIOD})", text)
    need(found is not None, "a title that cannot be read")
    assert found
    need(found["when"] == table.columns[-2], "another period")
    table.fired.add("movers")
    noun, at = re.escape(table.noun), "in" if table.are_areas else "bij"
    rest, told = found["moved"], list[str]()
    pattern = (
        rf"(?P<word>[Mm]eer|[Mm]inder|[Ee]en groter aandeel|[Ee]en kleiner aandeel)(?P<noun> {noun})? {at} (?P<who>.+?)"
        rf"(?=, (?:minder|een kleiner aandeel) {at} |$)(?:, )?"
    )
    while f := re.match(pattern, rest):
        need(bool(f["noun"]) == (not told), "the noun stands once, at the first")
        need(f["word"][0].isupper() == (not told), "capitals")
        told.append(f["word"].lower())
        need(("aandeel" in f["word"]) == table.of.startswith("het aandeel"), "no word for it")
        _moved(table, f["who"], 1 if told[-1] in ("meer", "een groter aandeel") else -1)
        rest = rest[f.end() :]
    need(not rest and bool(told) and len(set(told)) == len(told), "a title that cannot be read")


def _moved(table: Table, who: str, sign: int) -> None:
    place = len(table.columns) - 2
    if f := re.fullmatch(r"(?:minstens (?P<n>\d+) van de (?P<m>\d+)|alle (?P<all>\d+)) (?P<which>\S.*)", who):
        need(int(f["m"] or f["all"]) == len(table.rows), "so many are there not")
        moved = [r for r in range(len(table.rows)) if way(table.truths[r][-1], table.truths[r][place]) == sign]
        need(len(moved) >= int(f["n"] or f["all"]) > 3, "so many did not")
        return
    for name in _names(who, table):
        now, before = compared(table, table.rows.index(name), place)
        need(way(now, before) == sign, f"{name} went the other way")
        more_than_chance(now, before)


def _names(who: str, table: Table) -> Iterator[str]:
    quotes = ("", "") if table.are_areas else ("‘", "’")
    rest, words = who, list[str]()
    while f := re.match(rf"{quotes[0]}({some(table.rows)}){quotes[1]}(, | en |$)", rest):
        words.append(f[2])
        yield f[1]
        rest = rest[f.end() :]
    need(not rest and words[-1:] == [""] and words[-2:-1] in ([], [" en "]), f"no list: {who}")
