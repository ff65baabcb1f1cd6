"""What these tests share."""

from pathlib import Path

import pytest

from tests.intake.magazijn import Magazijn, magazijn_in


@pytest.fixture
def magazijn(tmp_path: Path) -> Magazijn:
    """A data folder with an empty inbox."""
    return magazijn_in(tmp_path / "vt")
