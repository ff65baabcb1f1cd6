"""The life cycle of a quarantined row: listed, shown with the key, corrected by a delivery, dismissed by a person, exported."""

from pathlib import Path

import duckdb
import pytest

from orchestration import spreadsheet
from orchestration.keys.use import uses
from orchestration.landing import quarantine
from orchestration.landing.quarantine import QuarantineError
from orchestration.register.register import Register
from tests.lib.handmade import HandmadeDelivery, mutaties
from tests.lib.warehouse import Warehouse


def bad(number: int = 1) -> HandmadeDelivery:
    """A delivery with a bad casus (and all that hangs on it) and a bad advice."""
    delivery = HandmadeDelivery(number)
    delivery.row("casussen")["geopend_op"] = "onzin"
    delivery.row("adviesvragen", 1)["kanaal"] = "Jan Jansen"
    return delivery


def test_list_and_counts(warehouse: Warehouse) -> None:
    warehouse.take_in_one(bad())
    found = quarantine.entries(warehouse.settings)
    assert [(i.entiteit, i.regel, i.controle, i.veld, i.status) for i in found][:2] == [
        ("adviesvragen", 3, "codelijst", "kanaal", "open"),
        ("betrokkenen", 2, "ouder_in_quarantaine", "melding_nummer", "open"),
    ]
    assert "Jan Jansen" not in str(found)
    assert [i.entiteit for i in quarantine.entries(warehouse.settings, controle="type")] == ["casussen"]
    assert len(quarantine.entries(warehouse.settings, bound=3)) == 3
    assert quarantine.entries(warehouse.settings, status="afgewezen") == []
    counted = {(e, c): n for e, c, _, n, _ in quarantine.counts(warehouse.settings)}
    assert counted["casussen", "type"] == 1 and counted["betrokkenen", "ouder_in_quarantaine"] == 2


def test_counts_count_a_row_once_and_from_its_first_time(warehouse: Warehouse) -> None:
    warehouse.take_in(bad(1), bad(2), bad(3))
    counted = [(n, since) for e, _, _, n, since in quarantine.counts(warehouse.settings) if e == "casussen"]
    first = Register(warehouse.settings).leveringen()[0].verwerkt_op
    assert counted == [(1, first)]
    assert len(quarantine.entries(warehouse.settings, entity="casussen")) == 3


def test_show_gives_the_raw_line_and_logs_the_use_of_the_key(warehouse: Warehouse) -> None:
    warehouse.take_in_one(bad())
    entry, raw = quarantine.show(warehouse.settings, 1, "adviesvragen", 3)
    assert raw == "A2;2024-01-03;;Jan Jansen;familielid;ja;"
    assert (entry.controle, entry.veld) == ("codelijst", "kanaal")
    assert uses(warehouse.settings)[-1]["waarvoor"] == "quarantine show: delivery 1, adviesvragen, line 3"
    with pytest.raises(QuarantineError, match="line 2"):
        quarantine.show(warehouse.settings, 1, "adviesvragen", 2)


def test_dismiss_is_a_decision_of_a_person(warehouse: Warehouse) -> None:
    warehouse.take_in_one(bad())
    assert quarantine.dismiss(warehouse.settings, 1, "adviesvragen", "J. Voorbeeld", "test record", line_number=3) == 1
    (entry,) = quarantine.entries(warehouse.settings, status="afgewezen")
    assert (entry.afgewezen_door, entry.afgewezen_reden) == ("J. Voorbeeld", "test record")
    assert ("adviesvragen", "afgewezen") in {(e, s) for _, e, _, _, _, s in warehouse.quarantined()}
    for arguments in ({"line_number": 3}, {"line_number": 99}, {"controle": "type"}):
        with pytest.raises(QuarantineError, match="matches and is open"):
            quarantine.dismiss(warehouse.settings, 1, "adviesvragen", "J. Voorbeeld", "again", **arguments)
    with pytest.raises(QuarantineError, match="name of the person"):
        quarantine.dismiss(warehouse.settings, 1, "casussen", " ", "x")
    assert quarantine.dismiss(warehouse.settings, 1, "betrokkenen", "J. Voorbeeld", "x", controle="ouder_in_quarantaine") == 2


