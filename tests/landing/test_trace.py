"""From a row to the registration and back; every use of the key is logged, the number is not."""

import pytest

from orchestration.keys.use import uses
from orchestration.landing import trace
from orchestration.landing.trace import HerleidFout, Vindplaats
from orchestration.privacy import forget
from tests.lib.handmade import Aanlevering, mutaties
from tests.lib.warehouse import Magazijn


def test_from_a_row_of_the_warehouse_to_its_originals(magazijn: Magazijn) -> None:
    changed = Aanlevering().rij("meldingen") | {"urgentie": "2"}
    magazijn.neem(Aanlevering(1), mutaties(2, meldingen=[changed]))
    rows = magazijn.vraag("select _levering, _bestand, _regel from meldingen order by all")
    places = [Vindplaats(n, "meldingen", b, r) for n, b, r in rows]
    found = trace.originals(magazijn.settings, places, "aantal meldingen 2024")
    assert [found[p]["melding_nummer"] for p in places] == ["M1", "M2", "M1"]
    assert found[places[0]] == {"melding_nummer": "M1", "casus_nummer": "C1"}
    assert uses(magazijn.settings)[-1]["waarvoor"] == "trace: aantal meldingen 2024 (3 rows)"


def test_from_a_number_to_its_rows(magazijn: Magazijn) -> None:
    second = Aanlevering(2)
    second.rij("diensten")["soort"] = "?"
    magazijn.neem(Aanlevering(1), second)
    found = trace.places_of(magazijn.settings, "dienst", "D1")
    assert found == [Vindplaats(1, "diensten", "diensten.csv", 2), Vindplaats(2, "diensten", "diensten.csv", 2)]
    persons = trace.places_of(magazijn.settings, "persoon", "999990019")
    assert {p.entiteit for p in persons} == {"betrokkenen"}
    assert len(trace.places_of(magazijn.settings, "casus", "C1")) == 2 * 4
    assert trace.places_of(magazijn.settings, "casus", "BESTAAT_NIET") == []
    assert "999990019" not in str(uses(magazijn.settings))


def test_white_space_around_a_number_counts_for_nothing(magazijn: Magazijn) -> None:
    """As it was delivered, and as it is asked for."""
    delivered = Aanlevering(1)
    delivered.rij("diensten")["dienst_nummer"] = "\tD1\u00a0"
    second = Aanlevering(2)
    second.rij("diensten").update(dienst_nummer=" D1", soort="?")
    magazijn.neem(delivered, second)
    places = [Vindplaats(1, "diensten", "diensten.csv", 2), Vindplaats(2, "diensten", "diensten.csv", 2)]
    assert trace.places_of(magazijn.settings, "dienst", "D1") == places
    assert trace.places_of(magazijn.settings, "dienst", "\u2003D1 \n") == places
    found = trace.originals(magazijn.settings, places, "x")
    assert [row["dienst_nummer"] for row in found.values()] == ["D1", "D1"]


def test_what_is_not_there(magazijn: Magazijn) -> None:
    magazijn.een(Aanlevering(1))
    with pytest.raises(HerleidFout, match="Delivery 7"):
        trace.originals(magazijn.settings, [Vindplaats(7, "meldingen", "meldingen.csv", 2)], "x")
    with pytest.raises(HerleidFout, match="no kind of number"):
        trace.places_of(magazijn.settings, "huis", "1")
    assert trace.originals(magazijn.settings, [Vindplaats(1, "meldingen", "meldingen.csv", 99)], "x") == {}
    forget.forget(magazijn.settings, "casus", "C1", "J. Voorbeeld", "x", lambda _: None)
    assert trace.originals(magazijn.settings, [Vindplaats(1, "meldingen", "meldingen.csv", 2)], "x") == {}
