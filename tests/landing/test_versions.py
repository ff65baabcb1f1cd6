"""Deliveries of either version of the contract, in any order by number: capaciteit came with 1.1."""

from itertools import product

import pytest

from orchestration.landing.takein import Outcome
from tests.lib.handmade import FIRST_VERSION, HandmadeDelivery, Row, first_version, mutaties
from tests.lib.warehouse import Warehouse

STANDS = "select maand, team, formatie_fte::varchar, bezetting_fte::varchar, verzuim_procent::varchar, _levering from capaciteit"
NOW = f"{STANDS} where _is_actueel order by all"
FIRST: Row = {"maand": "2024-01", "team": "Spoedteam", "formatie_fte": "12", "bezetting_fte": "10,5", "verzuim_procent": "8.25"}
SECOND: Row = {"maand": "2024-01", "team": "Overig", "formatie_fte": "2.5", "bezetting_fte": "2"}
LEFT_ALONE = "contract 1.0 has no capaciteit"


def whole(number: int, *rows: Row) -> HandmadeDelivery:
    delivery = HandmadeDelivery(number)
    delivery.rows["capaciteit"] = list(rows)
    return delivery


def older(number: int) -> HandmadeDelivery:
    return first_version(HandmadeDelivery(number))


def taken_in(found: list[Outcome]) -> None:
    assert [(o.uitkomst, o.reden) for o in found] == [("opgenomen", "")] * len(found)


def test_points_and_commas_are_read_alike(warehouse: Warehouse) -> None:
    taken_in(warehouse.take_in(whole(1, FIRST, SECOND)))
    assert warehouse.query(NOW) == [
        ("2024-01", "Overig", "2.500000", "2.000000", None, 1),
        ("2024-01", "Spoedteam", "12.000000", "10.500000", "8.250000", 1),
    ]


def test_a_whole_registration_of_before_leaves_capaciteit_as_it_was_and_says_so(warehouse: Warehouse) -> None:
    found = warehouse.take_in(whole(1, FIRST), older(2), older(3))
    taken_in(found)
    assert [any(LEFT_ALONE in note for note in o.opmerkingen) for o in found] == [False, True, True]
    assert warehouse.query(NOW) == [("2024-01", "Spoedteam", "12.000000", "10.500000", "8.250000", 1)]
    assert warehouse.query("select distinct levering_nummer from levering_entiteiten where entiteit = 'capaciteit'") == [(1,)]


def test_it_says_nothing_where_capaciteit_was_never_delivered(warehouse: Warehouse) -> None:
    found = warehouse.take_in(older(1), older(2))
    taken_in(found)
    assert not any(o.opmerkingen for o in found)
    assert warehouse.query(NOW) == []


def test_changes_go_on_from_where_they_were_over_a_registration_of_before(warehouse: Warehouse) -> None:
    changed = SECOND | {"bezetting_fte": "1,75"}
    ended = {"maand": "2024-01", "team": "Spoedteam", "verwijderd": "ja"}
    older_changes = first_version(mutaties(4, huisverboden=[]))
    found = warehouse.take_in(
        whole(1, FIRST, SECOND), older(2), mutaties(3, capaciteit=[changed]), older_changes, mutaties(5, capaciteit=[ended])
    )
    taken_in(found)
    assert warehouse.query(NOW) == [("2024-01", "Overig", "2.500000", "1.750000", None, 3)]
    assert warehouse.query(NOW, tot=2) == [
        ("2024-01", "Overig", "2.500000", "2.000000", None, 1),
        ("2024-01", "Spoedteam", "12.000000", "10.500000", "8.250000", 1),
    ]


def test_changes_alone_may_bring_it(warehouse: Warehouse) -> None:
    taken_in(warehouse.take_in(older(1), mutaties(2, capaciteit=[FIRST]), older(3)))
    assert warehouse.query(NOW) == [("2024-01", "Spoedteam", "12.000000", "10.500000", "8.250000", 2)]


def test_a_whole_registration_of_now_ends_what_it_leaves_out(warehouse: Warehouse) -> None:
    taken_in(warehouse.take_in(whole(1, FIRST, SECOND), older(2), whole(3, SECOND)))
    assert [row[1] for row in warehouse.query(NOW)] == ["Overig"]
    taken_in(warehouse.take_in(whole(4)))
    assert warehouse.query(NOW) == []


def test_what_is_in_quarantine_stays_there_over_a_registration_of_before(warehouse: Warehouse) -> None:
    bad = FIRST | {"verzuim_procent": "101"}
    taken_in(warehouse.take_in(whole(1, FIRST), mutaties(2, capaciteit=[bad]), older(3)))
    assert [(n, e, c, v, s) for n, e, _, c, v, s in warehouse.quarantined()] == [(2, "capaciteit", "maximum", "verzuim_procent", "open")]
    assert [row[-1] for row in warehouse.query(NOW)] == [1]  # the earlier version stands in
    taken_in(warehouse.take_in(mutaties(4, capaciteit=[FIRST | {"verzuim_procent": "10"}])))
    assert [s for *_, s in warehouse.quarantined()] == ["gecorrigeerd"]
    assert [row[-2:] for row in warehouse.query(NOW)] == [("10.000000", 4)]


def test_two_rows_for_one_team_and_month(warehouse: Warehouse) -> None:
    spaced = SECOND | {"team": " Overig"}
    taken_in(warehouse.take_in(whole(1, FIRST, SECOND, spaced, FIRST)))
    # white space around a name tells no teams apart: these two differ as delivered, so both are held; identical copies count once
    assert [(e, r, c) for _, e, r, c, *_ in warehouse.quarantined()] == [
        ("capaciteit", 3, "sleutel_dubbel"),
        ("capaciteit", 4, "sleutel_dubbel"),
    ]
    assert [row[1] for row in warehouse.query(NOW)] == ["Spoedteam"]


def test_a_whole_registration_of_now_lists_it(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery(1)
    del delivery.rows["capaciteit"]
    outcome = warehouse.take_in_one(delivery)
    assert outcome.uitkomst == "geweigerd"
    assert "capaciteit" in outcome.reden
    unknown = HandmadeDelivery(1)
    unknown.manifest["contract_versie"] = FIRST_VERSION
    assert "capaciteit is no entity of contract 1.0" in warehouse.take_in_one(unknown).reden


@pytest.mark.parametrize("kinds", list(product(("now", "before"), repeat=3)), ids="-".join)
def test_the_order_of_versions_changes_nothing_else(warehouse: Warehouse, kinds: tuple[str, ...]) -> None:
    made = [whole(n, FIRST) if kind == "now" else older(n) for n, kind in enumerate(kinds, 1)]
    taken_in(warehouse.take_in(*made))
    assert len(warehouse.query("from meldingen where _is_actueel")) == 2
    assert len(warehouse.query(NOW)) == ("now" in kinds)
