"""What is read of Amsterdam's areas is whole and lies where it should, or changes nothing."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from orchestration.reference.copies import standing
from orchestration.settings import Settings
from tests.lib import statline
from tests.lib.amsterdam import SIDE, SOUTH, WEST, Division, Place, added, change, without
from tests.lib.statline import Page
from tests.reference.conftest import World
from tests.reference.test_households import kept

AREAS = "gebieden"
DAY = date(2022, 3, 24)


def test_areas_of_a_day(world: World) -> None:
    outcome = world.one(AREAS)
    assert (outcome.uitkomst, outcome.versie) == ("nieuw", "2026-01-01")
    assert kept(world, AREAS, "select soort, count(*) from {t} group by all order by 1") == [
        ("buurt", 518),
        ("stadsdeel", 9),
        ("wijk", 110),
    ]
    ((naam, in_code, begins, cbs, shape),) = kept(
        world, AREAS, "select naam, in_code, begint, cbs_code, geometrie from {t} where code = 'AA01'"
    )
    assert (naam, in_code, begins, cbs) == ("Planciusbuurt-Noord", "AA", DAY, "BU0363AA01")
    corners = [[WEST, SOUTH], [WEST + SIDE, SOUTH], [WEST + SIDE, SOUTH + SIDE], [WEST, SOUTH + SIDE], [WEST, SOUTH]]
    ((ring,),) = json.loads(shape)
    assert [c for corner in ring for c in corner] == pytest.approx([c for corner in corners for c in corner])
    assert kept(world, AREAS, "select in_code from {t} where code = 'AA' and soort = 'wijk'") == [("A",)]
    assert len(world.amsterdam.asked) == 1 + 1 + 2  # pages of 500
    assert all("geldigOp=2026-01-01" in path for path in world.amsterdam.asked)
    assert world.amsterdam.headers["Accept-Crs"] == "EPSG:4326"
    assert "X-Api-Key" not in world.amsterdam.headers


def test_a_key_is_sent_where_there_is_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VT_AMSTERDAM_API_KEY", "geheim")
    world.settings = Settings()
    assert world.one(AREAS).uitkomst == "nieuw"
    assert world.amsterdam.headers["X-Api-Key"] == "geheim"
    assert "geheim" not in repr(world.settings)


def test_another_day_with_the_same_areas_is_no_news(world: World) -> None:
    world.read(AREAS)
    assert world.one(AREAS, day=date(2026, 6, 1)).uitkomst == "gelijk"
    copy = standing(world.settings, AREAS)
    assert copy is not None and copy.versie == "2026-06-01"


def turn(page: Page) -> None:
    for item in page["_embedded"].get("buurten", []):
        item["geometrie"]["coordinates"] = [[[y, x] for x, y in ring] for ring in item["geometrie"]["coordinates"]]


def test_latitude_before_longitude_is_turned_round(world: World) -> None:
    world.read(AREAS)
    upright = kept(world, AREAS, "select geometrie from {t} where code = 'AA01'")
    world.amsterdam.fault = statline.always(statline.changed(turn), "buurten")
    world.read(AREAS, anew=True)
    assert kept(world, AREAS, "select geometrie from {t} where code = 'AA01'") == upright


def first_buurt(**fields: Any) -> Callable[[Page], None]:
    def change_it(page: Page) -> None:
        page["_embedded"]["buurten"][0].update(fields)

    return change_it


def rename_column(page: Page) -> None:
    for item in page["_embedded"]["buurten"]:
        item["buurtcode"] = item.pop("code")


OPEN = {"type": "Polygon", "coordinates": [[[4.7, 52.2], [4.8, 52.2], [4.8, 52.3], [4.7, 52.3]]]}
IN_GRID = {"type": "Polygon", "coordinates": [[[120000, 480000], [120300, 480000], [120300, 480300], [120000, 480000]]]}
POINT = {"type": "Point", "coordinates": [4.7, 52.2]}


@pytest.mark.parametrize(
    ("on", "broken", "sentence"),
    [
        ("buurten", rename_column, "buurten: 500 areas have no code; was it renamed?"),
        ("buurten", first_buurt(code="AA1"), "the code AA1 is not of the form"),
        ("buurten", first_buurt(code="AA02"), "buurten has the code AA02 twice"),
        ("buurten", first_buurt(naam=None), "buurten: 1 areas have no naam"),
        ("buurten", first_buurt(geometrie=None), "buurten: 1 areas have no geometrie"),
        ("buurten", first_buurt(geometrie=POINT), "the border of AA01 is no Polygon or MultiPolygon"),
        ("buurten", first_buurt(geometrie=OPEN), "the border of AA01 has a ring that is not closed"),
        ("buurten", first_buurt(geometrie=IN_GRID), "the border of AA01 is not in degrees of WGS 84"),
        ("buurten", first_buurt(geometrie={"type": "Polygon", "coordinates": "weg"}), "the border of AA01 is no Polygon"),
        ("buurten", first_buurt(_links={"ligtInWijk": {"identificatie": "9"}}, ligtInWijkId=None), "buurt AA01 lies in no area"),
        ("buurten", lambda page: page["_embedded"]["buurten"].pop(), "buurten: .* of 518 areas came"),
        ("buurten", lambda page: page.pop("_embedded"), "buurten: _embedded is not a list of items"),
        ("buurten", lambda page: page["_links"].update(next={"href": "https://elders.example/v1/"}), "leads to another place"),
        ("wijken", lambda page: page["_embedded"]["wijken"].clear(), "wijken: 0 of 110 areas came"),
    ],
)
def test_what_breaks_the_contract_changes_nothing(world: World, on: str, broken: Callable[[Page], object], sentence: str) -> None:
    world.read(AREAS)
    before = standing(world.settings, AREAS)
    world.amsterdam.fault = statline.first_page(statline.changed(broken), on)
    outcome = world.one(AREAS, day=date(2026, 7, 1))
    assert outcome.uitkomst == "mislukt"
    assert re.search(sentence, outcome.reden), outcome.reden
    assert standing(world.settings, AREAS) == before


def test_half_the_areas_change_nothing(world: World) -> None:
    world.amsterdam.fault = statline.always(statline.status(500), "page=2")
    assert "answered 500, 3 times" in world.one(AREAS).reden
    assert standing(world.settings, AREAS) is None


def test_not_acceptable(world: World) -> None:
    world.amsterdam.fault = statline.always(statline.status(406), "stadsdelen")
    assert "the server answered 406 (Not Acceptable)" in world.one(AREAS).reden


def test_far_fewer_areas_than_there_were(world: World) -> None:
    places = world.amsterdam.divisions[DAY]
    world.amsterdam.divisions[DAY] = without(places, *(p.code for p in places["buurten"][:150]))
    assert "Amsterdam gives 368 areas of the kind buurt; about 518 are expected" in world.one(AREAS).reden


# --- another division ---------------------------------------------------------------------------------------------------------------------

THEN = date(2027, 1, 1)


def square(places: Division, code: str) -> tuple[float, float, float, float]:
    (found,) = [p.squares[0] for p in places["buurten"] if p.code == code]
    return found


def halves(places: Division, code: str) -> tuple[tuple[float, float, float, float], ...]:
    west, south, east, north = square(places, code)
    middle = (west + east) / 2
    return (west, south, middle, north), (middle, south, east, north)


def test_what_changes_with_a_new_division(world: World) -> None:
    old = world.amsterdam.divisions[DAY]
    left, right = halves(old, "AA01")
    part, rest = halves(old, "BA01")
    new = without(old, "AA01", "AA02", "AA03", "AB01", "AF08")
    new = added(
        new,
        Place("AA11", "Plancius-West", "AA", (left,), THEN),
        Place("AA12", "Plancius-Oost", "AA", (right,), THEN),
        Place("AA13", "Eilanden", "AA", (square(old, "AA02"), square(old, "AA03")), THEN),
        Place("AB99", "Nieuw nummer", "AB", (square(old, "AB01"),), THEN),
        Place("BA98", "Afgesplitst", "BA", (part,), THEN),
        Place("NZ01", "Nieuw land", "NA", ((40, 40, 41, 41),), THEN),
    )
    new = change(new, "BA01", squares=(rest,))
    new = change(new, "AA04", naam="Plancius-Zuid", begins=THEN)
    new = change(new, "AA05", inside="AB", begins=THEN) if any(p.code == "AA05" for p in new["buurten"]) else new
    world.amsterdam.divisions[THEN] = new
    world.read(AREAS, day=date(2027, 2, 1))
    proposal = world.proposals()["gebieden-2027-01-01"]
    found = {(kind, code): (what, why) for kind, code, _, what, why in proposal.rows}
    assert found["buurt", "AA01"] == ("gesplitst", "naar AA11, AA12")
    assert found["buurt", "AA11"] == ("afgesplitst", "uit AA01")
    assert found["buurt", "AA13"] == ("samengevoegd", "uit AA02, AA03")
    assert found["buurt", "AA02"] == ("opgegaan", "naar AA13")
    assert found["buurt", "AB01"] == ("hernummerd", "naar AB99")
    assert found["buurt", "AB99"] == ("hernummerd", "uit AB01")
    assert found["buurt", "BA98"] == ("afgesplitst", "uit BA01")
    assert found["buurt", "NZ01"] == ("toegevoegd", "")
    assert found["buurt", "AF08"] == ("vervallen", "")
    assert found["buurt", "AA04"] == ("hernoemd", "heette Planciusbuurt-Zuid")
    assert ("buurt", "BA01") not in found
    assert not proposal.refused
    assert [note.split(",")[0] for note in proposal.notes] == [
        "An area that keeps its code has its new name and place in the figures of before 2027-01-01 too.",
        "That figures of wijken and buurten break on 2027-01-01 is told in seeds/catalogue/breuken.csv",
    ]


def test_without_the_borders_of_before_it_is_gone_and_added(world: World) -> None:
    old = world.amsterdam.divisions[DAY]
    left, right = halves(old, "AA01")
    new = added(without(old, "AA01"), Place("AA11", "West", "AA", (left,), THEN), Place("AA12", "Oost", "AA", (right,), THEN))
    world.amsterdam.divisions[THEN] = new
    world.amsterdam.fault = statline.always(statline.status(404), "geldigOp=2022-03-24")
    assert world.one(AREAS, day=THEN).uitkomst == "nieuw"
    proposal = world.proposals()["gebieden-2027-01-01"]
    assert [(r[1], r[3]) for r in proposal.rows] == [("AA01", "vervallen"), ("AA11", "toegevoegd"), ("AA12", "toegevoegd")]
    assert "could not be read" in proposal.notes[0]


def test_a_stadsdeel_is_a_matter_for_the_seeds(world: World) -> None:
    old = world.amsterdam.divisions[DAY]
    world.amsterdam.divisions[THEN] = change(old, "B", table="stadsdelen", naam="Westhaven")
    world.read(AREAS, day=THEN)
    proposal = world.proposals()["gebieden-2027-01-01"]
    assert proposal.rows == [("stadsdeel", "B", "Westhaven", "hernoemd", "heette Westpoort")]
    assert "gebiedswijziging.md" in proposal.refused


def test_the_same_division_is_no_proposal(world: World) -> None:
    world.read(AREAS)
    assert [name for name in world.proposals() if name.startswith("gebieden")] == []
    assert not any("geldigOp=2022" in path for path in world.amsterdam.asked)
