"""What is due and late."""

from datetime import date

from orchestration.landing.kalender import missing


def test_nothing_is_due_before_the_first() -> None:
    assert missing(None, date(2025, 2, 1)) == []


def test_yesterday_is_due_today_and_today_is_not() -> None:
    assert missing(date(2025, 1, 31), date(2025, 2, 1)) == []
    assert missing(date(2025, 1, 31), date(2025, 2, 2)) == [date(2025, 2, 1)]
    assert missing(date(2025, 1, 31), date(2025, 1, 30)) == []


def test_weekends_need_not_be_delivered() -> None:
    friday, tuesday = date(2025, 1, 31), date(2025, 2, 4)
    assert missing(friday, tuesday) == [date(2025, 2, 1), date(2025, 2, 2), date(2025, 2, 3)]
    assert missing(friday, tuesday, "werkdagen") == [date(2025, 2, 3)]
    assert missing(friday, date(2025, 2, 3), "werkdagen") == []
