"""``vt dbt``: dbt as everywhere, on the build of a data folder, and nothing of it in a release."""

import json
import shlex
import shutil
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.common import StoppedError
from orchestration.defs.release import release
from orchestration.defs.resources import Warehouse
from orchestration.keys import use
from orchestration.settings import PROJECT, Settings
from orchestration.transform import by_hand
from tests.end_to_end.conftest import Chain

pytestmark = pytest.mark.xdist_group("demo")


PAGE = (PROJECT / "docs" / "dbt.md").read_text()
LEFT_OUT = {"make demo", "vt dbt build -s fct_meldingen+"}
"""Of the page: what the fixture did already, and what builds most of the project once more."""


def test_the_commands_of_the_page_do_what_it_says(chain: Chain) -> None:
    before = chain.vt("release", "list")
    block = PAGE.split("```")[1].strip()
    commands = {line.split("  #")[0].split(" && ")[0].strip() for line in block.splitlines()} - LEFT_OUT
    told = {command: chain.vt(*shlex.split(command)[1:]) for command in sorted(commands)}
    assert len(told) == 7
    assert "veilig_thuis.facts.fct_meldingen" in told["vt dbt ls -s +int_cijfers_meldingen"].split()
    assert "OK created sql table model intermediate.int_cijfers_meldingen" in told["vt dbt build -s int_cijfers_meldingen"]
    assert "gebied_soort" in told["vt dbt show -s instroom_gemeente --limit 5"]
    made = json.loads((by_hand.target(Settings(home=chain.home)) / "catalog.json").read_text())
    assert made["nodes"]["model.veilig_thuis.melders"]["columns"]
    assert chain.vt("release", "list") == before
    assert "dbt build" in [line["waarvoor"] for line in use.uses(Settings(home=chain.home))]


def test_what_was_built_by_hand_is_not_released_and_the_next_night_makes_it_again(
    chain: Chain, small: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=chain.home)
    chain.vt("dbt", "run", "-s", "dim_gebied")
    assert by_hand.changed(settings)
    monkeypatch.setenv("VT_HOME", str(chain.home))
    with pytest.raises(StoppedError, match="met de hand gewerkt"):
        release(dg.build_asset_context(), warehouse=Warehouse())
    shutil.copy(small[2], chain.home / "inbox")
    assert chain.refresh()["uitkomst"] == "gepubliceerd"
    assert not by_hand.changed(settings)


def test_what_fails_shows_what_dbt_says_without_values(chain: Chain) -> None:
    query = "select cast(cast(maand as varchar) || ' geheim' as integer) as getal from {{ ref('fct_meldingen') }}"
    told = chain.vt("dbt", "show", "--inline", query, code=2)
    assert "Conversion Error: Could not convert string '…'" in told
    assert "-01 geheim" not in told
    assert 'Binder Error: Referenced column "mand" not found' in chain.vt(
        "dbt", "show", "--inline", "select mand from {{ ref('fct_meldingen') }}", code=2
    )


def test_what_leads_to_another_build_or_to_none_is_refused(chain: Chain) -> None:
    chain.vt("dbt", "run", "--target", "lint", code=2)
    chain.vt("dbt", "clean", code=2)
