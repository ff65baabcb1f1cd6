"""docs/adding-a-field.md, followed in a copy of the project: deliveries of both versions come in, and the field is in its fact."""

import json
from pathlib import Path

import pytest

from orchestration.intake.contract import next_version
from orchestration.settings import Settings
from orchestration.transform.described import TextError, text_of
from tests.lib.build import Build
from tests.lib.handmade import HandmadeDelivery, mutaties
from tests.lib.pages import follow, parts, run

pytestmark = pytest.mark.xdist_group("leeg")

PAGE = "adding-a-field.md"
BEFORE = {"huisverboden": r"  - name: capaciteit\n"}
"""The entity that comes after huisverboden in the contract."""

TAKE_IN = """
import sys
from pathlib import Path
from orchestration.intake.contract import next_version
from orchestration.settings import Settings
from orchestration.transform.described import TextError, text_of
from tests.lib.build import Build
from tests.lib.warehouse import take_in
settings = Settings(home=Path(sys.argv[1]))
print([(u.uitkomst, u.reden) for u in take_in(settings)])
Build(settings).historie()
"""


@pytest.fixture
def deliveries(tmp_path: Path) -> Settings:
    """A registration of the first version; changes of the next: with the field, without it, with a day too early."""
    settings = Settings(home=tmp_path / "vt")
    whole = HandmadeDelivery(1)
    row = whole.row("huisverboden")
    ban = {name: row | {"huisverbod_nummer": name} for name in ("X2", "X3", "X4")}
    changes = mutaties(2, huisverboden=[ban["X2"] | {"verlengd_op": "2024-01-14"}, ban["X3"], ban["X4"] | {"verlengd_op": "2024-01-03"}])
    changes.manifest["contract_versie"] = next_version()
    for delivery in (whole, changes):
        delivery.zip(settings.inbox)
    return settings


@pytest.mark.thorough
def test_the_field_of_the_page_is_in_its_fact(deliveries: Settings, tmp_path: Path) -> None:
    project = follow(PAGE, tmp_path / "kopie", BEFORE)
    taken = run(tmp_path / "kopie", "-c", TAKE_IN, str(deliveries.root))
    assert taken.stdout.strip() == "[('opgenomen', ''), ('opgenomen', '')]", taken.stdout + taken.stderr
    build = Build(deliveries)
    selected = ["--select", "+fct_huisverboden", "--indirect-selection", "cautious", "--exclude-resource-type", "unit_test"]
    outcomes = build.dbt("build", *selected, "--threads", "1", project=project)
    assert {name: status for name, status in outcomes.items() if status not in ("success", "pass")} == {}
    rows = build.query("select _levering, verlengd_op::varchar from facts.fct_huisverboden order by all")
    assert rows == [(1, None), (2, "2024-01-14"), (2, None)]
    assert build.query("select controle, veld from historie.quarantaine") == [("volgorde", "verlengd_op")]
    fact = json.loads((build.target / "manifest.json").read_text())["nodes"]["model.veilig_thuis.fct_huisverboden"]
    column = fact["columns"]["verlengd_op"]
    assert (column["data_type"], column["description"]) == ("date", "Dag waarop het huisverbod verlengd is; leeg als dat niet gebeurde")
    page = (tmp_path / "kopie" / "docs" / "aanlevering.md").read_text()
    assert (
        f"| `verlengd_op` |  | datum | dag van verlenging; leeg = niet verlengd; niet voor `opgelegd_op`; sinds {next_version()} |" in page
    )


def test_the_field_costs_four_places() -> None:
    assert len({part.file for part in parts(PAGE)}) == 4


def test_a_column_without_a_text_is_told() -> None:
    with pytest.raises(
        TextError, match=r"^Column verlengd_op of fct_x has no text. Add to dbt_project/models/kolommen.md: {% docs k_verlengd_op %}"
    ):
        text_of("fct_x", "verlengd_op")
    assert text_of("leveringen", "soort") == "'{{ doc(\"k_leveringen_soort\") }}'"
    assert text_of("huisverboden", "_geldig_van") == "'{{ doc(\"k__geldig_van\") }}'"
    assert text_of("huisverboden", "_levering") == "'{{ doc(\"k_levering\") }}'"
