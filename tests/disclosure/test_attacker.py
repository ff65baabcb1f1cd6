"""The attacker is right: as trying all tables, as another solver, as whole numbers only; and says so when it has proven nothing."""

import itertools
import subprocess
import sys

import highspy
import numpy as np
import pytest
from scipy.optimize import Bounds as MilpBounds
from scipy.optimize import LinearConstraint, linprog, milp

from orchestration.disclosure import attacker
from orchestration.disclosure.attacker import Attack, NotProvenError, Relations, blocks, width_of


def table(rows: int, columns: int) -> Relations:
    """A table with margins and a total: inner cells, then row sums, column sums, the total."""
    inner = np.arange(rows * columns).reshape(rows, columns)
    total = rows * columns + rows + columns
    sums = [([*inner[r], rows * columns + r]) for r in range(rows)]
    sums += [([*inner[:, c], rows * columns + rows + c]) for c in range(columns)]
    sums += [[*(rows * columns + r for r in range(rows)), total], [*(rows * columns + rows + c for c in range(columns)), total]]
    cells = np.array([c for s in sums for c in s])
    coefficients = np.array([x for s in sums for x in [1.0] * (len(s) - 1) + [-1.0]])
    start = np.r_[0, np.cumsum([len(s) for s in sums])]
    return Relations(start, cells, coefficients, np.zeros(len(sums)), np.zeros(len(sums)))


def drawn(seed: int, rows: int = 3, columns: int = 3) -> tuple[Relations, np.ndarray, np.ndarray]:
    """A random table as it would be published: small ones hidden, others to the nearest 5."""
    draw = np.random.default_rng(seed)
    inner = draw.integers(0, 25, (rows, columns))
    truth = np.r_[inner.ravel(), inner.sum(1), inner.sum(0), inner.sum()].astype(float)
    rounded = np.round(truth / 5) * 5
    lower = np.where(truth < 10, 0, np.maximum(10, rounded - 2))
    return table(rows, columns), lower, np.where(truth < 10, 9, rounded + 2)


def dense(relations: Relations, cells: int) -> np.ndarray:
    matrix = np.zeros((len(relations), cells))
    matrix[relations.rows_of_terms(), relations.cells] = relations.coefficients
    return matrix


@pytest.mark.parametrize("seed", range(12))
def test_ranges_are_those_of_scipy_and_of_whole_numbers(seed: int) -> None:
    relations, lower, upper = drawn(seed)
    targets = np.flatnonzero(lower == 0)
    system = blocks(relations, lower, upper, targets.tolist())
    matrix = dense(relations, len(lower))
    for block in system:
        for column, cell in enumerate(block.cells):
            found = width_of(block, column)
            for sign, value in zip((1, -1), found, strict=True):
                cost = np.zeros(len(lower))
                cost[cell] = sign
                other = linprog(cost, A_eq=matrix, b_eq=np.zeros(len(relations)), bounds=np.c_[lower, upper])
                whole = milp(
                    cost, constraints=LinearConstraint(matrix, 0, 0), bounds=MilpBounds(lower, upper), integrality=np.ones(len(lower))
                )
                assert other.status == whole.status == 0
                assert value == pytest.approx(sign * other.fun, abs=1e-6)
                assert value == pytest.approx(sign * whole.fun, abs=1e-6)


