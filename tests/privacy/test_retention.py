"""What is past its term is destroyed by itself; what is not stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from orchestration.intake.contract import load_contract
from orchestration.landing import quarantine, terms, verify
from orchestration.landing.quarantine import QuarantineError
from orchestration.landing.terms import limit
from orchestration.landing.withdraw import withdraw
from orchestration.privacy import retention
from orchestration.privacy.retention import RetentionError
from orchestration.register.register import Register
from orchestration.settings import Settings
from tests.lib.handmade import BASIS, HandmadeDelivery, mutaties
from tests.lib.warehouse import Warehouse


def test_the_term_and_what_it_rests_on() -> None:
    fields: dict[str, Any] = Settings.model_fields
    assert fields["bewaar_jaren"].default == 15
    assert "art. 5.3.4 Wmo 2015" in fields["bewaar_jaren"].description
    assert limit(date(2024, 12, 31), 15) == date(2009, 12, 31)
    assert limit(date(2024, 2, 29), 15) == date(2009, 2, 28)


def with_terms(warehouse: Warehouse, **changed_settings: int) -> Warehouse:
    """The same data folder with other terms."""
    return Warehouse(Settings(home=warehouse.settings.home, threads=1, **changed_settings))  # type: ignore[arg-type]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the clock that terms go by."""

    def set_clock(day: str) -> None:
        class Clock(date):
            @classmethod
            def today(cls) -> date:
                return date.fromisoformat(day)

        monkeypatch.setattr(terms, "date", Clock)
        monkeypatch.setattr(retention, "date", Clock)

    return set_clock


def counted(warehouse: Warehouse, *entities: str) -> list[int]:
    return [n for e in entities for (n,) in warehouse.query(f"select count(*) from {e} where _is_actueel")]


def told(warehouse: Warehouse) -> list[str]:
    return retention.told(Register(warehouse.settings).events())


