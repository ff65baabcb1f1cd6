"""Settings and keys: what everything else rests on."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from orchestration.errors import UserError
from orchestration.keys.keyring import open_keyring
from orchestration.release.writer import only_writer
from orchestration.settings import PROJECT, Omgeving, Settings


def test_an_unknown_environment_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VT_OMGEVING", "prod")
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize("name", ["acceptatie", "productie"])
def test_outside_development_there_is_no_default_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.delenv("VT_HOME", raising=False)
    monkeypatch.setenv("VT_OMGEVING", name)
    with pytest.raises(ValidationError, match="name its data folder in VT_HOME"):
        Settings()
    monkeypatch.setenv("VT_HOME", str(tmp_path))
    assert Settings().root == tmp_path


@pytest.mark.parametrize("name", ["a?b", "a*", "[a]"])
def test_a_data_folder_that_would_be_taken_for_a_pattern_is_refused(tmp_path: Path, name: str) -> None:
    """Dagster would not find its own configuration in it, and turn its telemetry on; DuckDB would cut the name of its log at the ?."""
    with pytest.raises(ValidationError, match="may not hold"):
        Settings(home=tmp_path / name / "vt")
    assert Settings(home=tmp_path / "'s-Hertogenbosch 100% #1 \\").root.name.endswith("\\")


def test_a_data_folder_belongs_to_one_environment(tmp_path: Path) -> None:
    with only_writer(Settings(home=tmp_path, omgeving=Omgeving.ACCEPTATIE)):
        pass
    with pytest.raises(UserError, match="belongs to acceptatie"), only_writer(Settings(home=tmp_path, omgeving=Omgeving.PRODUCTIE)):
        pass


def test_a_mark_of_the_environment_that_was_cut_off_is_written_again(tmp_path: Path) -> None:
    (tmp_path / "omgeving").touch()
    with only_writer(Settings(home=tmp_path, omgeving=Omgeving.ACCEPTATIE)):
        assert (tmp_path / "omgeving").read_text() == "acceptatie"


def test_the_readme_lists_every_setting() -> None:
    readme = (PROJECT / "README.md").read_text()
    missing = [f"VT_{name.upper()}" for name in Settings.model_fields if f"`VT_{name.upper()}`" not in readme]
    assert missing == []


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "sleutel"
    first = open_keyring(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_keyring(path) == first


def test_purposes_have_different_keys_and_none_shows(tmp_path: Path) -> None:
    keyring = open_keyring(tmp_path / "sleutel")
    derived = {keyring.derive(p) for p in ("pseudoniem", "vault", "archive", "quarantine", "build")}
    assert len(derived) == 5
    assert keyring.master.hex() not in repr(keyring)
    assert keyring.master not in derived


@pytest.mark.parametrize("content", ["", "kort", "zz" * 32, "ab" * 31])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "sleutel"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(UserError, match="64 hexadecimal digits"):
        open_keyring(path)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sleutel"
    path.write_text("ab" * 32)
    path.chmod(0o644)
    with pytest.raises(UserError, match="chmod 600"):
        open_keyring(path)


def test_the_examples_of_environments_share_nothing() -> None:
    found = [Settings(_env_file=path) for path in sorted((PROJECT / "docs" / "examples").glob("*.env"))]  # type: ignore[call-arg]
    assert [s.omgeving for s in found] == [Omgeving.ACCEPTATIE, Omgeving.PRODUCTIE]
    assert len({s.root for s in found}) == len({s.key_path for s in found}) == len({tuple(s.alarm_naar) for s in found}) == 2
