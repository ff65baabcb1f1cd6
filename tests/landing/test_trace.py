"""From a row to the registration and back; every use of the key is logged, the number is not."""

import pytest

from orchestration.keys.use import uses
from orchestration.landing import trace
from orchestration.landing.trace import Place, TraceError
from orchestration.privacy import forget
from tests.lib.handmade import HandmadeDelivery, mutaties
from tests.lib.warehouse import Warehouse


def test_from_a_row_of_the_warehouse_to_its_originals(warehouse: Warehouse) -> None:
    changed = HandmadeDelivery().row("meldingen") | {"urgentie": "2"}
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, meldingen=[changed]))
    rows = warehouse.query("select _levering, _bestand, _regel from meldingen order by all")
    places = [Place(n, "meldingen", b, r) for n, b, r in rows]
    found = trace.originals(warehouse.settings, places, "aantal meldingen 2024")
    assert [found[p]["melding_nummer"] for p in places] == ["M1", "M2", "M1"]
    assert found[places[0]] == {"melding_nummer": "M1", "casus_nummer": "C1"}
    assert uses(warehouse.settings)[-1]["waarvoor"] == "trace: aantal meldingen 2024 (3 rows)"


def test_from_a_number_to_its_rows(warehouse: Warehouse) -> None:
    second = HandmadeDelivery(2)
    second.row("diensten")["soort"] = "?"
    warehouse.take_in(HandmadeDelivery(1), second)
    found = trace.places_of(warehouse.settings, "dienst", "D1")
    assert found == [Place(1, "diensten", "diensten.csv", 2), Place(2, "diensten", "diensten.csv", 2)]
    persons = trace.places_of(warehouse.settings, "persoon", "999990019")
    assert {p.entiteit for p in persons} == {"betrokkenen"}
    assert len(trace.places_of(warehouse.settings, "casus", "C1")) == 2 * 4
    assert trace.places_of(warehouse.settings, "casus", "BESTAAT_NIET") == []
    assert "999990019" not in str(uses(warehouse.settings))


def test_all_of_one_person_is_found_with_what_hangs_on_it(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery(1)
    delivery.rows["meldingen"].append(delivery.row("meldingen") | {"melding_nummer": "M3"})  # of the same case, somebody else
    held = mutaties(2, betrokkenen=[delivery.row("betrokkenen") | {"rol": "?"}])
    warehouse.take_in(delivery, held)
    found = trace.of_person(warehouse.settings, " 999990019")
    assert found.own == [Place(1, "betrokkenen", "betrokkenen.csv", 2), Place(2, "betrokkenen", "betrokkenen.csv", 2)]
    report, case = ({(p.entiteit, p.regel) for p in places} for places in (found.of_report, found.of_case))
    of_report = ("meldingen", "melding_vormen", "melding_aarden", "veiligheidsbeoordelingen", "diensten", "overdrachten")
    assert report == {(entity, 2) for entity in of_report} | {("betrokkenen", 3)}
    assert case >= {("casussen", 2), ("meldingen", 4)}
    assert not {("meldingen", 3), ("casussen", 3), ("betrokkenen", 4)} & (report | case), "what is of another case is not about this person"
    assert trace.of_person(warehouse.settings, "999990021") == trace.OfPerson([], [], [])
    assert "99999" not in str(uses(warehouse.settings))


def test_white_space_around_a_number_counts_for_nothing(warehouse: Warehouse) -> None:
    """As it was delivered, and as it is asked for."""
    delivered = HandmadeDelivery(1)
    delivered.row("diensten")["dienst_nummer"] = "\tD1\u00a0"
    second = HandmadeDelivery(2)
    second.row("diensten").update(dienst_nummer=" D1", soort="?")
    warehouse.take_in(delivered, second)
    places = [Place(1, "diensten", "diensten.csv", 2), Place(2, "diensten", "diensten.csv", 2)]
    assert trace.places_of(warehouse.settings, "dienst", "D1") == places
    assert trace.places_of(warehouse.settings, "dienst", "\u2003D1 \n") == places
    found = trace.originals(warehouse.settings, places, "x")
    assert [row["dienst_nummer"] for row in found.values()] == ["D1", "D1"]


def test_what_is_not_there(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    with pytest.raises(TraceError, match="Delivery 7"):
        trace.originals(warehouse.settings, [Place(7, "meldingen", "meldingen.csv", 2)], "x")
    with pytest.raises(TraceError, match="no kind of number"):
        trace.places_of(warehouse.settings, "huis", "1")
    assert trace.originals(warehouse.settings, [Place(1, "meldingen", "meldingen.csv", 99)], "x") == {}
    forget.forget(warehouse.settings, "casus", "C1", "J. Voorbeeld", "x", lambda _: None)
    assert trace.originals(warehouse.settings, [Place(1, "meldingen", "meldingen.csv", 2)], "x") == {}
