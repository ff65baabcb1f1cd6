"""``vt dbt``: dbt as everywhere, on the build of a data folder, and nothing of it in a release."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.common import StoppedError
from orchestration.defs.release import release
from orchestration.defs.resources import Warehouse
from orchestration.settings import Settings
from orchestration.transform import by_hand
from tests.end_to_end.conftest import Chain

pytestmark = pytest.mark.xdist_group("demo")


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
