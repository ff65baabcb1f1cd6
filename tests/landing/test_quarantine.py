"""The life cycle of a quarantined row: listed, shown with the key, corrected by a delivery, dismissed by a person, exported."""

from pathlib import Path

import pytest

from orchestration.keys.use import uses
from orchestration.landing import quarantine
from orchestration.landing.quarantine import QuarantaineFout
from orchestration.register.register import Register
from tests.lib.handmade import Aanlevering, mutaties
from tests.lib.warehouse import Magazijn


def bad(number: int = 1) -> Aanlevering:
    """A delivery with a bad casus (and all that hangs on it) and a bad advice."""
    aanlevering = Aanlevering(number)
    aanlevering.rij("casussen")["geopend_op"] = "onzin"
    aanlevering.rij("adviesvragen", 1)["kanaal"] = "Jan Jansen"
    return aanlevering


def test_list_and_counts(magazijn: Magazijn) -> None:
    magazijn.een(bad())
    found = quarantine.entries(magazijn.settings)
    assert [(i.entiteit, i.regel, i.controle, i.veld, i.status) for i in found][:2] == [
        ("adviesvragen", 3, "codelijst", "kanaal", "open"),
        ("betrokkenen", 2, "ouder_in_quarantaine", "melding_nummer", "open"),
    ]
    assert "Jan Jansen" not in str(found)
    assert [i.entiteit for i in quarantine.entries(magazijn.settings, controle="type")] == ["casussen"]
    assert len(quarantine.entries(magazijn.settings, grens=3)) == 3
    assert quarantine.entries(magazijn.settings, status="afgewezen") == []
    counted = {(e, c): n for e, c, _, n, _ in quarantine.counts(magazijn.settings)}
    assert counted["casussen", "type"] == 1 and counted["betrokkenen", "ouder_in_quarantaine"] == 2


def test_counts_count_a_row_once_and_from_its_first_time(magazijn: Magazijn) -> None:
    magazijn.neem(bad(1), bad(2), bad(3))
    counted = [(n, since) for e, _, _, n, since in quarantine.counts(magazijn.settings) if e == "casussen"]
    first = Register(magazijn.settings).leveringen()[0].verwerkt_op
    assert counted == [(1, first)]
    assert len(quarantine.entries(magazijn.settings, entiteit="casussen")) == 3


def test_show_gives_the_raw_line_and_logs_the_use_of_the_key(magazijn: Magazijn) -> None:
    magazijn.een(bad())
    entry, raw = quarantine.show(magazijn.settings, 1, "adviesvragen", 3)
    assert raw == "A2;2024-01-03;;Jan Jansen;familielid;ja;"
    assert (entry.controle, entry.veld) == ("codelijst", "kanaal")
    assert uses(magazijn.settings)[-1]["waarvoor"] == "quarantine show: delivery 1, adviesvragen, line 3"
    with pytest.raises(QuarantaineFout, match="line 2"):
        quarantine.show(magazijn.settings, 1, "adviesvragen", 2)


def test_dismiss_is_a_decision_of_a_person(magazijn: Magazijn) -> None:
    magazijn.een(bad())
    assert quarantine.dismiss(magazijn.settings, 1, "adviesvragen", "J. Voorbeeld", "test record", regel=3) == 1
    (entry,) = quarantine.entries(magazijn.settings, status="afgewezen")
    assert (entry.afgewezen_door, entry.afgewezen_reden) == ("J. Voorbeeld", "test record")
    assert ("adviesvragen", "afgewezen") in {(e, s) for _, e, _, _, _, s in magazijn.quarantaine()}
    for arguments in ({"regel": 3}, {"regel": 99}, {"controle": "type"}):
        with pytest.raises(QuarantaineFout, match="matches and is open"):
            quarantine.dismiss(magazijn.settings, 1, "adviesvragen", "J. Voorbeeld", "again", **arguments)
    with pytest.raises(QuarantaineFout, match="name of the person"):
        quarantine.dismiss(magazijn.settings, 1, "casussen", " ", "x")
    assert quarantine.dismiss(magazijn.settings, 1, "betrokkenen", "J. Voorbeeld", "x", controle="ouder_in_quarantaine") == 2


def test_a_dismissed_row_stays_dismissed_until_it_changes(magazijn: Magazijn) -> None:
    magazijn.een(bad(1))
    quarantine.dismiss(magazijn.settings, 1, "adviesvragen", "J. Voorbeeld", "test record", regel=3)
    changed = bad(3)
    changed.rij("adviesvragen", 1)["hoedanigheid"] = "onbekend"
    magazijn.neem(bad(2), changed)
    assert [(n, s) for n, e, _, _, _, s in magazijn.quarantaine() if e == "adviesvragen"] == [
        (1, "afgewezen"),
        (2, "afgewezen"),
        (3, "open"),
    ]
    magazijn.een(Aanlevering(4))
    assert {s for _, e, _, _, _, s in magazijn.quarantaine() if e == "adviesvragen"} == {"gecorrigeerd"}


def test_a_dismissed_row_does_not_follow_its_parent_in(magazijn: Magazijn) -> None:
    magazijn.een(bad())
    quarantine.dismiss(magazijn.settings, 1, "diensten", "J. Voorbeeld", "wrong case", regel=2)
    magazijn.een(mutaties(2, casussen=[Aanlevering().rij("casussen")]))
    assert magazijn.vraag("select count(*) from diensten") == [(0,)]
    assert magazijn.vraag("select count(*) from betrokkenen") == [(3,)]
    assert [s for _, e, _, _, _, s in magazijn.quarantaine() if e == "diensten"] == ["afgewezen"]


def test_export(magazijn: Magazijn, tmp_path: Path) -> None:
    magazijn.een(bad())
    plain, full = tmp_path / "a.csv", tmp_path / "b.csv"
    rows = len(quarantine.entries(magazijn.settings))
    assert quarantine.export(magazijn.settings, plain) == rows
    assert quarantine.export(magazijn.settings, full, met_regels=True) == rows
    assert "Jan Jansen" not in plain.read_text()
    assert "Jan Jansen" in full.read_text() and "999990019" in full.read_text()
    assert full.stat().st_mode & 0o077 == 0
    with pytest.raises(QuarantaineFout, match="is there already"):
        quarantine.export(magazijn.settings, plain)


def test_a_thousand_rows_at_once(magazijn: Magazijn) -> None:
    aanlevering = Aanlevering()
    template = aanlevering.rij("huisverboden")
    aanlevering.rijen["huisverboden"] += [template | {"huisverbod_nummer": f"Y{i}", "aanvrager": "x"} for i in range(1000)]
    assert magazijn.een(aanlevering).entiteiten["huisverboden"].quarantaine == 1000
    assert quarantine.dismiss(magazijn.settings, 1, "huisverboden", "J. Voorbeeld", "all", controle="codelijst") == 1000
    assert quarantine.show(magazijn.settings, 1, "huisverboden", 502)[1] == "Y499;C1;2024-01-04;x"
