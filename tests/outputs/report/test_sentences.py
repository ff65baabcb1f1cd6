"""Sentences by rule: each by example, then made years that another reader reads back, and that reader held to planted faults.

The reader (``reader.py``) knows what was published and what is true; nothing that is told may be false of either, or be left unread.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from orchestration.disclosure.publish import HIDDEN
from orchestration.outputs.report import figures
from orchestration.outputs.report.cells import Cell, Grid, Series
from orchestration.outputs.report.chapters import ReportEdition, chapters
from orchestration.outputs.report.figures import Figure, Shape
from orchestration.outputs.report.sentences import (
    Wording,
    against_norm,
    change,
    changed,
    extremes,
    headline,
    last_known,
    lies_between,
    listed,
    movers,
    on_top,
    over_time,
)
from orchestration.outputs.report.source import INDICATOR, Asked
from tests.outputs.report.made_years import Told, years
from tests.outputs.report.reader import LEVEL, NUMBER, UntrueError, chance, read_sentences, read_title

COUNT, SHARE, TIME = Wording("meldingen", "aantal"), Wording("hermeldingen", "aandeel"), Wording("doorlooptijd van een dienst", "duur")
GONE = Cell(None, HIDDEN)
MADE = 240
"""Years of made figures"""


def exact(value: float) -> Cell:
    return Cell(value)


def count(value: float, broken: str = "") -> Cell:
    """A count as it leaves."""
    return Cell(value, margin=4, break_reason=broken)


def share(above: float, below: float, off: int = 4) -> Cell:
    """A share as it leaves, or an exact one."""
    value = 100 * above / below
    if not off:
        return Cell(value, unit="procent", decimals=1, above=above, below=below)
    return Cell(float(round(value)), unit="procent", above=above, below=below, margin=0.5 + 100 * off / below, margin_of_parts=off)


def rate(above: float, value: float) -> Cell:
    return Cell(value, unit="per_1000", decimals=1, above=above, margin=0.05, margin_of_parts=4)


def weeks(value: float, is_exact: bool = False) -> Cell:
    return Cell(value, unit="weken", decimals=1, margin=0 if is_exact else 0.05)


def pairs(make: Callable[[float], Cell], **values: float | None) -> list[tuple[str, Cell]]:
    return [(name, GONE if value is None else make(value)) for name, value in values.items()]


# --- highest and lowest -------------------------------------------------------------------------------------------------------------------


def test_areas_with_most_and_least_are_told() -> None:
    assert extremes(pairs(count, A=8710, B=300, C=55), COUNT, True) == "De meeste meldingen zijn er in A (8.710), de minste in C (55)."
    told = "Het aandeel hermeldingen is het grootst in A (60%), het kleinst in B (20%)."
    assert extremes([("A", share(600, 1000)), ("B", share(200, 1000))], SHARE, True) == told
    told = "De gemiddelde doorlooptijd van een dienst is het langst in A (12,4 weken), het kortst in B (9,0 weken)."
    assert extremes(pairs(weeks, A=12.4, B=9), TIME, True) == told


def test_groups_with_most_and_least_are_told() -> None:
    assert extremes(pairs(count, A=100, B=20), COUNT, False) == "De grootste groep is ‘A’ (100), de kleinste ‘B’ (20)."
    told = "Het grootste aandeel heeft ‘A’ (60%), het kleinste ‘B’ (20%)."
    assert extremes([("A", share(600, 1000)), ("B", share(200, 1000))], SHARE, False) == told
    told = "Het langst duurt het bij ‘A’ (12,4 weken), het kortst bij ‘B’ (9,0 weken)."
    assert extremes(pairs(weeks, A=12.4, B=9), TIME, False) == told


def test_those_that_are_equal_are_told_together() -> None:
    told = "De grootste groepen zijn ‘A’ en ‘B’ (beide 12), de kleinste ‘C’, ‘D’ en ‘E’ (elk 0)."
    assert extremes(pairs(exact, A=12, B=12, C=0, D=0, E=0, F=3), COUNT, False) == told
    assert extremes(pairs(exact, A=12, B=12, C=1), COUNT, True) == "De meeste meldingen zijn er in A en B (beide 12), de minste in C (1)."
    told = "De grootste aandelen hebben ‘A’ en ‘B’ (beide 50,0%), het kleinste ‘C’ (10,0%)."
    assert extremes([("A", share(5, 10, 0)), ("B", share(50, 100, 0)), ("C", share(1, 10, 0))], SHARE, False) == told


def test_where_rounding_hides_which_is_most_it_is_one_of_them() -> None:
    told = "De meeste meldingen zijn er in A (215) of B (210), de minste in C of D (beide 20)."
    assert extremes(pairs(count, A=215, B=210, C=20, D=20), COUNT, True) == told
    told = "De grootste groep is ‘A’ (215), ‘B’ (210) of ‘E’ (210), de kleinste ‘C’ (20)."
    assert extremes(pairs(count, A=215, B=210, C=20, E=210), COUNT, False) == told
    told = "Het grootste aandeel heeft ‘A’ of ‘B’ (beide 30,6%), het kleinste ‘C’ (10,0%)."  # exact, but another decimal decides
    assert extremes([("A", share(306.2, 1000, 0)), ("B", share(306.1, 1000, 0)), ("C", share(10, 100, 0))], SHARE, False) == told


def test_a_rate_of_few_is_as_loose_as_their_rounding() -> None:
    """9.3 of 50 reports may be 8.6 or 10.0; 9.4 of 1,000 is 9.4."""
    told = "De meeste meldingen zijn er in A (9,4) of B (9,3), de minste in C (1,0)."
    assert extremes([("A", rate(1000, 9.4)), ("B", rate(50, 9.3)), ("C", rate(1000, 1.0))], COUNT, True) == told
    assert lies_between(rate(50, 9.3)) == pytest.approx((9.25 * 46 / 50, 9.35 * 54 / 50))


def test_more_than_three_at_the_top_are_no_message_and_more_at_the_bottom_are_left_out() -> None:
    assert extremes(pairs(count, A=215, B=215, C=215, D=215, E=20), COUNT, True) == ""
    assert extremes(pairs(count, A=215, B=10, C=10, D=10, E=10), COUNT, True) == "De meeste meldingen zijn er in A (215)."


def test_where_nothing_can_be_told_apart_it_is_told_from_what_to_what_figures_go() -> None:
    close = "e cijfers lopen van 10 tot 15; door de afronding is niet te zeggen welk het hoogst is."
    assert extremes(pairs(count, A=15, B=10, C=15), COUNT, True) == f"D{close}"
    assert extremes(pairs(count, A=15, B=10, C=15, D=None), COUNT, True, "wijken") == f"Van de wijken met een cijfer: d{close}"
    assert extremes(pairs(count, A=15, B=15, C=15), COUNT, True) == "Alle cijfers zijn na afronding 15."
    assert extremes(pairs(exact, A=0, B=0, C=0), COUNT, True) == "Alle cijfers zijn 0."
    assert extremes(pairs(count, A=15, B=10), COUNT, True) == ""
    assert extremes(pairs(exact, A=0, B=0), COUNT, True) == ""


def test_what_is_hidden_is_never_part_of_all() -> None:
    hidden = pairs(count, A=100, B=20, C=None)
    told = "an de groepen met een cijfer: de grootste groep is ‘A’ (100), de kleinste ‘B’ (20)."
    assert extremes(hidden, COUNT, False, "groepen") == f"V{told}"
    assert extremes(hidden, COUNT, False, "groepen", "Al betrokken") == f"Al betrokken, v{told}"
    assert extremes(hidden, COUNT, False) == "Van de rijen met een cijfer: de grootste groep is ‘A’ (100), de kleinste ‘B’ (20)."
    told = "Al betrokken: de grootste groep is ‘A’ (100), de kleinste ‘B’ (20)."
    assert extremes(hidden[:2], COUNT, False, "groepen", "Al betrokken") == told
    assert extremes(pairs(count, A=100, B=None), COUNT, True, "wijken") == ""
    assert on_top(hidden, COUNT, False) == ""


def test_a_name_of_two_rows_tells_nobody_apart() -> None:
    twice = [("A", count(100)), ("B", count(50)), ("B", count(20))]
    assert extremes(twice, COUNT, True) == "De meeste meldingen zijn er in A (100)."
    assert extremes([*twice, ("B", count(200))], COUNT, True) == ""
    assert on_top([*twice, ("B", count(200))], COUNT, True) == ""


def test_who_is_on_top_is_a_title() -> None:
    assert on_top(pairs(count, A=100, B=20), COUNT, True) == "De meeste meldingen zijn er in A"
    assert on_top(pairs(count, A=100, B=95, C=20), COUNT, True) == "De meeste meldingen zijn er in A of B"
    assert on_top(pairs(count, A=100, B=95, C=95, D=20), COUNT, True) == ""
    assert on_top(pairs(count, A=100, B=20), COUNT, False, "Al betrokken") == "Al betrokken: ‘A’ is de grootste groep"
    assert on_top(pairs(exact, A=9, B=9, C=2), COUNT, False) == "‘A’ en ‘B’ zijn de grootste groepen"
    assert on_top(pairs(count, A=100, B=95, C=20), COUNT, False) == "‘A’ of ‘B’ is de grootste groep"
    assert on_top([("A", share(600, 1000)), ("B", share(200, 1000))], SHARE, False) == "‘A’ heeft het grootste aandeel"
    assert on_top([("A", share(600, 1000)), ("B", share(200, 1000))], SHARE, True) == "Het aandeel hermeldingen is het grootst in A"
    assert on_top(pairs(weeks, A=12.4, B=9), TIME, False) == "Het langst duurt het bij ‘A’"
    assert on_top(pairs(count, A=15, B=15), COUNT, True) == ""


def test_names_are_listed() -> None:
    assert [listed(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == ["", "A", "A en B", "A, B en C"]


# --- change -------------------------------------------------------------------------------------------------------------------------------


def since_2023(now: Cell, before: Cell, wording: Wording = COUNT) -> str:
    return changed(now, before, wording, "in 2024", "in 2023").removeprefix(f"In 2024 is {wording.subject} ")


def test_the_change_of_a_count() -> None:
    assert since_2023(exact(9951), exact(9789)) == "9.951, 162 meer dan in 2023 (9.789). Dat kan toeval zijn."
    assert since_2023(exact(9840), exact(11037)) == "9.840, 1.197 minder dan in 2023 (11.037). Dat is meer dan toeval verklaart."
    assert since_2023(count(255), count(310)) == "255, ongeveer 55 minder dan in 2023 (310). Dat kan toeval zijn."
    assert since_2023(exact(12), count(100)) == "12, ongeveer 88 minder dan in 2023 (100). Dat is meer dan toeval verklaart."
    told = changed(count(1325), count(1100), COUNT, "eind december 2024", "eind december 2023")
    assert told == (
        "Eind december 2024 is het aantal meldingen 1.325, ongeveer 225 meer dan eind december 2023 (1.100)."
        " Dat is meer dan toeval verklaart."
    )


def test_equal_is_told_as_equal_and_rounding_as_rounding() -> None:
    assert since_2023(exact(0), exact(0)) == "0, even hoog als in 2023 (0)."
    assert since_2023(count(80), count(80)) == "80, na afronding even hoog als in 2023 (80)."
    assert since_2023(count(80), count(85)) == "80. Het verschil met 2023 (85) valt binnen de afronding."
    assert since_2023(share(80, 250), share(90, 250), SHARE) == "32%. Het verschil met 2023 (36%) valt binnen de afronding."
    assert since_2023(weeks(12.3), weeks(12.3), TIME) == "12,3 weken, na afronding even lang als in 2023 (12,3 weken)."
    assert since_2023(weeks(12.3), weeks(12.2), TIME) == "12,3 weken. Het verschil met 2023 (12,2 weken) valt binnen de afronding."
    assert since_2023(share(306.1, 1000, 0), share(305.9, 1000, 0), SHARE) == "30,6%, na afronding even groot als in 2023 (30,6%)."
    assert since_2023(share(50, 100, 0), share(5, 10, 0), SHARE) == "50,0%, even groot als in 2023 (50,0%)."
    of_many = share(10440, 100000), share(9660, 100000)  # their parts tell which is more, but nobody sees that
    assert since_2023(*of_many, SHARE) == "10%, na afronding even groot als in 2023 (10%)."


def test_the_change_of_a_share_is_in_points() -> None:
    told = "34%, ongeveer 3 procentpunt minder dan in 2023 (37%). Dat is meer dan toeval verklaart."
    assert since_2023(share(3400, 10000), share(3700, 10000), SHARE) == told
    told = "25,0%, 12,5 procentpunt meer dan in 2023 (12,5%). Dat kan toeval zijn."
    assert since_2023(share(4, 16, 0), share(2, 16, 0), SHARE) == told
    told = "2,0%, 2,0 procentpunt meer dan in 2023 (0,0%). Dat is meer dan toeval verklaart."
    assert since_2023(share(20, 1000, 0), share(0, 1000, 0), SHARE) == told


def test_the_change_of_a_mean_says_nothing_of_chance() -> None:
    assert since_2023(weeks(12.1), weeks(11.7), TIME) == "12,1 weken, ongeveer 0,4 weken langer dan in 2023 (11,7 weken)."
    assert since_2023(weeks(11.7, True), weeks(12.1, True), TIME) == "11,7 weken, 0,4 weken korter dan in 2023 (12,1 weken)."
    days = replace(weeks(6), unit="werkdagen"), replace(weeks(7.5), unit="werkdagen")
    assert since_2023(*days, TIME) == "6,0 werkdagen, ongeveer 1,5 werkdagen korter dan in 2023 (7,5 werkdagen)."


def test_the_change_of_what_is_no_count_says_nothing_of_chance() -> None:
    """Of posts, of a difference that may be below nought, of a median: each in its unit."""
    posts, median = Wording("formatie", "peil"), Wording("wachttijd van ontvangen meldingen", "duur", "de mediane")
    assert [w.subject for w in (posts, median)] == ["de formatie", "de mediane wachttijd van ontvangen meldingen"]
    fte = [Cell(v, unit="fte", decimals=1) for v in (104.0, 101.5)]
    assert since_2023(*fte, posts) == "104,0 fte, 2,5 fte meer dan in 2023 (101,5 fte)."
    balance = Wording("verschil", "peil", "het")
    below, above = (Cell(v, is_of_chance=False) for v in (-54.0, 454.0))
    assert since_2023(below, above, balance) == "-54, 508 minder dan in 2023 (454)."
    assert headline(below, above, balance, "in 2023") == "Het verschil is lager dan in 2023"
    sick = [Cell(v, unit="procent", decimals=1, above=100 * v, below=100, is_of_chance=False) for v in (8.5, 12.0)]
    assert since_2023(*sick, Wording("ziekteverzuim", "peil", "het")) == "8,5%, 3,5 procentpunt minder dan in 2023 (12,0%)."
    waits = [Cell(v, unit="werkdagen", decimals=1) for v in (20.0, 17.0)]
    assert since_2023(*waits, median) == "20,0 werkdagen, 3,0 werkdagen langer dan in 2023 (17,0 werkdagen)."


def test_nothing_is_compared_over_a_break_or_with_what_is_hidden() -> None:
    assert since_2023(count(100, "x"), count(200)) == "100. Met 2023 is dat niet te vergelijken."
    assert since_2023(count(100, "x"), GONE) == since_2023(count(100), GONE) == "100."
    assert changed(GONE, count(100), COUNT, "in 2024", "in 2023") == ""
    assert [headline(n, b, COUNT, "in 2023") for n, b in ((count(100, "x"), count(200)), (count(100), GONE), (GONE, count(100)))] == [
        ""
    ] * 3
    told = changed(count(100, "x"), count(200), COUNT, "eind juni 2024", "eind juni 2023")
    assert told == "Eind juni 2024 is het aantal meldingen 100. Met eind juni 2023 is dat niet te vergelijken."


def test_the_change_is_a_title() -> None:
    assert headline(exact(9840), exact(11037), COUNT, "in 2020") == "Minder meldingen dan in 2020"
    assert headline(count(400), count(300), COUNT, "eind juni 2023") == "Meer meldingen dan eind juni 2023"
    assert headline(share(3400, 10000), share(3700, 10000), SHARE, "in 2023") == "Het aandeel hermeldingen is kleiner dan in 2023"
    assert headline(weeks(12.1), weeks(11.7), TIME, "in 2023") == "De gemiddelde doorlooptijd van een dienst is langer dan in 2023"


def test_a_difference_that_may_be_chance_is_not_called_equal() -> None:
    assert headline(count(255), count(310), COUNT, "in 2023") == "Geen duidelijk verschil met 2023 in het aantal meldingen"
    told = "Geen duidelijk verschil met het 1e kwartaal van 2024 in het aandeel hermeldingen"
    assert headline(share(80, 250), share(90, 250), SHARE, "in het 1e kwartaal van 2024") == told
    told = "Geen duidelijk verschil met eind juni 2023 in het aantal meldingen"
    assert headline(count(80), count(85), COUNT, "eind juni 2023") == told


def rows(**values: tuple[Cell, Cell]) -> list[Series]:
    return [Series(name, name, cells) for name, cells in values.items()]


def test_where_figures_moved_is_a_title() -> None:
    up, down, still, near = (count(200), count(400)), (count(400), count(200)), (count(200), count(200)), (count(230), count(200))
    one = rows(A=up, B=still)
    assert movers(one, COUNT, "in 2023", True, "gemeenten") == "Meer meldingen in A dan in 2023"
    told = "Meer meldingen bij ‘A’, minder bij ‘B’ en ‘C’ dan in 2023"
    assert movers(rows(A=up, B=down, C=down), COUNT, "in 2023", False, "groepen") == told
    many = rows(A=down, B=down, C=down, D=down, E=near)
    assert movers(many, COUNT, "in 2023", True, "wijken") == "Minder meldingen in minstens 4 van de 5 wijken dan in 2023"
    assert movers(many[:4], COUNT, "in 2023", False, "groepen") == "Minder meldingen bij alle 4 groepen dan in 2023"
    shares = rows(A=(share(400, 1000), share(600, 1000)), B=(share(600, 1000), share(400, 1000)))
    told = "Een groter aandeel hermeldingen bij ‘A’, een kleiner aandeel bij ‘B’ dan in 2023"
    assert movers(shares, SHARE, "in 2023", False, "groepen") == told
    assert movers(rows(A=still, B=near), COUNT, "in 2023", True, "wijken") == "Nergens een duidelijk verschil met 2023"
    assert movers(rows(A=still, B=(count(20), GONE)), COUNT, "in 2023", True, "wijken") == ""
    assert movers(rows(A=(count(900), count(100, "x"))), COUNT, "in 2023", True, "wijken") == ""
    assert movers(rows(A=(weeks(9), weeks(3))), TIME, "in 2023", True, "wijken") == ""


# --- chance -------------------------------------------------------------------------------------------------------------------------------


def test_more_than_chance_is_what_an_exact_test_says_of_every_pair_of_counts() -> None:
    judged = [(a, b, change(exact(a), exact(b))) for a in range(130) for b in range(0, 130, 3)]
    said = [(a, b) for a, b, found in judged if found and found.is_more_than_chance]
    assert len(said) > 1000
    assert [(a, b) for a, b in said if chance((a, 1), (b, 1), "aantal") > LEVEL] == []
    kept = [(a, b) for a, b, found in judged if found and not found.is_more_than_chance]
    assert [(a, b) for a, b in kept if chance((a, 1), (b, 1), "aantal") < 0.0035] == []


@pytest.mark.parametrize(("below", "below_before"), [(12, 12), (12, 60), (60, 45), (25, 400)])
def test_more_than_chance_is_what_an_exact_test_says_of_shares(below: int, below_before: int) -> None:
    judged = [
        (a, b, change(share(a, below, 0), share(b, below_before, 0)))
        for a in range(below + 1)
        for b in range(0, below_before + 1, 1 + below_before // 50)
    ]
    said = [(a, b) for a, b, found in judged if found and found.is_more_than_chance]
    assert said
    assert max(chance((a, below), (b, below_before), "procent") for a, b in said) <= LEVEL


def test_what_is_rounded_is_judged_by_the_least_difference_that_it_may_hide() -> None:
    for now, before in ((15, 45), (60, 100), (500, 640), (10, 60)):
        found = change(count(now), count(before))
        assert found
        hidden = chance((now + 4, 1), (before - 4, 1), "aantal")
        assert found.is_more_than_chance is (hidden < 0.01)
        for true, true_before in ((now + 4, before - 4), (now - 4, before + 4)):
            assert np.sign(true - true_before) == found.direction


def test_the_range_of_a_share_holds_whatever_its_parts_were() -> None:
    for above, below in ((10, 10), (10, 15), (15, 20), (100, 105), (20, 4000)):
        least, most = lies_between(share(above, below))
        true = [100 * a / b for a in range(above - 4, above + 5) for b in range(max(below - 4, 1), below + 5) if a <= b]
        assert least <= min(true) and max(true) <= most <= 100


# --- over the years, norms, the last that is known ----------------------------------------------------------------------------------------

FIVE = tuple(f"in {year}" for year in range(2020, 2025))


def line(make: Callable[[float], Cell], *values: float) -> Series:
    return Series("a", "a", tuple(make(v) for v in values))


def test_highest_and_lowest_of_the_years() -> None:
    told = over_time(line(count, 315, 340, 310, 325, 330), FIVE, COUNT)
    assert told == "Sinds 2020 was het aantal meldingen het hoogst in 2021 (340) en het laagst in 2020 (315) of in 2022 (310)."
    told = over_time(line(exact, 5, 5, 3, 2, 4), FIVE, COUNT)
    assert told == "Sinds 2020 was het aantal meldingen het hoogst in 2020 en in 2021 (beide 5) en het laagst in 2023 (2)."
    told = over_time(line(weeks, 7, 8, 9, 10, 11), FIVE, TIME)
    assert told == (
        "Sinds 2020 was de gemiddelde doorlooptijd van een dienst het langst in 2024 (11,0 weken) en het kortst in 2020 (7,0 weken)."
    )
    shares = Series("a", "a", tuple(share(a, 1000) for a in (100, 200, 300, 200, 120)))
    told = over_time(shares, FIVE, SHARE)
    assert told == "Sinds 2020 was het aandeel hermeldingen het grootst in 2022 (30%) en het kleinst in 2020 (10%)."
    quarters = tuple(f"in het {q}e kwartaal van 2024" for q in (1, 2, 3))
    told = over_time(line(count, 100, 200, 300), quarters, COUNT)
    assert told == (
        "Sinds het 1e kwartaal van 2024 was het aantal meldingen het hoogst in het 3e kwartaal van 2024 (300)"
        " en het laagst in het 1e kwartaal van 2024 (100)."
    )


def test_the_years_say_nothing_where_something_is_hidden_broken_or_too_close() -> None:
    whole = line(count, 100, 200, 300, 400, 500)
    for place in range(5):
        cells = list(whole.cells)
        assert over_time(replace(whole, cells=(*cells[:place], GONE, *cells[place + 1 :])), FIVE, COUNT) == ""
        broken = replace(whole, cells=(*cells[:place], count(100, "x"), *cells[place + 1 :]))
        assert (over_time(broken, FIVE, COUNT) == "") == (place > 0)  # what breaks before the first is not in it
    assert over_time(line(count, 100, 100, 105, 100, 100), FIVE, COUNT) == ""
    assert over_time(line(exact, 2, 2, 2), FIVE[:3], COUNT) == "Het aantal meldingen is sinds 2020 gelijk gebleven."
    assert over_time(line(count, 200, 200, 200), FIVE[:3], COUNT) == ""
    assert over_time(line(exact, 2, 3), FIVE[:2], COUNT) == ""


@pytest.mark.parametrize(
    ("now", "norm", "wanted"),
    [
        (share(340, 1000), 90, "Gevraagd wordt 90%; dat is niet gehaald."),
        (share(950, 1000), 90, "Gevraagd wordt 90%; dat is gehaald."),
        (share(900, 1000), 90, "Gevraagd wordt 90%; door de afronding is niet te zeggen of dat gehaald is."),
        (share(15, 20), 90, "Gevraagd wordt 90%; door de afronding is niet te zeggen of dat gehaald is."),
        (share(9, 10, 0), 90, "Gevraagd wordt 90%; dat is gehaald."),
        (share(89.96, 100, 0), 90, "Gevraagd wordt 90%; dat is niet gehaald."),
        (share(340, 1000), 92.5, "Gevraagd wordt 92,5%; dat is niet gehaald."),
        (GONE, 90, ""),
    ],
)
def test_what_is_asked(now: Cell, norm: float, wanted: str) -> None:
    assert against_norm(now, norm) == wanted


def test_the_last_figure_that_is_known() -> None:
    row = Series("a", "a", (share(300, 1000), share(530, 1000), GONE))
    assert last_known(row, FIVE[:3], SHARE) == "Het laatste cijfer is van 2021: het aandeel hermeldingen was 53%."
    assert last_known(Series("a", "a", (GONE, GONE)), FIVE[:2], SHARE) == ""
    stock = last_known(Series("a", "a", (count(20), GONE)), ("eind mei 2024", "eind juni 2024"), COUNT)
    assert stock == "Het laatste cijfer is van eind mei 2024: het aantal meldingen was 20."


# --- figures ------------------------------------------------------------------------------------------------------------------------------

MONTHS = ("2024-01", "2024-02", "2024-03", "2024-04")


def over_months(*cells: Cell) -> tuple[Figure, Grid]:
    figure = Figure("x", "Titel", Shape.LINES, Asked(("vb_open",), MONTHS, "maand"), INDICATOR, against=0)
    phrases = tuple(f"eind {m} 2024" for m in ("januari", "februari", "maart", "april"))
    return figure, Grid(MONTHS, (Series("vb_open", "Open", cells),), "", phrases)


def test_what_breaks_on_the_way_is_compared_in_no_sentence_and_no_title() -> None:
    figure, grid = over_months(count(100), count(200), count(300, "x"), count(400))
    assert figures._sentences(figure, grid) == [
        "Eind april 2024 is het aantal openstaande veiligheidsbeoordelingen 400. Met eind januari 2024 is dat niet te vergelijken."
    ]
    assert figures._message(figure, grid) == ""


def test_nothing_is_compared_over_a_figure_that_is_hidden() -> None:
    figure, grid = over_months(count(100), count(200), GONE, count(400))  # of which nobody knows whether it broke
    assert figures._sentences(figure, grid) == ["Eind april 2024 is het aantal openstaande veiligheidsbeoordelingen 400."]
    assert figures._message(figure, grid) == ""


def test_a_first_year_is_told_alone() -> None:
    figure = Figure("x", "Titel", Shape.LINES, Asked(("meldingen",), ("2024",)), INDICATOR)
    grid = Grid(("2024",), (Series("meldingen", "Meldingen", (exact(7),)),), "", ("in 2024",))
    assert figures._sentences(figure, grid) == ["In 2024 is het aantal meldingen 7."]
    assert figures._message(figure, grid) == ""
    empty = replace(grid, rows=(Series("meldingen", "Meldingen", (GONE,)),))
    assert (figures._sentences(figure, empty), figures._message(figure, empty)) == (["Hierover is geen cijfer te tonen."], "")


EDITIONS = (
    ReportEdition(2024),
    ReportEdition(2024, half=1),
    ReportEdition(2024, gemeente="GM0363"),
    ReportEdition(2024, gemeente="GM0451"),
)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.name)
def test_rows_have_a_name_for_when_some_are_hidden(edition: ReportEdition) -> None:
    nameless = [f.code for c in chapters(edition) for f in c.figures if f.rows != INDICATOR and not figures._named(f)[1]]
    assert nameless == []


# --- whole years, read back ---------------------------------------------------------------------------------------------------------------


@cache
def made(first: int, count: int) -> tuple[Told, ...]:
    return tuple(told for seed in range(first, first + count) for told in years(seed))


@pytest.mark.parametrize("first", range(0, MADE, 20))
def test_all_that_is_said_of_a_made_year_is_true(first: int) -> None:
    for told in made(first, 20):
        read_sentences(told.table, told.sentences, told.parts)
        read_title(told.table, told.title, told.parts)


LEAST = {"nothing": 60, "close": 30, "broken": 60, "norm": 100, "movers": 60, "nowhere": 60, "over time": 60, "more than chance": 150}


def test_every_rule_spoke_in_made_years() -> None:
    spoke = Counter[str]()
    for told in made(0, 80):
        told.table.fired.clear()
        read_sentences(told.table, told.sentences, told.parts)
        read_title(told.table, told.title, told.parts)
        spoke.update(told.table.fired)
    often = ("alone", "within", "even", "change", "chance", "last", "ends", "no difference", "headline", "on top", "title alone")
    few = {kind: spoke[kind] for kind, least in (LEAST | dict.fromkeys(often, 100)).items() if spoke[kind] < least / 3}
    assert few == {}


# --- planted faults -----------------------------------------------------------------------------------------------------------------------


def swapped(one: str, other: str) -> Callable[[str, Told], str]:
    """Put one word for another, and the other way round."""
    words = {one: other, other: one}
    return lambda text, told: re.sub(rf"\b(?:{one}|{other})\b", lambda m: words[m[0]], text, count=1)


def other_number(text: str, told: Told) -> str:
    """Another last digit for the last figure."""
    return re.sub(rf"({NUMBER})(?=(?:%| werkdagen| weken)?\)[^()]*$)", lambda m: m[0][:-1] + str((int(m[0][-1]) + 1) % 10), text)


def other_difference(text: str, told: Told) -> str:
    return re.sub(
        rf"{NUMBER}(?=(?: procentpunt| werkdagen| weken)? (?:meer|minder|langer|korter) dan)",
        lambda m: m[0][:-1] + str((int(m[0][-1]) + 1) % 10),
        text,
    )


def other_name(text: str, told: Told) -> str:
    """Another row for the first that is named."""
    if " (beide " in text or " (elk " in text or " of " in text:
        return text
    names = [n for n in told.table.rows if re.search(rf"(?:in |‘|^){re.escape(n)}(?= \(|’|$)", text)]
    others = [n for n in told.table.rows if n not in text]
    return text.replace(names[0], others[0]) if names and others else text


def hidden_told(text: str, told: Told) -> str:
    return re.sub(r"[Vv]an de [^:]+ met een cijfer: (\w)", lambda m: m[1].upper(), text)


def all_told(text: str, told: Told) -> str:
    return re.sub(r"^De meeste|^De grootste|^Het grootste", lambda m: f"Van de wijken met een cijfer: d{m[0][1:]}", text)


def a_difference(text: str, told: Told) -> str:
    return re.sub(r"Geen duidelijk verschil met (\d{4}) in het aantal (.+)", r"Meer \2 dan in \1", text)


PLANTED: dict[str, tuple[Callable[[str, Told], str], float]] = {
    "another number": (other_number, 1),
    "another difference": (other_difference, 1),
    "another row": (other_name, 0.99),
    "of all, where some are hidden": (hidden_told, 1),
    "of some, where none are hidden": (all_told, 1),
    "more for less": (swapped("meer", "minder"), 0.99),
    "More for less": (swapped("Meer", "Minder"), 1),
    "longer for shorter": (swapped("langer", "korter"), 1),
    "larger for smaller": (swapped("groter", "kleiner"), 1),
    "highest for lowest": (swapped("hoogst", "laagst"), 1),
    "longest for shortest": (swapped("langst", "kortst"), 1),
    "chance for no chance": (lambda text, told: text.replace("Dat is meer dan toeval verklaart", "Dat kan toeval zijn"), 0.5),
    "no chance for chance": (lambda text, told: text.replace("Dat kan toeval zijn", "Dat is meer dan toeval verklaart"), 0.9),
    "equal without rounding": (lambda text, told: text.replace("na afronding ", ""), 0.35),
    "the difference without about": (lambda text, told: text.replace("ongeveer ", ""), 0.7),
    "and for or": (lambda text, told: text.replace(" of ", " en ") if text.startswith(("De meeste", "Sinds")) else text, 0.5),
    "reached for not reached": (lambda text, told: text.replace("dat is niet gehaald", "dat is gehaald"), 1),
    "not reached for reached": (lambda text, told: text.replace("dat is gehaald", "dat is niet gehaald"), 1),
    "a difference for none": (a_difference, 0.9),
    "another year": (lambda text, told: re.sub(r"2023", "2022", text), 1),
    "another word": (lambda text, told: text.replace("dan", "als"), 1),
}
"""A fault → how it is planted, and how often it is found at least; what is planted may be true by chance."""


def caught(plant: Callable[[str, Told], str]) -> Iterator[bool]:
    for told in made(0, 60):
        for place, text in enumerate(told.sentences):
            if (other := plant(text, told)) != text:
                yield _refuses(read_sentences, told, (*told.sentences[:place], other, *told.sentences[place + 1 :]))
        if told.title != told.table.title and (other := plant(told.title, told)) != told.title:
            yield _refuses(read_title, told, other)


def _refuses(read: Callable[..., None], told: Told, text: object) -> bool:
    try:
        read(told.table, text, told.parts)
    except UntrueError:
        return True
    return False


@pytest.mark.parametrize("fault", PLANTED)
def test_the_reader_finds_a_planted_fault(fault: str) -> None:
    plant, least = PLANTED[fault]
    found = list(caught(plant))
    assert len(found) > 4
    assert sum(found) >= least * len(found), f"{len(found) - sum(found)} of {len(found)} not found"


def test_the_reader_reads_no_sentence_that_it_does_not_know() -> None:
    told = made(0, 1)[0]
    for text in ("Het gaat goed.", "In 2024 is het aantal meldingen hoog.", "", "De meeste meldingen zijn er in Amsterdam (1), denk ik."):
        assert _refuses(read_sentences, told, [text])
    for title in ("Het gaat goed", "Meer geweld dan in 2023", "‘Niemand’ is de grootste groep"):
        assert _refuses(read_title, told, title)
