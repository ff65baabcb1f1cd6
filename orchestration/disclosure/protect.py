"""Which figures are shown, and which are hidden: small ones, and as few others as it takes so that the small ones stay unknown."""

from dataclasses import dataclass, field

import duckdb
import numpy as np
from numpy.typing import NDArray

from orchestration.disclosure.attacker import NEAR, UNBOUNDED, Attack, Block, Floats, Integers, Relations, blocks, width_of
from orchestration.disclosure.cells import UNLISTED
from orchestration.disclosure.known import Known
from orchestration.disclosure.rules import EXACT, Parameters

WEIGHTS_AREA = {"regio": 8, "gemeente": 4, "buiten": 4, "stadsdeel": 3, "wijk": 2, "buurt": 1}
WEIGHTS_PERIOD = {"jaar": 4, "halfjaar": 2, "kwartaal": 2, "maand": 1}


@dataclass
class System:
    """The cells of ``cells.build`` and ``relations.build`` as arrays, in the order of their keys."""

    parameters: Parameters
    truth: Integers
    exact: NDArray[np.bool_]
    unlisted: NDArray[np.bool_]
    weight: Floats
    keys: list[str]
    relations: Relations
    printed: dict[int, int] = field(default_factory=dict)
    """cells of which the true value is known to anyone: it stands in print"""

    @property
    def first(self) -> NDArray[np.bool_]:
        """Cells that are hidden for what they are themselves."""
        return self.small

    @property
    def start(self) -> NDArray[np.bool_]:
        """Cells that are hidden before the search for others begins."""
        return self.first

    @property
    def locked(self) -> NDArray[np.bool_]:
        """Cells that are not hidden beside others."""
        locked = self.exact | self.unlisted
        locked[list(self.printed)] = True
        return locked

    @property
    def small(self) -> NDArray[np.bool_]:
        """Listed cells under the threshold."""
        return (self.truth < self.parameters.threshold) & ~self.unlisted

    def rounded(self) -> Integers:
        """Every cell as it is published when it is shown."""
        base = self.parameters.base
        nearest = (2 * self.truth + base) // (2 * base) * base
        return np.where(self.exact, self.truth, nearest)

    def shown(self) -> Integers:
        """The same; a later vintage may have reasons to publish something else."""
        return self.rounded()

    def as_expected(self, published: Floats) -> NDArray[np.bool_]:
        """Which cells are published as they should be when they are shown."""
        return np.asarray(published == self.shown())

    @property
    def kept_small(self) -> NDArray[np.bool_]:
        """Small cells that are shown all the same, as they were published when they were not small."""
        return np.zeros_like(self.exact)

    def may_stay(self) -> NDArray[np.bool_]:
        """Cells that may stay as they were published before, though by the rules they should not: none, where nothing was."""
        return np.zeros_like(self.exact)

    def read_kept(self, published: Floats) -> None:
        """See from what is published which cells stayed so."""

    def keep(self, cells: Integers, keeps: bool) -> None:
        """Publish these as before, or as they are."""

    def bounds_shown(self, published: Integers) -> tuple[Floats, Floats]:
        """Between which values a reader knows each cell to lie that is published so."""
        slack = np.where(self.exact, 0, self.parameters.slack)
        lowest = np.maximum(published - slack, self.parameters.threshold)
        return np.minimum(lowest, published + slack).astype(float), (published + slack).astype(float)

    def bounds_hidden(self) -> tuple[Floats, Floats]:
        """The same of each cell when it is hidden; the attacker is told which are small, and which are hidden beside them."""
        threshold = self.parameters.threshold
        return np.where(self.first, 0.0, threshold), np.where(self.first, threshold - 1, UNBOUNDED)

    def narrowed(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """These bounds, and what is known of the cells from elsewhere."""
        return lower, upper

    def public_widths(self, asked: Integers) -> dict[int, float]:
        """How wide the range of each cell is by what is public already, at most the width that is asked."""
        return print_widths(self, asked)


def read_system(con: duckdb.DuckDBPyConnection, parameters: Parameters, known: Known | None = None) -> System:
    """The arrays of the tables in ``con``, with what everyone knows already."""
    known = known or Known()
    found = con.execute("select cel, waarde, regel, periode_soort, gebied_soort, categorie_soort from cells order by cel").fetchnumpy()
    keys = con.execute(
        """
        select concat_ws(' ', reeks, nullif(concat_ws('=', nullif(categorie_soort, ''), nullif(categorie, '')), ''), gebied, periode)
        from cells order by cel
        """
    ).fetchall()
    assert np.array_equal(found["cel"], np.arange(len(keys)))
    rules = np.asarray(found["regel"], dtype=object)
    truth = np.asarray(found["waarde"], dtype=np.int64)
    shape = np.array([WEIGHTS_AREA.get(a, 1) for a in found["gebied_soort"]]) * np.array(
        [WEIGHTS_PERIOD[p] for p in found["periode_soort"]]
    )
    depth = np.array([4 if not c else 1 if "|" in c else 2 for c in found["categorie_soort"]])
    system = System(
        parameters,
        truth,
        np.asarray(rules == EXACT, dtype=np.bool_),
        np.asarray(rules == UNLISTED, dtype=np.bool_),
        (shape * depth).astype(float),
        [k for (k,) in keys],
        _relations(con).extended([row for ratio in known.ratios for row in ratio.rows()]),
        dict(known.exact),
    )
    system.weight *= np.log1p(system.rounded())  # of cells that are shown: what is published of them, not what is true
    return system


def _relations(con: duckdb.DuckDBPyConnection) -> Relations:
    terms = con.execute(
        """
        with numbered as (
            select relatie, sense, cel, sum(coefficient) as coefficient, dense_rank() over (order by relatie, sense) - 1 as number
            from relation_terms group by relatie, sense, cel
        )
        select number, sense, cel, coefficient, coalesce(constante, 0) as constante
        from numbered left join constants using (relatie) where coefficient != 0 order by number, cel
        """
    ).fetchnumpy()
    number = np.asarray(terms["number"], dtype=np.int64)
    first = np.flatnonzero(np.r_[True, np.diff(number) > 0])
    sense = np.asarray(terms["sense"], dtype=object)[first]
    constant = np.asarray(terms["constante"], dtype=np.float64)[first]
    return Relations(
        np.r_[first, len(number)].astype(np.int64),
        np.asarray(terms["cel"], dtype=np.int64),
        np.asarray(terms["coefficient"], dtype=np.float64),
        np.where(sense == "<=", -np.inf, constant),
        np.where(sense == ">=", np.inf, constant),
    )


@dataclass
class Pattern:
    """What of each cell is published: hidden because it is small, hidden beside it, or shown."""

    hidden: NDArray[np.bool_]
    narrow_first: int = 0
    pruned: int = 0
    programs: int = 0
    unprotected: list[int] = field(default_factory=list)
    because: dict[int, int] = field(default_factory=dict)
    """complementary cell → the target that it was hidden for"""
    published: Integers | None = None
    """what each cell is published as when it is shown, where that is not its rounded value"""
    means: list[tuple[str | float | None, ...]] = field(default_factory=list)
    """key and value of means that stay as they were published"""

    def complementary(self, system: System) -> Integers:
        return np.flatnonzero(self.hidden & ~system.first & ~system.unlisted)


def bounds(system: System, hidden: NDArray[np.bool_], published: Integers | None = None) -> tuple[Floats, Floats]:
    """What anyone knows of each cell."""
    lower, upper = system.bounds_shown(system.shown() if published is None else published)
    least, most = system.bounds_hidden()
    lower[hidden], upper[hidden] = least[hidden], most[hidden]
    lower[system.unlisted], upper[system.unlisted] = 0, UNBOUNDED
    for cell, value in system.printed.items():
        lower[cell] = upper[cell] = value
    return system.narrowed(lower, upper)


def targets(system: System, lower: Floats, upper: Floats, hidden: NDArray[np.bool_]) -> Integers:
    """The cells that must stay unknown: small ones, and unlisted ones that may be small by what is published of their neighbours."""
    open_cells = system.unlisted.copy()
    row_of = system.relations.rows_of_terms()
    term_cells, term_coefficients = system.relations.cells, system.relations.coefficients
    # the relation that an unlisted cell was made by gives it a lower bound: what its row leaves when all others lie as low as they can
    single = system.unlisted[term_cells] & (term_coefficients < 0)
    least = np.bincount(
        row_of, np.where(single, 0.0, np.where(term_coefficients > 0, lower[term_cells], -upper[term_cells])), len(system.relations)
    )
    best = np.zeros(len(system.truth))
    rows = row_of[single]
    equal = np.isfinite(system.relations.lower[rows]) & np.isfinite(system.relations.upper[rows])
    np.maximum.at(best, term_cells[single][equal], least[rows][equal])
    open_cells &= best < system.parameters.threshold
    return np.flatnonzero((hidden & system.first) | (system.kept_small & ~hidden) | open_cells)


def needed(system: System, relations: Relations, wanted: Integers) -> Relations:
    """The relations without those of unlisted cells that cannot be small: they follow from the bounds of the others."""
    idle = system.unlisted & (np.bincount(relations.cells, minlength=len(system.truth)) == 1)
    idle[wanted] = False
    return relations.without(idle)


def print_widths(system: System, asked: Integers) -> dict[int, float]:
    """How wide the range of each cell is by what stands in print alone, at most the width that is asked."""
    if not system.printed or not len(asked):
        return {}
    lower, upper = np.zeros(len(system.truth)), np.full(len(system.truth), UNBOUNDED)
    for cell, value in system.printed.items():
        lower[cell] = upper[cell] = value
    return widths(system, lower, upper, asked)


def widths(system: System, lower: Floats, upper: Floats, asked: Integers) -> dict[int, float]:
    """How wide the range of each cell is by these bounds, at most the width that is asked."""
    width = float(system.parameters.width)
    found = {int(t): 0.0 for t in asked if lower[t] == upper[t]}
    rest = [int(t) for t in asked if int(t) not in found]
    if rest:
        attack = Attack(blocks(system.relations, lower, upper, rest), rest, np.full(len(system.truth), width)).run()
        found |= {t: min(width, attack.ranges[t].width) for t in rest}
    return found


HOPS = 3
"""How many relations away a cell may be that is to help a target."""


class Protection:
    """The search for a pattern."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.floor = np.full(len(system.truth), float(system.parameters.width))
        self.pattern = Pattern(system.start.copy())
        nothing = np.zeros_like(system.exact)
        self.least, self.most = bounds(system, ~nothing)
        lower, upper = bounds(system, nothing)
        # a cell of which as much is known when it is hidden would be hidden in vain
        self.locked = system.locked | ((self.least >= lower) & (self.most <= upper))

    def run(self, prune: bool = True) -> Pattern:
        """Hide what binds, until every target is as wide as it must be; then show again what need not be hidden."""
        self._hide()
        if self.pattern.unprotected:
            self._keep()
        if prune:
            self._prune()
        return self.pattern

    def _hide(self) -> None:
        first = self.pattern.programs == 0
        while True:
            attack = self._attack()
            narrow = self._too_narrow(attack)
            if first:
                self.pattern.narrow_first, first = len(narrow), False
            before = int(self.pattern.hidden.sum())
            for target in narrow:
                self._widen(attack, target)
            self.pattern.programs += attack.programs
            if before == int(self.pattern.hidden.sum()):
                break
        self.pattern.unprotected = [t for t in narrow if not attack.wide(t)]

    def _keep(self) -> None:
        """Where hiding did not help: cells near stay as they were published before, as few as help."""
        near, relations = np.zeros_like(self.system.exact), self.system.relations
        near[self.pattern.unprotected] = True
        for _ in range(HOPS):
            near[relations.only(relations.having(near)).cells] = True
        able, left = np.flatnonzero(self.system.may_stay() & near), len(self.pattern.unprotected)
        if not len(able):
            return
        self._set_kept(able, keeps=True)
        self._hide()
        best = len(self.pattern.unprotected)
        for cell in able:
            self._set_kept(able[able == cell], keeps=False)
            if best < left and len(self._too_narrow(self._attack())) > best:
                self._set_kept(able[able == cell], keeps=True)

    def _set_kept(self, cells: Integers, *, keeps: bool) -> None:
        self.system.keep(cells, keeps)
        self.pattern.hidden[cells] = self.system.start[cells]

    def _attack(self) -> Attack:
        lower, upper = bounds(self.system, self.pattern.hidden)
        wanted = targets(self.system, lower, upper, self.pattern.hidden)
        wanted = wanted[lower[wanted] < upper[wanted]]
        relations = needed(self.system, self.system.relations, wanted)
        return Attack(blocks(relations, lower, upper, wanted.tolist(), ~self.locked), wanted.tolist(), self.floor).run()

    def _too_narrow(self, attack: Attack) -> list[int]:
        threshold = self.system.parameters.threshold
        narrow = [t for t in attack.narrow() if attack.ranges[t].lowest < threshold - NEAR]
        known = {t: w for t, w in self.system.public_widths(np.array(narrow, dtype=np.int64)).items() if w < self.floor[t]}
        for cell, width in known.items():
            self.floor[cell] = width
        for cell in set(attack.narrow()) - set(narrow):
            self.floor[cell] = 0.0  # never small
        return [t for t in narrow if not attack.wide(t)]

    def _widen(self, attack: Attack, target: int) -> None:
        number, column = attack.place[target]
        block = attack.blocks[number]
        while not attack.wide(target):
            held: dict[int, float] = {}
            for sign in (1.0, -1.0):
                attack.seen(block, block.solve([column], [sign]))
                costs = np.abs(block.reduced_costs())
                for place in np.flatnonzero(costs > NEAR):
                    cell = int(block.cells[place])
                    if not self.locked[cell] and not self.pattern.hidden[cell]:
                        held[cell] = max(held.get(cell, 0.0), float(costs[place]))
            if attack.wide(target) or not held:
                return
            cheapest = min(held, key=lambda cell: (round(float(self.system.weight[cell]) / held[cell], 9), cell))
            self.pattern.hidden[cheapest] = True
            self.pattern.because[cheapest] = target
            block.set_bounds(attack.place[cheapest][1], float(self.least[cheapest]), float(self.most[cheapest]))

    def _prune(self) -> None:
        """Show each complementary cell again, dearest first, unless a target would become too narrow by it."""
        extra = np.flatnonzero(self.pattern.hidden & ~self.system.start)
        if not len(extra):
            return
        lower, upper = bounds(self.system, self.pattern.hidden)
        shown_lower, shown_upper = bounds(self.system, np.zeros_like(self.pattern.hidden))
        everything = bounds(self.system, self.system.start)
        wanted = targets(self.system, *everything, self.system.start)
        wanted = np.union1d(wanted, targets(self.system, lower, upper, self.pattern.hidden))
        wanted = wanted[(lower[wanted] < upper[wanted]) & (self.floor[wanted] > 0)]
        system = blocks(needed(self.system, self.system.relations, wanted), lower, upper, wanted.tolist(), ~self.locked)
        for block in system:
            block.pool = []
        attack = Attack(system, wanted.tolist(), self.floor).run()
        pools = {}
        for cell in sorted(extra.tolist(), key=lambda c: (-self.system.weight[c], c)):
            if cell not in attack.place:  # no target hangs together with it any more
                self.pattern.hidden[cell] = False
                self.pattern.pruned += 1
                continue
            number, column = attack.place[cell]
            block = attack.blocks[number]
            if number not in pools:
                among = [attack.place[c] for c in extra.tolist() if c in attack.place]
                pools[number] = Pool(block, attack, [place for of, place in among if of == number])
            block.set_bounds(column, shown_lower[cell], shown_upper[cell])
            first = self.pattern.because[cell]
            if pools[number].still_wide(column, shown_lower[cell], shown_upper[cell], self.system.parameters.threshold, first):
                self.pattern.hidden[cell] = False
                self.pattern.pruned += 1
            else:
                block.set_bounds(column, lower[cell], upper[cell])
        self.pattern.programs += attack.programs


class Pool:
    """Solutions of a block that were seen: what holds of its targets after a bound was made tighter."""

    def __init__(self, block: Block, attack: Attack, tracked: list[int]) -> None:
        self.block, self.tracked = block, {c: n for n, c in enumerate(tracked)}
        self.cells = attack.targets_of(block)
        self.columns = np.array([attack.place[t][1] for t in self.cells], dtype=np.int64)
        self.floor = attack.floor[np.array(self.cells, dtype=np.int64)]
        assert block.pool is not None
        self.values = np.array([v[self.columns] for v in block.pool], dtype=np.float32)
        self.marks = np.array([v[tracked] for v in block.pool])
        block.pool = None

    def still_wide(self, column: int, lower: float, upper: float, threshold: int, first: int) -> bool:
        """Whether every target is as wide as it must be when ``column`` lies between the bounds given; ``first`` is looked at first."""
        mark = self.marks[:, self.tracked[column]]
        valid = (mark >= lower - NEAR) & (mark <= upper + NEAR)
        values, marks = [self.values[valid]], [self.marks[valid]]
        lowest, highest = (f(values[0], axis=0, initial=i) for f, i in ((np.min, np.inf), (np.max, -np.inf)))
        good = True
        open_targets = np.flatnonzero(~(highest - lowest >= self.floor - 1e-4)).tolist()
        for number in sorted(open_targets, key=lambda n: self.cells[n] != first):
            if highest[number] - lowest[number] >= self.floor[number] - 1e-4:
                continue
            for sign in (1.0, -1.0):
                found = self.block.solve([int(self.columns[number])], [sign])
                seen = found[self.columns].astype(np.float32)
                lowest, highest = np.minimum(lowest, seen), np.maximum(highest, seen)
                values.append(seen[None])
                marks.append(found[list(self.tracked)][None])
                if highest[number] - lowest[number] >= self.floor[number] - 1e-4:
                    break
            else:
                if lowest[number] < threshold - NEAR:
                    good = False
                    break
        if good:
            self.values, self.marks = np.concatenate(values), np.concatenate(marks)
        elif len(values) > 1:  # what was seen under the tighter bound holds without it too
            self.values, self.marks = np.concatenate([self.values, *values[1:]]), np.concatenate([self.marks, *marks[1:]])
        return good


__all__ = ["Pattern", "Protection", "System", "bounds", "needed", "print_widths", "read_system", "targets", "width_of", "widths"]
