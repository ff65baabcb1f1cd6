"""From what was read to what counts: proposals, a person's word, and the register that keeps it."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orchestration import seeds
from orchestration.errors import UserError
from orchestration.intake.contract import load_contract
from orchestration.landing.preview import preview
from orchestration.outputs.report import borders
from orchestration.reference import accepted
from orchestration.reference.proposals import accept
from orchestration.reference.refresh import ReferenceDataError
from orchestration.register.lock import BusyError, only_intake
from orchestration.register.register import REFERENCE_ACCEPTED, REFERENCE_WITHDRAWN, Register
from tests.lib.amsterdam import Place, added, without
from tests.lib.handmade import HandmadeDelivery
from tests.reference import worlds
from tests.reference.conftest import World
from tests.reference.test_amsterdam import DAY, THEN, halves
from tests.reference.test_households import set_value
from tests.reference.worlds import TOTAL, WITH

WHO, WHY = "A. Analist", "CBS heeft het jaar aangevuld"


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def households(world: World, *years: int) -> None:
    world.read(*(f"kwb_{year}" for year in years), "samenstelling")


# --- households ---------------------------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_proposed(world: World) -> None:
    households(world, 2018)
    proposal = world.proposals()["huishoudens-2018"]
    missing = {
        (kind, code): (now, several) for kind, code, _, was, now, _, several, word in proposal.rows if word == "nieuw" and was is None
    }
    assert missing["gemeente", "GM0358"] == (worlds.number_of("GM0358", 2018), worlds.several_of("GM0358", 2018))
    assert missing["gemeente", "GM0451"] == (worlds.number_of("GM0451", 2018), worlds.several_of("GM0451", 2018))
    of_west = [r for r in worlds.rows_of(worlds.FIRST) if r["stadsdeel_code"] == "E"]
    assert missing["stadsdeel", "E"][0] == sum(worlds.households_of(r["buurt_code"]) for r in of_west)
    known = next(r for r in proposal.rows if r[1] == "GM0384")
    assert known == ("gemeente", "GM0384", "Diemen", 14134, 14134, None, worlds.several_of("GM0384", 2018), "aangevuld")
    assert proposal.sources == {"kwb_2018": "2018-11-28T02:00:00+01:00", "samenstelling": "2025-03-31T02:00:00+02:00"}


def test_a_year_without_kwb_comes_from_the_composition_alone(world: World) -> None:
    world.read("samenstelling")
    proposal = world.proposals()["huishoudens-2018"]
    assert {row[0] for row in proposal.rows} == {"gemeente"}
    accept(world.settings, "huishoudens-2018", WHO, WHY)
    (path,) = accepted.files_of(world.settings, "huishoudens_gemeente")
    (row,) = [r for r in lines(path) if r["gemeente_code"] == "GM0358"]
    assert row == {
        "gemeente_code": "GM0358",
        "gemeente": "Aalsmeer",
        "jaar": "2018",
        "huishoudens": str(worlds.number_of("GM0358", 2018)),
        "bron": "CBS Huishoudens (71486ned)",
        "meerpersoonshuishoudens": str(worlds.several_of("GM0358", 2018)),
    }


def test_what_cbs_leaves_out_stays_missing_and_is_told(world: World) -> None:
    cube = world.cbs.cubes["84286NED"]
    set_value(cube, TOTAL, "GM0358", Value=None, ValueAttribute="Confidential")
    set_value(cube, TOTAL, "WK036300", Value=None, ValueAttribute="Confidential")
    composition = world.cbs.cubes["71486ned"]
    composition.cells = [c for c in composition.cells if not (c["RegioS"].startswith("GM0358") and c["Perioden"] == "2018JJ00")]
    households(world, 2018)
    proposal = world.proposals()["huishoudens-2018"]
    assert not any(row[1] in ("GM0358", "A") for row in proposal.rows)
    assert any("Aalsmeer in 2018; that stays missing" in note for note in proposal.notes)
    assert "stadsdeel A is not proposed: CBS gives no households of WK036300" in proposal.notes


def test_households_of_several_persons_need_both_parts_of_every_wijk(world: World) -> None:
    set_value(world.cbs.cubes["86165NED"], WITH, "WK0363AA", Value=None, ValueAttribute="Confidential")
    households(world, 2025)
    (row,) = [r for r in world.proposals()["huishoudens-2025"].rows if r[:2] == ("stadsdeel", "A")]
    assert row[4] is not None and row[6] is None


def test_a_wijk_that_nobody_knows_keeps_its_year_from_being_added_up(world: World) -> None:
    cube = world.cbs.cubes["84286NED"]
    cube.categories[worlds.DIMENSION]["WK0363ZZ  "] = "Nieuw eiland"
    cube.cells.append(worlds.cell(TOTAL, 50.0, WijkenEnBuurten="WK0363ZZ  "))
    households(world, 2018)
    proposal = world.proposals()["huishoudens-2018"]
    assert {row[0] for row in proposal.rows} == {"gemeente"}
    assert any("WK0363ZZ Nieuw eiland (50 households) lies in no stadsdeel" in note for note in proposal.notes)


def test_two_numbers_of_one_gemeente_are_told(world: World) -> None:
    households(world, 2018)
    ours = sum(worlds.households_of(r["buurt_code"]) for r in worlds.rows_of(worlds.FIRST))
    told = f"Amsterdam: 71486ned has 467606 households, KWB {ours}; that of KWB is proposed"
    assert told in world.proposals()["huishoudens-2018"].notes


def test_an_acceptance_is_kept_in_the_register(world: World) -> None:
    households(world, 2018)
    proposal, event, rows = accept(world.settings, "huishoudens-2018", WHO, WHY)
    assert rows == len(proposal.rows) == 15
    assert event.soort == REFERENCE_ACCEPTED
    assert {k: event.inhoud[k] for k in ("voorstel", "door", "reden", "rijen", "bronnen")} == {
        "voorstel": "huishoudens-2018",
        "door": WHO,
        "reden": WHY,
        "rijen": 15,
        "bronnen": proposal.sources,
    }
    told = json.loads(accepted.for_dbt(world.settings))
    assert set(told) == {"huishoudens_gemeente", "huishoudens_stadsdeel"}
    (path,) = told["huishoudens_stadsdeel"]
    columns = list(seeds.rows(seeds.SEEDS / "households/huishoudens_stadsdeel.csv")[0])
    west = next(r for r in lines(Path(path)) if r["stadsdeel_code"] == "E")
    assert list(west) == columns
    assert (west["jaar"], west["indeling"], west["bron"]) == ("2018", "2015-01-01", "CBS KWB 2018 (84286NED), som wijken")
    assert "huishoudens-2018" not in world.proposals()
    with pytest.raises(ReferenceDataError, match="There is no proposal huishoudens-2018"):
        accept(world.settings, "huishoudens-2018", WHO, WHY)


def test_what_counts_already_can_be_left_as_it_is(world: World) -> None:
    households(world, 2018)
    _, _, rows = accept(world.settings, "huishoudens-2018", WHO, WHY, without_changed=True)
    (path,) = accepted.files_of(world.settings, "huishoudens_gemeente")
    assert {r["gemeente_code"] for r in lines(path)} == {"GM0358", "GM0362", "GM0384", "GM0437", "GM0451", "GM0457"}  # no Amsterdam
    assert rows == 6 + 4
    left = world.proposals()["huishoudens-2018"]
    assert {row[-1] for row in left.rows} == {"gewijzigd"}
    with pytest.raises(ReferenceDataError, match="Nothing of huishoudens-2018 is left to accept"):
        accept(world.settings, "huishoudens-2018", WHO, WHY, without_changed=True)


def test_a_later_acceptance_stands_in_the_place_of_an_earlier_one(world: World) -> None:
    households(world, 2018)
    accept(world.settings, "huishoudens-2018", WHO, WHY)
    set_value(world.cbs.cubes["84286NED"], TOTAL, "GM0358", Value=13_000.0)
    world.read("kwb_2018", anew=True)
    (row,) = world.proposals()["huishoudens-2018"].rows
    assert row[1:5] == ("GM0358", "Aalsmeer", worlds.number_of("GM0358", 2018), 13_000)
    accept(world.settings, "huishoudens-2018", WHO, WHY)
    assert "huishoudens-2018" not in world.proposals()
    assert len(accepted.files_of(world.settings, "huishoudens_gemeente")) == 2


def test_an_acceptance_can_be_ended(world: World) -> None:
    households(world, 2018)
    _, event, _ = accept(world.settings, "huishoudens-2018", WHO, WHY)
    with only_intake(world.settings):
        assert accepted.withdraw(world.settings, event.volgnummer, WHO, "verkeerd jaar") == "huishoudens-2018"
        with pytest.raises(accepted.AcceptedError, match=f"There is no acceptance {event.volgnummer} that stands; there are: –"):
            accepted.withdraw(world.settings, event.volgnummer, WHO, "nog eens")
    assert accepted.for_dbt(world.settings) == "{}"
    assert [e.soort for e in Register(world.settings).events()] == [REFERENCE_ACCEPTED, REFERENCE_WITHDRAWN]
    assert len(world.proposals()["huishoudens-2018"].rows) == 15


@pytest.mark.parametrize("spoil", [lambda path: path.write_text("gemeente_code\n"), lambda path: path.unlink()])
def test_what_is_no_longer_what_was_accepted_counts_nowhere(world: World, spoil: Any) -> None:
    households(world, 2018)
    _, event, _ = accept(world.settings, "huishoudens-2018", WHO, WHY)
    spoil(accepted.files_of(world.settings, "huishoudens_gemeente")[0])
    for ask in (accepted.for_dbt, accepted.all_of):
        with pytest.raises(accepted.AcceptedError, match="is not what was accepted as huishoudens-2018"):
            ask(world.settings)
    with only_intake(world.settings):
        accepted.withdraw(world.settings, event.volgnummer, WHO, "bestand kwijt")
    assert accepted.for_dbt(world.settings) == "{}"


def test_a_file_without_an_event_counts_nowhere(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A death between the two: the file lies there, and the next acceptance is written over it."""
    households(world, 2018)

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Register, "record", die)
        with pytest.raises(KeyboardInterrupt):
            accept(world.settings, "huishoudens-2018", WHO, WHY)
    assert any(accepted.folder(world.settings).iterdir())
    assert accepted.for_dbt(world.settings) == "{}"
    accept(world.settings, "huishoudens-2018", WHO, WHY)
    assert len(accepted.files_of(world.settings, "huishoudens_gemeente")) == 1


