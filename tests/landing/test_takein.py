"""The order of deliveries, what each does to the state before it, and the way of a row through quarantine."""

import copy
import json
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.intake.checks import BalanceError, Judging
from orchestration.keys.use import open_key
from orchestration.landing import archive, process
from orchestration.landing.takein import AcceptError, accept, take_in_waiting
from orchestration.register.lock import BusyError, only_intake
from orchestration.register.register import Register, RegisterError
from orchestration.sql import text
from tests.landing.test_killed import PHASES
from tests.lib.handmade import BASIS, HandmadeDelivery, Row, mutaties
from tests.lib.warehouse import Warehouse


def row(entity: str, index: int = 0, **change: str) -> Row:
    return copy.deepcopy(BASIS[entity][index]) | change


def deletion(**key: str) -> Row:
    return key | {"verwijderd": "ja"}


def counts(warehouse: Warehouse, *entities: str, tot: int | None = None) -> list[int]:
    """Current rows of each entity."""
    parts = " union all ".join(f"select {i} as i, count(*) filter (_is_actueel) from {e}" for i, e in enumerate(entities))
    return [n for _, n in warehouse.query(f"{parts} order by i", tot)]


# --- order ----------------------------------------------------------------------------------------------------------------------


def test_in_order_of_number_whatever_the_names(warehouse: Warehouse) -> None:
    HandmadeDelivery(10).zip(warehouse.settings.inbox, "a.zip")
    mutaties(11, casussen=[row("casussen", casus_nummer="C3")]).zip(warehouse.settings.inbox, "0.zip")
    HandmadeDelivery(9).map(warehouse.settings.inbox, "z")
    assert [(u.nummer, u.uitkomst) for u in warehouse.take_in()] == [(9, "opgenomen"), (10, "opgenomen"), (11, "opgenomen")]
    assert not list(warehouse.settings.inbox.iterdir())


def test_the_same_delivery_again_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery())
    before = warehouse.files()
    outcome = warehouse.take_in_one(HandmadeDelivery(manifest={"aangemaakt_op": "2025-01-05T00:00:00+01:00"}))
    assert outcome.uitkomst == "al_opgenomen"
    after = warehouse.files()
    del before["register/sleutelgebruik.jsonl"], after["register/sleutelgebruik.jsonl"]
    assert after == before
    assert not list(warehouse.settings.inbox.iterdir())


@pytest.mark.parametrize("change", [{"peildatum": "2025-01-01"}, {"soort": "mutaties"}])
def test_the_same_number_with_other_contents_is_refused(warehouse: Warehouse, change: dict[str, str]) -> None:
    warehouse.take_in_one(HandmadeDelivery())
    assert warehouse.take_in_one(HandmadeDelivery(manifest=change)).code == "andere_inhoud"
    other = HandmadeDelivery()
    other.row("casussen")["huishouden_nummer"] = "H9"
    outcome = warehouse.take_in_one(other)
    assert (outcome.uitkomst, outcome.code) == ("geweigerd", "andere_inhoud")
    assert "levering_nummer" in outcome.reden


def test_the_same_checksums_over_other_bytes_are_refused(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery())
    folder = HandmadeDelivery().map(warehouse.settings.inbox)
    (folder / "casussen.csv").write_bytes(b"x")
    assert warehouse.take_in()[0].code == "controlesom"


def test_a_lower_number_that_was_never_taken_in_is_refused(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(5))
    for outcome in (warehouse.take_in_one(HandmadeDelivery(4)), warehouse.take_in_one(mutaties(3, casussen=[row("casussen")]))):
        assert outcome.code == "lager_nummer"


