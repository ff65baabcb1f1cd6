"""What keeps a release from the readers: much of the past changed, or a person pinned another one; and how it ends."""

import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.health import examine
from orchestration.register.register import LET_GO, PINNED, RELEASED, Register
from orchestration.release import hold, store
from orchestration.release.housekeeping import clear
from orchestration.release.store import ReleaseError
from orchestration.settings import Settings

WHO = ("J. Voorbeeld", "afgesproken")
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
        with pytest.raises(ReleaseError, match=f"{name} does not wait for anyone; none does"):
            hold.approve(settings, name, *WHO)
    assert "vt release approve r3" in released(settings, "r3", {"vast": 100, "vast_gewijzigd": 90})["wacht"]["goedkeuring"]
    assert (hold.waiting(settings) or {})["release"] == "r3"
    with pytest.raises(ReleaseError, match="r1 does not wait for anyone; r3 does"):
        hold.approve(settings, "r1", *WHO)
    assert Register(settings).events(RELEASED) == []
    hold.approve(settings, "r3", *WHO)
    assert (store.current(settings), hold.waiting(settings)) == ("r3", None)


def test_a_rollback_is_pinned_until_a_person_says_otherwise(settings: Settings) -> None:
    released(settings, "r1")
    released(settings, "r2", QUIET)
    hold.roll_back(settings, "r1", *WHO)
    assert "No later release is shown: readers keep r1" in hold.standing(settings)["vastgezet"]
    (event,) = Register(settings).events(PINNED)
    assert event.inhoud == {"release": "r1", "vorige_release": "r2", "door": WHO[0], "reden": WHO[1]}
    for name in ("r3", "r4"):
        waits = released(settings, name, QUIET)["wacht"]["vastgezet"]
        assert "readers keep r1, pinned on" in waits and "J. Voorbeeld (afgesproken)" in waits and "vt release unpin" in waits
        assert store.current(settings) == "r1"
    assert hold.unpin(settings, *WHO) == "r4"
    assert (store.current(settings), hold.standing(settings)) == ("r4", {})
    assert len(Register(settings).events(LET_GO)) == 1
    assert released(settings, "r5", QUIET)["wacht"] == {}
    with pytest.raises(ReleaseError, match="No release is pinned; readers see r5"):
        hold.unpin(settings, *WHO)


def test_what_somebody_showed_waits_no_more_also_when_readers_lose_it(settings: Settings) -> None:
    released(settings, "r1")
    hold.roll_back(settings, "r1", *WHO)
    released(settings, "r2", QUIET)
    hold.roll_back(settings, "r1", *WHO)
    assert hold.unpin(settings, *WHO) == "r2"
    (settings.releases / "current").unlink()
    assert (hold.waiting(settings), hold.standing(settings)) == (None, {}), "so the next refresh makes one"


def test_an_unpinned_release_that_changes_much_goes_on_waiting(settings: Settings) -> None:
    released(settings, "r1")
    hold.roll_back(settings, "r1", *WHO)
    released(settings, "r2", {"vast": 100, "vast_gewijzigd": 90})
    assert hold.unpin(settings, *WHO) == "r1"
    assert (hold.waiting(settings) or {})["release"] == "r2"
    hold.roll_back(settings, "r1", *WHO)
    hold.approve(settings, "r2", *WHO)
    assert (store.current(settings), hold.pinned(Register(settings))) == ("r2", None)


