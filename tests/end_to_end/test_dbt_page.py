"""The commands of docs/dbt.md, on a small build: dbt takes as long to begin there, and much less to build."""

import json
import shlex

import pytest

from orchestration.keys import use
from orchestration.settings import PROJECT, Settings
from orchestration.transform import by_hand
from tests.end_to_end.conftest import Chain

pytestmark = pytest.mark.xdist_group("uitgave")

PAGE = (PROJECT / "docs" / "dbt.md").read_text()
LEFT_OUT = {"make demo", "vt dbt build -s fct_meldingen+"}
"""Of the page: what the fixture did already, and what builds most of the project once more."""


@pytest.fixture(scope="module")
def built(released: Settings, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Chain(released.root).copy(tmp_path_factory.mktemp("klein") / "vt")


def test_the_commands_of_the_page_do_what_it_says(built: Chain) -> None:
    before = built.vt("release", "list")
    block = PAGE.split("```")[1].strip()
    commands = {line.split("  #")[0].split(" && ")[0].strip() for line in block.splitlines()} - LEFT_OUT
    told = {command: built.vt(*shlex.split(command)[1:]) for command in sorted(commands)}
    assert len(told) == 7
    assert "veilig_thuis.facts.fct_meldingen" in told["vt dbt ls -s +int_cijfers_meldingen"].split()
    assert "OK created sql table model intermediate.int_cijfers_meldingen" in told["vt dbt build -s int_cijfers_meldingen"]
    assert "gebied_soort" in told["vt dbt show -s instroom_gemeente --limit 5"]
    made = json.loads((by_hand.target(Settings(home=built.home)) / "catalog.json").read_text())
    assert made["nodes"]["model.veilig_thuis.melders"]["columns"]
    assert built.vt("release", "list") == before
    assert "dbt build" in [line["waarvoor"] for line in use.uses(Settings(home=built.home))]
