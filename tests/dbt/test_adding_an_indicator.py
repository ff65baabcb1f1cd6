"""docs/adding-an-indicator.md, followed in a copy of the project: its count and its share come out of a small delivery."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dbt.conftest import Built
from tests.lib.build import Build, copy_of
from tests.lib.golden import GOLDEN
from tests.lib.pages import MADE, follow
from tests.lib.warehouse import warehouse_in

pytestmark = pytest.mark.xdist_group("gouden")

PAGE = "adding-an-indicator.md"
BEFORE = {
    "indicatoren": r"(?m)^    columns:$",
    "unit_tests": r"\Z",
    "kolommen": r"(?m)^    },$",
}
OWN = "int_bijdrage_meldingen.inwoners_en_urgente_meldingen"
"""The unit test of the page."""


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """The second golden registration, taken in and not yet built."""
    warehouse = warehouse_in(tmp_path / "vt")
    warehouse.take_in(*GOLDEN["gebieden"][0])
    found = Build(warehouse.settings)
    found.historie()
    return found


def test_the_count_and_the_share_of_the_page_come_out(build: Build, tmp_path: Path) -> None:
    """Reports of the second golden registration in 2024: of inwoners N7, B6, R2; urgent (1) N4, N5, of the fourteen."""
    tests = ("uitsplitsingen_tellen_op_tot_het_totaal", "gebieden_tellen_op", "perioden_tellen_op")
    selected = ["--select", "+indicatoren", "+instroom_gemeente", "--indirect-selection", "cautious", "--threads", "1"]
    outcomes = build.dbt("build", *selected, project=follow(PAGE, tmp_path / "kopie", BEFORE))
    assert {name: status for name, status in outcomes.items() if status not in ("success", "pass")} == {}
    assert {name for name in outcomes if name in (*tests, OWN)} == {*tests, OWN}
    rows = build.query(
        "select indicator, indicator_naam, gebied, categorie, waarde, teller, noemer from marts.indicatoren where periode = '2024'"
        " and indicator in ('meldingen_inwoners', 'aandeel_urgent') and gebied in ('REGIO', 'K', 'N')"
    )
    there = {(row[0], row[2], row[3]): row[4:] for row in rows}
    assert there[("meldingen_inwoners", "REGIO", "")] == (3, None, None)
    assert there[("meldingen_inwoners", "REGIO", "zonder_kinderen")] == (2, None, None)
    assert there[("meldingen_inwoners", "K", "")] == (2, None, None)
    assert there[("meldingen_inwoners", "N", "met_kinderen")] == (0, None, None)
    assert there[("aandeel_urgent", "REGIO", "")] == (100 * 2 / 14, 2, 14)
    assert there[("aandeel_urgent", "REGIO", "met_kinderen")] == (100 * 2 / 8, 2, 8)
    assert there[("aandeel_urgent", "N", "")] == (None, 0, 0)
    assert {row[1] for row in rows} == {"Meldingen van inwoners", "Aandeel urgente meldingen"}
    assert "| `aandeel_urgent` | Aandeel urgente meldingen |" in (tmp_path / "kopie" / "docs" / "indicatoren.md").read_text()
    assert build.query("select aandeel_urgent from marts.instroom_gemeente where (periode, gebied) = ('2024', 'REGIO')") == [
        (100 * 2 / 14,)
    ]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("step", "fails", "selected"),
    [
        ("indicatoren", OWN, ["int_bijdrage_meldingen", "--indirect-selection", "cautious"]),
        (MADE, "instroom_gemeente", ["instroom_gemeente", "--exclude-resource-type", "test", "unit_test"]),
    ],
)
def test_a_step_left_out_is_told(built: Callable[[str], Built], tmp_path: Path, step: str, fails: str, selected: list[str]) -> None:
    """Without the definition the unit test has no figure; without what is made of it the column breaks the contract of the mart."""
    build = copy_of(built("gebieden")[0], tmp_path / "vt")
    selected = ["--select", *selected, "--threads", "1"]
    outcomes = build.dbt("build", *selected, project=follow(PAGE, tmp_path / "kopie", BEFORE, without=step))
    assert outcomes[fails] in ("error", "fail")
