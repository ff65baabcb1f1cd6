"""What is due and late."""

from datetime import date, datetime

from orchestration.alarm import watch
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
    def told(settings: Settings, day: str, taal: str = "nl") -> list[str]:
        return list(watch.told(watch.late(settings, datetime.fromisoformat(f"{day}T08:00:00+01:00")), taal).values())

    assert told(magazijn.settings, "2025-03-01") == []
    magazijn.een(Aanlevering(1))
    assert told(magazijn.settings, "2025-03-01") == []  # ontwikkeling
    real = Settings(home=magazijn.settings.home, omgeving=Omgeving.PRODUCTIE)
    assert told(real, "2025-01-01") == []
    assert told(real, "2025-01-02") == ["De levering met peildatum 2025-01-01 is te laat; zij had er om 7:00 moeten zijn"]
    several = "3 leveringen zijn te laat, met peildatum 2025-01-01 tot en met 2025-01-03; de laatste had er om 7:00 moeten zijn"
    assert told(real, "2025-01-04") == [several]
    assert told(real, "2025-01-02", "en") == ["The delivery of peildatum 2025-01-01 is late; it was due at 7:00"]
