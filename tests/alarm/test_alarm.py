"""Alerts against a real SMTP server and a real HTTP server on localhost: one per cause, a recovery, none when nothing is wrong."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from orchestration.alarm import message, send, watch
from orchestration.alarm.causes import causes, compare, refusal_cause
from orchestration.alarm.conclude import conclude
from orchestration.language import speak
from orchestration.register import refusals
from orchestration.register.register import Register
from orchestration.release.verdict import Uitkomst, Verdict
from orchestration.settings import Omgeving, Settings

GOOD = Verdict(Uitkomst.GEPUBLICEERD, "r2", "r1", "2025-01-31")
NOTHING = Verdict(Uitkomst.NIETS_NIEUWS, "r1", "r1", "2025-01-31")
HELD = Verdict(Uitkomst.VASTGEHOUDEN, "r1", "r1", "2025-01-31", aandacht=["controle t: 2 rows fail"])
REFUSED = Verdict(
    Uitkomst.VASTGEHOUDEN,
    "r1",
    "r1",
    "2025-01-31",
    leveringen=[{"nummer": 8, "uitkomst": "geweigerd", "reden": "meldingen.csv: checksum differs"}],
    aandacht=["Delivery 8 was refused: meldingen.csv: checksum differs"],
)


class Mailbox(Message):
    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.messages.append(message)

    def texts(self) -> list[str]:
        parts = [p for m in self.messages for p in m.walk() if p.get_content_type() == "text/plain"]
        return [p.get_payload(decode=True).decode() for p in parts]


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box, f"mailto://127.0.0.1:{port}?from=warehouse@example.org&to=wacht@example.org&mode=insecure"
    finally:
        server.stop()


@pytest.fixture
def opgenomen(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The register says that this delivery was the last one taken in."""
    last = {"nummer": 7}
    register = SimpleNamespace(last_taken_in=lambda: SimpleNamespace(**last), events=lambda *_: [])
    monkeypatch.setattr(send, "Register", lambda _: register)
    return last


@pytest.fixture
def last_delivery(monkeypatch: pytest.MonkeyPatch) -> dict[str, date]:
    """For the watch: the peildatum of the last delivery taken in."""
    last = {"peildatum": date(2025, 1, 31)}
    monkeypatch.setattr(watch, "Register", lambda _: SimpleNamespace(last_taken_in=lambda: SimpleNamespace(**last)))
    return last


def with_(settings: Settings, *addresses: str, language: str = "nl") -> Settings:
    speak(language)
    return settings.model_copy(update={"alarm_naar": list(addresses), "taal": language})


def test_mail_tells_what_happened_what_stands_and_what_to_do(
    settings: Settings, mailbox: tuple[Mailbox, str], opgenomen: dict[str, int]
) -> None:
    box, address = mailbox
    assert send.tell(with_(settings, address), HELD) == ["Veilig Thuis: vastgehouden"]
    assert [str(m["Subject"]) for m in box.messages] == ["Veilig Thuis: vastgehouden"]
    (text,) = box.texts()
    assert "controle t: 2 rows fail" in text
    assert "De oude release blijft staan (r1, stand van 2025-01-31); lezers merken niets" in text
    assert "docs/runbooks/nacht.md" in text


def test_one_message_per_cause_then_a_recovery_then_silence(
    settings: Settings, webhook: tuple[list[dict[str, Any]], str], opgenomen: dict[str, int]
) -> None:
    received, address = webhook
    s = with_(settings, address, language="en")
    for verdict in (HELD, HELD, replace(NOTHING), GOOD, GOOD):
        send.tell(s, verdict)
    assert [r["title"] for r in received] == ["Veilig Thuis: held back", "Veilig Thuis: recovered"]
    assert "controle t: 2 rows fail" in received[1]["message"]
    assert "readers notice nothing" in received[0]["message"]


def test_nothing_wrong_says_nothing(settings: Settings, webhook: tuple[list[dict[str, Any]], str], opgenomen: dict[str, int]) -> None:
    received, address = webhook
    for verdict in (GOOD, NOTHING):
        assert send.tell(with_(settings, address), verdict) == []
    assert received == []


def test_a_refused_delivery_is_over_when_it_was_taken_in(
    settings: Settings, webhook: tuple[list[dict[str, Any]], str], opgenomen: dict[str, int]
) -> None:
    received, address = webhook
    s = with_(settings, address)
    send.tell(s, REFUSED)
    send.tell(s, NOTHING)
    assert len(received) == 1
    opgenomen["nummer"] = 8
    send.tell(s, GOOD)
    assert [r["title"] for r in received] == ["Veilig Thuis: vastgehouden", "Veilig Thuis: hersteld"]


def test_a_message_that_could_not_be_sent_is_tried_again(
    settings: Settings, webhook: tuple[list[dict[str, Any]], str], opgenomen: dict[str, int]
) -> None:
    received, address = webhook
    with pytest.raises(send.AlarmError, match=r"adres 1 \(json\) van VT_ALARM_NAAR"):
        send.tell(with_(settings, "json://127.0.0.1:9/nobody"), HELD)
    assert send.tell(with_(settings, address), HELD) == ["Veilig Thuis: vastgehouden"]
    assert len(received) == 1


