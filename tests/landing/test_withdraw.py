"""A delivery that should not have been taken in is taken out again, as if it had never come; nothing is lost."""

from pathlib import Path
from typing import Any

import pytest

from orchestration.landing import quarantine
from orchestration.landing.reintake import ReintakeError, take_in_again
from orchestration.landing.takein import accept
from orchestration.landing.withdraw import WithdrawError, withdraw
from orchestration.register.register import Register
from tests.lib.handmade import BASIS, HandmadeDelivery, Row, mutaties
from tests.lib.warehouse import Warehouse, warehouse_in


def casus(nummer: str, **fields: str) -> Row:
    return BASIS["casussen"][0] | {"casus_nummer": nummer} | fields


def state(warehouse: Warehouse) -> list[list[tuple[Any, ...]]]:
    return [warehouse.query(f"from {e} order by all") for e in [*BASIS, "quarantaine", "levering_entiteiten", "waarschuwingen"]]


def out(warehouse: Warehouse, nummer: int) -> Any:
    return withdraw(warehouse.settings, nummer, "J. Voorbeeld", "wrong file", lambda _: None)


def test_the_last_one(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, casussen=[casus("C3")]))
    before = state(warehouse)
    wrong = mutaties(3, casussen=[casus("C4"), casus("C1", afgesloten_op="2024-06-01")])
    wrong.peildatum = "2025-11-30"
    assert warehouse.take_in_one(wrong).uitkomst == "opgenomen"
    done = out(warehouse, 3)
    assert (done.waiting, done.again, done.last) == ((), (), 2)
    assert state(warehouse) == before
    assert warehouse.query("select levering_nummer, poging, uitkomst, nachten_gemist is null from leveringen order by 1") == [
        (1, 1, "opgenomen", True), (2, 1, "opgenomen", False), (3, 1, "ingetrokken", True),
    ]  # fmt: skip
    (event,) = Register(warehouse.settings).events("levering_ingetrokken")
    assert (event.inhoud["nummer"], event.inhoud["door"], event.inhoud["reden"]) == (3, "J. Voorbeeld", "wrong file")
    # a correct delivery of an earlier peildatum comes in under the same number
    assert warehouse.take_in_one(mutaties(3, casussen=[casus("C5")])).uitkomst == "opgenomen"
    assert warehouse.query("select poging, uitkomst from leveringen where levering_nummer = 3 order by 1") == [
        (1, "ingetrokken"),
        (2, "opgenomen"),
    ]
    assert sorted(p.name for p in warehouse.settings.landing.glob("0*")) == ["00000001", "00000002", "00000003.1"]


def test_the_same_contents_come_in_again_by_a_persons_word_only(warehouse: Warehouse) -> None:
    wrong = mutaties(2, casussen=[casus("C3")])
    warehouse.take_in(HandmadeDelivery(1), wrong)
    with_it = state(warehouse)
    out(warehouse, 2)
    outcome = warehouse.take_in_one(wrong)
    assert (outcome.uitkomst, outcome.code) == ("geweigerd", "ingetrokken")
    assert "vt deliveries accept 2" in outcome.reden and "Voorbeeld" not in outcome.reden
    accept(warehouse.settings, 2, "J. Voorbeeld", "it was right after all")
    assert [u.uitkomst for u in warehouse.take_in()] == ["opgenomen"]
    assert state(warehouse) == with_it


def test_what_rests_on_it_waits_for_its_number(warehouse: Warehouse) -> None:
    """3 and 4 go out with 2, and come in again by themselves after a good 2: the state is as if the wrong one had never come."""
    good = mutaties(2, casussen=[casus("C5")])
    later = [mutaties(3, meldingen=[BASIS["meldingen"][0] | {"urgentie": "4"}]), mutaties(4, casussen=[casus("C6")])]
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, casussen=[casus("C3")]), *later)
    done = out(warehouse, 2)
    assert (done.waiting, done.again, done.last) == ((3, 4), (), 1)
    assert [d.nummer for d in Register(warehouse.settings).leveringen()] == [1]
    found = warehouse.take_in(good)
    assert [(u.nummer, u.uitkomst) for u in found] == [(2, "opgenomen"), (3, "opgenomen"), (4, "opgenomen")]
    assert [r[0] for r in warehouse.query("select count(*) from casussen")] == [4]
    assert warehouse.query("select urgentie from meldingen where _is_actueel order by _regel") == [("4",), ("3",)]


