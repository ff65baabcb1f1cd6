"""What is due and late."""

from datetime import date

from orchestration.defs.intake import late
from orchestration.landing.due import missing
from orchestration.settings import Omgeving, Settings
from tests.lib.handmade import Aanlevering
from tests.lib.warehouse import Magazijn


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


def test_the_register_counts_the_nights_that_were_missed(magazijn: Magazijn) -> None:
    days = ["2024-12-27", "2024-12-28", "2025-01-01"]  # a Friday, a Saturday, a Wednesday
    rows = {e: Aanlevering().rijen[e] for e in ("casussen",)}
    first, second, third = (Aanlevering(n, peildatum=day) for n, day in enumerate(days, 1))
    second.soort, second.rijen = "mutaties", rows
    assert [u.uitkomst for u in magazijn.neem(first, second, third)] == ["opgenomen"] * 3
    query = "select levering_nummer, nachten_gemist from leveringen order by 1"
    assert magazijn.vraag(query) == [(1, None), (2, 0), (3, 3)]
    weekdays = Magazijn(Settings(home=magazijn.settings.home, aanleverdagen="werkdagen", threads=1))
    assert weekdays.vraag(query) == [(1, None), (2, 0), (3, 2)]


def test_a_late_delivery_is_told_where_deliveries_are_sent(magazijn: Magazijn) -> None:
    assert late(magazijn.settings, date(2025, 3, 1)) == []
    magazijn.een(Aanlevering(1))
    assert late(magazijn.settings, date(2025, 3, 1)) == []  # ontwikkeling
    real = Settings(home=magazijn.settings.home, omgeving=Omgeving.PRODUCTIE)
    assert late(real, date(2025, 1, 1)) == []
    assert late(real, date(2025, 1, 2)) == ["Een levering is te laat: peildatum 2025-01-01"]
    assert late(real, date(2025, 1, 4)) == ["3 leveringen zijn te laat: peildatum 2025-01-01 tot en met 2025-01-03"]
