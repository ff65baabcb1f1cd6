"""What is due and late."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orchestration.alarm import watch
from orchestration.landing.due import Aanleverdagen, late_from, missing
from orchestration.language import speak
from orchestration.settings import Omgeving, Settings
from tests.lib.handmade import HandmadeDelivery
from tests.lib.warehouse import Warehouse


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


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sampled_from(["elke_nacht", "werkdagen"]))
def test_the_next_is_late_from_the_morning_on_which_the_first_is_missing(last: date, due_days: Aanleverdagen) -> None:
    moment = late_from(last, due_days)
    assert (moment.hour, moment.minute, str(moment.tzinfo)) == (7, 0, "Europe/Amsterdam")
    assert len(missing(last, moment.date(), due_days)) == 1
    assert missing(last, moment.date() - timedelta(days=1), due_days) == []


def test_the_register_counts_the_nights_that_were_missed(warehouse: Warehouse) -> None:
    days = ["2024-12-27", "2024-12-28", "2025-01-01"]  # a Friday, a Saturday, a Wednesday
    rows = {e: HandmadeDelivery().rows[e] for e in ("casussen",)}
    first, second, third = (HandmadeDelivery(n, peildatum=day) for n, day in enumerate(days, 1))
    second.soort, second.rows = "mutaties", rows
    assert [u.uitkomst for u in warehouse.take_in(first, second, third)] == ["opgenomen"] * 3
    query = "select levering_nummer, nachten_gemist from leveringen order by 1"
    assert warehouse.query(query) == [(1, None), (2, 0), (3, 3)]
    weekdays = Warehouse(Settings(home=warehouse.settings.home, aanleverdagen="werkdagen", threads=1))
    assert weekdays.query(query) == [(1, None), (2, 0), (3, 2)]


def test_a_late_delivery_is_told_where_deliveries_are_sent(warehouse: Warehouse) -> None:
    def told(settings: Settings, day: str, language: str = "nl") -> list[str]:
        speak(language)
        return list(watch.told(watch.late(settings, datetime.fromisoformat(f"{day}T08:00:00+01:00"))).values())

    assert told(warehouse.settings, "2025-03-01") == []
    warehouse.take_in_one(HandmadeDelivery(1))
    assert told(warehouse.settings, "2025-03-01") == []  # ontwikkeling
    real = Settings(home=warehouse.settings.home, omgeving=Omgeving.PRODUCTIE)
    assert told(real, "2025-01-01") == []
    assert told(real, "2025-01-02") == ["De levering met peildatum 2025-01-01 is te laat; zij had er om 7:00 moeten zijn"]
    several = "3 leveringen zijn te laat, met peildatum 2025-01-01 tot en met 2025-01-03; de laatste had er om 7:00 moeten zijn"
    assert told(real, "2025-01-04") == [several]
    assert told(real, "2025-01-02", "en") == ["The delivery of peildatum 2025-01-01 is late; it was due at 7:00"]
