"""The order of deliveries, what each does to the state before it, and the way of a row through quarantine."""

import copy
import json
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.intake.checks import BalansFout, Beoordeling
from orchestration.keys.use import open_key
from orchestration.landing import archive, process
from orchestration.landing.takein import AcceptatieFout, accept, take_in_waiting
from orchestration.register.lock import BezetFout, only_intake
from orchestration.register.register import Register, RegisterFout
from orchestration.sql import text
from tests.landing.test_killed import PHASES
from tests.lib.handmade import BASIS, Aanlevering, Rij, mutaties
from tests.lib.warehouse import Magazijn


def rij(entiteit: str, index: int = 0, **wijziging: str) -> Rij:
    return copy.deepcopy(BASIS[entiteit][index]) | wijziging


def weg(**sleutel: str) -> Rij:
    return sleutel | {"verwijderd": "ja"}


def aantallen(magazijn: Magazijn, *entiteiten: str, tot: int | None = None) -> list[int]:
    """Current rows of each entity."""
    parts = " union all ".join(f"select {i} as i, count(*) filter (_is_actueel) from {e}" for i, e in enumerate(entiteiten))
    return [n for _, n in magazijn.vraag(f"{parts} order by i", tot)]


# --- order ----------------------------------------------------------------------------------------------------------------------


def test_in_order_of_number_whatever_the_names(magazijn: Magazijn) -> None:
    Aanlevering(10).zip(magazijn.settings.inbox, "a.zip")
    mutaties(11, casussen=[rij("casussen", casus_nummer="C3")]).zip(magazijn.settings.inbox, "0.zip")
    Aanlevering(9).map(magazijn.settings.inbox, "z")
    assert [(u.nummer, u.uitkomst) for u in magazijn.neem()] == [(9, "opgenomen"), (10, "opgenomen"), (11, "opgenomen")]
    assert not list(magazijn.settings.inbox.iterdir())


def test_the_same_delivery_again_changes_nothing(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering())
    before = magazijn.bestanden()
    uitslag = magazijn.een(Aanlevering(manifest={"aangemaakt_op": "2025-01-05T00:00:00+01:00"}))
    assert uitslag.uitkomst == "al_opgenomen"
    after = magazijn.bestanden()
    del before["register/sleutelgebruik.jsonl"], after["register/sleutelgebruik.jsonl"]
    assert after == before
    assert not list(magazijn.settings.inbox.iterdir())


@pytest.mark.parametrize("change", [{"peildatum": "2025-01-01"}, {"soort": "mutaties"}])
def test_the_same_number_with_other_contents_is_refused(magazijn: Magazijn, change: dict[str, str]) -> None:
    magazijn.een(Aanlevering())
    assert magazijn.een(Aanlevering(manifest=change)).code == "andere_inhoud"
    other = Aanlevering()
    other.rij("casussen")["huishouden_nummer"] = "H9"
    uitslag = magazijn.een(other)
    assert (uitslag.uitkomst, uitslag.code) == ("geweigerd", "andere_inhoud")
    assert "levering_nummer" in uitslag.reden


def test_the_same_checksums_over_other_bytes_are_refused(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering())
    folder = Aanlevering().map(magazijn.settings.inbox)
    (folder / "casussen.csv").write_bytes(b"x")
    assert magazijn.neem()[0].code == "controlesom"


def test_a_lower_number_that_was_never_taken_in_is_refused(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(5))
    for uitslag in (magazijn.een(Aanlevering(4)), magazijn.een(mutaties(3, casussen=[rij("casussen")]))):
        assert uitslag.code == "lager_nummer"


