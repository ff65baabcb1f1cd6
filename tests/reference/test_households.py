"""What is read of CBS is what CBS says, or nothing: the copy that stood stands, and the reason is told."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from orchestration import duck
from orchestration.reference import copies
from orchestration.reference.copies import standing
from tests.lib import statline
from tests.lib.statline import Cube, Page
from tests.reference import worlds
from tests.reference.conftest import World
from tests.reference.worlds import DIMENSION, TOTAL, WIDE, WITH

KWB, TABLE = "kwb_2024", "85984NED"


def kept(world: World, source: str, query: str) -> list[tuple[Any, ...]]:
    """Ask the copy of a source that stands."""
    copy = standing(world.settings, source)
    assert copy is not None
    with duck.connect(world.settings) as con:
        return con.execute(query.format(t=f"read_parquet('{copy.path}')")).fetchall()


def set_value(cube: Cube, measure: str, code: str, **fields: Any) -> None:
    """Change the cell of a measure and an area."""
    (cell,) = [c for c in cube.cells if c["Measure"] == measure and c[DIMENSION] == code.ljust(WIDE)]
    cell.update(fields)


def test_households_of_a_year(world: World) -> None:
    outcome = world.one(KWB)
    assert (outcome.uitkomst, outcome.versie) == ("nieuw", "2024-11-28T02:00:00+01:00")
    buurten = worlds.rows_of(worlds.NEWEST)
    number = worlds.households_of("AA01")
    part = number // 5 // 3 * 5
    assert kept(world, KWB, "from {t} where code = 'BU0363AA01'") == [
        (2024, "buurt", "BU0363AA01", "Planciusbuurt-Noord", number, 2 * part, None)
    ]
    assert kept(world, KWB, "select huishoudens from {t} where code = 'GM0384'") == [(16760,)]
    of_wijk = sum(worlds.households_of(r["buurt_code"]) for r in buurten if r["wijk_code"] == "AA")
    assert kept(world, KWB, "select naam, huishoudens from {t} where code = 'WK0363AA'") == [("Haarlemmerbuurt", of_wijk)]
    assert kept(world, KWB, "select soort, count(*) from {t} group by all order by 1") == [("buurt", 518), ("gemeente", 6), ("wijk", 110)]


def test_nothing_of_the_rest_of_the_country_is_kept(world: World) -> None:
    cube = world.cbs.cubes[TABLE]
    cube.categories[DIMENSION] |= {"GM0402    ": "Hilversum", "WK040200  ": "Centrum", "BU04020000": "Noord"}
    assert world.one(KWB).uitkomst == "nieuw"
    assert kept(world, KWB, "select count(*) from {t} where code like '%0402%'") == [(0,)]


@pytest.mark.parametrize("fields", [{"Value": None, "ValueAttribute": "Confidential"}, {"Value": None, "ValueAttribute": "None"}])
def test_what_is_missing_is_not_zero(world: World, fields: dict[str, Any]) -> None:
    set_value(world.cbs.cubes[TABLE], TOTAL, "BU0363AA01", **fields)
    set_value(world.cbs.cubes[TABLE], WITH, "BU0363AA02", **fields)
    assert world.one(KWB).uitkomst == "nieuw"
    told = fields["ValueAttribute"] if fields["ValueAttribute"] != "None" else None
    assert kept(world, KWB, "select huishoudens, attribuut from {t} where code = 'BU0363AA01'") == [(None, told)]
    ((number, several),) = kept(world, KWB, "select huishoudens, meerpersoonshuishoudens from {t} where code = 'BU0363AA02'")
    assert number > 0 and several is None


def test_a_cell_that_is_left_out_is_missing(world: World) -> None:
    cube = world.cbs.cubes[TABLE]
    cube.cells = [c for c in cube.cells if c[DIMENSION].strip() != "BU0363AA01"]
    assert world.one(KWB).uitkomst == "nieuw"
    assert kept(world, KWB, "select huishoudens, naam from {t} where code = 'BU0363AA01'") == [(None, "Planciusbuurt-Noord")]


def drop_column(page: Page) -> None:
    for row in page["value"]:
        row["Waarde"] = row.pop("Value")


def double_first(page: Page) -> None:
    page["value"].append(page["value"][0])


def double_with_spaces(page: Page) -> None:
    page["value"].append(page["value"][0] | {DIMENSION: page["value"][0][DIMENSION].strip()})


def text_value(page: Page) -> None:
    page["value"][0]["Value"] = "12 duizend"


@pytest.mark.parametrize(
    ("on", "change", "sentence"),
    [
        ("Observations", drop_column, "85984NED: .* observations have no column Value; was it renamed?"),
        ("Observations", lambda page: page["value"][3].pop(DIMENSION), "85984NED: 6 observations have no column WijkenEnBuurten"),
        ("Observations", double_first, "85984NED has a cell twice: 1016030, BU0363"),
        ("Observations", double_with_spaces, "85984NED has a cell twice"),
        ("Observations", text_value, 'the value "12 duizend" is no number'),
        ("Observations", lambda page: page.pop("value"), "Observations is not a list of items"),
        ("Observations", lambda page: page.update(value=[1]), "Observations is not a list of items"),
        ("Dimensions", lambda page: page["value"][0].update(Title="Regio", Identifier="R"), "has no dimension «Wijken en buurten»"),
        ("MeasureCodes", lambda page: page["value"][0].update(Title="Huishoudens (totaal)"), "has no measure «Huishoudens totaal»"),
        ("MeasureCodes", lambda page: page["value"][1].update(Title="Huishoudens totaal"), "more than one measure «Huishoudens totaal»"),
        ("MeasureCodes", lambda page: page["value"][0].pop("Title"), "MeasureCodes has an item without Identifier or Title"),
        ("Codes?$select", lambda page: page["value"][0].pop("Title"), "85984NED: 1 categories have no Identifier or Title"),
        ("Codes?$select", double_first, "85984NED has the code (BU0363|WK0363|GM)"),
        ("Codes?$select", lambda page: page["value"][0].update(Identifier="gm-58"), "the code gm-58 is not of the form"),
        ("Properties", lambda page: page.pop("Modified"), "CBS does not say when it was changed"),
    ],
)
def test_what_breaks_the_contract_changes_nothing(world: World, on: str, change: Callable[[Page], object], sentence: str) -> None:
    assert world.one(KWB).uitkomst == "nieuw"
    before = standing(world.settings, KWB)
    world.cbs.cubes[TABLE].modified = "2026-01-01T00:00:00+01:00"
    world.cbs.fault = statline.always(statline.changed(change), f"{TABLE}/{on}" if on != "Codes?$select" else on)
    outcome = world.one(KWB)
    assert outcome.uitkomst == "mislukt"
    assert re.search(sentence, outcome.reden), outcome.reden
    assert standing(world.settings, KWB) == before
    last = copies.attempt(world.settings, KWB)
    assert last is not None and (last.uitkomst, last.reden) == ("mislukt", outcome.reden)


def lose_buurten(cube: Cube) -> None:
    cube.categories[DIMENSION] = {c: n for c, n in cube.categories[DIMENSION].items() if not c.startswith("BU0363B") and "BU0363K" not in c}
    cube.cells = [c for c in cube.cells if c[DIMENSION] in cube.categories[DIMENSION]]
    cube.categories[DIMENSION] = {c: n for c, n in cube.categories[DIMENSION].items() if not c.startswith("BU0363M")}
    cube.cells = [c for c in cube.cells if c[DIMENSION] in cube.categories[DIMENSION]]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda cube: set_value(cube, TOTAL, "GM0384", Value=-5.0), "-5.0 is no number of households"),
        (lambda cube: set_value(cube, TOTAL, "GM0384", Value=12.5), "12.5 is no number of households"),
        (lambda cube: set_value(cube, TOTAL, "GM0384", Value=9e9), "9000000000.0 is no number of households"),
        (
            lambda cube: set_value(cube, TOTAL, "GM0363", Value=1000.0),
            "the wijken of GM0363 add up to 167995 households, and the gemeente has 1000",
        ),
        (lambda cube: set_value(cube, TOTAL, "GM0363", Value=None), "85984NED has no households of GM0363"),
        (lose_buurten, "has .* buurten of GM0363; about 518 are expected"),
    ],
)
def test_numbers_that_cannot_be(world: World, spoil: Callable[[Cube], None], sentence: str) -> None:
    spoil(world.cbs.cubes[TABLE])
    outcome = world.one(KWB)
    assert outcome.uitkomst == "mislukt" and standing(world.settings, KWB) is None
    assert re.search(sentence, outcome.reden), outcome.reden


def test_a_table_that_did_not_change_is_not_read_again(world: World) -> None:
    world.read(KWB)
    before, asked = standing(world.settings, KWB), len(world.cbs.asked)
    assert world.one(KWB).uitkomst == "gelijk"
    after = standing(world.settings, KWB)
    assert len(world.cbs.asked) == asked + 1  # Properties
    assert before is not None and after is not None and (after.read_at, after.path) == (before.read_at, before.path)
    assert after.seen_at > before.seen_at
    assert world.one(KWB, anew=True).uitkomst == "gelijk"
    assert len(world.cbs.asked) > asked + 5


def test_a_version_with_the_same_numbers_is_no_news(world: World) -> None:
    world.read(KWB)
    world.cbs.cubes[TABLE].modified = "2026-02-02T00:00:00+01:00"
    outcome = world.one(KWB)
    assert (outcome.uitkomst, outcome.versie) == ("gelijk", "2026-02-02T00:00:00+01:00")
    copy = standing(world.settings, KWB)
    assert copy is not None and copy.versie == "2026-02-02T00:00:00+01:00"


def test_half_a_table_changes_nothing(world: World) -> None:
    world.read(KWB)
    before = standing(world.settings, KWB)
    world.cbs.cubes[TABLE].modified = "2026-01-01T00:00:00+01:00"
    world.cbs.fault = statline.always(statline.status(500), "Observations?$skip=400")
    assert "answered 500, 3 times" in world.one(KWB).reden
    assert standing(world.settings, KWB) == before


def test_one_source_that_fails_keeps_no_other_from_being_read(world: World) -> None:
    world.cbs.fault = statline.always(statline.status(404), "85618NED")
    found = {o.bron: o.uitkomst for o in world.read("kwb_2023", KWB)}
    assert found == {"kwb_2023": "mislukt", KWB: "nieuw"}


def test_a_damaged_copy_is_told_and_read_again(world: World) -> None:
    world.read(KWB)
    copy = standing(world.settings, KWB)
    assert copy is not None
    copy.path.write_bytes(b"PAR1")
    with pytest.raises(copies.SourceError, match="is damaged"):
        standing(world.settings, KWB)
    assert world.one(KWB).uitkomst == "nieuw"
    assert standing(world.settings, KWB) is not None


def test_households_by_composition(world: World) -> None:
    assert world.one("samenstelling").uitkomst == "nieuw"
    assert kept(world, "samenstelling", "select huishoudens, meerpersoonshuishoudens from {t} where code = 'GM0384' and jaar = 2019") == [
        (14658, worlds.several_of("GM0384", 2019))
    ]
    assert kept(world, "samenstelling", "select min(jaar), max(jaar), count(distinct code) from {t}") == [(2016, 2025, 7)]


def test_a_title_of_another_group_is_not_taken(world: World) -> None:
    cube = world.cbs.cubes["71486ned"]
    cube.groups["S"] = ("Particuliere huishoudens: soort", None)
    assert "has no measure «Particuliere huishoudens: samenstelling › Totaal particuliere huishoudens»" in world.one("samenstelling").reden


def test_more_of_several_persons_than_there_are(world: World) -> None:
    cube = world.cbs.cubes["71486ned"]
    for cell in cube.cells:
        if (
            cell["Measure"] == "1016010"
            and cell["RegioS"].startswith("GM0384")
            and cell["Perioden"] == "2019JJ00"
            and cell["Leeftijd"] == "10000 "
        ):
            cell["Value"] = 1e6
    assert "GM0384 has in 2019 more households of several persons than households" in world.one("samenstelling").reden


def test_a_source_that_is_not_there(world: World) -> None:
    with pytest.raises(Exception, match="There is no source kwb_1999"):
        world.read("kwb_1999")
