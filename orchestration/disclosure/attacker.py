"""What an attacker can work out: of each cell the smallest and largest value that everything known together allows.

Cells are columns of a linear program, relations its rows, what is published of a cell its bounds. Cells that share no relation are solved
apart. Every solution is a witness for every cell: one that has been seen far enough apart needs no program of its own.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import highspy
import numpy as np
from numpy.typing import NDArray

from orchestration.language import say

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

UNBOUNDED = 1e6
"""Larger than any count: a bound keeps every program finite, and a program that is not is an error."""
NEAR = 1e-6
"""Widths closer together than this are the same."""
RANDOM_DIRECTIONS = 6
THREADS = 1
"""HiGHS takes one number of threads for a whole process; where another was used before, it solves nothing and says so."""


class NotProvenError(Exception):
    """A linear program did not end in a proven optimum: nothing is known, and nothing may leave."""


@dataclass(frozen=True)
class Relations:
    """The relations by row: which cells with which coefficients, and between which bounds their sum lies."""

    start: Integers
    cells: Integers
    coefficients: Floats
    lower: Floats
    upper: Floats

    def __len__(self) -> int:
        return len(self.start) - 1

    def rows_of_terms(self) -> Integers:
        """For each term the row that it is in."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    def without(self, gone: NDArray[np.bool_]) -> "Relations":
        """These without the ones that a cell of ``gone`` is in."""
        return self.only(~self.having(gone))

    def having(self, cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which of these a cell of ``cells`` is in."""
        return np.asarray(np.bincount(self.rows_of_terms(), cells[self.cells], len(self)) > 0)

    def only(self, keep: NDArray[np.bool_]) -> "Relations":
        terms = keep[self.rows_of_terms()]
        return Relations(
            np.r_[0, np.cumsum(np.diff(self.start)[keep])].astype(np.int64),
            self.cells[terms],
            self.coefficients[terms],
            self.lower[keep],
            self.upper[keep],
        )

    def joined(self, other: "Relations", variable: Integers) -> "Relations":
        """These and those of another system, of which each cell is another variable here."""
        return Relations(
            np.r_[self.start, self.start[-1] + other.start[1:]],
            np.r_[self.cells, variable[other.cells]],
            np.r_[self.coefficients, other.coefficients],
            np.r_[self.lower, other.lower],
            np.r_[self.upper, other.upper],
        )

    def broken(self, values: Integers) -> Integers:
        """The rows that do not hold of these values."""
        sums = np.bincount(self.rows_of_terms(), self.coefficients * values[self.cells], len(self))
        return np.flatnonzero((sums < self.lower - NEAR) | (sums > self.upper + NEAR))

    def extended(self, rows: Sequence[tuple[dict[int, float], float, float]]) -> "Relations":
        """These and more: coefficients by cell, and between which bounds their sum lies."""
        if not rows:
            return self
        lengths = [len(terms) for terms, _, _ in rows]
        return Relations(
            np.r_[self.start, self.start[-1] + np.cumsum(lengths)],
            np.r_[self.cells, [cell for terms, _, _ in rows for cell in sorted(terms)]].astype(np.int64),
            np.r_[self.coefficients, [terms[cell] for terms, _, _ in rows for cell in sorted(terms)]],
            np.r_[self.lower, [lower for _, lower, _ in rows]],
            np.r_[self.upper, [upper for _, _, upper in rows]],
        )


@dataclass
class Range:
    """What was seen of a target: the values of its cell that are possible for certain, and whether these are all there are."""

    lowest: float = np.inf
    highest: float = -np.inf
    proven: bool = False

    @property
    def width(self) -> float:
        return self.highest - self.lowest


@dataclass
class Block:
    """Cells that share relations, as a model of HiGHS that stays warm: only costs and bounds change."""

    cells: Integers
    rows: Integers
    model: highspy.Highs
    programs: int = 0
    cost: list[int] = field(default_factory=list)
    pool: list[Floats] | None = None

    def set_bounds(self, column: int, lower: float, upper: float) -> None:
        _done(self.model.changeColBounds(column, lower, upper), "changeColBounds")

    def solve(self, columns: Sequence[int], signs: Sequence[float]) -> Floats:
        """The values of all columns where the sum of ``columns`` by ``signs`` is smallest. Raises ``NotProvenError``."""
        for column in self.cost:
            _done(self.model.changeColCost(column, 0.0), "changeColCost")
        for column, sign in zip(columns, signs, strict=True):
            _done(self.model.changeColCost(column, float(sign)), "changeColCost")
        self.cost = list(columns)
        self.programs += 1
        run = self.model.run()
        status = self.model.getModelStatus()
        if run != highspy.HighsStatus.kOk or status != highspy.HighsModelStatus.kOptimal:
            raise NotProvenError(
                say(
                    "A linear program of {n} cells ended in {run}, {status}: nothing was proven.",
                    n=len(self.cells),
                    run=run.name,
                    status=status.name,
                )
            )
        values = np.array(self.model.getSolution().col_value)
        if len(values) != len(self.cells):
            raise NotProvenError(say("A solution has not as many values as its block has cells."))
        if self.pool is not None:
            self.pool.append(values)
        return values

    def reduced_costs(self) -> Floats:
        """Of the last program: by how much each column holds its optimum."""
        return np.array(self.model.getSolution().col_dual)


def blocks(
    relations: Relations, lower: Floats, upper: Floats, targets: Iterable[int], loose: NDArray[np.bool_] | None = None
) -> list[Block]:
    """The parts of the system that hold a target and share no relation, fixed cells taken out but for ``loose``: those may be freed.

    Raises ``NotProvenError`` where cells that are known exactly contradict a relation.
    """
    fixed = lower == upper
    if loose is not None:
        fixed &= ~loose
    row_of = relations.rows_of_terms()
    known = np.bincount(row_of, np.where(fixed[relations.cells], relations.coefficients * lower[relations.cells], 0.0), len(relations))
    free = ~fixed[relations.cells]
    row_lower, row_upper = relations.lower - known, relations.upper - known
    has_free = np.bincount(row_of[free], minlength=len(relations)) > 0
    if np.any(~has_free & ((row_lower > NEAR) | (row_upper < -NEAR))):
        raise NotProvenError(say("Figures that are known exactly contradict each other: no attacker could be so, and nothing was proven."))
    group = _groups(len(lower), row_of[free], relations.cells[free], len(relations))
    found = []
    by_group: dict[int, list[int]] = {}
    for cell in np.flatnonzero(~fixed):
        by_group.setdefault(int(group[cell]), []).append(int(cell))
    row_group = np.full(len(relations), -1)
    row_group[row_of[free]] = group[relations.cells[free]]
    rows_by_group: dict[int, list[int]] = {}
    for row in np.flatnonzero(has_free):
        rows_by_group.setdefault(int(row_group[row]), []).append(int(row))
    asked = {int(group[t]) for t in targets}
    for label, members in by_group.items():
        if label not in asked:
            continue
        cells, rows = np.array(members), np.array(rows_by_group.get(label, []), dtype=np.int64)
        found.append(Block(cells, rows, _model(relations, cells, rows, lower, upper, row_lower, row_upper, fixed)))
    return found


def _groups(cells: int, rows: Integers, members: Integers, relations: int) -> Integers:
    """For each cell the smallest cell that it hangs together with."""
    parent = list(range(cells))

    def root(cell: int) -> int:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    first = [-1] * relations
    for row, cell in zip(rows.tolist(), members.tolist(), strict=True):
        if first[row] < 0:
            first[row] = cell
            continue
        a, b = root(first[row]), root(cell)
        if a != b:
            parent[max(a, b)] = min(a, b)
    return np.array([root(c) for c in range(cells)])


def _model(
    relations: Relations,
    cells: Integers,
    rows: Integers,
    lower: Floats,
    upper: Floats,
    row_lower: Floats,
    row_upper: Floats,
    fixed: NDArray[np.bool_],
) -> highspy.Highs:
    column = np.full(len(lower), -1)
    column[cells] = np.arange(len(cells))
    starts, index, value = [0], [], []
    for row in rows:
        for term in range(relations.start[row], relations.start[row + 1]):
            if not fixed[relations.cells[term]]:
                index.append(int(column[relations.cells[term]]))
                value.append(float(relations.coefficients[term]))
        starts.append(len(index))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cells), len(rows)
    lp.col_cost_ = np.zeros(len(cells))
    lp.col_lower_, lp.col_upper_ = lower[cells], upper[cells]
    lp.row_lower_, lp.row_upper_ = row_lower[rows], row_upper[rows]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = np.array(starts), np.array(index, dtype=np.int64), np.array(value)
    _greeted()
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in (
        ("output_flag", False),
        ("threads", THREADS),
        ("presolve", "off"),
        ("solver", "simplex"),
        ("simplex_strategy", 4),
    ):
        _done(model.setOptionValue(option, setting), option)
    _done(model.passModel(lp), "passModel")
    return model


@cache
def _greeted() -> None:
    """HiGHS greets on standard output when the first model of a process is made, whatever its options say. A verdict stands there."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _done(status: highspy.HighsStatus, what: str) -> None:
    if status != highspy.HighsStatus.kOk:
        raise NotProvenError(say("HiGHS did not take {what}: {status}.", what=what, status=status.name))


class Attack:
    """Everything that was seen of the targets of a system."""

    def __init__(self, system: Iterable[Block], targets: Iterable[int], floor: Floats) -> None:
        """``floor`` gives for each cell how wide its range must be."""
        self.blocks = list(system)
        self.floor = floor
        self.ranges = {int(t): Range() for t in targets}
        self.place = {int(cell): (number, column) for number, b in enumerate(self.blocks) for column, cell in enumerate(b.cells)}

    @property
    def programs(self) -> int:
        return sum(b.programs for b in self.blocks)

    def targets_of(self, block: Block) -> list[int]:
        return [int(c) for c in block.cells if int(c) in self.ranges]

    def seen(self, block: Block, values: Floats) -> None:
        """Take a solution in as a witness for every target of its block."""
        for cell in self.targets_of(block):
            value, found = float(values[self.place[cell][1]]), self.ranges[cell]
            found.lowest, found.highest = min(found.lowest, value), max(found.highest, value)

    def wide(self, cell: int) -> bool:
        return bool(self.ranges[cell].width >= self.floor[cell] - NEAR)

    def run(self) -> "Attack":
        """Look at every target: until its range is wide enough, or known whole."""
        for block in self.blocks:
            self.run_block(block)
        if left := [t for t, r in self.ranges.items() if not r.proven and not self.wide(t)]:
            raise NotProvenError(say("{n} targets are in no block that was solved.", n=len(left)))
        return self

    def run_block(self, block: Block) -> None:
        targets = self.targets_of(block)
        columns = np.array([self.place[t][1] for t in targets], dtype=np.int64)
        lowest, highest = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)
        floor = self.floor[np.array(targets, dtype=np.int64)]

        def take(values: Floats) -> None:
            np.minimum(lowest, values[columns], out=lowest)
            np.maximum(highest, values[columns], out=highest)

        direction = np.random.default_rng(20)
        proven = np.zeros(len(targets), dtype=bool)
        for turn in range(RANDOM_DIRECTIONS if len(targets) > 1 else 0):
            narrow = np.flatnonzero(~(highest - lowest >= floor - NEAR))
            if not len(narrow):
                break
            signs = direction.choice([-1.0, 1.0], len(targets))[narrow] * (1 if turn % 2 else -1)
            take(block.solve(columns[narrow].tolist(), signs.tolist()))
        for number in range(len(targets)):
            for sign in (1.0, -1.0):
                if not highest[number] - lowest[number] >= floor[number] - NEAR:
                    take(block.solve([int(columns[number])], [sign]))
                    proven[number] = sign < 0
        for number, target in enumerate(targets):
            self.ranges[target] = Range(float(lowest[number]), float(highest[number]), bool(proven[number]))

    def narrow(self) -> list[int]:
        """Targets whose range is not wide enough, narrowest first."""
        found = [t for t in self.ranges if not self.wide(t)]
        return sorted(found, key=lambda t: (round(self.ranges[t].width, 3), t))


def width_of(block: Block, column: int) -> tuple[float, float]:
    """The smallest and largest value of one column."""
    return float(block.solve([column], [1.0])[column]), float(block.solve([column], [-1.0])[column])
