"""Integer allocation and exact random choice: how a total is met to the unit while the rest stays free."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from orchestration.demo.errors import DemoError

Integers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]


def allocate(
    total: int,
    weight: Sequence[float] | Reals,
    minimum: Sequence[int] | Integers | None = None,
    maximum: Sequence[int] | Integers | None = None,
    *,
    what: str = "verdeling",
) -> Integers:
    """Split ``total`` over parts in proportion to ``weight``, each part within its bounds, exactly.

    Raises ``DemoError`` (naming ``what``) when the bounds leave no room for the total.
    """
    w = np.asarray(weight, dtype=np.float64)
    low = np.zeros(len(w), np.int64) if minimum is None else np.asarray(minimum, np.int64)
    high = np.full(len(w), max(total, 0), np.int64) if maximum is None else np.asarray(maximum, np.int64)
    high = np.where(w > 0, high, low)
    if (low > high).any() or not low.sum() <= total <= high.sum():
        raise DemoError(f"{what}: {total} does not fit between {int(low.sum())} and {int(high.sum())}")
    lower, upper = 0.0, (total + 1.0) / max(w[w > 0].min(initial=1.0), 1e-12)
    for _ in range(200):
        middle = (lower + upper) / 2
        if np.clip(middle * w, low, high).sum() < total:
            lower = middle
        else:
            upper = middle
    part = np.clip(upper * w, low, high)
    whole = np.floor(part + 1e-9).astype(np.int64)
    over = total - int(whole.sum())
    ordering = np.argsort(-(part - whole), kind="stable")
    while over != 0:
        step = 1 if over > 0 else -1
        room = whole < high if over > 0 else whole > low
        for i in [i for i in ordering if room[i] and w[i] > 0][: abs(over)]:
            whole[i] += step
            over -= step
    return np.asarray(whole)


def choose(rng: np.random.Generator, weight: Reals, count: int, *, what: str = "keuze") -> Integers:
    """Exactly ``count`` positions, without replacement, with odds in proportion to ``weight`` (0: never), ascending.

    Raises ``DemoError`` when fewer positions than ``count`` have a weight.
    """
    weight = np.asarray(weight, dtype=np.float64)
    possible = np.flatnonzero(weight > 0)
    if count > len(possible) or count < 0:
        raise DemoError(f"{what}: {count} asked for, {len(possible)} possible")
    if count == 0:
        return np.zeros(0, np.int64)
    key = np.log(weight[possible]) + rng.gumbel(size=len(possible))
    return np.sort(possible[np.argpartition(-key, count - 1)[:count]])


def from_counts(rng: np.random.Generator, codes: Sequence[str] | npt.NDArray[np.str_], counts: Integers) -> npt.NDArray[np.str_]:
    """Each code as often as its count says, in random order."""
    return np.asarray(rng.permutation(np.repeat(np.asarray(codes), counts)))


def draw(rng: np.random.Generator, codes: Sequence[str], chances: Sequence[float], count: int) -> npt.NDArray[np.str_]:
    """``count`` independent draws; the chances are scaled to one."""
    p = np.asarray(chances, dtype=np.float64)
    return np.asarray(np.asarray(codes)[rng.choice(len(p), size=count, p=p / p.sum())])