def test_nothing_is_accepted_while_a_delivery_is_taken_in(world: World) -> None:
    households(world, 2018)
    with only_intake(world.settings), pytest.raises(BusyError):
        accept(world.settings, "huishoudens-2018", WHO, WHY)


# --- areas --------------------------------------------------------------------------------------------------------------------------------


def a_split(world: World) -> None:
    old = world.amsterdam.divisions[DAY]
    left, right = halves(old, "AA01")
    world.amsterdam.divisions[THEN] = added(
        without(old, "AA01"), Place("AA11", "Plancius-West", "AA", (left,), THEN), Place("AA12", "Plancius-Oost", "AA", (right,), THEN)
    )
    world.read("gebieden", day=date(2027, 2, 1))


def test_a_division_that_is_accepted_is_whole(world: World) -> None:
    world.read("kwb_2024")
    a_split(world)
    _, _, rows = accept(world.settings, "gebieden-2027-01-01", WHO, "raadsbesluit")
    (path,) = accepted.files_of(world.settings, "buurten")
    found = {r["buurt_code"]: r for r in lines(path)}
    assert rows == len(found) == 519
    number = str(worlds.households_of("AA02"))
    assert found["AA02"] == {
        "indeling": "2027-01-01",
        "buurt_code": "AA02",
        "buurt": "Westelijke eilanden",
        "wijk_code": "AA",
        "wijk": "Haarlemmerbuurt",
        "stadsdeel_code": "A",
        "stadsdeel": "Centrum",
        "huishoudens_jaar": "2024",
        "huishoudens": number,
    }
    assert (found["AA11"]["huishoudens_jaar"], found["AA11"]["huishoudens"]) == ("", "")  # CBS has no such buurt yet
    assert [name for name in world.proposals() if name.startswith("gebieden")] == []


