"""What all tests share: a data folder of their own, and settings that point at it."""

from pathlib import Path

import pytest

from orchestration.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with an empty data folder."""
    monkeypatch.setenv("VT_HOME", str(tmp_path / "vt"))
    return Settings()