def test_cases_and_requests_past_their_term_are_announced_then_go_and_stay_out(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    short = with_terms(warehouse, bewaar_jaren=1)
    on("2025-01-02")
    short.take_in_one(HandmadeDelivery(1, peildatum="2025-01-01"))
    # A1 was closed on 2 January 2024, C2 on 1 March 2024: not yet
    assert counted(short, "adviesvragen", "casussen") == [2, 2]
    on("2025-01-03")
    short.take_in_one(HandmadeDelivery(2, peildatum="2025-01-03"))
    assert told(short) == ["Past the term of keeping, and destroyed from 2025-01-10 on: 1 adviesvraag. To stop it: vt retention postpone"]
    on("2025-01-09")
    short.take_in_one(HandmadeDelivery(3, peildatum="2025-01-08"))
    assert counted(short, "adviesvragen") == [2]
    on("2025-01-10")
    short.take_in_one(HandmadeDelivery(4, peildatum="2025-01-09"))
    assert counted(short, "adviesvragen", "casussen") == [1, 2]
    assert told(short)[1:] == ["Destroyed, past the term of keeping: 1 adviesvraag, with 8 rows"]
    on("2025-03-02")
    short.take_in_one(HandmadeDelivery(5, peildatum="2025-03-02"))
    on("2025-03-09")
    outcome = short.take_in_one(HandmadeDelivery(6, peildatum="2025-03-09"))
    assert counted(short, "casussen", "meldingen", "monitormomenten") == [1, 1, 0]
    assert "stayed out" in outcome.opmerkingen[0] and "not archived" not in outcome.opmerkingen[0]
    outcome = short.take_in_one(HandmadeDelivery(7, peildatum="2025-03-09"))
    assert (outcome.entiteiten["casussen"].vergeten, outcome.entiteiten["meldingen"].vergeten) == (1, 1)
    balance = "select bool_and(gelezen = opgenomen + identieke_kopieen + quarantaine + vergeten) from levering_entiteiten"
    assert short.query(balance) == [(True,)]
    events = Register(short.settings).events("vergeten")
    assert [(e.inhoud["soort"], e.inhoud["vernietigd"]) for e in events] == [
        ("bewaartermijn", {"casus": 0, "advies": 1}),
        ("bewaartermijn", {"casus": 1, "advies": 0}),
    ]
    assert len(list(short.settings.archive.iterdir())) == 7


def test_nothing_goes_before_its_term(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    on("2039-01-02")
    warehouse.take_in_one(HandmadeDelivery(1, peildatum="2025-01-01"))
    assert Register(warehouse.settings).events("vernietiging_aangekondigd") == []
    assert counted(warehouse, "casussen") == [2]


def test_a_registration_that_runs_ahead_of_the_clock_destroys_nothing(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    """By the peildatum both would be past their term; by the clock neither is."""
    on("2024-12-31")
    now = with_terms(warehouse, bewaar_jaren=1, vernietig_na_dagen=0)
    now.take_in_one(HandmadeDelivery(1, peildatum="2025-11-30"))
    assert counted(now, "casussen", "adviesvragen") == [2, 2]
    assert now.quarantined() == []


def test_what_arrives_past_its_term_is_quarantined_not_listed(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    on("2025-01-02")
    late = HandmadeDelivery(1)
    late.row("casussen", 1).update(geopend_op="2008-01-01", afgesloten_op="2009-12-30")
    late.row("adviesvragen").update(gestart_op="2009-12-31", afgesloten_op="2009-12-31")
    warehouse.take_in_one(late)
    found = [q[1:5] for q in warehouse.quarantined()]
    assert ("casussen", 3, "bewaartermijn", "afgesloten_op") in found
    assert {c for e, _, c, _ in found if e != "casussen"} == {"ouder_in_quarantaine"}
    assert counted(warehouse, "casussen", "adviesvragen", "meldingen") == [1, 2, 1]  # of 31 December 2009: not yet
    assert Register(warehouse.settings).forgotten() == {}
    # the right date, and everything comes in
    warehouse.take_in_one(HandmadeDelivery(2))
    assert counted(warehouse, "casussen", "meldingen") == [2, 2]
    # a typing error on what stands: the row as it was stands on
    wrong = mutaties(3, casussen=[BASIS["casussen"][1] | {"geopend_op": "2004-01-01", "afgesloten_op": "2004-03-01"}])
    warehouse.take_in_one(wrong)
    assert warehouse.query("select afgesloten_op, _vervangt_quarantaine from casussen where _is_actueel and _regel = 3") == [
        (date(2024, 3, 1), True)
    ]


def test_what_grew_old_here_comes_again_unchanged_until_it_goes(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    """Between its term and its destruction a row is no arrival."""
    short = with_terms(warehouse, bewaar_jaren=1)
    on("2025-03-01")
    short.take_in_one(HandmadeDelivery(1, peildatum="2025-01-01"))
    on("2025-03-03")
    for number in (2, 3):
        short.take_in_one(HandmadeDelivery(number, peildatum="2025-03-03"))
    assert [q[1:4] for q in short.quarantined()] == []
    assert counted(short, "casussen") == [2]


def many(nummer: int, peildatum: str, old: int) -> HandmadeDelivery:
    """139 casussen, of which so many were closed on 1 March 2024."""
    delivery = HandmadeDelivery(nummer, peildatum=peildatum)
    closed = {"geopend_op": "2024-01-05", "afgesloten_op": "2024-03-01"}
    delivery.rows["casussen"] += [
        {"casus_nummer": f"K{i}", "huishouden_nummer": f"K{i}", "geopend_op": "2024-01-05"} | (closed if i < old else {})
        for i in range(137)
    ]
    return delivery


def test_more_than_a_few_wait_for_a_person(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    short = with_terms(warehouse, bewaar_jaren=1, vernietig_na_dagen=0)
    log = Register(short.settings)
    on("2025-01-02")
    first = many(1, "2025-01-01", 79)
    first.row("adviesvragen")["afgesloten_op"] = ""
    short.take_in_one(first)
    on("2025-03-10")
    for number in (2, 3):
        assert short.take_in_one(_dated(mutaties(number, casussen=[]), "2025-03-09")).uitkomst == "opgenomen"
        assert counted(short, "casussen") == [139]
        (sentence,) = retention.waiting(log)
        assert "80 casussen" in sentence and "vt retention approve" in sentence
    assert len(log.events("vernietiging_aangekondigd")) == 1
    assert retention.approve(short.settings, "J. Voorbeeld", "looked at").counts == {"casus": 80}
    assert retention.waiting(log) == []
    short.take_in_one(_dated(mutaties(4, casussen=[]), "2025-03-10"))
    assert counted(short, "casussen") == [59]
    with pytest.raises(RetentionError, match="Nothing"):
        retention.approve(short.settings, "J. Voorbeeld", "again")


def _dated(delivery: HandmadeDelivery, peildatum: str) -> HandmadeDelivery:
    delivery.peildatum = peildatum
    return delivery


def test_what_was_mended_while_it_waited_does_not_wait_on(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    short = with_terms(warehouse, bewaar_jaren=1, vernietig_na_dagen=0)
    on("2025-01-02")
    short.take_in_one(many(1, "2025-01-01", 79))
    on("2025-03-10")
    short.take_in_one(_dated(mutaties(2, casussen=[]), "2025-03-09"))
    assert len(retention.waiting(Register(short.settings))) == 1
    mended = many(3, "2025-03-09", 0)
    del mended.row("casussen", 1)["afgesloten_op"]
    del mended.row("adviesvragen")["afgesloten_op"]
    short.take_in_one(mended)
    assert retention.waiting(Register(short.settings)) == []
    assert counted(short, "casussen") == [139]


def test_postponed_and_announced_anew(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    """The way back before it is final."""
    short = with_terms(warehouse, bewaar_jaren=1)
    on("2025-01-02")
    first = HandmadeDelivery(1, peildatum="2025-01-01")
    first.row("adviesvragen")["afgesloten_op"] = ""
    short.take_in_one(first)
    on("2025-03-03")
    short.take_in_one(_dated(mutaties(2, casussen=[]), "2025-03-03"))
    assert [str(a) for a in retention.announced(Register(short.settings))] == ["1 casus"]
    retention.postpone(short.settings, date(2025, 4, 1), "J. Voorbeeld", "a lawsuit")
    on("2025-03-20")
    short.take_in_one(_dated(mutaties(3, casussen=[]), "2025-03-20"))
    assert counted(short, "casussen") == [2]
    on("2025-04-01")
    short.take_in_one(_dated(mutaties(4, casussen=[]), "2025-04-01"))
    assert counted(short, "casussen") == [2]
    on("2025-04-08")
    short.take_in_one(_dated(mutaties(5, casussen=[]), "2025-04-08"))
    assert counted(short, "casussen") == [1]


def test_what_waits_is_not_let_go_by_a_smaller_announcement_after_it(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    short = with_terms(warehouse, bewaar_jaren=1)
    on("2025-01-02")
    first = many(1, "2025-01-01", 79)
    del first.row("adviesvragen")["afgesloten_op"]
    first.row("casussen").update(afgesloten_op="2024-04-01")
    short.take_in_one(first)
    for number, day in ((2, "2025-03-10"), (3, "2025-04-10"), (4, "2025-04-20")):
        on(day)
        assert short.take_in_one(_dated(mutaties(number, casussen=[]), day)).uitkomst == "opgenomen"
    assert [a.too_many for a in retention.announced(Register(short.settings))] == [True]
    assert counted(short, "casussen") == [138]
    assert told(short)[-1].startswith("Destroyed, past the term of keeping: 1 casus, with ")


def test_what_stands_again_is_announced_anew(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    """A delivery that ended 79 casussen is withdrawn after one of their age was destroyed, and another before its day has come."""
    short = with_terms(warehouse, bewaar_jaren=1)
    on("2025-01-02")
    first = many(1, "2025-01-01", 79)
    del first.row("adviesvragen")["afgesloten_op"]
    gone = [{"casus_nummer": f"K{i}", "verwijderd": "ja"} for i in range(79)]
    short.take_in(first, _dated(mutaties(2, casussen=gone), "2025-01-02"))
    on("2025-03-10")
    short.take_in_one(_dated(mutaties(3, casussen=[]), "2025-03-09"))
    assert [a.counts for a in retention.announced(Register(short.settings))] == [{"casus": 1}]
    withdraw(short.settings, 2, "J. Voorbeeld", "wrong", lambda _: None)
    on("2025-03-17")
    assert [u.uitkomst for u in short.take_in(_dated(mutaties(2, casussen=[]), "2025-03-05"))] == ["opgenomen", "opgenomen"]
    assert counted(short, "casussen") == [139]
    assert [(a.counts, a.too_many) for a in retention.announced(Register(short.settings))] == [({"casus": 80}, True)]


def test_a_clock_that_ran_ahead_announces_nothing_for_good(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    short = with_terms(warehouse, bewaar_jaren=1)
    on("2025-01-02")
    short.take_in_one(HandmadeDelivery(1, peildatum="2025-01-01"))
    on("2039-01-01")
    short.take_in_one(_dated(mutaties(2, casussen=[]), "2025-06-01"))
    assert [a.destroyed_on.year for a in retention.announced(Register(short.settings))] == [2039]
    for number, day in ((3, "2025-06-02"), (4, "2025-06-09")):
        on(day)
        short.take_in_one(_dated(mutaties(number, casussen=[]), "2025-06-01"))
    assert counted(short, "casussen", "adviesvragen") == [1, 1]


def test_what_stands_in_for_a_row_in_quarantine_does_not_go_by_its_old_day(warehouse: Warehouse, on: Callable[[str], None]) -> None:
    short = with_terms(warehouse, bewaar_jaren=1, vernietig_na_dagen=0)
    on("2025-01-02")
    first = HandmadeDelivery(1, peildatum="2025-01-01")
    del first.row("adviesvragen")["afgesloten_op"]
    reopened = BASIS["casussen"][1] | {"afgesloten_op": ""}
    short.take_in(first, _dated(mutaties(2, casussen=[reopened | {"geopend_op": "onzin"}]), "2025-01-02"))
    on("2025-03-10")
    short.take_in_one(_dated(mutaties(3, casussen=[]), "2025-03-09"))
    assert counted(short, "casussen") == [2]
    assert short.take_in_one(_dated(mutaties(4, casussen=[reopened]), "2025-03-09")).entiteiten["casussen"].opgenomen == 1


def test_a_day_that_nobody_can_have_meant_destroys_nothing(
    warehouse: Warehouse, on: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a landing of before the contract had a first day such rows stand."""
    short = with_terms(warehouse, bewaar_jaren=20, vernietig_na_dagen=0)
    on("2025-01-02")
    contract = load_contract()
    open_window = replace(contract, bounds=replace(contract.bounds, eerste_dag=date(1, 1, 1)))
    monkeypatch.setattr("orchestration.intake.contract.load_contract", lambda *_: open_window)
    monkeypatch.setattr("orchestration.intake.delivery.load_contract", lambda *_: open_window)
    old = HandmadeDelivery(1)
    old.row("casussen", 1).update(geopend_op="1900-01-01", afgesloten_op="1900-01-02")
    long_ago = Warehouse(Settings(home=short.settings.home, threads=1, bewaar_jaren=999))
    assert long_ago.take_in_one(old).entiteiten["casussen"].opgenomen == 2
    monkeypatch.undo()
    on("2025-01-03")
    short.take_in_one(mutaties(2, casussen=[]))
    assert counted(short, "casussen") == [2]
    assert Register(short.settings).forgotten() == {}


def test_raw_lines_of_closed_entries_go(warehouse: Warehouse) -> None:
    soon = with_terms(warehouse, quarantaine_dagen=0)
    bad = HandmadeDelivery(1)
    bad.row("huisverboden")["aanvrager"] = "?"
    bad.row("adviesvragen")["kanaal"] = "?"
    bad.row("adviesvragen", 1)["kanaal"] = "?"
    soon.take_in_one(bad)
    quarantine.dismiss(soon.settings, 1, "huisverboden", "J. Voorbeeld", "x")
    half = HandmadeDelivery(2)
    half.row("adviesvragen")["kanaal"] = "?"
    half.row("huisverboden")["aanvrager"] = "?"
    soon.take_in_one(half)
    with pytest.raises(QuarantineError, match="was destroyed"):
        quarantine.show(soon.settings, 1, "adviesvragen", 3)
    with pytest.raises(QuarantineError, match="was destroyed"):
        quarantine.show(soon.settings, 1, "huisverboden", 2)
    assert quarantine.show(soon.settings, 1, "adviesvragen", 2)[1].startswith("A1;")
    assert len(quarantine.entries(soon.settings, status=None)) == 7
    (event,) = Register(soon.settings).events("ruwe_regels_vernietigd")
    assert event.inhoud["regels"] == {"1/adviesvragen": 1, "1/huisverboden": 1}
    assert verify.look(soon.settings, Register(soon.settings), folders=("landing", "vault", "quarantine")) == []