def test_a_volledig_delivery_may_skip_numbers(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    assert warehouse.take_in_one(HandmadeDelivery(9)).uitkomst == "opgenomen"


def test_an_earlier_peildatum_is_refused_and_an_equal_one_is_not(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    outcome = warehouse.take_in_one(HandmadeDelivery(2, peildatum="2024-12-30"))
    assert outcome.code == "peildatum" and "peildatum" in outcome.reden
    assert warehouse.take_in_one(HandmadeDelivery(2)).uitkomst == "opgenomen"


def test_a_gap_is_refused_until_it_is_filled(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    third = mutaties(3, casussen=[row("casussen", casus_nummer="C3")])
    outcome = warehouse.take_in_one(third)
    assert outcome.code == "gat" and "deliver 2 first" in outcome.reden
    assert counts(warehouse, "casussen") == [2]
    found = warehouse.take_in(mutaties(2, casussen=[row("casussen", casus_nummer="C4")]))
    assert [(u.nummer, u.uitkomst) for u in found] == [(2, "opgenomen"), (3, "opgenomen")]
    assert counts(warehouse, "casussen") == [4]
    assert warehouse.take_in_one(third).uitkomst == "al_opgenomen"


def test_an_archive_that_does_not_open_holds_nothing_else_up(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    warehouse.take_in_one(mutaties(3, casussen=[row("casussen", casus_nummer="C3")]))
    archived = next(p for p in warehouse.settings.archive.iterdir() if p.name.startswith("00000003"))
    content = bytearray(archived.read_bytes())
    content[-1] ^= 1
    archived.write_bytes(content)
    found = warehouse.take_in(mutaties(2, casussen=[]))
    assert [(u.nummer, u.uitkomst, u.code) for u in found] == [(2, "opgenomen", ""), (3, "geweigerd", "archief")]
    assert "does not open" in found[1].reden and "sent again" in found[1].reden
    assert not list(warehouse.settings.inbox.iterdir())
    assert [(u.nummer, u.code) for u in warehouse.take_in()] == [(3, "archief")]
    found = warehouse.take_in(mutaties(3, casussen=[row("casussen", casus_nummer="C3")]), mutaties(4, casussen=[]))
    assert [(u.nummer, u.uitkomst) for u in found] == [(3, "opgenomen"), (4, "opgenomen")]


def test_a_gap_is_closed_by_a_volledig_delivery(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    found = warehouse.take_in(mutaties(3, casussen=[row("casussen", casus_nummer="C3")]), HandmadeDelivery(4))
    assert [(u.nummer, u.code or u.uitkomst) for u in found] == [(3, "gat"), (4, "opgenomen")]
    assert counts(warehouse, "casussen") == [2]


def test_what_is_sent_anew_goes_before_the_archive(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    warehouse.take_in_one(mutaties(3, casussen=[row("casussen", casus_nummer="C3")]))
    better = mutaties(3, casussen=[row("casussen", casus_nummer="C5")])
    found = warehouse.take_in(mutaties(2, casussen=[]), better)
    assert [u.uitkomst for u in found] == ["opgenomen", "opgenomen"]
    assert warehouse.query("select _levering, count(*) from casussen where _levering > 1 group by all") == [(3, 1)]


def test_a_refused_number_may_be_sent_again(warehouse: Warehouse) -> None:
    bad = HandmadeDelivery(manifest={"soort": "alles"})
    assert [warehouse.take_in_one(bad).uitkomst, warehouse.take_in_one(bad).uitkomst] == ["geweigerd", "geweigerd"]
    assert warehouse.take_in_one(HandmadeDelivery()).uitkomst == "opgenomen"
    assert warehouse.query("select levering_nummer, poging, uitkomst from leveringen order by poging") == [
        (1, 1, "geweigerd"), (1, 2, "geweigerd"), (1, 3, "opgenomen"),
    ]  # fmt: skip
    assert Register(warehouse.settings).leveringen()[0].poging == 3


def test_a_bad_delivery_does_not_hold_up_a_good_one(warehouse: Warehouse) -> None:
    HandmadeDelivery(manifest={"levering_nummer": None}).zip(warehouse.settings.inbox, "z.zip")
    found = warehouse.take_in(HandmadeDelivery(1), mutaties(2, casussen=[row("casussen", casus_nummer="C3")]))
    assert [(u.nummer, u.uitkomst) for u in found] == [(None, "geweigerd"), (1, "opgenomen"), (2, "opgenomen")]


# --- the guard ------------------------------------------------------------------------------------------------------------------


def _many(number: int, rows: int) -> HandmadeDelivery:
    delivery = HandmadeDelivery(number)
    delivery.rows["huisverboden"] = [row("huisverboden", huisverbod_nummer=f"X{i}") for i in range(rows)]
    return delivery


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
def test_less_than_80_percent_of_over_100_rows(warehouse: Warehouse, before: int, after: int, uitkomst: str) -> None:
    warehouse.take_in_one(_many(1, before))
    outcome = warehouse.take_in_one(_many(2, after))
    assert outcome.uitkomst == uitkomst
    if uitkomst == "geweigerd":
        assert "huisverboden.csv" in outcome.reden and "vt deliveries accept 2" in outcome.reden


def test_a_person_lets_it_through_by_number(warehouse: Warehouse) -> None:
    warehouse.take_in_one(_many(1, 200))
    assert warehouse.take_in_one(_many(2, 10)).uitkomst == "geweigerd"
    assert not list(warehouse.settings.inbox.iterdir())
    path = accept(warehouse.settings, 2, "J. Voorbeeld", "registration was cleaned up")
    assert path and path.parent == warehouse.settings.inbox
    assert [u.uitkomst for u in warehouse.take_in()] == ["opgenomen"]
    assert counts(warehouse, "huisverboden") == [10]
    (event,) = Register(warehouse.settings).events("levering_geaccepteerd")
    assert (event.inhoud["nummer"], event.inhoud["door"], event.inhoud["reden"]) == (2, "J. Voorbeeld", "registration was cleaned up")


def test_a_folder_is_put_back_as_a_folder(warehouse: Warehouse) -> None:
    warehouse.take_in_one(_many(1, 200))
    _many(2, 10).map(warehouse.settings.inbox)
    assert warehouse.take_in()[0].uitkomst == "geweigerd"
    path = accept(warehouse.settings, 2, "J. Voorbeeld", "right")
    assert path and path.is_dir()
    assert [u.uitkomst for u in warehouse.take_in()] == ["opgenomen"]


def test_what_was_accepted_is_that_delivery_and_no_other(warehouse: Warehouse) -> None:
    warehouse.take_in_one(_many(1, 200))
    warehouse.take_in_one(_many(2, 10))
    accept(warehouse.settings, 2, "J. Voorbeeld", "right")
    for path in warehouse.settings.inbox.iterdir():
        path.unlink()
    assert warehouse.take_in_one(_many(2, 9)).uitkomst == "geweigerd"
    assert warehouse.take_in_one(_many(2, 10)).uitkomst == "opgenomen"


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (HandmadeDelivery(1), HandmadeDelivery(1001), None),
        (HandmadeDelivery(1), HandmadeDelivery(1002), "nummer_sprong"),
        (HandmadeDelivery(20_250_131), HandmadeDelivery(20_250_132), None),
        (HandmadeDelivery(1, peildatum="2023-01-31"), HandmadeDelivery(2, peildatum="2024-03-06"), None),
        (HandmadeDelivery(1, peildatum="2023-01-31"), HandmadeDelivery(2, peildatum="2024-03-07"), "peildatum_sprong"),
        (HandmadeDelivery(1, peildatum="2023-01-31"), HandmadeDelivery(2, "mutaties", "2024-03-07", {}), "peildatum_sprong"),
    ],
)
def test_a_jump_needs_a_person(warehouse: Warehouse, first: HandmadeDelivery, second: HandmadeDelivery, code: str | None) -> None:
    assert warehouse.take_in_one(first).uitkomst == "opgenomen"
    outcome = warehouse.take_in_one(second)
    assert (outcome.uitkomst, outcome.code) == (("geweigerd", code) if code else ("opgenomen", ""))
    if code:
        assert f"vt deliveries accept {second.nummer}" in outcome.reden and "field" in outcome.reden
        accept(warehouse.settings, second.nummer, "J. Voorbeeld", "right")
        assert [u.uitkomst for u in warehouse.take_in()] == ["opgenomen"]


def test_it_may_be_let_through_while_it_waits_in_the_inbox(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    waits = HandmadeDelivery(5000).zip(warehouse.settings.inbox)
    other = HandmadeDelivery(5000, peildatum="2025-01-03")
    assert accept(warehouse.settings, 5000, "J. Voorbeeld", "a new registration counts on") == waits
    assert [u.uitkomst for u in warehouse.take_in()] == ["opgenomen"]
    with pytest.raises(AcceptError, match="taken in already"):
        accept(warehouse.settings, 5000, "J. Voorbeeld", "x")
    other.manifest["levering_nummer"] = 9000
    other.manifest["soort"] = "alles"
    other.zip(warehouse.settings.inbox)
    with pytest.raises(AcceptError, match=r"will be refused for a reason that cannot be let through: .*soort"):
        accept(warehouse.settings, 9000, "J. Voorbeeld", "x")


@pytest.mark.parametrize(("number", "message"), [(7, "was ever offered"), (1, "taken in already"), (3, "cannot be let through")])
def test_there_must_be_something_to_accept(warehouse: Warehouse, number: int, message: str) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    warehouse.take_in_one(mutaties(3, casussen=[]))
    with pytest.raises(AcceptError, match=message):
        accept(warehouse.settings, number, "J. Voorbeeld", "right")


# --- the state ------------------------------------------------------------------------------------------------------------------


def test_an_unchanged_row_costs_no_new_version(warehouse: Warehouse) -> None:
    second = HandmadeDelivery(2)
    second.row("diensten")["voortijdig"] = "overleden"
    warehouse.take_in(HandmadeDelivery(1), second, mutaties(3, casussen=[row("casussen"), row("casussen", 1)]))
    for entity, rows in BASIS.items():
        found = warehouse.query(f"select _geldig_van, _geldig_tot, _is_actueel from {entity} order by all")
        changed = [(1, 2, False), (2, None, True)]
        assert found == (changed if entity == "diensten" else [(1, None, True)] * len(rows))
    assert warehouse.query("select voortijdig from diensten order by _geldig_van", tot=1) == [(None,)]
    assert warehouse.query("select voortijdig from diensten order by _geldig_van") == [(None,), ("overleden",)]


def test_a_key_missing_from_a_whole_registration_was_deleted(warehouse: Warehouse) -> None:
    second = HandmadeDelivery(2)
    del second.rows["huisverboden"][0], second.rows["overdrachten"][1]
    warehouse.take_in(HandmadeDelivery(1), second)
    assert counts(warehouse, "huisverboden", "overdrachten") == [0, 1]
    assert counts(warehouse, "huisverboden", "overdrachten", tot=1) == [1, 2]
    assert warehouse.query("select _geldig_van, _geldig_tot from huisverboden") == [(1, 2)]


def test_a_key_that_comes_back_is_a_new_version(warehouse: Warehouse) -> None:
    without = HandmadeDelivery(2)
    without.rows["huisverboden"] = []
    warehouse.take_in(HandmadeDelivery(1), without, HandmadeDelivery(3))
    assert warehouse.query("select _geldig_van, _geldig_tot from huisverboden order by 1") == [(1, 2), (3, None)]


def test_mutaties_add_change_and_delete(warehouse: Warehouse) -> None:
    outcomes = warehouse.take_in(
        HandmadeDelivery(1),
        mutaties(
            2,
            casussen=[row("casussen", casus_nummer="C3", huishouden_nummer="H3"), row("casussen", afgesloten_op="2024-06-01")],
            veiligheidscontacten=[deletion(contact_nummer="V1")],
        ),
    )
    assert outcomes[1].entiteiten["veiligheidscontacten"].verwijderd == 1
    assert counts(warehouse, "casussen", "veiligheidscontacten", "meldingen") == [3, 0, 2]
    assert warehouse.query("select _geldig_van, _geldig_tot, _bevestigd from casussen order by all") == [
        (1, 2, True), (1, None, True), (2, None, False), (2, None, False),
    ]  # fmt: skip


def test_what_mutaties_brought_is_confirmed_by_the_next_volledig(warehouse: Warehouse) -> None:
    extra = row("casussen", casus_nummer="C3")
    third = HandmadeDelivery(3)
    third.rows["casussen"].append(extra)
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, casussen=[extra]), third)
    assert warehouse.query("select _geldig_van, _bevestigd from casussen where _geldig_van = 2") == [(2, True)]


def test_what_hangs_on_a_deleted_row_goes_with_it(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, casussen=[deletion(casus_nummer="C1")]))
    left = dict.fromkeys(("casussen", "meldingen", "melding_vormen", "melding_aarden", "betrokkenen", "veiligheidsbeoordelingen"), 1)
    left |= {"overdrachten": 1, "diensten": 0, "huisverboden": 0}
    assert counts(warehouse, *BASIS) == [left.get(e, len(rows)) for e, rows in BASIS.items()]
    assert warehouse.query("select distinct _geldig_tot from betrokkenen where not _is_actueel") == [(2,)]


def test_a_child_that_moves_to_another_parent_does_not_go(warehouse: Warehouse) -> None:
    warehouse.take_in(
        HandmadeDelivery(1),
        mutaties(2, meldingen=[deletion(melding_nummer="M1")], diensten=[row("diensten", melding_nummer="M2", gestart_op="2024-01-10")]),
    )
    assert counts(warehouse, "meldingen", "diensten", "overdrachten") == [1, 1, 1]


def test_a_child_of_a_row_deleted_in_the_same_delivery_is_quarantined(warehouse: Warehouse) -> None:
    warehouse.take_in(
        HandmadeDelivery(1), mutaties(2, meldingen=[deletion(melding_nummer="M1")], diensten=[row("diensten", voortijdig="overleden")])
    )
    assert warehouse.quarantined() == [(2, "diensten", 2, "ouder_ontbreekt", "melding_nummer", "open")]
    assert counts(warehouse, "diensten") == [0]


def test_only_the_key_of_a_deleted_row_counts(warehouse: Warehouse) -> None:
    rows = {
        "diensten": [row("diensten", verwijderd="ja", soort="onzin", gestart_op="x", melding_nummer="NIET")],
        "melding_vormen": [deletion(melding_nummer="M1", vorm="km_anders"), deletion(melding_nummer="M2", vorm="onzin")],
        "betrokkenen": [deletion(melding_nummer="M1", volgnummer="1"), deletion(melding_nummer="M1", volgnummer="")],
        "casussen": [deletion(casus_nummer="BESTAAT_NIET")],
    }
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, **rows))
    assert counts(warehouse, "diensten", "melding_vormen", "betrokkenen", "casussen") == [0, 1, 2, 2]
    assert warehouse.quarantined() == [
        (2, "betrokkenen", 3, "verplicht", "volgnummer", "open"),
        (2, "melding_vormen", 3, "codelijst", "vorm", "open"),
    ]