def test_approving_what_waits_behind_a_pin_ends_the_pin_and_says_so(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    released(settings, "r1")
    released(settings, "r2", QUIET)
    hold.roll_back(settings, "r1", *WHO)
    released(settings, "r3", QUIET)
    done = CliRunner().invoke(app, ["release", "approve", "r3", "--door", "A. Ander", "--reden", "mag weer"])
    assert done.exit_code == 0
    assert "Readers now see r3. That ends the pin on r1 (of " in " ".join(done.output.split())
    (event,) = Register(settings).events(RELEASED)
    assert event.inhoud["losgelaten"] == "r1"
    assert (store.current(settings), hold.standing(settings)) == ("r3", {})


@pytest.mark.parametrize("decide", [hold.roll_back, hold.approve])
def test_the_name_of_the_link_is_no_id(settings: Settings, decide: Callable[..., object]) -> None:
    """``current`` put before the readers would point to itself."""
    released(settings, "r1")
    released(settings, "r2", {"vast": 100, "vast_gewijzigd": 90})
    for name, told in (("current", "is what readers see already; name an id from vt release list"), ("r9", "There is no release r9")):
        with pytest.raises(ReleaseError, match=told):
            decide(settings, name, *WHO)
    with pytest.raises(ReleaseError):
        store.switch(settings, "current")
    assert (store.current(settings), Register(settings).events()) == ("r1", [])
    assert (settings.releases / "current").readlink() == Path("r1")


DAMAGED: dict[str, Callable[[Path], object]] = {
    "points to itself": lambda link: link.symlink_to("current"),
    "points to r9, which is no release here": lambda link: link.symlink_to("r9"),
    "points to /elders/r1, which is no release here": lambda link: link.symlink_to("/elders/r1"),
    "is no link": lambda link: link.mkdir(),
}


@pytest.mark.parametrize("what", DAMAGED)
@pytest.mark.parametrize("pinned", [False, True])
def test_a_damaged_link_is_told_with_what_mends_it(settings: Settings, what: str, pinned: bool) -> None:
    """The release that readers saw last: the pinned one, else the newest that waits for nobody. The command in the sentence does it."""
    released(settings, "r1")
    released(settings, "r2", QUIET)
    if pinned:
        hold.roll_back(settings, "r1", *WHO)
    released(settings, "r3", {"vast": 100, "vast_gewijzigd": 90})
    (settings.releases / "current").unlink()
    DAMAGED[what](settings.releases / "current")
    told = store.damage(settings)
    assert told.startswith(f"Readers see no release: {settings.releases / 'current'} {what}. Point it at {'r1' if pinned else 'r2'}")
    (finding,) = (f for f in examine(settings, {}, alert=False) if f.what == "releases")
    assert (finding.good, finding.text) == (False, told)
    shown = CliRunner().invoke(app, ["status"])
    assert shown.exit_code == 0
    assert what in " ".join(shown.output.split()) and "Next: point releases/current at a release" in shown.output
    for command in (["show"], ["diff", "current", "r1"], ["prune", "--keep", "1"], ["rollback", "current", "--door", "a", "--reden", "b"]):
        assert str(CliRunner().invoke(app, ["release", *command]).exception) == told
    assert store.release_ids(settings) == ["r1", "r2", "r3"]
    subprocess.run(told.rstrip(".").split(": ")[-1], shell=True, check=True)
    assert (store.damage(settings), store.current(settings)) == ("", "r1" if pinned else "r2")


def test_a_link_to_nothing_where_there_is_no_release(settings: Settings) -> None:
    settings.releases.mkdir(parents=True)
    assert store.damage(settings) == ""
    (settings.releases / "current").symlink_to("r1")
    assert store.damage(settings).endswith("There is no release to point it at: vt refresh makes one.")
    store.hold_before_a_night(settings)  # it does
    shown = CliRunner().invoke(app, ["status"]).output
    assert "Next: vt refresh" in " ".join(shown.split())
    (settings.releases / "current").unlink()
    (settings.releases / "current").mkdir()
    with pytest.raises(store.ReleaseError, match=r"is no link\. There is no release to point it at: mv .* and vt refresh makes one"):
        store.hold_before_a_night(settings)


def test_what_grows_is_cleared_and_what_is_needed_stays(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "vt", bewaar_releases=2, logboek_dagen=30)
    for n in range(1, 7):
        released(settings, f"r{n}", QUIET)
    hold.roll_back(settings, "r1", *WHO)
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
