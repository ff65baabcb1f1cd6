"""docs/adding-an-indicator.md, followed in a copy of the project: its count and its share come out of a small delivery."""

import re
import shutil
from pathlib import Path

import pytest

from orchestration.settings import PROJECT
from tests.dbt.bouw import Bouw
from tests.dbt.gouden import GOUDEN
from tests.intake.magazijn import magazijn_in

pytestmark = pytest.mark.xdist_group("gouden")

PAGE = (PROJECT / "docs" / "adding-an-indicator.md").read_text()


def follow(folder: Path) -> Path:
    """Put the lines that the page adds into a copy of the project: data at the end of a seed, a measure at the top of its model."""
    shutil.copytree(PROJECT / "dbt_project", folder / "dbt_project", ignore=shutil.ignore_patterns("target", "logs"))
    shutil.copytree(PROJECT / "seeds", folder / "seeds")
    diff = re.search(r"```diff\n(.*?)```", PAGE, re.DOTALL)
    assert diff
    for part in diff[1].split("# ")[1:]:
        name, *lines = part.strip().splitlines()
        file, added = folder / name, "".join(f"{line[1:]}\n" for line in lines)
        text = file.read_text()
        file.write_text(text + added if name.endswith(".csv") else text.replace("maten = {\n", f"maten = {{\n{added}", 1))
    return folder / "dbt_project"


def test_the_count_and_the_share_of_the_page_come_out(tmp_path: Path) -> None:
    """Reports of the second golden registration in 2024: of inwoners N7, B6, R2; urgent (1) N4, N5, of the fourteen."""
    magazijn = magazijn_in(tmp_path / "vt")
    magazijn.neem(*GOUDEN["gebieden"][0])
    bouw = Bouw(magazijn.settings)
    bouw.historie()
    tests = ("uitsplitsingen_tellen_op_tot_het_totaal", "gebieden_tellen_op", "perioden_tellen_op")
    selected = ["--select", "+indicatoren", "--indirect-selection", "cautious", "--exclude-resource-type", "unit_test", "--threads", "1"]
    outcomes = bouw.dbt("build", *selected, project=follow(tmp_path / "kopie"))
    assert {name: status for name, status in outcomes.items() if status not in ("success", "pass")} == {}
    assert {name for name in outcomes if name in tests} == set(tests)
    rows = bouw.vraag(
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
