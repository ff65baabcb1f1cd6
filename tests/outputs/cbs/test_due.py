"""The watch over the delivery to CBS: a week ahead, once it is late, and silent when it was handed over or was never ours to make."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.alarm import send, watch
from orchestration.outputs.cbs import due
from orchestration.outputs.cbs.half_year import HalfYear
from orchestration.register import register
from orchestration.register.register import Event, Register
from orchestration.settings import Omgeving, Settings

CAUSE = "cbs:2024-H2"


@pytest.fixture
def production(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "vt", omgeving=Omgeving.PRODUCTIE)


@pytest.fixture
def taken_in(production: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """The first delivery of the registration was taken in on that day."""

    def on(day: str) -> None:
        real = Register.events

        def events(log: Register, *kinds: str) -> list[Event]:
            if kinds == (register.TAKEN_IN,):
                return [Event(1, register.TAKEN_IN, datetime.fromisoformat(f"{day}T02:00:00+01:00"), "x", "x", {})]
            return real(log, *kinds)

        monkeypatch.setattr(Register, "events", events)

    return on


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_the_term_is_three_weeks() -> None:
    assert str(due.last_day(HalfYear.of("2024-H2"))) == "2025-01-21"
    assert str(due.last_day(HalfYear.of("2025-H1"))) == "2025-07-21"


def test_it_speaks_up_a_week_before_and_when_it_is_late(production: Settings, taken_in: Callable[[str], None]) -> None:
    taken_in("2024-03-01")
    assert due.due(production, at("2025-01-13T23:59:00+01:00")) == {}
    told = {CAUSE: "The delivery to CBS of 2024-H2 is due on 2025-01-21 and was not handed over yet"}
    assert due.due(production, at("2025-01-14T00:00:00+01:00")) == told
    assert due.due(production, at("2025-01-21T23:59:00+01:00")) == told
    late = {CAUSE: "The delivery to CBS of 2024-H2 was due on 2025-01-21 and was not handed over"}
    assert due.due(production, at("2025-01-22T00:00:00+01:00")) == late
    assert due.due(production, at("2025-06-30T12:00:00+02:00")) == late
    assert due.due(production, at("2025-07-01T12:00:00+02:00")) == {}  # the next half-year, whose term begins


def test_handed_over_is_over(production: Settings, taken_in: Callable[[str], None]) -> None:
    taken_in("2024-03-01")
    Register(production).record(register.CBS_MADE, {"halfjaar": "2024-H2", "nummer": 1})
    assert CAUSE in due.due(production, at("2025-01-20T12:00:00+01:00"))
    Register(production).record(register.CBS_HANDED_OVER, {"halfjaar": "2024-H2", "nummer": 1, "door": "A. Voorbeeld"})
    assert due.due(production, at("2025-01-20T12:00:00+01:00")) == {}


def test_a_half_year_before_the_first_delivery_is_not_ours(production: Settings, taken_in: Callable[[str], None]) -> None:
    assert due.due(production, at("2025-01-20T12:00:00+01:00")) == {}
    taken_in("2025-01-02")
    assert due.due(production, at("2025-01-20T12:00:00+01:00")) == {}
    taken_in("2024-12-31")
    assert CAUSE in due.due(production, at("2025-01-20T12:00:00+01:00"))


def test_on_a_developers_machine_nothing_is_due(production: Settings, taken_in: Callable[[str], None]) -> None:
    taken_in("2024-03-01")
    assert due.due(production.model_copy(update={"omgeving": Omgeving.ONTWIKKELING}), at("2025-01-20T12:00:00+01:00")) == {}


def test_the_watch_tells_it_once_and_that_it_is_over(
    production: Settings, taken_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_in("2024-03-01")
    monkeypatch.setattr(watch, "late", lambda settings, now: [])
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(send, "send", lambda settings, subject, body: sent.append((subject, body)) or [])
    there = production.model_copy(update={"alarm_naar": ["json://voorbeeld"]})
    watch.watch(there, at("2025-01-15T09:00:00+01:00"))
    watch.watch(there, at("2025-01-16T09:00:00+01:00"))
    assert len(sent) == 1
    assert "The delivery to CBS of 2024-H2 is due on 2025-01-21" in sent[0][1]
    assert "vt cbs --halfjaar" in sent[0][1]
    Register(there).record(register.CBS_HANDED_OVER, {"halfjaar": "2024-H2", "nummer": 1, "door": "A. Voorbeeld"})
    watch.watch(there, at("2025-01-17T09:00:00+01:00"))
    assert len(sent) == 2
    assert "What is over" in sent[1][1]
