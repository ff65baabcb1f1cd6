"""Pages that are made from a definition are held against it."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.documentation import PAGES
from orchestration.outputs.site import guides
from orchestration.settings import PROJECT


@pytest.mark.parametrize(("path", "make"), PAGES.items(), ids=lambda x: getattr(x, "name", ""))
def test_page_is_up_to_date(path: Path, make: Callable[[], str]) -> None:
    assert path.read_text() == make(), "run: make docs"


def test_the_drawing_of_the_rooms_is_the_one_that_imports_are_held_to() -> None:
    text = (PROJECT / "docs" / "architecture.md").read_text()
    drawing = text.split("holds the drawing to that):")[1].split("```")[1]
    layers = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    assert re.findall(r"┌ (\w+)", drawing) == [room for layer in layers for room in layer.split(" | ")]


@pytest.mark.parametrize("source", guides.sources(), ids=str)
def test_a_page_has_one_heading(source: Path) -> None:
    """In the release it opens by itself, and is read out by its heading."""
    _, body, _ = guides.render(source)
    assert body.count("<h1") == 1
