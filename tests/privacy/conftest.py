"""What these tests share."""

import os
from pathlib import Path

import pytest

from tests.lib.warehouse import Warehouse, warehouse_in


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing pulls the plug in these tests: forcing each file to disk is left out, which is most of their time on a busy machine."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A data folder with an empty inbox."""
    return warehouse_in(tmp_path / "'t vt", threads=1)
