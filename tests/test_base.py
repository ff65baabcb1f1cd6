"""Settings and keys: what everything else rests on."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from orchestration.errors import GebruikersFout
from orchestration.keys import open_keyring
from orchestration.settings import PROJECT, Settings


def test_an_unknown_environment_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VT_OMGEVING", "prod")
    with pytest.raises(ValidationError):
        Settings()


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
    with pytest.raises(GebruikersFout, match="64 hexadecimal digits"):
        open_keyring(path)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sleutel"
    path.write_text("ab" * 32)
    path.chmod(0o644)
    with pytest.raises(GebruikersFout, match="chmod 600"):
        open_keyring(path)