def test_from_the_next_whole_registration_on_all_is_taken_in_anew(warehouse: Warehouse, tmp_path: Path) -> None:
    whole = HandmadeDelivery(4)
    whole.rows["casussen"].append(casus("C7"))
    after = mutaties(5, casussen=[casus("C8")])
    warehouse.take_in(HandmadeDelivery(1), whole, after)
    as_it_should_be = warehouse.query("select * exclude (_levering, _geldig_van) from casussen order by all")
    other = warehouse_in(tmp_path / "other", threads=1)
    other.take_in(
        HandmadeDelivery(1),
        mutaties(2, casussen=[casus("C3"), casus("C7", geopend_op="2023-01-01")]),
        mutaties(3, casussen=[]),
        whole,
        after,
    )
    done = out(other, 2)
    assert (done.waiting, done.again, done.last) == ((3,), (4, 5), 5)
    found = other.query("select * exclude (_levering, _geldig_van, casus_id, huishouden_id) from casussen order by all")
    assert found == warehouse.query("select * exclude (_levering, _geldig_van, casus_id, huishouden_id) from casussen order by all")
    assert len(as_it_should_be) == 4
    assert other.take_in_one(mutaties(6, casussen=[])).uitkomst == "opgenomen"


def test_the_only_one(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(20_250_131))
    assert out(warehouse, 20_250_131).last is None
    assert warehouse.take_in_one(HandmadeDelivery(212)).uitkomst == "opgenomen"


def test_a_gap_that_it_leaves_is_no_way_in_for_later_ones(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, casussen=[casus("C3")]))
    out(warehouse, 2)
    assert warehouse.take_in_one(mutaties(3, casussen=[])).code == "gat"


def test_there_must_be_one_and_the_archive_must_hold_it(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, casussen=[casus("C3")]))
    with pytest.raises(WithdrawError, match="not among those taken in"):
        out(warehouse, 7)
    before = {n: c for n, c in warehouse.files().items() if not n.endswith(".jsonl")}
    archived = next(p for p in warehouse.settings.archive.iterdir() if p.name.startswith("00000002"))
    content = archived.read_bytes()
    archived.unlink()
    with pytest.raises(ReintakeError, match="archive any more: 2"):
        out(warehouse, 2)
    archived.write_bytes(content)
    assert {n: c for n, c in warehouse.files().items() if not n.endswith(".jsonl")} == before


def test_it_may_be_withdrawn_and_sent_again_and_again(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    before = state(warehouse)
    for i in range(3):
        assert warehouse.take_in_one(mutaties(2, casussen=[casus(f"X{i}")])).uitkomst == "opgenomen"
        out(warehouse, 2)
    assert state(warehouse) == before
    assert warehouse.query("select poging, uitkomst from leveringen where levering_nummer = 2 order by 1") == [
        (i, "ingetrokken") for i in (1, 2, 3)
    ]


def test_a_row_that_was_dismissed_of_it_says_nothing_of_what_comes_under_its_number(warehouse: Warehouse) -> None:
    waits = BASIS["meldingen"][0] | {"casus_nummer": "C7"}
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, meldingen=[waits | {"melding_nummer": "M7"}]))
    quarantine.dismiss(warehouse.settings, 2, "meldingen", "J. Voorbeeld", "nonsense")
    out(warehouse, 2)
    warehouse.take_in(mutaties(2, meldingen=[waits | {"melding_nummer": "M8"}]), mutaties(3, casussen=[casus("C7")]))
    assert warehouse.query("select count(*) from meldingen where _is_actueel") == [(3,)]


@pytest.mark.parametrize("damage", ["emptied", "swapped"])
def test_the_archive_must_hold_it_as_it_came(warehouse: Warehouse, damage: str) -> None:
    """Else it would be lost, or another taken in in its place."""
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, casussen=[casus("C3")]), mutaties(3, casussen=[casus("C4")]))
    one, two = sorted(warehouse.settings.archive.iterdir())[1:]
    content = one.read_bytes(), two.read_bytes()
    one.write_bytes(b"" if damage == "emptied" else content[1])
    two.write_bytes(content[1] if damage == "emptied" else content[0])
    before = state(warehouse)
    for command in (lambda: out(warehouse, 2), lambda: take_in_again(warehouse.settings, 2, "J. Voorbeeld", "x", lambda _: None)):
        with pytest.raises(ReintakeError, match=f"archive/{one.name} was altered"):
            command()
    assert state(warehouse) == before


def test_an_earlier_word_does_not_let_it_in_again(warehouse: Warehouse) -> None:
    """A peildatum that nobody meant, let through by a person, and taken out again."""
    warehouse.take_in_one(HandmadeDelivery(1, peildatum="2024-01-31"))
    wrong = HandmadeDelivery(2, peildatum="2026-06-30")
    assert warehouse.take_in_one(wrong).code == "peildatum_sprong"
    accept(warehouse.settings, 2, "J. Voorbeeld", "looked right")
    assert [u.uitkomst for u in warehouse.take_in()] == ["opgenomen"]
    out(warehouse, 2)
    assert warehouse.take_in_one(wrong).code == "ingetrokken"