def test_deliveries_may_hold_the_codes_of_an_accepted_division(world: World) -> None:
    contract = load_contract()
    assert accepted.with_accepted(world.settings, contract) is contract
    a_split(world)
    accept(world.settings, "gebieden-2027-01-01", WHO, "raadsbesluit")
    known = accepted.with_accepted(world.settings, contract)
    assert set(known.buurten) - set(contract.buurten) == {"AA11", "AA12"}
    assert set(contract.buurten) < set(known.buurten)  # codes of every division there was stay


def test_who_looks_what_the_intake_would_do_sees_those_codes_too(world: World, tmp_path: Path) -> None:
    delivery = HandmadeDelivery(1)
    delivery.row("meldingen").update(gemeente_code="GM0363", buurt_code="AA11")
    path = delivery.zip(tmp_path / "elders")
    assert [(b.controle, b.veld) for b in preview(world.settings, path).quarantine if b.veld == "buurt_code"] == [
        ("codelijst", "buurt_code")
    ]
    a_split(world)
    accept(world.settings, "gebieden-2027-01-01", WHO, "raadsbesluit")
    assert [b for b in preview(world.settings, path).quarantine if b.veld == "buurt_code"] == []


def test_a_division_begins_on_another_day_when_a_person_says_so(world: World) -> None:
    a_split(world)
    with pytest.raises(ReferenceDataError, match="of 2022-03-24; 2022-03-24 is not"):
        accept(world.settings, "gebieden-2027-01-01", WHO, WHY, from_day=date(2022, 3, 24))
    accept(world.settings, "gebieden-2027-01-01", WHO, WHY, from_day=date(2027, 3, 1))
    (path,) = accepted.files_of(world.settings, "buurten")
    assert {r["indeling"] for r in lines(path)} == {"2027-03-01"}


