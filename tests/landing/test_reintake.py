"""Deliveries taken in anew under other rules, and a landing that older code wrote."""

import hashlib
import json

import duckdb
import pytest

from orchestration.intake import checks, rules
from orchestration.landing import reintake
from orchestration.landing.reintake import ReintakeError
from orchestration.landing.withdraw import withdraw
from orchestration.privacy import forget, rotate
from orchestration.register.register import Register
from orchestration.sql import text
from tests.lib.handmade import BASIS, HandmadeDelivery, mutaties
from tests.lib.warehouse import Warehouse, as_older_code_left_it


@pytest.fixture
def stricter_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that was not there before: nobody younger than 1980."""
    original = rules.row_rules

    def stricter(*arguments: object) -> list[rules.RowRule]:
        found = original(*arguments)  # type: ignore[arg-type]
        if arguments[1].name == "betrokkenen":  # type: ignore[attr-defined]
            found.append(rules.RowRule("te_jong", "geboortedatum", "geboortejaar > 1980", "is too young"))
        return found

    monkeypatch.setattr(checks, "row_rules", stricter)


def test_after_a_change_of_rules(warehouse: Warehouse, request: pytest.FixtureRequest) -> None:
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, casussen=[]))
    HandmadeDelivery(3).map(warehouse.settings.inbox)
    warehouse.take_in()
    before = warehouse.query("from casussen order by all")
    request.getfixturevalue("stricter_rules")
    found = reintake.take_in_again(warehouse.settings, 3, "J. Voorbeeld", "new rule", lambda _: None)
    assert [(v.nummer, v.was["betrokkenen"]["quarantaine"], v.now["betrokkenen"].quarantaine) for v in found] == [(3, 0, 1)]
    # the row that came in good order before stands in
    assert warehouse.query("select _levering, _vervangt_quarantaine from betrokkenen where _regel = 2") == [(1, True)]
    found = reintake.take_in_again(warehouse.settings, 1, "J. Voorbeeld", "new rule", lambda _: None)
    assert [v.nummer for v in found] == [1, 2, 3]
    assert warehouse.query("select count(*) from betrokkenen") == [(2,)]
    assert warehouse.query("from casussen order by all") == before
    assert sorted(p.name for p in warehouse.settings.landing.glob("0*")) == ["00000001.1", "00000002.1", "00000003.2"]
    assert warehouse.take_in(HandmadeDelivery(3), mutaties(4, casussen=[]))[1].uitkomst == "opgenomen"
    assert [d.verwerkt_op for d in Register(warehouse.settings).leveringen()][:3] == sorted(
        e.op for e in Register(warehouse.settings).events("levering_opgenomen")
    )[:3]


def test_without_the_archive_or_the_delivery(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1), HandmadeDelivery(2))
    with pytest.raises(ReintakeError, match="never taken in"):
        reintake.take_in_again(warehouse.settings, 7, "J. Voorbeeld", "x", lambda _: None)
    next(p for p in warehouse.settings.archive.iterdir() if p.name.startswith("00000002")).unlink()
    with pytest.raises(ReintakeError, match=r"archive any more: 2\. All deliveries from 1 on are needed"):
        reintake.take_in_again(warehouse.settings, 1, "J. Voorbeeld", "x", lambda _: None)


def test_what_forgetting_took_from_the_archive_is_named_as_that(warehouse: Warehouse) -> None:
    """Destroyed with the person in it, also after a change of key; kept out because it brought the person again; and merely gone."""
    warehouse.take_in(HandmadeDelivery(1), mutaties(2, casussen=[]), mutaties(3, casussen=[]))
    rotate.rotate(warehouse.settings, "J. Voorbeeld", "yearly", lambda _: None)
    forget.forget(warehouse.settings, "casus", "C1", "J. Voorbeeld", "request", lambda _: None)
    next(p for p in warehouse.settings.archive.iterdir() if "00000003" in p.name).unlink()
    assert warehouse.take_in_one(mutaties(4, casussen=[BASIS["casussen"][0]])).uitkomst == "opgenomen"
    told = r"archive any more: 1, 3, 4\. vt forget destroyed 1, 4, or kept it out: it holds who or what was forgotten\. All .* Nothing was"
    with pytest.raises(ReintakeError, match=told):
        reintake.take_in_again(warehouse.settings, 1, "J. Voorbeeld", "x", lambda _: None)
    with pytest.raises(ReintakeError, match=told):
        withdraw(warehouse.settings, 1, "J. Voorbeeld", "x", lambda _: None)


def test_what_would_be_refused_now_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.take_in(HandmadeDelivery(1), HandmadeDelivery(2))
    before = warehouse.query("from casussen order by all")
    elsewhere = warehouse.settings.model_copy(update={"organisatie": "utrecht"})
    with pytest.raises(ReintakeError, match="would be refused now"):
        reintake.take_in_again(elsewhere, 1, "J. Voorbeeld", "x", lambda _: None)
    warehouse.take_in()
    assert warehouse.query("from casussen order by all") == before


def test_a_landing_of_older_code(warehouse: Warehouse) -> None:
    """Files without columns that came later, and with one that went; a register without counts that came later."""
    bad = HandmadeDelivery(1)
    bad.row("huisverboden")["aanvrager"] = "?"
    warehouse.take_in_one(bad)
    folder = warehouse.settings.landing / "00000001"
    changes = {folder / "meldingen.parquet": "nummer_volgorde", folder / "quarantaine" / "huisverboden.parquet": "controles"}
    with duckdb.connect() as con:
        for path, gone in changes.items():
            con.execute(f"create or replace table t as select * exclude ({gone}), 1 as vroeger from {text(path)}")
            con.execute(f"copy t to {text(path)} (format parquet)")
    (event,) = warehouse.settings.register.glob("*.json")
    content = json.loads(event.read_text())
    for counts in content["inhoud"]["tellingen"].values():
        del counts["vrijgekomen"], counts["behouden"], counts["vergeten"]
    del content["inhoud"]["tellingen"]["monitormomenten"]
    event.write_text(json.dumps(content))
    as_older_code_left_it(warehouse.settings)
    second = HandmadeDelivery(2)
    second.row("meldingen")["urgentie"] = "2"
    assert [u.uitkomst for u in warehouse.take_in(second, mutaties(3, huisverboden=BASIS["huisverboden"]))] == ["opgenomen", "opgenomen"]
    assert warehouse.query("select _geldig_van, urgentie, nummer_volgorde is null from meldingen order by all") == [
        (1, "1", False), (1, "3", False), (2, "2", False),
    ]  # fmt: skip
    assert warehouse.query("select nummer_volgorde is null from meldingen", tot=1) == [(True,), (True,)]
    assert [s for *_, s in warehouse.quarantined()] == ["gecorrigeerd"]
    assert (
        hashlib.sha256(event.read_bytes()).hexdigest()
        in warehouse.settings.register.joinpath("00000002-landing_verzegeld.json").read_text()
    )
