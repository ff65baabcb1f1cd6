"""The seeds as the code reads them: code lists, areas, households, what was published. dbt loads the same files."""

import csv
from pathlib import Path

from orchestration.settings import PROJECT

SEEDS = PROJECT / "seeds"


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a seed, by column, as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
