"""When a refresh builds although nothing came in: what stands must be of this landing, this key and this code."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.code_version import code_version
from orchestration.defs.intake import must_build
from orchestration.disclosure.rules import RuleError
from orchestration.landing import reintake
from orchestration.privacy import forget, rotate
from orchestration.release import hold, store
from orchestration.settings import Settings
from tests.lib.handmade import HandmadeDelivery
from tests.lib.warehouse import warehouse_in


@pytest.fixture
def stands(settings: Settings) -> Settings:
    """A delivery taken in, and a release of it."""
    warehouse_in(settings.root).take_in_one(HandmadeDelivery(1))
    _release(settings)
    return settings


def _release(settings: Settings, name: str = "r1", **changes: object) -> None:
    folder = settings.releases / name
    folder.mkdir(parents=True, exist_ok=True)
    made = datetime.now(UTC).isoformat()
    content = {"release": name, "levering": 1, "peildatum": "2025-01-31", "code_versie": code_version(), "gemaakt_op": made} | changes
    (folder / "release.json").write_text(json.dumps(content))
    if not (settings.releases / "current").is_symlink():
        (settings.releases / "current").symlink_to("r1")


def test_nothing_new(stands: Settings) -> None:
    assert not must_build(stands, [])
    assert not must_build(stands, ["geweigerd", "al_opgenomen"])
    assert must_build(stands, ["geweigerd", "opgenomen"])


def test_before_there_is_a_delivery_or_a_release(settings: Settings) -> None:
    assert not must_build(settings, ["geweigerd"])
    warehouse_in(settings.root).take_in_one(HandmadeDelivery(1))
    assert must_build(settings, [])
    assert not must_build(settings, ["geweigerd"])


@pytest.mark.parametrize("changes", [{"levering": 2}, {"code_versie": "ander"}])
def test_a_release_of_something_else(stands: Settings, changes: dict[str, object]) -> None:
    _release(stands, **changes)
    assert must_build(stands, [])


def test_a_vintage_that_is_due(stands: Settings, tmp_path: Path) -> None:
    calendar = tmp_path / "kalender.csv"
    head = "jaargang,publicatiedatum,tot_en_met,eigenaar,vastgesteld_op\n"
    publishing = stands.model_copy(update={"publicatiekalender": calendar})
    calendar.write_text(f"{head}2024,2025-02-01,2024-12-31,e,2025-01-06\n")
    assert not must_build(publishing, []), "its day has not come"
    calendar.write_text(f"{head}2024,2025-01-31,2024-12-31,e,2025-01-06\n")
    assert must_build(publishing, [])
    assert not must_build(publishing, ["geweigerd"])
    calendar.write_text(f"{head}2024,2025-13-31,2024-12-31,e,2025-01-06\n")
    with pytest.raises(RuleError, match=r"kalender\.csv, row 2: publicatiedatum"):
        must_build(publishing, [])


def test_what_a_pin_keeps_from_the_readers_is_made_already(stands: Settings) -> None:
    _release(stands, levering=0)
    assert must_build(stands, [])
    _release(stands, "r2", wacht={})
    store.switch(stands, "r2")
    assert not must_build(stands, [])
    hold.roll_back(stands, "r1", "J. Voorbeeld", "x")
    assert not must_build(stands, []), "r2 is of the last delivery and this code"


@pytest.mark.parametrize("outcomes", [[], ["geweigerd"]])
@pytest.mark.parametrize("what", ["vergeten", "sleutel", "heropname"])
def test_a_landing_that_was_written_anew(stands: Settings, what: str, outcomes: list[str]) -> None:
    if what == "vergeten":
        forget.forget(stands, "casus", "C1", "J. Voorbeeld", "x", lambda _: None)
    elif what == "sleutel":
        rotate.rotate(stands, "J. Voorbeeld", "x", lambda _: None)
    else:
        reintake.take_in_again(stands, 1, "J. Voorbeeld", "x", lambda _: None)
    assert must_build(stands, outcomes)
    _release(stands)
    assert not must_build(stands, outcomes)


def test_releases_of_before_someone_asked_to_be_forgotten_go(stands: Settings) -> None:
    _release(stands, "r0", gemaakt_op="2020-01-01T00:00:00+00:00")
    reintake.take_in_again(stands, 1, "J. Voorbeeld", "x", lambda _: None)
    assert store.destroy_before_forgetting(stands) == []  # nobody asked
    forget.forget(stands, "casus", "C1", "J. Voorbeeld", "x", lambda _: None)
    _release(stands, "r2")
    assert store.destroy_before_forgetting(stands) == ["r0"]  # r1 is what readers see still
    store.switch(stands, "r2")
    assert store.destroy_before_forgetting(stands) == ["r1"]
    assert store.release_ids(stands) == ["r2"]