def test_options_that_do_not_belong(world: World) -> None:
    households(world, 2018)
    a_split(world)
    with pytest.raises(ReferenceDataError, match="--vanaf is for a division"):
        accept(world.settings, "huishoudens-2018", WHO, WHY, from_day=date(2027, 1, 1))
    with pytest.raises(ReferenceDataError, match="--zonder-gewijzigd is for households"):
        accept(world.settings, "gebieden-2027-01-01", WHO, WHY, without_changed=True)
    with pytest.raises(UserError, match=r"Did you mean .*huishoudens-2018"):
        accept(world.settings, "huishoudens-201", WHO, WHY)


def test_a_gemeente_that_is_gone_is_a_matter_for_the_seeds(world: World) -> None:
    left = {c: n for c, n in worlds.GEMEENTEN.items() if c not in ("GM0457", "GM0384")} | {"GM0437": "Ouderkerk"}
    world.cbs.cubes["86165NED"] = worlds.kwb(2025, gemeenten=left)
    world.read("kwb_2025")
    proposal = world.proposals()["gemeenten-2025"]
    assert proposal.rows == [("GM0384", "Diemen", "vervallen"), ("GM0437", "Ouder-Amstel", "hernoemd: Ouderkerk")]
    with pytest.raises(ReferenceDataError, match=r"gemeenten-2025 cannot be accepted: .*gebiedswijziging\.md"):
        accept(world.settings, "gemeenten-2025", WHO, WHY)
    assert Register(world.settings).events() == []


def test_borders_that_are_accepted_are_what_the_report_takes(world: World) -> None:
    world.read("gebieden")
    _, _, rows = accept(world.settings, "grenzen-2026-01-01", WHO, "voor de kaart")
    assert rows == 9 + 110 + 518
    (path,) = accepted.files_of(world.settings, accepted.BORDERS)
    found = borders.read(path, {"AA01": "Planciusbuurt-Noord", "AA02": "Westelijke eilanden"})
    assert set(found) == {"AA01", "AA02"}
    assert accepted.for_dbt(world.settings) == "{}"  # no figure rests on them
    assert world.proposals() == {}