def test_ranges_are_those_of_every_table_there_could_be() -> None:
    relations, lower, upper = drawn(3, 2, 2)
    matrix = dense(relations, len(lower))
    tables = [
        full
        for inner in itertools.product(*(range(int(a), int(b) + 1) for a, b in zip(lower[:4], upper[:4], strict=True)))
        if np.all((full := np.r_[inner, np.array(inner).reshape(2, 2).sum(1), np.array(inner).reshape(2, 2).sum(0), sum(inner)]) >= lower)
        and np.all(full <= upper)
    ]
    assert len(tables) > 10
    assert np.all(matrix @ np.array(tables).T == 0)
    every = np.array(tables)
    for block in blocks(relations, lower, upper, range(4)):
        for column, cell in enumerate(block.cells):
            assert width_of(block, column) == pytest.approx((every[:, cell].min(), every[:, cell].max()), abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_witnesses_say_what_a_program_for_each_cell_says(seed: int) -> None:
    relations, lower, upper = drawn(seed, 4, 4)
    targets = [int(c) for c in np.flatnonzero(lower == 0)]
    attack = Attack(blocks(relations, lower, upper, targets), targets, np.full(len(lower), 4.0)).run()
    plain = {int(b.cells[c]): width_of(b, c) for b in blocks(relations, lower, upper, targets) for c in range(len(b.cells))}
    for target in targets:
        low, high = plain[target]
        assert (target in attack.narrow()) == (high - low < 4 - 1e-6)
        assert attack.ranges[target].lowest >= low - 1e-6
        assert attack.ranges[target].highest <= high + 1e-6
        if target in attack.narrow():
            assert (attack.ranges[target].lowest, attack.ranges[target].highest) == pytest.approx((low, high), abs=1e-6)


def test_what_cannot_be_is_no_outcome() -> None:
    relations, lower, upper = drawn(1)
    lower[-1], upper[-1] = 1000, 1002  # the total of figures that cannot make it
    targets = [int(c) for c in np.flatnonzero(lower == 0)]
    with pytest.raises(NotProvenError, match="kInfeasible"):
        Attack(blocks(relations, lower, upper, targets), targets, np.full(len(lower), 4.0)).run()


def test_exact_figures_that_contradict_each_other_are_no_outcome() -> None:
    relations, lower, upper = drawn(1)
    lower[9:], upper[9:] = [1, 1, 1, 1, 1, 1, 7], [1, 1, 1, 1, 1, 1, 7]
    with pytest.raises(NotProvenError, match="contradict"):
        blocks(relations, lower, upper, [0])


@pytest.mark.parametrize("status", ["kTimeLimit", "kUnknown", "kObjectiveBound", "kUnbounded", "kNotset"])
def test_a_program_that_is_not_proven_is_no_outcome(status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    relations, lower, upper = drawn(1)
    block = blocks(relations, lower, upper, [0])[0]
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: getattr(highspy.HighsModelStatus, status))
    with pytest.raises(NotProvenError, match=status):
        block.solve([0], [1.0])


@pytest.mark.parametrize("status", ["kError", "kWarning"])
def test_a_run_that_errs_is_no_outcome(status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    relations, lower, upper = drawn(1)
    block = blocks(relations, lower, upper, [0])[0]
    monkeypatch.setattr(highspy.Highs, "run", lambda _: getattr(highspy.HighsStatus, status))
    with pytest.raises(NotProvenError, match=status):
        block.solve([0], [1.0])


SECOND_NUMBER_OF_THREADS = """
import highspy, numpy as np
from orchestration.disclosure import attacker
from tests.disclosure.test_attacker import drawn
other = highspy.Highs()
other.setOptionValue("output_flag", False)
other.setOptionValue("threads", 2)
other.addVar(0, 1)
other.run()
relations, lower, upper = drawn(1)
try:
    attacker.width_of(attacker.blocks(relations, lower, upper, [0])[0], 0)
except attacker.NotProvenError as error:
    print("refused", error)
"""


def test_another_number_of_threads_in_the_process_is_noticed() -> None:
    found = subprocess.run([sys.executable, "-c", SECOND_NUMBER_OF_THREADS], capture_output=True, text=True, check=True)
    assert "refused" in found.stdout
    assert "kError" in found.stdout


def test_a_target_in_no_block_is_no_outcome() -> None:
    relations, lower, upper = drawn(1)
    targets = [int(c) for c in np.flatnonzero(lower == 0)]
    with pytest.raises(NotProvenError, match="in no block that was solved"):
        Attack(blocks(relations, lower, upper, targets)[1:], targets, np.full(len(lower), 4.0)).run()


def test_the_same_direction_every_time() -> None:
    relations, lower, upper = drawn(5, 4, 4)
    targets = [int(c) for c in np.flatnonzero(lower == 0)]

    def once() -> list[tuple[float, float]]:
        attack = Attack(blocks(relations, lower, upper, targets), targets, np.full(len(lower), 4.0)).run()
        return [(r.lowest, r.highest) for r in attack.ranges.values()]

    assert once() == once()
    assert attacker.THREADS == 1
