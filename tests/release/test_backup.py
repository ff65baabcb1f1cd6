"""A backup put back is the data folder as it was; a damaged, foreign or unwanted one is refused."""

import shutil
from pathlib import Path

import pytest

from orchestration.landing.register import Register
from orchestration.release import store
from orchestration.release.backup import BackupFout, backup, restore
from orchestration.settings import Omgeving, Settings
from tests.intake.aanlevering import Aanlevering
from tests.intake.magazijn import Magazijn, magazijn_in


@pytest.fixture
def vol(tmp_path: Path) -> Magazijn:
    """A data folder with a delivery taken in and a release."""
    magazijn = magazijn_in(tmp_path / "vt")
    assert magazijn.een(Aanlevering()).uitkomst == "opgenomen"
    (magazijn.settings.releases / "r1").mkdir(parents=True)
    (magazijn.settings.releases / "r1" / "release.json").write_text("{}")
    store.switch(magazijn.settings, "r1")
    (magazijn.settings.landing / ".wacht-00000002").mkdir()
    return magazijn


def test_what_is_put_back_is_what_was_there_and_the_next_delivery_goes_on(vol: Magazijn, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    assert backup(vol.settings, file) > 15
    assert file.stat().st_mode & 0o777 == 0o600
    back = magazijn_in(tmp_path / "terug")
    restore(back.settings, file)
    before, after = vol.bestanden(), back.bestanden()
    lost = {n for n in before if n not in after}
    assert {n: after[n] for n in after if not n.endswith(".lock")} == {n: before[n] for n in after if not n.endswith(".lock")}
    assert lost == {"keys/sleutel"} or all(n.startswith("keys/") or n.endswith(".lock") for n in lost)
    assert store.current(back.settings) == "r1"
    assert not (back.settings.landing / ".wacht-00000002").exists()
    shutil.copytree(vol.settings.root / "keys", back.settings.root / "keys", dirs_exist_ok=True)
    assert back.een(Aanlevering(2)).uitkomst == "opgenomen"
    assert [d.nummer for d in Register(back.settings).leveringen()] == [1, 2]


def test_a_folder_that_holds_something_is_left_alone(vol: Magazijn, tmp_path: Path) -> None:
    backup(vol.settings, tmp_path / "b.tar")
    before = vol.bestanden()
    with pytest.raises(BackupFout, match="not empty"):
        restore(vol.settings, tmp_path / "b.tar")
    assert vol.bestanden() == before


def test_a_backup_is_never_written_over(vol: Magazijn, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("dear")
    with pytest.raises(BackupFout, match="there already"):
        backup(vol.settings, tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_text() == "dear"


def test_one_of_another_environment_is_refused(vol: Magazijn, tmp_path: Path) -> None:
    backup(vol.settings, tmp_path / "b.tar")
    other = Settings(home=tmp_path / "prod", omgeving=Omgeving.PRODUCTIE)
    with pytest.raises(BackupFout, match="backup of ontwikkeling"):
        restore(other, tmp_path / "b.tar")


def test_one_that_was_cut_off_or_damaged_is_refused(vol: Magazijn, tmp_path: Path) -> None:
    backup(vol.settings, tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "half.tar").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupFout, match="not a whole backup"):
        restore(Settings(home=tmp_path / "a"), tmp_path / "half.tar")
    at = whole.index(b"PAR1") + 10
    (tmp_path / "flip.tar").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(BackupFout, match="damaged"):
        restore(Settings(home=tmp_path / "b"), tmp_path / "flip.tar")
