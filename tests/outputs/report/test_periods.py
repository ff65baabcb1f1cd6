"""Periods: as the head of a column, in a sentence, and those that come before one."""

import pytest

from orchestration.outputs.report import periods


@pytest.mark.parametrize(
    ("period", "label", "phrase", "since"),
    [
        ("2024", "2024", "in 2024", "2024"),
        ("2024-H1", "1e halfjaar 2024", "in het 1e halfjaar van 2024", "het 1e halfjaar van 2024"),
        ("2024-Q2", "2e kw. 2024", "in het 2e kwartaal van 2024", "het 2e kwartaal van 2024"),
        ("2024-03", "mrt 2024", "in maart 2024", "maart 2024"),
        ("2024-05", "mei 2024", "in mei 2024", "mei 2024"),
        ("2024-12", "dec 2024", "in december 2024", "december 2024"),
    ],
)
def test_periods_have_a_head_and_a_phrase(period: str, label: str, phrase: str, since: str) -> None:
    assert (periods.label(period), periods.phrase(period), periods.since(phrase)) == (label, phrase, since)


def test_a_stock_is_of_the_end_of_a_period() -> None:
    assert [periods.phrase(p, is_stock=True) for p in ("2024", "2024-12")] == ["eind 2024", "eind december 2024"]
    assert periods.since("eind december 2024") == "eind december 2024"


def test_every_month_has_a_name_of_its_own() -> None:
    names = [periods.phrase(f"2024-{month:02}") for month in range(1, 13)]
    assert names[0] == "in januari 2024"
    assert len(set(names)) == 12
    assert len({periods.label(f"2024-{month:02}") for month in range(1, 13)}) == 12


def test_periods_before_one_go_over_the_end_of_a_year() -> None:
    assert periods.years(2001, 3) == ("1999", "2000", "2001")
    assert periods.halves(2024, 2, 3) == ("2022-H2", "2023-H2", "2024-H2")
    assert periods.quarters(2024, 2, 6) == ("2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2")
    assert periods.quarters(2024, 4, 4) == ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")
    assert periods.months(2024, 6, 13)[:8] == ("2023-06", "2023-07", "2023-08", "2023-09", "2023-10", "2023-11", "2023-12", "2024-01")
    assert periods.months(2024, 12, 13) == ("2023-12", *(f"2024-{month:02}" for month in range(1, 13)))


@pytest.mark.parametrize(("last", "count"), [((2024, 1), 1), ((2024, 1), 30), ((2024, 12), 25), ((2000, 2), 14)])
def test_months_follow_each_other(last: tuple[int, int], count: int) -> None:
    numbers = [12 * int(p[:4]) + int(p[5:]) for p in periods.months(*last, count)]
    assert numbers == list(range(numbers[0], numbers[0] + count))
    assert numbers[-1] == 12 * last[0] + last[1]
