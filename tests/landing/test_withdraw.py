"""A delivery that should not have been taken in is taken out again, as if it had never come; nothing is lost."""

from pathlib import Path
from typing import Any

import pytest

from orchestration.landing import quarantine
from orchestration.landing.reintake import HeropnameFout, take_in_again
from orchestration.landing.takein import accept
from orchestration.landing.withdraw import IntrekFout, withdraw
from orchestration.register.register import Register
from tests.lib.handmade import BASIS, Aanlevering, Rij, mutaties
from tests.lib.warehouse import Magazijn, magazijn_in


def casus(nummer: str, **velden: str) -> Rij:
    return BASIS["casussen"][0] | {"casus_nummer": nummer} | velden


def state(magazijn: Magazijn) -> list[list[tuple[Any, ...]]]:
    return [magazijn.vraag(f"from {e} order by all") for e in [*BASIS, "quarantaine", "levering_entiteiten", "waarschuwingen"]]


def out(magazijn: Magazijn, nummer: int) -> Any:
    return withdraw(magazijn.settings, nummer, "J. Voorbeeld", "wrong file", lambda _: None)


def test_the_last_one(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1), mutaties(2, casussen=[casus("C3")]))
    before = state(magazijn)
    wrong = mutaties(3, casussen=[casus("C4"), casus("C1", afgesloten_op="2024-06-01")])
    wrong.peildatum = "2025-11-30"
    assert magazijn.een(wrong).uitkomst == "opgenomen"
    done = out(magazijn, 3)
    assert (done.wachtend, done.opnieuw, done.laatste) == ((), (), 2)
    assert state(magazijn) == before
    assert magazijn.vraag("select levering_nummer, poging, uitkomst, nachten_gemist is null from leveringen order by 1") == [
        (1, 1, "opgenomen", True), (2, 1, "opgenomen", False), (3, 1, "ingetrokken", True),
    ]  # fmt: skip
    (event,) = Register(magazijn.settings).gebeurtenissen("levering_ingetrokken")
    assert (event.inhoud["nummer"], event.inhoud["door"], event.inhoud["reden"]) == (3, "J. Voorbeeld", "wrong file")
    # a correct delivery of an earlier peildatum comes in under the same number
    assert magazijn.een(mutaties(3, casussen=[casus("C5")])).uitkomst == "opgenomen"
    assert magazijn.vraag("select poging, uitkomst from leveringen where levering_nummer = 3 order by 1") == [
        (1, "ingetrokken"),
        (2, "opgenomen"),
    ]
    assert sorted(p.name for p in magazijn.settings.landing.glob("0*")) == ["00000001", "00000002", "00000003.1"]


def test_the_same_contents_come_in_again_by_a_persons_word_only(magazijn: Magazijn) -> None:
    wrong = mutaties(2, casussen=[casus("C3")])
    magazijn.neem(Aanlevering(1), wrong)
    with_it = state(magazijn)
    out(magazijn, 2)
    uitslag = magazijn.een(wrong)
    assert (uitslag.uitkomst, uitslag.code) == ("geweigerd", "ingetrokken")
    assert "vt deliveries accept 2" in uitslag.reden and "Voorbeeld" not in uitslag.reden
    accept(magazijn.settings, 2, "J. Voorbeeld", "it was right after all")
    assert [u.uitkomst for u in magazijn.neem()] == ["opgenomen"]
    assert state(magazijn) == with_it


def test_what_rests_on_it_waits_for_its_number(magazijn: Magazijn) -> None:
    """3 and 4 go out with 2, and come in again by themselves after a good 2: the state is as if the wrong one had never come."""
    good = mutaties(2, casussen=[casus("C5")])
    later = [mutaties(3, meldingen=[BASIS["meldingen"][0] | {"urgentie": "4"}]), mutaties(4, casussen=[casus("C6")])]
    magazijn.neem(Aanlevering(1), mutaties(2, casussen=[casus("C3")]), *later)
    done = out(magazijn, 2)
    assert (done.wachtend, done.opnieuw, done.laatste) == ((3, 4), (), 1)
    assert [d.nummer for d in Register(magazijn.settings).leveringen()] == [1]
    found = magazijn.neem(good)
    assert [(u.nummer, u.uitkomst) for u in found] == [(2, "opgenomen"), (3, "opgenomen"), (4, "opgenomen")]
    assert [r[0] for r in magazijn.vraag("select count(*) from casussen")] == [4]
    assert magazijn.vraag("select urgentie from meldingen where _is_actueel order by _regel") == [("4",), ("3",)]