def test_one_address_that_fails_keeps_the_others_from_nothing_and_from_no_repetition(
    settings: Settings, webhook: tuple[list[dict[str, Any]], str], opgenomen: dict[str, int]
) -> None:
    received, address = webhook
    both = with_(settings, "foo", address)
    verdict = conclude(both, replace(HELD, aandacht=list(HELD.aandacht)))
    assert "adres 1 (geen adres dat Apprise kent) van VT_ALARM_NAAR" in verdict.aandacht[-1]
    send.tell(both, HELD)
    assert len(received) == 1


def test_the_same_delivery_refused_for_another_reason_is_told_again(
    settings: Settings, webhook: tuple[list[dict[str, Any]], str], opgenomen: dict[str, int]
) -> None:
    received, address = webhook
    other = replace(REFUSED, leveringen=[REFUSED.leveringen[0] | {"reden": "casussen.csv: a column is missing"}], aandacht=[])
    for verdict in (REFUSED, REFUSED, other, other):
        send.tell(with_(settings, address), verdict)
    assert [("checksum" in m["message"], "column" in m["message"]) for m in received] == [(True, False), (False, True)]


def test_a_delivery_without_a_number_is_open_until_one_is_taken_in() -> None:
    refused = {"nummer": None, "uitkomst": "geweigerd", "reden": "x.zip, file levering.json: is not JSON"}
    nameless = replace(REFUSED, leveringen=[refused], aandacht=[])
    before, difference = compare({}, nameless, 7)
    assert list(difference.new.values()) == ["A delivery was refused: x.zip, file levering.json: is not JSON"]
    before, difference = compare(before, NOTHING, 7)
    assert before and not difference
    taken = replace(GOOD, leveringen=[{"nummer": 8, "uitkomst": "opgenomen", "reden": ""}])
    after, difference = compare(before, taken, 8)
    assert (after, list(difference.over.values())) == ({}, ["A delivery was refused: x.zip, file levering.json: is not JSON"])


def test_a_refusal_that_a_person_closed_is_over(settings: Settings) -> None:
    log = Register(settings)
    log.record("levering_geweigerd", {"nummer": 9, "naam": "9.zip", "code": "x", "reden": "x"})
    before, _ = compare({}, replace(REFUSED, leveringen=[{"nummer": 9, "uitkomst": "geweigerd", "reden": "x"}]), 7)
    refusals.settle(log, "9", "J. Voorbeeld", "by mistake")
    closed = {refusal_cause(e.inhoud) for e in refusals.settled(log)}
    assert closed == {"geweigerd:9"}
    now, difference = compare(before, NOTHING, 7, closed)
    assert ("geweigerd:9" in now, list(difference.over)) == (False, ["geweigerd:9"])
    log.record("levering_geweigerd", {"nummer": 9, "naam": "9.zip", "code": "x", "reden": "x"})
    assert refusals.settled(log) == [], "refused once more, it is open once more"


def test_what_intake_sees_is_over_on_a_quiet_night_too() -> None:
    before = {"inbox:a.7z": "In the inbox: a.7z is not a zip", "gewaarschuwd:t": "warning"}
    now, difference = compare(before, NOTHING, 7)
    assert (list(now), list(difference.over)) == (["gewaarschuwd:t"], ["inbox:a.7z"])
    assert compare(before, replace(HELD, uitkomst=Uitkomst.MISLUKT), 7)[1].over == {}


def test_a_new_cause_beside_an_old_one_is_told_alone() -> None:
    now, _ = compare({}, HELD, 7)
    worse = replace(HELD, aandacht=[*HELD.aandacht, "controle u: 1 rows fail"])
    _, difference = compare(now, worse, 7)
    assert list(difference.new.values()) == ["controle u: 1 rows fail"]
    assert difference.over == {}


def test_addresses_are_parted_by_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VT_ALARM_NAAR", "mailto://a.example json://b.example")
    assert Settings().alarm_naar == ["mailto://a.example", "json://b.example"]


def test_a_warning_is_told_once_and_over_only_when_a_release_says_so() -> None:
    warned = replace(GOOD, signalen={"gewaarschuwd:w": "waarschuwing w: too few"})
    now, difference = compare({}, warned, 7)
    assert list(difference.new) == ["gewaarschuwd:w"]
    now, difference = compare(now, HELD, 7)
    assert (list(difference.new), difference.over) == ([f"vastgehouden:{HELD.aandacht[0]}"], {})
    now, difference = compare(now, GOOD, 7)
    assert now == {}
    assert len(difference.over) == 2