def test_a_volledig_delivery_may_skip_numbers(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    assert magazijn.een(Aanlevering(9)).uitkomst == "opgenomen"


def test_an_earlier_peildatum_is_refused_and_an_equal_one_is_not(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    uitslag = magazijn.een(Aanlevering(2, peildatum="2024-12-30"))
    assert uitslag.code == "peildatum" and "peildatum" in uitslag.reden
    assert magazijn.een(Aanlevering(2)).uitkomst == "opgenomen"


def test_a_gap_is_refused_until_it_is_filled(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    third = mutaties(3, casussen=[rij("casussen", casus_nummer="C3")])
    uitslag = magazijn.een(third)
    assert uitslag.code == "gat" and "deliver 2 first" in uitslag.reden
    assert aantallen(magazijn, "casussen") == [2]
    found = magazijn.neem(mutaties(2, casussen=[rij("casussen", casus_nummer="C4")]))
    assert [(u.nummer, u.uitkomst) for u in found] == [(2, "opgenomen"), (3, "opgenomen")]
    assert aantallen(magazijn, "casussen") == [4]
    assert magazijn.een(third).uitkomst == "al_opgenomen"


def test_an_archive_that_does_not_open_holds_nothing_else_up(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    magazijn.een(mutaties(3, casussen=[rij("casussen", casus_nummer="C3")]))
    archived = next(p for p in magazijn.settings.archive.iterdir() if p.name.startswith("00000003"))
    content = bytearray(archived.read_bytes())
    content[-1] ^= 1
    archived.write_bytes(content)
    found = magazijn.neem(mutaties(2, casussen=[]))
    assert [(u.nummer, u.uitkomst, u.code) for u in found] == [(2, "opgenomen", ""), (3, "geweigerd", "archief")]
    assert "does not open" in found[1].reden and "sent again" in found[1].reden
    assert not list(magazijn.settings.inbox.iterdir())
    assert [(u.nummer, u.code) for u in magazijn.neem()] == [(3, "archief")]
    found = magazijn.neem(mutaties(3, casussen=[rij("casussen", casus_nummer="C3")]), mutaties(4, casussen=[]))
    assert [(u.nummer, u.uitkomst) for u in found] == [(3, "opgenomen"), (4, "opgenomen")]


def test_a_gap_is_closed_by_a_volledig_delivery(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    found = magazijn.neem(mutaties(3, casussen=[rij("casussen", casus_nummer="C3")]), Aanlevering(4))
    assert [(u.nummer, u.code or u.uitkomst) for u in found] == [(3, "gat"), (4, "opgenomen")]
    assert aantallen(magazijn, "casussen") == [2]


def test_what_is_sent_anew_goes_before_the_archive(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    magazijn.een(mutaties(3, casussen=[rij("casussen", casus_nummer="C3")]))
    better = mutaties(3, casussen=[rij("casussen", casus_nummer="C5")])
    found = magazijn.neem(mutaties(2, casussen=[]), better)
    assert [u.uitkomst for u in found] == ["opgenomen", "opgenomen"]
    assert magazijn.vraag("select _levering, count(*) from casussen where _levering > 1 group by all") == [(3, 1)]


def test_a_refused_number_may_be_sent_again(magazijn: Magazijn) -> None:
    bad = Aanlevering(manifest={"soort": "alles"})
    assert [magazijn.een(bad).uitkomst, magazijn.een(bad).uitkomst] == ["geweigerd", "geweigerd"]
    assert magazijn.een(Aanlevering()).uitkomst == "opgenomen"
    assert magazijn.vraag("select levering_nummer, poging, uitkomst from leveringen order by poging") == [
        (1, 1, "geweigerd"), (1, 2, "geweigerd"), (1, 3, "opgenomen"),
    ]  # fmt: skip
    assert Register(magazijn.settings).leveringen()[0].poging == 3


def test_a_bad_delivery_does_not_hold_up_a_good_one(magazijn: Magazijn) -> None:
    Aanlevering(manifest={"levering_nummer": None}).zip(magazijn.settings.inbox, "z.zip")
    found = magazijn.neem(Aanlevering(1), mutaties(2, casussen=[rij("casussen", casus_nummer="C3")]))
    assert [(u.nummer, u.uitkomst) for u in found] == [(None, "geweigerd"), (1, "opgenomen"), (2, "opgenomen")]


# --- the guard ------------------------------------------------------------------------------------------------------------------


def _many(number: int, rows: int) -> Aanlevering:
    aanlevering = Aanlevering(number)
    aanlevering.rijen["huisverboden"] = [rij("huisverboden", huisverbod_nummer=f"X{i}") for i in range(rows)]
    return aanlevering


@pytest.mark.parametrize(
    ("before", "after", "uitkomst"),
    [
        (101, 80, "geweigerd"),
        (101, 81, "opgenomen"),
        (100, 1, "opgenomen"),
        (100, 0, "opgenomen"),
        (200, 160, "opgenomen"),
        (200, 159, "geweigerd"),
    ],
)
def test_less_than_80_percent_of_over_100_rows(magazijn: Magazijn, before: int, after: int, uitkomst: str) -> None:
    magazijn.een(_many(1, before))
    uitslag = magazijn.een(_many(2, after))
    assert uitslag.uitkomst == uitkomst
    if uitkomst == "geweigerd":
        assert "huisverboden.csv" in uitslag.reden and "vt deliveries accept 2" in uitslag.reden


def test_a_person_lets_it_through_by_number(magazijn: Magazijn) -> None:
    magazijn.een(_many(1, 200))
    assert magazijn.een(_many(2, 10)).uitkomst == "geweigerd"
    assert not list(magazijn.settings.inbox.iterdir())
    path = accept(magazijn.settings, 2, "J. Voorbeeld", "registration was cleaned up")
    assert path and path.parent == magazijn.settings.inbox
    assert [u.uitkomst for u in magazijn.neem()] == ["opgenomen"]
    assert aantallen(magazijn, "huisverboden") == [10]
    (event,) = Register(magazijn.settings).gebeurtenissen("levering_geaccepteerd")
    assert (event.inhoud["nummer"], event.inhoud["door"], event.inhoud["reden"]) == (2, "J. Voorbeeld", "registration was cleaned up")


def test_a_folder_is_put_back_as_a_folder(magazijn: Magazijn) -> None:
    magazijn.een(_many(1, 200))
    _many(2, 10).map(magazijn.settings.inbox)
    assert magazijn.neem()[0].uitkomst == "geweigerd"
    path = accept(magazijn.settings, 2, "J. Voorbeeld", "right")
    assert path and path.is_dir()
    assert [u.uitkomst for u in magazijn.neem()] == ["opgenomen"]


def test_what_was_accepted_is_that_delivery_and_no_other(magazijn: Magazijn) -> None:
    magazijn.een(_many(1, 200))
    magazijn.een(_many(2, 10))
    accept(magazijn.settings, 2, "J. Voorbeeld", "right")
    for path in magazijn.settings.inbox.iterdir():
        path.unlink()
    assert magazijn.een(_many(2, 9)).uitkomst == "geweigerd"
    assert magazijn.een(_many(2, 10)).uitkomst == "opgenomen"


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (Aanlevering(1), Aanlevering(1001), None),
        (Aanlevering(1), Aanlevering(1002), "nummer_sprong"),
        (Aanlevering(20_250_131), Aanlevering(20_250_132), None),
        (Aanlevering(1, peildatum="2023-01-31"), Aanlevering(2, peildatum="2024-03-06"), None),
        (Aanlevering(1, peildatum="2023-01-31"), Aanlevering(2, peildatum="2024-03-07"), "peildatum_sprong"),
        (Aanlevering(1, peildatum="2023-01-31"), Aanlevering(2, "mutaties", "2024-03-07", {}), "peildatum_sprong"),
    ],
)
def test_a_jump_needs_a_person(magazijn: Magazijn, first: Aanlevering, second: Aanlevering, code: str | None) -> None:
    assert magazijn.een(first).uitkomst == "opgenomen"
    uitslag = magazijn.een(second)
    assert (uitslag.uitkomst, uitslag.code) == (("geweigerd", code) if code else ("opgenomen", ""))
    if code:
        assert f"vt deliveries accept {second.nummer}" in uitslag.reden and "field" in uitslag.reden
        accept(magazijn.settings, second.nummer, "J. Voorbeeld", "right")
        assert [u.uitkomst for u in magazijn.neem()] == ["opgenomen"]


def test_it_may_be_let_through_while_it_waits_in_the_inbox(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    waits = Aanlevering(5000).zip(magazijn.settings.inbox)
    other = Aanlevering(5000, peildatum="2025-01-03")
    assert accept(magazijn.settings, 5000, "J. Voorbeeld", "a new registration counts on") == waits
    assert [u.uitkomst for u in magazijn.neem()] == ["opgenomen"]
    with pytest.raises(AcceptatieFout, match="taken in already"):
        accept(magazijn.settings, 5000, "J. Voorbeeld", "x")
    other.manifest["levering_nummer"] = 9000
    other.manifest["soort"] = "alles"
    other.zip(magazijn.settings.inbox)
    with pytest.raises(AcceptatieFout, match=r"will be refused for a reason that cannot be let through: .*soort"):
        accept(magazijn.settings, 9000, "J. Voorbeeld", "x")


@pytest.mark.parametrize(("number", "message"), [(7, "was ever offered"), (1, "taken in already"), (3, "cannot be let through")])
def test_there_must_be_something_to_accept(magazijn: Magazijn, number: int, message: str) -> None:
    magazijn.een(Aanlevering(1))
    magazijn.een(mutaties(3, casussen=[]))
    with pytest.raises(AcceptatieFout, match=message):
        accept(magazijn.settings, number, "J. Voorbeeld", "right")


# --- the state ------------------------------------------------------------------------------------------------------------------


def test_an_unchanged_row_costs_no_new_version(magazijn: Magazijn) -> None:
    second = Aanlevering(2)
    second.rij("diensten")["voortijdig"] = "overleden"
    magazijn.neem(Aanlevering(1), second, mutaties(3, casussen=[rij("casussen"), rij("casussen", 1)]))
    for entiteit, rows in BASIS.items():
        found = magazijn.vraag(f"select _geldig_van, _geldig_tot, _is_actueel from {entiteit} order by all")
        changed = [(1, 2, False), (2, None, True)]
        assert found == (changed if entiteit == "diensten" else [(1, None, True)] * len(rows))
    assert magazijn.vraag("select voortijdig from diensten order by _geldig_van", tot=1) == [(None,)]
    assert magazijn.vraag("select voortijdig from diensten order by _geldig_van") == [(None,), ("overleden",)]


def test_a_key_missing_from_a_whole_registration_was_deleted(magazijn: Magazijn) -> None:
    second = Aanlevering(2)
    del second.rijen["huisverboden"][0], second.rijen["overdrachten"][1]
    magazijn.neem(Aanlevering(1), second)
    assert aantallen(magazijn, "huisverboden", "overdrachten") == [0, 1]
    assert aantallen(magazijn, "huisverboden", "overdrachten", tot=1) == [1, 2]
    assert magazijn.vraag("select _geldig_van, _geldig_tot from huisverboden") == [(1, 2)]


def test_a_key_that_comes_back_is_a_new_version(magazijn: Magazijn) -> None:
    without = Aanlevering(2)
    without.rijen["huisverboden"] = []
    magazijn.neem(Aanlevering(1), without, Aanlevering(3))
    assert magazijn.vraag("select _geldig_van, _geldig_tot from huisverboden order by 1") == [(1, 2), (3, None)]


def test_mutaties_add_change_and_delete(magazijn: Magazijn) -> None:
    uitslagen = magazijn.neem(
        Aanlevering(1),
        mutaties(
            2,
            casussen=[rij("casussen", casus_nummer="C3", huishouden_nummer="H3"), rij("casussen", afgesloten_op="2024-06-01")],
            veiligheidscontacten=[weg(contact_nummer="V1")],
        ),
    )
    assert uitslagen[1].entiteiten["veiligheidscontacten"].verwijderd == 1
    assert aantallen(magazijn, "casussen", "veiligheidscontacten", "meldingen") == [3, 0, 2]
    assert magazijn.vraag("select _geldig_van, _geldig_tot, _bevestigd from casussen order by all") == [
        (1, 2, True), (1, None, True), (2, None, False), (2, None, False),
    ]  # fmt: skip


def test_what_mutaties_brought_is_confirmed_by_the_next_volledig(magazijn: Magazijn) -> None:
    extra = rij("casussen", casus_nummer="C3")
    third = Aanlevering(3)
    third.rijen["casussen"].append(extra)
    magazijn.neem(Aanlevering(1), mutaties(2, casussen=[extra]), third)
    assert magazijn.vraag("select _geldig_van, _bevestigd from casussen where _geldig_van = 2") == [(2, True)]


def test_what_hangs_on_a_deleted_row_goes_with_it(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1), mutaties(2, casussen=[weg(casus_nummer="C1")]))
    left = dict.fromkeys(("casussen", "meldingen", "melding_vormen", "melding_aarden", "betrokkenen", "veiligheidsbeoordelingen"), 1)
    left |= {"overdrachten": 1, "diensten": 0, "huisverboden": 0}
    assert aantallen(magazijn, *BASIS) == [left.get(e, len(rows)) for e, rows in BASIS.items()]
    assert magazijn.vraag("select distinct _geldig_tot from betrokkenen where not _is_actueel") == [(2,)]


def test_a_child_that_moves_to_another_parent_does_not_go(magazijn: Magazijn) -> None:
    magazijn.neem(
        Aanlevering(1),
        mutaties(2, meldingen=[weg(melding_nummer="M1")], diensten=[rij("diensten", melding_nummer="M2", gestart_op="2024-01-10")]),
    )
    assert aantallen(magazijn, "meldingen", "diensten", "overdrachten") == [1, 1, 1]


def test_a_child_of_a_row_deleted_in_the_same_delivery_is_quarantined(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1), mutaties(2, meldingen=[weg(melding_nummer="M1")], diensten=[rij("diensten", voortijdig="overleden")]))
    assert magazijn.quarantaine() == [(2, "diensten", 2, "ouder_ontbreekt", "melding_nummer", "open")]
    assert aantallen(magazijn, "diensten") == [0]


def test_only_the_key_of_a_deleted_row_counts(magazijn: Magazijn) -> None:
    rows = {
        "diensten": [rij("diensten", verwijderd="ja", soort="onzin", gestart_op="x", melding_nummer="NIET")],
        "melding_vormen": [weg(melding_nummer="M1", vorm="km_anders"), weg(melding_nummer="M2", vorm="onzin")],
        "betrokkenen": [weg(melding_nummer="M1", volgnummer="1"), weg(melding_nummer="M1", volgnummer="")],
        "casussen": [weg(casus_nummer="BESTAAT_NIET")],
    }
    magazijn.neem(Aanlevering(1), mutaties(2, **rows))
    assert aantallen(magazijn, "diensten", "melding_vormen", "betrokkenen", "casussen") == [0, 1, 2, 2]
    assert magazijn.quarantaine() == [
        (2, "betrokkenen", 3, "verplicht", "volgnummer", "open"),
        (2, "melding_vormen", 3, "codelijst", "vorm", "open"),
    ]


def test_an_empty_entity(magazijn: Magazijn) -> None:
    empty = Aanlevering(rijen={e: [] for e in BASIS})
    assert magazijn.een(empty).uitkomst == "opgenomen"
    assert magazijn.een(Aanlevering(2)).uitkomst == "opgenomen"
    assert magazijn.een(Aanlevering(3, rijen={e: [] for e in BASIS})).uitkomst == "opgenomen"
    assert aantallen(magazijn, *BASIS) == [0] * len(BASIS)


# --- doubles --------------------------------------------------------------------------------------------------------------------


def test_identical_copies_count_once(magazijn: Magazijn) -> None:
    aanlevering = Aanlevering()
    aanlevering.rijen["casussen"] += [rij("casussen"), rij("casussen") | {"extra": "y"}]
    telling = magazijn.een(aanlevering).entiteiten["casussen"]
    assert (telling.gelezen, telling.opgenomen, telling.identieke_kopieen, telling.quarantaine) == (4, 2, 2, 0)
    assert magazijn.vraag("select _regel from casussen order by 1") == [(2,), (3,)]


def test_copies_that_differ_are_all_quarantined(magazijn: Magazijn) -> None:
    aanlevering = Aanlevering()
    aanlevering.rijen["huisverboden"] += [rij("huisverboden"), rij("huisverboden", aanvrager="hulpverlening")]
    aanlevering.rijen["betrokkenen"] += [rij("betrokkenen", volgnummer="01")]
    telling = magazijn.een(aanlevering).entiteiten["huisverboden"]
    assert (telling.gelezen, telling.opgenomen, telling.identieke_kopieen, telling.quarantaine) == (3, 0, 0, 3)
    assert {(e, r, c) for _, e, r, c, _, _ in magazijn.quarantaine()} == {
        ("huisverboden", 2, "sleutel_dubbel"), ("huisverboden", 3, "sleutel_dubbel"), ("huisverboden", 4, "sleutel_dubbel"),
        ("betrokkenen", 2, "sleutel_dubbel"), ("betrokkenen", 5, "sleutel_dubbel"),
    }  # fmt: skip


def test_children_of_a_double_parent_are_counted_once(magazijn: Magazijn) -> None:
    aanlevering = Aanlevering()
    aanlevering.rijen["adviesvragen"] += [rij("adviesvragen", kanaal="mail")]
    telling = magazijn.een(aanlevering).entiteiten["adviesvraag_vormen"]
    assert (telling.gelezen, telling.quarantaine) == (1, 1)
    assert [c for _, e, _, c, _, _ in magazijn.quarantaine() if e == "adviesvraag_vormen"] == ["ouder_in_quarantaine"]


def test_a_row_that_waits_twice_is_no_longer_open_once_its_parent_came(magazijn: Magazijn) -> None:
    aanlevering = Aanlevering(1)
    aanlevering.rij("adviesvragen")["kanaal"] = "rooksignaal"
    magazijn.neem(aanlevering, mutaties(2, adviesvraag_vormen=[rij("adviesvraag_vormen")]), mutaties(3, adviesvragen=[rij("adviesvragen")]))
    assert aantallen(magazijn, "adviesvraag_vormen") == [1]
    assert magazijn.vraag("select levering_nummer, entiteit, status, gesloten_door_levering from quarantaine order by all") == [
        (1, "adviesvraag_vormen", "gecorrigeerd", 3), (1, "adviesvragen", "gecorrigeerd", 3), (2, "adviesvraag_vormen", "gecorrigeerd", 3),
    ]  # fmt: skip


def test_identical_copies_of_a_bad_row(magazijn: Magazijn) -> None:
    aanlevering = Aanlevering()
    aanlevering.rijen["huisverboden"] = [rij("huisverboden", aanvrager="x"), rij("huisverboden", aanvrager="x")]
    telling = magazijn.een(aanlevering).entiteiten["huisverboden"]
    assert (telling.gelezen, telling.opgenomen, telling.identieke_kopieen, telling.quarantaine) == (2, 0, 1, 1)


def test_a_row_and_its_deletion_in_one_delivery_contradict_each_other(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1), mutaties(2, huisverboden=[rij("huisverboden", aanvrager="hulpverlening"), weg(huisverbod_nummer="X1")]))
    assert [c for _, _, _, c, _, _ in magazijn.quarantaine()] == ["sleutel_dubbel", "sleutel_dubbel"]
    assert magazijn.vraag("select aanvrager, _is_actueel, _vervangt_quarantaine from huisverboden") == [("politie", True, True)]


# --- quarantine -----------------------------------------------------------------------------------------------------------------


def test_a_quarantined_parent_takes_its_children_along_and_they_follow_it_in(magazijn: Magazijn) -> None:
    aanlevering = Aanlevering(1)
    aanlevering.rij("casussen")["geopend_op"] = "onzin"
    magazijn.een(aanlevering)
    found = {(e, c) for _, e, _, c, _, _ in magazijn.quarantaine()}
    children = {
        "meldingen",
        "melding_vormen",
        "melding_aarden",
        "betrokkenen",
        "veiligheidsbeoordelingen",
        "diensten",
        "overdrachten",
        "huisverboden",
    }
    assert found == {("casussen", "type")} | {(e, "ouder_in_quarantaine") for e in children}
    (uitslag,) = magazijn.neem(mutaties(2, casussen=[rij("casussen")]))
    assert uitslag.entiteiten["casussen"].opgenomen == 1
    assert aantallen(magazijn, *BASIS) == [len(rows) for rows in BASIS.values()]
    assert {s for *_, s in magazijn.quarantaine()} == {"gecorrigeerd"}
    assert magazijn.vraag("select distinct gesloten_door_levering, sluiting from quarantaine order by all") == [
        (2, "in_orde"), (2, "ouder_in_orde"),
    ]  # fmt: skip
    # what followed keeps the line on which it came, and holds from the delivery that let it in
    assert magazijn.vraag("select _levering, _bestand, _regel, _geldig_van from diensten") == [(1, "diensten.csv", 2, 2)]
    # and from there on it is a row like any other
    magazijn.neem(mutaties(3, diensten=[rij("diensten", voortijdig="overleden")]), Aanlevering(4))
    assert magazijn.vraag("select _geldig_van, _geldig_tot from diensten order by 1") == [(2, 3), (3, 4), (4, None)]


def test_a_child_of_a_missing_parent_waits_for_it(magazijn: Magazijn) -> None:
    new = rij("veiligheidsbeoordelingen", melding_nummer="M9")
    magazijn.neem(Aanlevering(1), mutaties(2, veiligheidsbeoordelingen=[new], casussen=[]), mutaties(3, casussen=[rij("casussen")]))
    assert magazijn.quarantaine() == [(2, "veiligheidsbeoordelingen", 2, "ouder_ontbreekt", "melding_nummer", "open")]
    magazijn.een(mutaties(4, meldingen=[rij("meldingen", melding_nummer="M9")]))
    assert aantallen(magazijn, "veiligheidsbeoordelingen") == [3]
    assert magazijn.quarantaine() == [(2, "veiligheidsbeoordelingen", 2, "ouder_ontbreekt", "melding_nummer", "gecorrigeerd")]


def test_a_child_that_would_precede_the_parent_that_came_stays_out(magazijn: Magazijn) -> None:
    new = rij("veiligheidsbeoordelingen", melding_nummer="M9", besluit_op="2024-01-08")
    late = rij("meldingen", melding_nummer="M9", ontvangen_op="2024-01-09T10:00:00+01:00", acuut_beoordeeld_op="", acuut_vermoeden="")
    magazijn.neem(Aanlevering(1), mutaties(2, veiligheidsbeoordelingen=[new]), mutaties(3, meldingen=[late]))
    assert aantallen(magazijn, "meldingen", "veiligheidsbeoordelingen") == [3, 2]
    assert [s for *_, s in magazijn.quarantaine()] == ["open"]


def test_a_newer_word_on_a_waiting_row_takes_its_place(magazijn: Magazijn) -> None:
    magazijn.neem(
        Aanlevering(1),
        mutaties(2, diensten=[rij("diensten", dienst_nummer="D2", melding_nummer="M9")]),
        mutaties(3, diensten=[rij("diensten", dienst_nummer="D2", melding_nummer="M2", gestart_op="2024-01-10")]),
        mutaties(4, meldingen=[rij("meldingen", melding_nummer="M9")]),
    )
    assert magazijn.vraag("select _levering, _geldig_tot from diensten where _levering > 1") == [(3, None)]
    assert magazijn.vraag("select status, gesloten_door_levering from quarantaine") == [("gecorrigeerd", 3)]


def test_a_waiting_row_that_was_deleted_does_not_come_in(magazijn: Magazijn) -> None:
    magazijn.neem(
        Aanlevering(1),
        mutaties(2, diensten=[rij("diensten", dienst_nummer="D2", melding_nummer="M9")]),
        mutaties(3, diensten=[weg(dienst_nummer="D2")]),
        mutaties(4, meldingen=[rij("meldingen", melding_nummer="M9")]),
    )
    assert aantallen(magazijn, "diensten") == [1]
    assert magazijn.vraag("select status, gesloten_door_levering, sluiting from quarantaine") == [("gecorrigeerd", 3, "verwijderd")]


def test_a_waiting_row_with_a_newer_bad_version_does_not_come_in(magazijn: Magazijn) -> None:
    magazijn.neem(
        Aanlevering(1),
        mutaties(2, diensten=[rij("diensten", dienst_nummer="D2", melding_nummer="M9")]),
        mutaties(3, diensten=[rij("diensten", dienst_nummer="D2", melding_nummer="M9", soort="onzin")]),
        mutaties(4, meldingen=[rij("meldingen", melding_nummer="M9")]),
    )
    assert aantallen(magazijn, "diensten") == [1]
    assert [s for *_, s in magazijn.quarantaine()] == ["open", "open"]
    assert magazijn.vraag("select levering_nummer, eerste_levering, nieuwste from quarantaine order by 1") == [(2, 2, False), (3, 2, True)]


def test_a_whole_registration_without_the_waiting_row_ends_its_wait(magazijn: Magazijn) -> None:
    magazijn.neem(
        Aanlevering(1),
        mutaties(2, diensten=[rij("diensten", dienst_nummer="D2", melding_nummer="M9")]),
        Aanlevering(3),
        mutaties(4, meldingen=[rij("meldingen", melding_nummer="M9")]),
    )
    assert aantallen(magazijn, "diensten") == [1]
    assert magazijn.vraag("select status, gesloten_door_levering, sluiting from quarantaine") == [("gecorrigeerd", 3, "niet_meer_geleverd")]


@pytest.mark.parametrize("soort", ["volledig", "mutaties"])
def test_a_quarantined_row_never_displaces_the_good_one(magazijn: Magazijn, soort: str) -> None:
    bad = rij("meldingen", hoedanigheid="onzin", urgentie="4")
    second = Aanlevering(2) if soort == "volledig" else mutaties(2, meldingen=[], diensten=[rij("diensten", dienst_nummer="D2")])
    second.rijen["meldingen"][:1] = [bad]
    magazijn.neem(Aanlevering(1), second)
    assert magazijn.vraag("select urgentie, _is_actueel, _vervangt_quarantaine, _levering from meldingen order by _regel") == [
        ("1", True, True, 1), ("3", True, False, 1),
    ]  # fmt: skip
    # it still counts as a parent
    assert [(e, c) for _, e, _, c, _, _ in magazijn.quarantaine()] == [("meldingen", "codelijst")]
    assert aantallen(magazijn, "diensten", "betrokkenen") == [1 if soort == "volledig" else 2, 3]
    # and is what it was once the row comes in good order, unchanged or not
    third = Aanlevering(3) if soort == "volledig" else mutaties(3, meldingen=[rij("meldingen")])
    magazijn.een(third)
    assert magazijn.vraag("select distinct _vervangt_quarantaine from meldingen") == [(False,)]
    assert magazijn.vraag("select count(*) from meldingen") == [(2,)]
    assert [s for *_, s in magazijn.quarantaine()] == ["gecorrigeerd"]


def test_what_stands_in_survives_whole_registrations_and_nights(magazijn: Magazijn) -> None:
    def bad(number: int) -> Aanlevering:
        aanlevering = Aanlevering(number)
        aanlevering.rij("meldingen")["hoedanigheid"] = "onzin"
        return aanlevering

    magazijn.neem(Aanlevering(1), bad(2), mutaties(3, casussen=[rij("casussen", casus_nummer="C3")]), bad(4), mutaties(5, casussen=[]))
    query = "select _levering, _geldig_van, _geldig_tot, _vervangt_quarantaine from meldingen order by _regel"
    assert magazijn.vraag(query) == [(1, 1, None, True), (1, 1, None, False)]
    assert magazijn.vraag("select levering_nummer, eerste_levering, nieuwste, status from quarantaine order by 1") == [
        (2, 2, False, "open"), (4, 2, True, "open"),
    ]  # fmt: skip
    magazijn.een(mutaties(6, meldingen=[rij("meldingen")]))
    assert magazijn.vraag(query) == [(1, 1, None, False), (1, 1, None, False)]
    assert {s for *_, s in magazijn.quarantaine()} == {"gecorrigeerd"}


CHILDREN = ("melding_vormen", "melding_aarden", "betrokkenen", "veiligheidsbeoordelingen", "diensten")


def _without_a_report(nummer: int) -> Aanlevering:
    """A whole registration that leaves report M1 out and brings what hangs on it."""
    aanlevering = Aanlevering(nummer)
    aanlevering.rijen["meldingen"] = aanlevering.rijen["meldingen"][1:]
    aanlevering.rijen["overdrachten"][0]["melding_nummer"] = ""
    return aanlevering


def _without_a_case(nummer: int) -> Aanlevering:
    """A whole registration that leaves casus C1 out and brings its report, but not its transfer and restraining order."""
    aanlevering = Aanlevering(nummer)
    aanlevering.rijen["casussen"] = aanlevering.rijen["casussen"][1:]
    aanlevering.rijen["overdrachten"] = aanlevering.rijen["overdrachten"][1:]
    aanlevering.rijen["huisverboden"] = []
    return aanlevering


def standing_in(magazijn: Magazijn, entiteit: str) -> list[tuple[Any, ...]]:
    """(line, stands in for a quarantined row) of the current rows."""
    return magazijn.vraag(f"select _regel, _vervangt_quarantaine from {entiteit} where _is_actueel order by 1")


def test_a_row_whose_parent_is_left_out_stands_and_keeps_it(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1), _without_a_report(2))
    assert aantallen(magazijn, "meldingen", "betrokkenen", "diensten", "overdrachten") == [2, 3, 1, 2]
    assert {(e, c) for _, e, _, c, _, _ in magazijn.quarantaine()} == {(e, "ouder_ontbreekt") for e in CHILDREN}
    assert standing_in(magazijn, "meldingen") == [(2, True), (3, False)]
    assert standing_in(magazijn, "diensten") == [(2, True)]
    # the transfer came in good order, without its report: it stands by itself
    assert standing_in(magazijn, "overdrachten") == [(2, False), (3, False)]


def test_it_keeps_a_parent_of_its_parent_too(magazijn: Magazijn) -> None:
    uitslagen = magazijn.neem(Aanlevering(1), _without_a_case(2))
    assert aantallen(magazijn, "casussen", "meldingen", "diensten", "huisverboden", "overdrachten") == [2, 2, 1, 0, 1]
    # what hangs on the report is in good order: the report itself stands, if not by this delivery
    assert [q[1:5] for q in magazijn.quarantaine()] == [("meldingen", 2, "ouder_ontbreekt", "casus_nummer")]
    assert standing_in(magazijn, "casussen") == [(2, True), (3, False)]
    assert standing_in(magazijn, "meldingen") == [(2, True), (3, False)]
    assert (uitslagen[1].entiteiten["casussen"].behouden, uitslagen[1].entiteiten["casussen"].verwijderd) == (1, 0)
    assert uitslagen[1].entiteiten["huisverboden"].verwijderd == 1


@pytest.mark.parametrize("soort", ["volledig", "mutaties"])
def test_until_a_delivery_brings_the_parent(magazijn: Magazijn, soort: str) -> None:
    magazijn.neem(Aanlevering(1), _without_a_case(2), _without_a_case(3))
    assert [n for n, *_ in magazijn.quarantaine()] == [2, 3]
    magazijn.een(Aanlevering(4) if soort == "volledig" else mutaties(4, casussen=[rij("casussen", geopend_op="2024-01-02")]))
    assert standing_in(magazijn, "casussen") in ([(2, False), (3, False)], [(2, False), (2, False), (3, False)])
    assert standing_in(magazijn, "meldingen") == [(2, False), (3, False)]
    assert {s for *_, s in magazijn.quarantaine()} == {"gecorrigeerd"}


def test_until_a_whole_registration_leaves_the_row_out_too(magazijn: Magazijn) -> None:
    third = _without_a_case(3)
    third.rijen = {e: [r for r in rows if r.get("melding_nummer") != "M1"] for e, rows in third.rijen.items()}
    magazijn.neem(Aanlevering(1), _without_a_case(2), third)
    assert aantallen(magazijn, "casussen", "meldingen", "betrokkenen", "diensten") == [1, 1, 1, 0]


def test_until_the_row_is_deleted(magazijn: Magazijn) -> None:
    """Nothing hangs on the casus any more, and the registration does not have it: it goes with the report."""
    found = magazijn.neem(Aanlevering(1), _without_a_case(2), mutaties(3, meldingen=[weg(melding_nummer="M1")]))
    assert aantallen(magazijn, "casussen", "meldingen", "betrokkenen", "diensten") == [1, 1, 1, 0]
    assert found[2].entiteiten["meldingen"].verwijderd == 1
    assert magazijn.vraag("select _geldig_van, _geldig_tot from casussen order by all") == [(1, 3), (1, None)]


def test_what_waits_for_a_parent_that_only_stands_in_waits_on(magazijn: Magazijn) -> None:
    """The casus stands for its report alone: that is no reason to let the report's newer version in."""
    second = _without_a_case(2)
    second.rijen["meldingen"][0]["urgentie"] = "4"
    magazijn.neem(Aanlevering(1), second, mutaties(3, casussen=[rij("casussen", 1, geopend_op="2024-01-04")]))
    assert magazijn.vraag("select urgentie, _vervangt_quarantaine from meldingen where _is_actueel and _regel = 2") == [("1", True)]
    magazijn.een(mutaties(4, casussen=[rij("casussen")]))
    assert magazijn.vraag("select urgentie, _vervangt_quarantaine from meldingen where _is_actueel and _regel = 2") == [("4", False)]


def test_what_came_in_since_does_not_stand_for_another_alone(magazijn: Magazijn) -> None:
    """The report was left out and stood for its dienst; then its own row came in from quarantine: it stays when the dienst goes."""
    new = rij("meldingen", casus_nummer="C9")
    magazijn.neem(
        Aanlevering(1),
        _without_a_report(2),
        mutaties(3, meldingen=[new]),
        mutaties(4, casussen=[rij("casussen", casus_nummer="C9")]),
        mutaties(5, diensten=[weg(dienst_nummer="D1")]),
    )
    assert magazijn.vraag("select _levering, _geldig_tot from meldingen where _regel = 2 order by _levering") == [(1, 4), (3, None)]


def test_a_new_row_may_hang_on_a_parent_that_stands_in(magazijn: Magazijn) -> None:
    new = rij("huisverboden", huisverbod_nummer="X9")
    magazijn.neem(Aanlevering(1), _without_a_case(2), mutaties(3, huisverboden=[new], meldingen=[weg(melding_nummer="M1")]))
    assert aantallen(magazijn, "casussen", "meldingen", "huisverboden") == [2, 1, 1]


def test_a_bad_key_shields_nothing(magazijn: Magazijn) -> None:
    second = Aanlevering(2)
    second.rij("melding_vormen")["vorm"] = "onzin"
    second.rij("betrokkenen")["volgnummer"] = ""
    magazijn.neem(Aanlevering(1), second)
    assert aantallen(magazijn, "melding_vormen", "betrokkenen") == [1, 2]


def test_every_parent_that_is_named_stands(magazijn: Magazijn) -> None:
    second = Aanlevering(2)
    second.rij("casussen")["geopend_op"] = "onzin"
    second.rij("meldingen", 1)["urgentie"] = "9"
    magazijn.neem(Aanlevering(1), second, mutaties(3, casussen=[weg(casus_nummer="C2")], meldingen=[rij("meldingen", melding_nummer="M3")]))
    for child, field, parent in (
        ("meldingen", "casus_id", "casussen"),
        ("diensten", "melding_id", "meldingen"),
        ("overdrachten", "melding_id", "meldingen"),
    ):
        orphans = magazijn.vraag(
            f"select * from {child} c where _is_actueel and c.{field} is not null "
            f"and not exists (select 1 from {parent} p where p.{field} = c.{field} and p._is_actueel)"
        )
        assert orphans == []


def test_entries_without_a_key_close_with_the_next_whole_registration(magazijn: Magazijn) -> None:
    first, second = Aanlevering(1), Aanlevering(2)
    first.rij("huisverboden")["huisverbod_nummer"] = ""
    second.rij("huisverboden")["huisverbod_nummer"] = ""
    magazijn.neem(first, second)
    assert [(n, s) for n, *_, s in magazijn.quarantaine()] == [(1, "open"), (2, "open")]
    magazijn.een(Aanlevering(3))
    assert [(n, s) for n, *_, s in magazijn.quarantaine()] == [(1, "gecorrigeerd"), (2, "gecorrigeerd")]


def test_history_as_of_an_earlier_delivery_knows_nothing_of_later_ones(magazijn: Magazijn) -> None:
    bad = Aanlevering(1)
    bad.rij("casussen")["geopend_op"] = "onzin"
    magazijn.een(bad)
    tables = [*BASIS, "quarantaine", "leveringen", "levering_entiteiten", "waarschuwingen"]
    then = {e: magazijn.vraag(f"from {e} order by all") for e in tables}
    magazijn.neem(Aanlevering(2), mutaties(3, meldingen=[weg(melding_nummer="M2")]))
    for entiteit, rows in then.items():
        assert magazijn.vraag(f"from {entiteit} order by all", tot=1) == rows


# --- safety ---------------------------------------------------------------------------------------------------------------------


def test_a_lost_row_stops_the_intake_before_anything_is_kept(magazijn: Magazijn, monkeypatch: pytest.MonkeyPatch) -> None:
    magazijn.een(Aanlevering(1))
    before = magazijn.bestanden()

    original = Beoordeling._compare

    def lose_one(self: Beoordeling, entiteit: Any, columns: list[str]) -> None:
        self.con.execute(f"delete from gelezen_{entiteit.naam} where regel = 2")
        original(self, entiteit, columns)

    monkeypatch.setattr(Beoordeling, "_compare", lose_one)
    with pytest.raises(BalansFout, match="rows read"):
        magazijn.neem(Aanlevering(2))
    after = magazijn.bestanden()
    del before["register/sleutelgebruik.jsonl"], after["register/sleutelgebruik.jsonl"]
    assert after == before
    monkeypatch.undo()
    assert magazijn.neem()[0].uitkomst == "opgenomen"


def test_two_intakes_at_once(magazijn: Magazijn) -> None:
    Aanlevering().zip(magazijn.settings.inbox)
    with only_intake(magazijn.settings), pytest.raises(BezetFout, match="Another intake"):
        take_in_waiting(magazijn.settings, lambda _: None)
    assert magazijn.neem()[0].uitkomst == "opgenomen"


def test_a_register_that_was_tampered_with_is_noticed(magazijn: Magazijn) -> None:
    magazijn.neem(Aanlevering(1), mutaties(2, casussen=[]), mutaties(3, casussen=[]))
    first = min(magazijn.settings.register.glob("*.json"))
    content = first.read_text()
    first.write_text(content.replace('"volledig"', '"mutaties"'))
    with pytest.raises(RegisterFout, match="00000002"):
        magazijn.een(mutaties(4, casussen=[]))
    first.unlink()
    with pytest.raises(RegisterFout):
        Register(magazijn.settings).leveringen()
    first.write_text(content)
    assert len(Register(magazijn.settings).leveringen()) == 3


def test_remains_of_an_intake_that_was_cut_off_are_cleaned_up(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    Register(magazijn.settings).plan(["00000002"], ["00000002-000002.zip.vta"])
    for base in (magazijn.settings.landing, magazijn.settings.vault, magazijn.settings.quarantine):
        (base / "00000002").mkdir(parents=True)
        (base / ".wacht-00000003").mkdir()
        (base / "00000002" / "meldingen.parquet").write_bytes(b"half")
    (magazijn.settings.archive / "00000002-000002.zip.vta").write_bytes(b"half")
    magazijn.neem()
    assert sorted(p.name for p in magazijn.settings.landing.iterdir()) == ["00000001", "register.json"]
    assert [p.name for p in magazijn.settings.vault.iterdir()] == ["00000001"]
    assert [p.name for p in magazijn.settings.archive.iterdir()] == ["00000001-000001.zip.vta"]


def test_the_archive_keeps_deliveries_as_they_came_for_so_many_days(magazijn: Magazijn) -> None:
    path = Aanlevering().zip(magazijn.settings.inbox)
    content = path.read_bytes()
    magazijn.neem()
    (kept,) = magazijn.settings.archive.iterdir()
    back = archive.put_back(magazijn.settings, open_key(magazijn.settings, "test"), kept.name)
    assert back and back.read_bytes() == content
    back.unlink()
    short = magazijn.settings.model_copy(update={"archief_dagen": 0})
    take_in_waiting(short, lambda _: None)
    assert not list(magazijn.settings.archive.iterdir())


def test_progress_and_results_hold_no_values(magazijn: Magazijn) -> None:
    said: list[str] = []
    aanlevering = Aanlevering()
    aanlevering.rij("betrokkenen")["bsn"] = "123456789"
    aanlevering.rij("meldingen")["hoedanigheid"] = "Jan Jansen"
    aanlevering.zip(magazijn.settings.inbox)
    found = take_in_waiting(magazijn.settings, said.append)
    told = json.dumps([said, [str(u) for u in found]]) + str(magazijn.vraag("from quarantaine"))
    for value in ("123456789", "Jan Jansen", "999990019", "19850312"):
        assert value not in told
    assert said


def test_phases_are_named_where_they_end(magazijn: Magazijn, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(process, "phase", seen.append)
    magazijn.een(Aanlevering())
    assert seen == [p for p in PHASES if p != "geweigerd"]


def test_files_are_for_their_owner_alone(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering())
    for base in ("landing", "vault", "archive", "register", "keys", "quarantine"):
        path: Path = magazijn.settings.root / base
        assert path.stat().st_mode & 0o077 == 0, base


def test_a_report_of_the_same_minute_for_the_same_household_by_the_same_reporter(magazijn: Magazijn) -> None:
    first = Aanlevering(1)
    report = first.rij("meldingen")  # 10:00:00, by the police, household H1
    first.rijen["casussen"].append(first.rij("casussen") | {"casus_nummer": "C9"})  # another case of that household
    others = {
        "D1": {"ontvangen_op": "2024-01-04T09:00:59Z", "casus_nummer": "C9"},
        "D2": {"ontvangen_op": "2024-01-04T10:01:00+01:00"},
        "D3": {"hoedanigheid": "huisarts"},
        "D4": {"casus_nummer": "C2"},
    }
    first.rijen["meldingen"] += [report | {"melding_nummer": n} | changes for n, changes in others.items()]
    telling = magazijn.een(first).entiteiten["meldingen"]
    assert (telling.opgenomen, telling.quarantaine) == (6, 0)
    path = magazijn.settings.landing / "00000001" / "waarschuwingen.parquet"
    lines = duckdb.connect().execute(f"select regel from {text(path)} where controle = 'dubbele_melding' order by 1").fetchall()
    assert lines == [(2,), (4,)]
    # and beside a report of an earlier delivery
    second = mutaties(2, meldingen=[report | {"melding_nummer": "D5"}])
    assert magazijn.een(second).entiteiten["meldingen"].waarschuwingen == 1


def test_an_empty_field_in_quotes_is_missing(magazijn: Magazijn) -> None:
    header = b"casus_nummer;huishouden_nummer;geopend_op;afgesloten_op\n"
    content = header + b'C1;H1;2024-01-01;""\nC2;H2;2024-01-05;\nC3;"";2024-01-05;\n'
    magazijn.een(Aanlevering(bestanden={"casussen.csv": content}, aantallen={"casussen": 3}))
    assert magazijn.vraag("select _regel, afgesloten_op is null from casussen order by 1") == [(2, True), (3, True)]
    assert [q[1:5] for q in magazijn.quarantaine() if q[1] == "casussen"] == [("casussen", 4, "verplicht", "huishouden_nummer")]


def test_a_clock_far_ahead_for_one_night_destroys_no_archive(magazijn: Magazijn, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the term of the archive is held to is the clock as well as the register; a night later the clock is right again."""
    first = datetime.now(UTC)
    magazijn.een(Aanlevering(1))

    def clock(days: int) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> "Clock":
                return cls.fromtimestamp((first + timedelta(days=days)).timestamp(), tz)

        for module in ("terms", "register"):
            monkeypatch.setattr(f"orchestration.landing.{module}.datetime", Clock)

    def kept() -> int:
        return len([p for p in magazijn.settings.archive.iterdir() if not p.name.startswith(".")])

    clock(2)
    magazijn.een(mutaties(2, casussen=[]))
    clock(2000)
    magazijn.neem()
    assert kept() == 2, "the clock is not believed"
    clock(80)
    magazijn.een(mutaties(3, casussen=[]))
    clock(91)
    magazijn.neem()
    assert kept() == 2, "the first is past 90 days, by the clock and by the register"