def test_from_the_next_whole_registration_on_all_is_taken_in_anew(magazijn: Magazijn, tmp_path: Path) -> None:
    whole = Aanlevering(4)
    whole.rijen["casussen"].append(casus("C7"))
    after = mutaties(5, casussen=[casus("C8")])
    magazijn.neem(Aanlevering(1), whole, after)
    as_it_should_be = magazijn.vraag("select * exclude (_levering, _geldig_van) from casussen order by all")
    other = magazijn_in(tmp_path / "other", threads=1)
    other.neem(
        Aanlevering(1), mutaties(2, casussen=[casus("C3"), casus("C7", geopend_op="2023-01-01")]), mutaties(3, casussen=[]), whole, after
    )
    done = out(other, 2)
    assert (done.wachtend, done.opnieuw, done.laatste) == ((3,), (4, 5), 5)
    found = other.vraag("select * exclude (_levering, _geldig_van, casus_id, huishouden_id) from casussen order by all")
    assert found == magazijn.vraag("select * exclude (_levering, _geldig_van, casus_id, huishouden_id) from casussen order by all")
    assert len(as_it_should_be) == 4
    assert other.een(mutaties(6, casussen=[])).uitkomst == "opgenomen"


def test_the_only_one(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(20_250_131))
    assert out(magazijn, 20_250_131).laatste is None
    assert magazijn.een(Aanlevering(212)).uitkomst == "opgenomen"


def test_a_gap_that_it_leaves_is_no_way_in_for_later_ones(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1), mutaties(2, casussen=[casus("C3")]))
    out(magazijn, 2)
    assert magazijn.een(mutaties(3, casussen=[])).code == "gat"


def test_there_must_be_one_and_the_archive_must_hold_it(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1), mutaties(2, casussen=[casus("C3")]))
    with pytest.raises(IntrekFout, match="not among those taken in"):
        out(magazijn, 7)
    before = {n: c for n, c in magazijn.bestanden().items() if not n.endswith(".jsonl")}
    archived = next(p for p in magazijn.settings.archive.iterdir() if p.name.startswith("00000002"))
    content = archived.read_bytes()
    archived.unlink()
    with pytest.raises(HeropnameFout, match="archive any more: 2"):
        out(magazijn, 2)
    archived.write_bytes(content)
    assert {n: c for n, c in magazijn.bestanden().items() if not n.endswith(".jsonl")} == before


def test_it_may_be_withdrawn_and_sent_again_and_again(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    before = state(magazijn)
    for i in range(3):
        assert magazijn.een(mutaties(2, casussen=[casus(f"X{i}")])).uitkomst == "opgenomen"
        out(magazijn, 2)
    assert state(magazijn) == before
    assert magazijn.vraag("select poging, uitkomst from leveringen where levering_nummer = 2 order by 1") == [
        (i, "ingetrokken") for i in (1, 2, 3)
    ]


def test_a_row_that_was_dismissed_of_it_says_nothing_of_what_comes_under_its_number(magazijn: Magazijn) -> None:
    waits = BASIS["meldingen"][0] | {"casus_nummer": "C7"}
    magazijn.neem(Aanlevering(1), mutaties(2, meldingen=[waits | {"melding_nummer": "M7"}]))
    quarantine.dismiss(magazijn.settings, 2, "meldingen", "J. Voorbeeld", "nonsense")
    out(magazijn, 2)
    magazijn.neem(mutaties(2, meldingen=[waits | {"melding_nummer": "M8"}]), mutaties(3, casussen=[casus("C7")]))
    assert magazijn.vraag("select count(*) from meldingen where _is_actueel") == [(3,)]


@pytest.mark.parametrize("damage", ["emptied", "swapped"])
def test_the_archive_must_hold_it_as_it_came(magazijn: Magazijn, damage: str) -> None:
    """Else it would be lost, or another taken in in its place."""
    magazijn.neem(Aanlevering(1), mutaties(2, casussen=[casus("C3")]), mutaties(3, casussen=[casus("C4")]))
    one, two = sorted(magazijn.settings.archive.iterdir())[1:]
    content = one.read_bytes(), two.read_bytes()
    one.write_bytes(b"" if damage == "emptied" else content[1])
    two.write_bytes(content[1] if damage == "emptied" else content[0])
    before = state(magazijn)
    for command in (lambda: out(magazijn, 2), lambda: take_in_again(magazijn.settings, 2, "J. Voorbeeld", "x", lambda _: None)):
        with pytest.raises(HeropnameFout, match=f"archive/{one.name} was altered"):
            command()
    assert state(magazijn) == before


def test_an_earlier_word_does_not_let_it_in_again(magazijn: Magazijn) -> None:
    """A peildatum that nobody meant, let through by a person, and taken out again."""
    magazijn.een(Aanlevering(1, peildatum="2024-01-31"))
    wrong = Aanlevering(2, peildatum="2026-06-30")
    assert magazijn.een(wrong).code == "peildatum_sprong"
    accept(magazijn.settings, 2, "J. Voorbeeld", "looked right")
    assert [u.uitkomst for u in magazijn.neem()] == ["opgenomen"]
    out(magazijn, 2)
    assert magazijn.een(wrong).code == "ingetrokken"