@pytest.mark.parametrize(
    "before",
    [
        {"gewaarschuwd:t": "waarschuwing t: 2 rows fail"},
        causes(replace(HELD, redenen={"t": "controle t: 3 rows fail"})),
    ],
)
def test_what_became_a_known_failure_is_accepted_not_over(before: dict[str, str]) -> None:
    accepted = replace(GOOD, bekend={"t": "bekende fout t: 2 rows fail; aanvaard tot 2"})
    now, difference = compare(before | {"gewaarschuwd:u": "waarschuwing u"}, accepted, 7)
    assert now == {}
    assert difference.over == {"gewaarschuwd:u": "waarschuwing u"}
    assert list(difference.accepted.values()) == ["bekende fout t: 2 rows fail; aanvaard tot 2"]
    _, difference = compare(before, accepted, 7)
    speak("nl")
    subject, body = message.write(accepted, difference)
    assert subject == "Veilig Thuis: bekende fout aanvaard"
    assert "voorbij" not in body
    assert not compare({}, accepted, 7)[1]


def test_a_check_that_fails_on_other_rows_every_night_is_one_cause() -> None:
    now, _ = compare({}, replace(HELD, redenen={"t": "controle t: 2 rows fail"}), 7)
    now, difference = compare(now, replace(HELD, redenen={"t": "controle t: 3 rows fail"}), 7)
    assert not difference
    assert list(now.values()) == ["controle t: 3 rows fail"]


def test_only_what_held_the_release_back_is_told() -> None:
    quarantined = "Levering 8: 3 rijen in quarantaine"
    verdict = replace(HELD, aandacht=[quarantined, *HELD.aandacht], redenen={"t": HELD.aandacht[0]})
    assert list(causes(verdict).values()) == HELD.aandacht


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2025-02-02T06:59:00+01:00", []),
        ("2025-02-02T07:00:00+01:00", ["2025-02-01"]),
        ("2025-02-03T06:00:00+01:00", ["2025-02-01"]),
        ("2025-02-03T06:30:00+00:00", ["2025-02-01", "2025-02-02"]),
    ],
)
def test_a_delivery_is_late_from_seven_in_the_morning(settings: Settings, last_delivery: None, moment: str, expected: list[str]) -> None:
    production = settings.model_copy(update={"omgeving": Omgeving.PRODUCTIE})
    assert [str(d) for d in watch.late(production, datetime.fromisoformat(moment))] == expected
    assert watch.late(settings, datetime.fromisoformat(moment)) == [], "on a developer's machine nothing is due"


def test_a_late_delivery_is_told_once_also_after_other_verdicts_and_then_that_it_is_there(
    settings: Settings,
    webhook: tuple[list[dict[str, Any]], str],
    opgenomen: dict[str, int],
    last_delivery: dict[str, date],
) -> None:
    received, address = webhook
    s = with_(settings, address).model_copy(update={"omgeving": Omgeving.PRODUCTIE})
    morning = datetime.fromisoformat("2025-02-02T07:15:00+01:00")
    assert watch.watch(s, morning) == ["Veilig Thuis: levering te laat"]
    assert watch.watch(s, morning) == []
    send.tell(s, NOTHING)
    send.tell(s, HELD)
    last_delivery["peildatum"] = date(2025, 2, 1)
    assert watch.watch(s, morning) == ["Veilig Thuis: hersteld"]
    assert [r["title"] for r in received] == [f"Veilig Thuis: {w}" for w in ("levering te laat", "vastgehouden", "hersteld")]
    assert "peildatum 2025-02-01 is te laat" in received[0]["message"]
    assert "controle t" not in received[2]["message"], "what else is open is not over"
    assert "docs/runbooks/levering.md" in received[0]["message"]


def test_what_is_told_beside_a_refusal_is_no_cause_of_its_own() -> None:
    verdict = replace(REFUSED, aandacht=[*REFUSED.aandacht, "In the inbox: x is a loose file", "Still open: something else"])
    assert list(causes(verdict)) == ["geweigerd:8"]


def test_a_pinned_release_is_one_cause_however_many_nights_wait_for_it() -> None:
    nights = [replace(HELD, aandacht=[], redenen={"wacht vastgezet": f"Release r{n} waits: readers keep r1"}) for n in (2, 3)]
    before, difference = compare({}, nights[0], 7)
    assert list(difference.new) == ["wacht:vastgezet"]
    assert not compare(before, nights[1], 7)[1]
    quiet = replace(NOTHING, signalen={"wacht:vastgezet": "No later release is shown: readers keep r1"})
    assert not compare(before, quiet, 7)[1]
    assert list(compare(before, NOTHING, 7)[1].over) == ["wacht:vastgezet"], "a quiet night after the pin was ended says so"
    body = message.write(nights[0], difference)[1]
    assert "docs/runbooks/terugdraaien.md" in body and "vt checks show" not in body


def test_what_broke_down_is_over_when_a_night_comes_to_its_end() -> None:
    broken = replace(HELD, uitkomst=Uitkomst.MISLUKT, aandacht=[], redenen={"storing": "Dagster's own state is damaged"})
    before, _ = compare({}, broken, 7)
    after, difference = compare(before, NOTHING, 7)
    assert (after, list(difference.over.values())) == ({}, ["Dagster's own state is damaged"])