def test_a_dismissed_row_stays_dismissed_until_it_changes(warehouse: Warehouse) -> None:
    warehouse.take_in_one(bad(1))
    quarantine.dismiss(warehouse.settings, 1, "adviesvragen", "J. Voorbeeld", "test record", line_number=3)
    changed = bad(3)
    changed.row("adviesvragen", 1)["hoedanigheid"] = "onbekend"
    warehouse.take_in(bad(2), changed)
    assert [(n, s) for n, e, _, _, _, s in warehouse.quarantined() if e == "adviesvragen"] == [
        (1, "afgewezen"),
        (2, "afgewezen"),
        (3, "open"),
    ]
    warehouse.take_in_one(HandmadeDelivery(4))
    assert {s for _, e, _, _, _, s in warehouse.quarantined() if e == "adviesvragen"} == {"gecorrigeerd"}


def test_a_dismissed_row_does_not_follow_its_parent_in(warehouse: Warehouse) -> None:
    warehouse.take_in_one(bad())
    quarantine.dismiss(warehouse.settings, 1, "diensten", "J. Voorbeeld", "wrong case", line_number=2)
    warehouse.take_in_one(mutaties(2, casussen=[HandmadeDelivery().row("casussen")]))
    assert warehouse.query("select count(*) from diensten") == [(0,)]
    assert warehouse.query("select count(*) from betrokkenen") == [(3,)]
    assert [s for _, e, _, _, _, s in warehouse.quarantined() if e == "diensten"] == ["afgewezen"]


def test_export(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.take_in_one(bad())
    plain, full = tmp_path / "a.csv", tmp_path / "b.csv"
    rows = len(quarantine.entries(warehouse.settings))
    assert quarantine.export(warehouse.settings, plain) == rows
    assert quarantine.export(warehouse.settings, full, met_regels=True) == rows
    assert "Jan Jansen" not in plain.read_text()
    assert "Jan Jansen" in full.read_text() and "999990019" in full.read_text()
    assert full.stat().st_mode & 0o077 == 0
    with pytest.raises(QuarantineError, match="is there already"):
        quarantine.export(warehouse.settings, plain)


def test_a_thousand_rows_at_once(warehouse: Warehouse) -> None:
    delivery = HandmadeDelivery()
    template = delivery.row("huisverboden")
    delivery.rows["huisverboden"] += [template | {"huisverbod_nummer": f"Y{i}", "aanvrager": "x"} for i in range(1000)]
    assert warehouse.take_in_one(delivery).entiteiten["huisverboden"].quarantaine == 1000
    assert quarantine.dismiss(warehouse.settings, 1, "huisverboden", "J. Voorbeeld", "all", controle="codelijst") == 1000
    assert quarantine.show(warehouse.settings, 1, "huisverboden", 502)[1] == "Y499;C1;2024-01-04;x"


def test_an_export_is_opened_in_a_spreadsheet_and_nothing_in_it_is_worked_out(warehouse: Warehouse, tmp_path: Path) -> None:
    """A raw line that begins as a formula; what cannot be taken for one stays as it was."""
    delivery = bad()
    delivery.row("adviesvragen", 1)["advies_nummer"] = "=1+1"
    warehouse.take_in_one(delivery)
    quarantine.export(warehouse.settings, tmp_path / "uit.csv", met_regels=True)
    rows = duckdb.read_csv(str(tmp_path / "uit.csv"), sep=";", all_varchar=True).fetchall()
    cells = [cell for row in rows for cell in row if cell]
    assert any(cell.startswith("'=1+1") for cell in cells)
    assert not any(cell.startswith(tuple(spreadsheet.BEGINNINGS)) for cell in cells)
    assert any(cell.startswith("C") for cell in cells)
