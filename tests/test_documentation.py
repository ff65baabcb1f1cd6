"""Pages that are made from a definition are held against it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.documentation import PAGES


@pytest.mark.parametrize(("path", "make"), PAGES.items(), ids=lambda x: getattr(x, "name", ""))
def test_page_is_up_to_date(path: Path, make: Callable[[], str]) -> None:
    assert path.read_text() == make(), "run: make docs"
