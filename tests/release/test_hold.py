"""What keeps a release from the readers: much of the past changed, or a person pinned another one; and how it ends."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing.register import LOSGELATEN, VASTGEZET, VRIJGEGEVEN, Register
from orchestration.release import hold, store
from orchestration.release.housekeeping import clear
from orchestration.release.store import ReleaseFout
from orchestration.settings import Settings

WIE = ("J. Voorbeeld", "afgesproken")
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
QUIET = {"vast": 100, "vast_gewijzigd": 0}


def released(settings: Settings, name: str, changes: dict[str, int] | None = None) -> dict[str, Any]:
    """A release as the nightly run makes it: it becomes the current one, or waits."""
    content: dict[str, Any] = {"release": name, "gemaakt_op": "2025-01-01T00:00:00+00:00", "gewijzigde_cijfers": changes}
    content["wacht"] = hold.why(settings, content)
    (settings.releases / name).mkdir(parents=True)
    (settings.releases / name / "release.json").write_text(json.dumps(content))
    if not content["wacht"]:
        store.switch(settings, name)
    return content


@pytest.mark.parametrize(("changed", "waits"), [(0, False), (25, False), (26, True), (100, True)])
def test_a_release_that_changes_much_of_the_past_waits(settings: Settings, changed: int, waits: bool) -> None:
    assert bool(hold.why(settings, {"release": "r2", "gewijzigde_cijfers": {"vast": 100, "vast_gewijzigd": changed}})) is waits


def test_a_first_release_need_not_wait(settings: Settings) -> None:
    assert hold.why(settings, {"release": "r1", "gewijzigde_cijfers": None}) == {}


def test_approve_lets_through_what_waits_and_nothing_else(settings: Settings) -> None:
    released(settings, "r1")
    released(settings, "r2", QUIET)
    for name in ("r1", "r2"):
        with pytest.raises(ReleaseFout, match=f"{name} does not wait for anyone; none does"):
            hold.approve(settings, name, *WIE)
    assert "vt release approve r3" in released(settings, "r3", {"vast": 100, "vast_gewijzigd": 90})["wacht"]["goedkeuring"]
    assert (hold.waiting(settings) or {})["release"] == "r3"
    with pytest.raises(ReleaseFout, match="r1 does not wait for anyone; r3 does"):
        hold.approve(settings, "r1", *WIE)
    assert Register(settings).gebeurtenissen(VRIJGEGEVEN) == []
    hold.approve(settings, "r3", *WIE)
    assert (store.current(settings), hold.waiting(settings)) == ("r3", None)


def test_a_rollback_is_pinned_until_a_person_says_otherwise(settings: Settings) -> None:
    released(settings, "r1")
    released(settings, "r2", QUIET)
    hold.roll_back(settings, "r1", *WIE)
    assert "No later release is shown: readers keep r1" in hold.standing(settings)["vastgezet"]
    (event,) = Register(settings).gebeurtenissen(VASTGEZET)
    assert event.inhoud == {"release": "r1", "vorige_release": "r2", "door": WIE[0], "reden": WIE[1]}
    for name in ("r3", "r4"):
        waits = released(settings, name, QUIET)["wacht"]["vastgezet"]
        assert "readers keep r1, pinned on" in waits and "J. Voorbeeld (afgesproken)" in waits and "vt release unpin" in waits
        assert store.current(settings) == "r1"
    assert hold.unpin(settings, *WIE) == "r4"
    assert (store.current(settings), hold.standing(settings)) == ("r4", {})
    assert len(Register(settings).gebeurtenissen(LOSGELATEN)) == 1
    assert released(settings, "r5", QUIET)["wacht"] == {}
    with pytest.raises(ReleaseFout, match="No release is pinned; readers see r5"):
        hold.unpin(settings, *WIE)


def test_an_unpinned_release_that_changes_much_goes_on_waiting(settings: Settings) -> None:
    released(settings, "r1")
    hold.roll_back(settings, "r1", *WIE)
    released(settings, "r2", {"vast": 100, "vast_gewijzigd": 90})
    assert hold.unpin(settings, *WIE) == "r1"
    assert (hold.waiting(settings) or {})["release"] == "r2"
    hold.roll_back(settings, "r1", *WIE)
    hold.approve(settings, "r2", *WIE)
    assert (store.current(settings), hold.pinned(Register(settings))) == ("r2", None)


def test_what_grows_is_cleared_and_what_is_needed_stays(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "vt", bewaar_releases=2, logboek_dagen=30)
    for n in range(1, 7):
        released(settings, f"r{n}", QUIET)
    hold.roll_back(settings, "r1", *WIE)
    log = settings.root / "logboek"
    log.mkdir(parents=True)
    for day in (1, 20, 40):
        for name in (f"oordeel-{day:02}.json", f"storing-{day:02}.txt", f"controles-{day:02}.html", f"andere-{day:02}.txt"):
            (log / name).touch()
            moment = (BEGIN + timedelta(days=day)).timestamp()
            os.utime(log / name, (moment, moment))
    clear(settings, BEGIN + timedelta(days=45))
    assert store.release_ids(settings) == ["r1", "r5", "r6"]
    assert sorted(p.stem for p in log.iterdir()) == sorted(
        [f"{kind}-{day}" for kind in ("oordeel", "storing", "controles") for day in (20, 40)] + ["andere-01", "andere-20", "andere-40"]
    )
    clear(settings, BEGIN + timedelta(days=400))
    assert [p.name for p in log.glob("oordeel-*")] == ["oordeel-40.json"], "the last verdict stays"
