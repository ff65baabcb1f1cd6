"""What all tests share: a data folder of their own, and settings that point at it."""

from pathlib import Path

import pytest

from orchestration.settings import Settings
from tests.uitgave import maak_uitgave


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with an empty data folder."""
    monkeypatch.setenv("VT_HOME", str(tmp_path / "vt"))
    return Settings()


@pytest.fixture(scope="session")
def uitgave(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder with a release of a small registration; not to be changed. Its tests are of the group ``uitgave``: made once."""
    return maak_uitgave(tmp_path_factory.mktemp("uitgave") / "vt")
