"""One figure of the report, or why there is none, as tables, charts and sentences read it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orchestration.disclosure.publish import PUBLISHED
from orchestration.outputs.report.numbers import in_unit
from orchestration.outputs.words import WORDS


@dataclass(frozen=True)
class Cell:
    """A figure. ``value`` is there when ``status`` is ``gepubliceerd`` and then only."""

    value: float | None
    status: str = PUBLISHED
    unit: str = "aantal"
    decimals: int = 0
    above: float | None = None
    below: float | None = None
    """Published counts of a share or rate; of a rate by 1,000 households only the first."""
    break_reason: str = ""
    """Why it cannot be compared with the period before; empty where it can."""
    margin: float = 0
    """How far the true figure may lie from ``value`` by the rounding of what leaves; 0 where it is exact."""
    margin_of_parts: float = 0
    """The same of ``above`` and ``below``."""
    is_of_chance: bool = True
    """Whether it counts, or is a share of counts, so that chance can be judged by it."""
    is_unfinished: bool = False
    """Whether it is of some of whom the end is not known yet"""
    waiting: int | None = None
    """How many those are, where that is known"""

    def __post_init__(self) -> None:
        if (self.value is None) == (self.status == PUBLISHED):
            raise ValueError(f"a cell with status {self.status} and value {self.value}")

    @property
    def is_shown(self) -> bool:
        return self.status == PUBLISHED

    @property
    def written(self) -> str:
        """As a reader reads it: ``9.951``, ``19%``, ``verborgen``."""
        return WORDS[self.status] if self.value is None else in_unit(self.value, self.unit, self.decimals)


@dataclass(frozen=True)
class Series:
    """A row of a table: the figures of one area or category, in the order of the columns."""

    code: str
    name: str
    cells: tuple[Cell, ...]
    beside: str = ""
    """What stands in a last column of words"""


@dataclass(frozen=True)
class Grid:
    """What a figure of the report shows: rows by columns."""

    columns: tuple[str, ...]
    rows: tuple[Series, ...]
    row_head: str
    """What the rows are: ``Gemeente``, ``Melder``."""
    phrases: tuple[str, ...] = ()
    """The columns as they are named in a sentence, where they are periods: ``in 2024``."""
    beside_head: str = ""
    """The head of the column of words, where there is one."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it is shown."""
        return not any(cell.is_shown for row in self.rows for cell in row.cells)

    def column(self, place: int) -> list[tuple[str, Cell]]:
        """Name and figure of each row, of one column; -1 is the last."""
        return [(row.name, row.cells[place]) for row in self.rows]


def statuses(cells: Iterable[Cell]) -> Sequence[str]:
    """The statuses of figures that are not shown, each once, in the order in which the legend tells them."""
    there = {cell.status for cell in cells}
    return [status for status in WORDS if status in there]