def test_an_empty_entity(warehouse: Warehouse) -> None:
    empty = HandmadeDelivery(rows={e: [] for e in BASIS})
    assert warehouse.take_in_one(empty).uitkomst == "opgenomen"
    assert warehouse.take_in_one(HandmadeDelivery(2)).uitkomst == "opgenomen"
    assert warehouse.take_in_one(HandmadeDelivery(3, rows={e: [] for e in BASIS})).uitkomst == "opgenomen"
    assert counts(warehouse, *BASIS) == [0] * len(BASIS)


# --- doubles --------------------------------------------------------------------------------------------------------------------


def test_identical_copies_count_once(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    delivery.rows["casussen"] += [row("casussen"), row("casussen") | {"extra": "y"}]
    count = warehouse.take_in_one(delivery).entiteiten["casussen"]
    assert (count.gelezen, count.opgenomen, count.identieke_kopieen, count.quarantaine) == (4, 2, 2, 0)
    assert warehouse.query("select _regel from casussen order by 1") == [(2,), (3,)]


def test_copies_that_differ_are_all_quarantined(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    delivery.rows["huisverboden"] += [row("huisverboden"), row("huisverboden", aanvrager="hulpverlening")]
    delivery.rows["betrokkenen"] += [row("betrokkenen", volgnummer="01")]
    count = warehouse.take_in_one(delivery).entiteiten["huisverboden"]
    assert (count.gelezen, count.opgenomen, count.identieke_kopieen, count.quarantaine) == (3, 0, 0, 3)
    assert {(e, r, c) for _, e, r, c, _, _ in warehouse.quarantined()} == {
        ("huisverboden", 2, "sleutel_dubbel"), ("huisverboden", 3, "sleutel_dubbel"), ("huisverboden", 4, "sleutel_dubbel"),
        ("betrokkenen", 2, "sleutel_dubbel"), ("betrokkenen", 5, "sleutel_dubbel"),
    }  # fmt: skip


def test_children_of_a_double_parent_are_counted_once(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    delivery.rows["adviesvragen"] += [row("adviesvragen", kanaal="mail")]
    count = warehouse.take_in_one(delivery).entiteiten["adviesvraag_vormen"]
    assert (count.gelezen, count.quarantaine) == (1, 1)
    assert [c for _, e, _, c, _, _ in warehouse.quarantined() if e == "adviesvraag_vormen"] == ["ouder_in_quarantaine"]


def test_a_row_that_waits_twice_is_no_longer_open_once_its_parent_came(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery(1)
    delivery.row("adviesvragen")["kanaal"] = "rooksignaal"
    warehouse.take_in(
        delivery, mutaties(2, adviesvraag_vormen=[row("adviesvraag_vormen")]), mutaties(3, adviesvragen=[row("adviesvragen")])
    )
    assert counts(warehouse, "adviesvraag_vormen") == [1]
    assert warehouse.query("select levering_nummer, entiteit, status, gesloten_door_levering from quarantaine order by all") == [
        (1, "adviesvraag_vormen", "gecorrigeerd", 3), (1, "adviesvragen", "gecorrigeerd", 3), (2, "adviesvraag_vormen", "gecorrigeerd", 3),
    ]  # fmt: skip


def test_identical_copies_of_a_bad_row(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    delivery.rows["huisverboden"] = [row("huisverboden", aanvrager="x"), row("huisverboden", aanvrager="x")]
    count = warehouse.take_in_one(delivery).entiteiten["huisverboden"]
    assert (count.gelezen, count.opgenomen, count.identieke_kopieen, count.quarantaine) == (2, 0, 1, 1)


def test_a_row_and_its_deletion_in_one_delivery_contradict_each_other(warehouse: Warehouse) -> None:
    warehouse.take_in(
        HandmadeDelivery(1), mutaties(2, huisverboden=[row("huisverboden", aanvrager="hulpverlening"), deletion(huisverbod_nummer="X1")])
    )
    assert [c for _, _, _, c, _, _ in warehouse.quarantined()] == ["sleutel_dubbel", "sleutel_dubbel"]
    assert warehouse.query("select aanvrager, _is_actueel, _vervangt_quarantaine from huisverboden") == [("politie", True, True)]


# --- quarantine -----------------------------------------------------------------------------------------------------------------


def test_a_quarantined_parent_takes_its_children_along_and_they_follow_it_in(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery(1)
    delivery.row("casussen")["geopend_op"] = "onzin"
    warehouse.take_in_one(delivery)
    found = {(e, c) for _, e, _, c, _, _ in warehouse.quarantined()}
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
    (outcome,) = warehouse.take_in(mutaties(2, casussen=[row("casussen")]))
    assert outcome.entiteiten["casussen"].opgenomen == 1
    assert counts(warehouse, *BASIS) == [len(rows) for rows in BASIS.values()]
    assert {s for *_, s in warehouse.quarantined()} == {"gecorrigeerd"}
    assert warehouse.query("select distinct gesloten_door_levering, sluiting from quarantaine order by all") == [
        (2, "in_orde"), (2, "ouder_in_orde"),
    ]  # fmt: skip
    # what followed keeps the line on which it came, and holds from the delivery that let it in
    assert warehouse.query("select _levering, _bestand, _regel, _geldig_van from diensten") == [(1, "diensten.csv", 2, 2)]
    # and from there on it is a row like any other
    warehouse.take_in(mutaties(3, diensten=[row("diensten", voortijdig="overleden")]), HandmadeDelivery(4))
    assert warehouse.query("select _geldig_van, _geldig_tot from diensten order by 1") == [(2, 3), (3, 4), (4, None)]


def test_a_child_of_a_missing_parent_waits_for_it(warehouse: Warehouse) -> None:
    new = row("veiligheidsbeoordelingen", melding_nummer="M9")
    warehouse.take_in(
        HandmadeDelivery(1), mutaties(2, veiligheidsbeoordelingen=[new], casussen=[]), mutaties(3, casussen=[row("casussen")])
    )
    assert warehouse.quarantined() == [(2, "veiligheidsbeoordelingen", 2, "ouder_ontbreekt", "melding_nummer", "open")]
    warehouse.take_in_one(mutaties(4, meldingen=[row("meldingen", melding_nummer="M9")]))
    assert counts(warehouse, "veiligheidsbeoordelingen") == [3]
    assert warehouse.quarantined() == [(2, "veiligheidsbeoordelingen", 2, "ouder_ontbreekt", "melding_nummer", "gecorrigeerd")]


def test_a_child_that_would_precede_the_parent_that_came_stays_out(warehouse: Warehouse) -> None:
    new = row("veiligheidsbeoordelingen", melding_nummer="M9", besluit_op="2024-01-08")
    late = row("meldingen", melding_nummer="M9", ontvangen_op="2024-01-09T10:00:00+01:00", acuut_beoordeeld_op="", acuut_vermoeden="")
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, veiligheidsbeoordelingen=[new]), mutaties(3, meldingen=[late]))
    assert counts(warehouse, "meldingen", "veiligheidsbeoordelingen") == [3, 2]
    assert [s for *_, s in warehouse.quarantined()] == ["open"]


def test_a_newer_word_on_a_waiting_row_takes_its_place(warehouse: Warehouse) -> None:
    warehouse.take_in(
        HandmadeDelivery(1),
        mutaties(2, diensten=[row("diensten", dienst_nummer="D2", melding_nummer="M9")]),
        mutaties(3, diensten=[row("diensten", dienst_nummer="D2", melding_nummer="M2", gestart_op="2024-01-10")]),
        mutaties(4, meldingen=[row("meldingen", melding_nummer="M9")]),
    )
    assert warehouse.query("select _levering, _geldig_tot from diensten where _levering > 1") == [(3, None)]
    assert warehouse.query("select status, gesloten_door_levering from quarantaine") == [("gecorrigeerd", 3)]


def test_a_waiting_row_that_was_deleted_does_not_come_in(warehouse: Warehouse) -> None:
    warehouse.take_in(
        HandmadeDelivery(1),
        mutaties(2, diensten=[row("diensten", dienst_nummer="D2", melding_nummer="M9")]),
        mutaties(3, diensten=[deletion(dienst_nummer="D2")]),
        mutaties(4, meldingen=[row("meldingen", melding_nummer="M9")]),
    )
    assert counts(warehouse, "diensten") == [1]
    assert warehouse.query("select status, gesloten_door_levering, sluiting from quarantaine") == [("gecorrigeerd", 3, "verwijderd")]


def test_a_waiting_row_with_a_newer_bad_version_does_not_come_in(warehouse: Warehouse) -> None:
    warehouse.take_in(
        HandmadeDelivery(1),
        mutaties(2, diensten=[row("diensten", dienst_nummer="D2", melding_nummer="M9")]),
        mutaties(3, diensten=[row("diensten", dienst_nummer="D2", melding_nummer="M9", soort="onzin")]),
        mutaties(4, meldingen=[row("meldingen", melding_nummer="M9")]),
    )
    assert counts(warehouse, "diensten") == [1]
    assert [s for *_, s in warehouse.quarantined()] == ["open", "open"]
    assert warehouse.query("select levering_nummer, eerste_levering, nieuwste from quarantaine order by 1") == [(2, 2, False), (3, 2, True)]


def test_a_whole_registration_without_the_waiting_row_ends_its_wait(warehouse: Warehouse) -> None:
    warehouse.take_in(
        HandmadeDelivery(1),
        mutaties(2, diensten=[row("diensten", dienst_nummer="D2", melding_nummer="M9")]),
        HandmadeDelivery(3),
        mutaties(4, meldingen=[row("meldingen", melding_nummer="M9")]),
    )
    assert counts(warehouse, "diensten") == [1]
    assert warehouse.query("select status, gesloten_door_levering, sluiting from quarantaine") == [
        ("gecorrigeerd", 3, "niet_meer_geleverd")
    ]


@pytest.mark.parametrize("soort", ["volledig", "mutaties"])
def test_a_quarantined_row_never_displaces_the_good_one(warehouse: Warehouse, soort: str) -> None:
    bad = row("meldingen", hoedanigheid="onzin", urgentie="4")
    second = HandmadeDelivery(2) if soort == "volledig" else mutaties(2, meldingen=[], diensten=[row("diensten", dienst_nummer="D2")])
    second.rows["meldingen"][:1] = [bad]
    warehouse.take_in(HandmadeDelivery(1), second)
    assert warehouse.query("select urgentie, _is_actueel, _vervangt_quarantaine, _levering from meldingen order by _regel") == [
        ("1", True, True, 1), ("3", True, False, 1),
    ]  # fmt: skip
    # it still counts as a parent
    assert [(e, c) for _, e, _, c, _, _ in warehouse.quarantined()] == [("meldingen", "codelijst")]
    assert counts(warehouse, "diensten", "betrokkenen") == [1 if soort == "volledig" else 2, 3]
    # and is what it was once the row comes in good order, unchanged or not
    third = HandmadeDelivery(3) if soort == "volledig" else mutaties(3, meldingen=[row("meldingen")])
    warehouse.take_in_one(third)
    assert warehouse.query("select distinct _vervangt_quarantaine from meldingen") == [(False,)]
    assert warehouse.query("select count(*) from meldingen") == [(2,)]
    assert [s for *_, s in warehouse.quarantined()] == ["gecorrigeerd"]


def test_what_stands_in_survives_whole_registrations_and_nights(warehouse: Warehouse) -> None:
    def bad(number: int) -> HandmadeDelivery:
        delivery = HandmadeDelivery(number)
        delivery.row("meldingen")["hoedanigheid"] = "onzin"
        return delivery

    warehouse.take_in(
        HandmadeDelivery(1), bad(2), mutaties(3, casussen=[row("casussen", casus_nummer="C3")]), bad(4), mutaties(5, casussen=[])
    )
    query = "select _levering, _geldig_van, _geldig_tot, _vervangt_quarantaine from meldingen order by _regel"
    assert warehouse.query(query) == [(1, 1, None, True), (1, 1, None, False)]
    assert warehouse.query("select levering_nummer, eerste_levering, nieuwste, status from quarantaine order by 1") == [
        (2, 2, False, "open"), (4, 2, True, "open"),
    ]  # fmt: skip
    warehouse.take_in_one(mutaties(6, meldingen=[row("meldingen")]))
    assert warehouse.query(query) == [(1, 1, None, False), (1, 1, None, False)]
    assert {s for *_, s in warehouse.quarantined()} == {"gecorrigeerd"}


CHILDREN = ("melding_vormen", "melding_aarden", "betrokkenen", "veiligheidsbeoordelingen", "diensten")


def _without_a_report(nummer: int) -> HandmadeDelivery:
    """A whole registration that leaves report M1 out and brings what hangs on it."""
    delivery = HandmadeDelivery(nummer)
    delivery.rows["meldingen"] = delivery.rows["meldingen"][1:]
    delivery.rows["overdrachten"][0]["melding_nummer"] = ""
    return delivery


def _without_a_case(nummer: int) -> HandmadeDelivery:
    """A whole registration that leaves casus C1 out and brings its report, but not its transfer and restraining order."""
    delivery = HandmadeDelivery(nummer)
    delivery.rows["casussen"] = delivery.rows["casussen"][1:]
    delivery.rows["overdrachten"] = delivery.rows["overdrachten"][1:]
    delivery.rows["huisverboden"] = []
    return delivery


def standing_in(warehouse: Warehouse, entity: str) -> list[tuple[Any, ...]]:
    """(line, stands in for a quarantined row) of the current rows."""
    return warehouse.query(f"select _regel, _vervangt_quarantaine from {entity} where _is_actueel order by 1")


def test_a_row_whose_parent_is_left_out_stands_and_keeps_it(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1), _without_a_report(2))
    assert counts(warehouse, "meldingen", "betrokkenen", "diensten", "overdrachten") == [2, 3, 1, 2]
    assert {(e, c) for _, e, _, c, _, _ in warehouse.quarantined()} == {(e, "ouder_ontbreekt") for e in CHILDREN}
    assert standing_in(warehouse, "meldingen") == [(2, True), (3, False)]
    assert standing_in(warehouse, "diensten") == [(2, True)]
    # the transfer came in good order, without its report: it stands by itself
    assert standing_in(warehouse, "overdrachten") == [(2, False), (3, False)]


def test_it_keeps_a_parent_of_its_parent_too(warehouse: Warehouse) -> None:
    outcomes = warehouse.take_in(HandmadeDelivery(1), _without_a_case(2))
    assert counts(warehouse, "casussen", "meldingen", "diensten", "huisverboden", "overdrachten") == [2, 2, 1, 0, 1]
    # what hangs on the report is in good order: the report itself stands, if not by this delivery
    assert [q[1:5] for q in warehouse.quarantined()] == [("meldingen", 2, "ouder_ontbreekt", "casus_nummer")]
    assert standing_in(warehouse, "casussen") == [(2, True), (3, False)]
    assert standing_in(warehouse, "meldingen") == [(2, True), (3, False)]
    assert (outcomes[1].entiteiten["casussen"].behouden, outcomes[1].entiteiten["casussen"].verwijderd) == (1, 0)
    assert outcomes[1].entiteiten["huisverboden"].verwijderd == 1


@pytest.mark.parametrize("soort", ["volledig", "mutaties"])
def test_until_a_delivery_brings_the_parent(warehouse: Warehouse, soort: str) -> None:
    warehouse.take_in(HandmadeDelivery(1), _without_a_case(2), _without_a_case(3))
    assert [n for n, *_ in warehouse.quarantined()] == [2, 3]
    warehouse.take_in_one(HandmadeDelivery(4) if soort == "volledig" else mutaties(4, casussen=[row("casussen", geopend_op="2024-01-02")]))
    assert standing_in(warehouse, "casussen") in ([(2, False), (3, False)], [(2, False), (2, False), (3, False)])
    assert standing_in(warehouse, "meldingen") == [(2, False), (3, False)]
    assert {s for *_, s in warehouse.quarantined()} == {"gecorrigeerd"}


def test_until_a_whole_registration_leaves_the_row_out_too(warehouse: Warehouse) -> None:
    third = _without_a_case(3)
    third.rows = {e: [r for r in rows if r.get("melding_nummer") != "M1"] for e, rows in third.rows.items()}
    warehouse.take_in(HandmadeDelivery(1), _without_a_case(2), third)
    assert counts(warehouse, "casussen", "meldingen", "betrokkenen", "diensten") == [1, 1, 1, 0]


def test_until_the_row_is_deleted(warehouse: Warehouse) -> None:
    """Nothing hangs on the casus any more, and the registration does not have it: it goes with the report."""
    found = warehouse.take_in(HandmadeDelivery(1), _without_a_case(2), mutaties(3, meldingen=[deletion(melding_nummer="M1")]))
    assert counts(warehouse, "casussen", "meldingen", "betrokkenen", "diensten") == [1, 1, 1, 0]
    assert found[2].entiteiten["meldingen"].verwijderd == 1
    assert warehouse.query("select _geldig_van, _geldig_tot from casussen order by all") == [(1, 3), (1, None)]


def test_what_waits_for_a_parent_that_only_stands_in_waits_on(warehouse: Warehouse) -> None:
    """The casus stands for its report alone: that is no reason to let the report's newer version in."""
    second = _without_a_case(2)
    second.rows["meldingen"][0]["urgentie"] = "4"
    warehouse.take_in(HandmadeDelivery(1), second, mutaties(3, casussen=[row("casussen", 1, geopend_op="2024-01-04")]))
    assert warehouse.query("select urgentie, _vervangt_quarantaine from meldingen where _is_actueel and _regel = 2") == [("1", True)]
    warehouse.take_in_one(mutaties(4, casussen=[row("casussen")]))
    assert warehouse.query("select urgentie, _vervangt_quarantaine from meldingen where _is_actueel and _regel = 2") == [("4", False)]


def test_what_came_in_since_does_not_stand_for_another_alone(warehouse: Warehouse) -> None:
    """The report was left out and stood for its dienst; then its own row came in from quarantine: it stays when the dienst goes."""
    new = row("meldingen", casus_nummer="C9")
    warehouse.take_in(
        HandmadeDelivery(1),
        _without_a_report(2),
        mutaties(3, meldingen=[new]),
        mutaties(4, casussen=[row("casussen", casus_nummer="C9")]),
        mutaties(5, diensten=[deletion(dienst_nummer="D1")]),
    )
    assert warehouse.query("select _levering, _geldig_tot from meldingen where _regel = 2 order by _levering") == [(1, 4), (3, None)]


def test_a_new_row_may_hang_on_a_parent_that_stands_in(warehouse: Warehouse) -> None:
    new = row("huisverboden", huisverbod_nummer="X9")
    warehouse.take_in(HandmadeDelivery(1), _without_a_case(2), mutaties(3, huisverboden=[new], meldingen=[deletion(melding_nummer="M1")]))
    assert counts(warehouse, "casussen", "meldingen", "huisverboden") == [2, 1, 1]


def test_a_bad_key_shields_nothing(warehouse: Warehouse) -> None:
    second = HandmadeDelivery(2)
    second.row("melding_vormen")["vorm"] = "onzin"
    second.row("betrokkenen")["volgnummer"] = ""
    warehouse.take_in(HandmadeDelivery(1), second)
    assert counts(warehouse, "melding_vormen", "betrokkenen") == [1, 2]


def test_every_parent_that_is_named_stands(warehouse: Warehouse) -> None:
    second = HandmadeDelivery(2)
    second.row("casussen")["geopend_op"] = "onzin"
    second.row("meldingen", 1)["urgentie"] = "9"
    warehouse.take_in(
        HandmadeDelivery(1), second, mutaties(3, casussen=[deletion(casus_nummer="C2")], meldingen=[row("meldingen", melding_nummer="M3")])
    )
    for child, field, parent in (
        ("meldingen", "casus_id", "casussen"),
        ("diensten", "melding_id", "meldingen"),
        ("overdrachten", "melding_id", "meldingen"),
    ):
        orphans = warehouse.query(
            f"select * from {child} c where _is_actueel and c.{field} is not null "
            f"and not exists (select 1 from {parent} p where p.{field} = c.{field} and p._is_actueel)"
        )
        assert orphans == []


def test_entries_without_a_key_close_with_the_next_whole_registration(warehouse: Warehouse) -> None:
    first, second = HandmadeDelivery(1), HandmadeDelivery(2)
    first.row("huisverboden")["huisverbod_nummer"] = ""
    second.row("huisverboden")["huisverbod_nummer"] = ""
    warehouse.take_in(first, second)
    assert [(n, s) for n, *_, s in warehouse.quarantined()] == [(1, "open"), (2, "open")]
    warehouse.take_in_one(HandmadeDelivery(3))
    assert [(n, s) for n, *_, s in warehouse.quarantined()] == [(1, "gecorrigeerd"), (2, "gecorrigeerd")]


def test_history_as_of_an_earlier_delivery_knows_nothing_of_later_ones(warehouse: Warehouse) -> None:
    bad = HandmadeDelivery(1)
    bad.row("casussen")["geopend_op"] = "onzin"
    warehouse.take_in_one(bad)
    tables = [*BASIS, "quarantaine", "leveringen", "levering_entiteiten", "waarschuwingen"]
    then = {e: warehouse.query(f"from {e} order by all") for e in tables}
    warehouse.take_in(HandmadeDelivery(2), mutaties(3, meldingen=[deletion(melding_nummer="M2")]))
    for entity, rows in then.items():
        assert warehouse.query(f"from {entity} order by all", tot=1) == rows


# --- safety ---------------------------------------------------------------------------------------------------------------------


def test_a_lost_row_stops_the_intake_before_anything_is_kept(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    before = warehouse.files()

    original = Judging._compare

    def lose_one(self: Judging, entity: Any, columns: list[str]) -> None:
        self.con.execute(f"delete from gelezen_{entity.name} where regel = 2")
        original(self, entity, columns)

    monkeypatch.setattr(Judging, "_compare", lose_one)
    with pytest.raises(BalanceError, match="rows read"):
        warehouse.take_in(HandmadeDelivery(2))
    after = warehouse.files()
    del before["register/sleutelgebruik.jsonl"], after["register/sleutelgebruik.jsonl"]
    assert after == before
    monkeypatch.undo()
    assert warehouse.take_in()[0].uitkomst == "opgenomen"


def test_two_intakes_at_once(warehouse: Warehouse) -> None:
    HandmadeDelivery().zip(warehouse.settings.inbox)
    with only_intake(warehouse.settings), pytest.raises(BusyError, match="Another intake"):
        take_in_waiting(warehouse.settings, lambda _: None)
    assert warehouse.take_in()[0].uitkomst == "opgenomen"


def test_a_register_that_was_tampered_with_is_noticed(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, casussen=[]), mutaties(3, casussen=[]))
    first = min(warehouse.settings.register.glob("*.json"))
    content = first.read_text()
    first.write_text(content.replace('"volledig"', '"mutaties"'))
    with pytest.raises(RegisterError, match="00000002"):
        warehouse.take_in_one(mutaties(4, casussen=[]))
    first.unlink()
    with pytest.raises(RegisterError):
        Register(warehouse.settings).leveringen()
    first.write_text(content)
    assert len(Register(warehouse.settings).leveringen()) == 3


def test_remains_of_an_intake_that_was_cut_off_are_cleaned_up(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    Register(warehouse.settings).plan(["00000002"], ["00000002-000002.zip.vta"])
    for base in (warehouse.settings.landing, warehouse.settings.vault, warehouse.settings.quarantine):
        (base / "00000002").mkdir(parents=True)
        (base / ".wacht-00000003").mkdir()
        (base / "00000002" / "meldingen.parquet").write_bytes(b"half")
    (warehouse.settings.archive / "00000002-000002.zip.vta").write_bytes(b"half")
    warehouse.take_in()
    assert sorted(p.name for p in warehouse.settings.landing.iterdir()) == ["00000001", "register.json"]
    assert [p.name for p in warehouse.settings.vault.iterdir()] == ["00000001"]
    assert [p.name for p in warehouse.settings.archive.iterdir()] == ["00000001-000001.zip.vta"]


def test_the_archive_keeps_deliveries_as_they_came_for_so_many_days(warehouse: Warehouse) -> None:
    path = HandmadeDelivery().zip(warehouse.settings.inbox)
    content = path.read_bytes()
    warehouse.take_in()
    (kept,) = warehouse.settings.archive.iterdir()
    back = archive.put_back(warehouse.settings, open_key(warehouse.settings, "test"), kept.name)
    assert back and back.read_bytes() == content
    back.unlink()
    short = warehouse.settings.model_copy(update={"archief_dagen": 0})
    take_in_waiting(short, lambda _: None)
    assert not list(warehouse.settings.archive.iterdir())


def test_progress_and_results_hold_no_values(warehouse: Warehouse) -> None:
    said: list[str] = []
    delivery = HandmadeDelivery()
    delivery.row("betrokkenen")["bsn"] = "123456789"
    delivery.row("meldingen")["hoedanigheid"] = "Jan Jansen"
    delivery.zip(warehouse.settings.inbox)
    found = take_in_waiting(warehouse.settings, said.append)
    told = json.dumps([said, [str(u) for u in found]]) + str(warehouse.query("from quarantaine"))
    for value in ("123456789", "Jan Jansen", "999990019", "19850312"):
        assert value not in told
    assert said


def test_phases_are_named_where_they_end(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(process, "phase", seen.append)
    warehouse.take_in_one(HandmadeDelivery())
    assert seen == [p for p in PHASES if p != "geweigerd"]


def test_files_are_for_their_owner_alone(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery())
    for base in ("landing", "vault", "archive", "register", "keys", "quarantine"):
        path: Path = warehouse.settings.root / base
        assert path.stat().st_mode & 0o077 == 0, base


def test_a_report_of_the_same_minute_for_the_same_household_by_the_same_reporter(warehouse: Warehouse) -> None:
    first = HandmadeDelivery(1)
    report = first.row("meldingen")  # 10:00:00, by the police, household H1
    first.rows["casussen"].append(first.row("casussen") | {"casus_nummer": "C9"})  # another case of that household
    others = {
        "D1": {"ontvangen_op": "2024-01-04T09:00:59Z", "casus_nummer": "C9"},
        "D2": {"ontvangen_op": "2024-01-04T10:01:00+01:00"},
        "D3": {"hoedanigheid": "huisarts"},
        "D4": {"casus_nummer": "C2"},
    }
    first.rows["meldingen"] += [report | {"melding_nummer": n} | changes for n, changes in others.items()]
    count = warehouse.take_in_one(first).entiteiten["meldingen"]
    assert (count.opgenomen, count.quarantaine) == (6, 0)
    path = warehouse.settings.landing / "00000001" / "waarschuwingen.parquet"
    lines = duckdb.connect().execute(f"select regel from {text(path)} where controle = 'dubbele_melding' order by 1").fetchall()
    assert lines == [(2,), (4,)]
    # and beside a report of an earlier delivery
    second = mutaties(2, meldingen=[report | {"melding_nummer": "D5"}])
    assert warehouse.take_in_one(second).entiteiten["meldingen"].waarschuwingen == 1


def test_an_empty_field_in_quotes_is_missing(warehouse: Warehouse) -> None:
    header = b"casus_nummer;huishouden_nummer;geopend_op;afgesloten_op\n"
    content = header + b'C1;H1;2024-01-01;""\nC2;H2;2024-01-05;\nC3;"";2024-01-05;\n'
    warehouse.take_in_one(HandmadeDelivery(files={"casussen.csv": content}, counts={"casussen": 3}))
    assert warehouse.query("select _regel, afgesloten_op is null from casussen order by 1") == [(2, True), (3, True)]
    assert [q[1:5] for q in warehouse.quarantined() if q[1] == "casussen"] == [("casussen", 4, "verplicht", "huishouden_nummer")]


def test_a_clock_far_ahead_for_one_night_destroys_no_archive(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the term of the archive is held to is the clock as well as the register; a night later the clock is right again."""
    first = datetime.now(UTC)
    warehouse.take_in_one(HandmadeDelivery(1))

    def clock(days: int) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> "Clock":
                return cls.fromtimestamp((first + timedelta(days=days)).timestamp(), tz)

        for module in ("landing.terms", "register.register"):
            monkeypatch.setattr(f"orchestration.{module}.datetime", Clock)

    def kept() -> int:
        return len([p for p in warehouse.settings.archive.iterdir() if not p.name.startswith(".")])

    clock(2)
    warehouse.take_in_one(mutaties(2, casussen=[]))
    clock(2000)
    warehouse.take_in()
    assert kept() == 2, "the clock is not believed"
    clock(80)
    warehouse.take_in_one(mutaties(3, casussen=[]))
    clock(91)
    warehouse.take_in()
    assert kept() == 2, "the first is past 90 days, by the clock and by the register"
