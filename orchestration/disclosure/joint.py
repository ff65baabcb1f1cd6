"""Vintages beside each other: what somebody can work out who has the files of all.

A cell of which the true value changed is two variables, what it was and what it is, each in the relations of its vintage; one that did not
change is one variable, between what both vintages tell of it. The attacker is told which cells changed. What was before may be such
a system itself: then there are as many variables as the cell had values.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from orchestration.disclosure import publish
from orchestration.disclosure.attacker import UNBOUNDED, Floats, Integers, Relations
from orchestration.disclosure.cells import KEY, MEAN_KINDS, WAIT_KINDS, RelationError
from orchestration.disclosure.protect import Pattern, System, bounds, print_widths, widths
from orchestration.disclosure.vintage import Sticky, sticky
from orchestration.language import later, say

if TYPE_CHECKING:
    from orchestration.disclosure.whole import Publication

Flags = NDArray[np.bool_]

THEN = "{} (vorige jaargang)"
"""The name of what a cell was."""


@dataclass(frozen=True)
class Before:
    """What was published before: the true figures of the newest vintage, and of those before it what was another; what its files say."""

    system: System
    published: Floats
    """what each cell was published as in its vintage; NaN where it was hidden, -1 where it was unlisted"""
    means: publish.Means = ()
    """key and published value of each mean, and of how many it was"""

    @classmethod
    def of(cls, publication: "Publication", folder: Path, before: "Before | None" = None) -> "Before":
        """``publication`` is made of the true figures that ``folder`` was written from, beside what was published ``before`` that.

        Raises ``RelationError`` where they are not.
        """
        con, system = publication.con, publication.system
        publish.read(con, folder / publish.PARQUET)
        other = con.execute(
            f"""select count(*) from (
                (select {KEY} from figures except all select {KEY} from written)
                union all (select {KEY} from written except all select {KEY} from figures)
            )"""
        ).fetchone()
        if other != (0,):
            raise RelationError(
                say(
                    "What was published in {folder} has other figures than the rules and true figures that lie with it."
                    " Put that folder back from a backup.",
                    folder=folder,
                )
            )
        value, _ = publish.read_cells(con)
        means = con.execute(
            f"""select {KEY}, written.waarde, aantal from written join ({publish.TRUE_MEANS}) using ({KEY}) where soort in {MEAN_KINDS}
            order by all"""
        ).fetchall()
        published = np.where(system.unlisted, -1.0, np.where(value < 0, np.nan, value))
        if not before:
            return cls(system, published, means)
        joint = Joint.of(system, before)
        joint.read_kept(value)
        return cls(joint, np.r_[published, before.published[joint.place_then[len(published) :]]], means)

    @property
    def hidden(self) -> Flags:
        return np.isnan(self.published)

    @property
    def kept_small(self) -> Flags:
        """Small ones that were shown all the same, as in a vintage before it."""
        return self.system.small & ~self.hidden

    def bounds(self) -> tuple[Floats, Floats]:
        """What is known of each of its cells. Raises ``RelationError`` where the truth of then is not between that."""
        lower, upper = bounds(self.system, self.hidden, np.where(self.hidden, 0, self.published).astype(np.int64))
        _hold(np.flatnonzero((self.system.truth < lower) | (self.system.truth > upper)), self.system, say(OTHER_TRUTH))
        return lower, upper

    def means_that_stay(self, con: duckdb.DuckDBPyConnection, system: System) -> list[tuple[Any, ...]]:
        """A mean stays as it was while fewer than a base have come or gone: two means of nearly the same cases tell of the others.

        A waiting time does not: it is of a region's hundreds, in whole days, and what changes it is that more of the same are decided.
        """
        columns = f"{KEY}, waarde, aantal_toen"
        con.execute(f"create or replace temp table means_before ({KEY.replace(',', ' text,')} text, waarde double, aantal_toen double)")
        if self.means:
            con.execute(
                f"insert into means_before ({columns}) select {', '.join(['unnest(?)'] * len(self.means[0]))}",
                [list(c) for c in zip(*self.means, strict=True)],
            )
        return con.execute(
            f"""select {KEY}, waarde from means_before join ({publish.TRUE_MEANS}) using ({KEY})
            where abs(aantal - aantal_toen) < {system.parameters.base} and soort not in {WAIT_KINDS} order by all"""
        ).fetchall()


OTHER_TRUTH = later("What the vintage before published does not stand on the true figures that lie with it")
FALSE = later("A relation does not hold of the true figures of one of two vintages")


def _kept(said: Integers, reach: int, least: Integers) -> tuple[Floats, Floats]:
    """Between which values a figure lies that may have been kept."""
    return np.maximum(said - reach, least).astype(float), (said + reach).astype(float)


def _hold(wrong: Integers, system: System, what: str) -> None:
    """Raise ``RelationError`` for these cells; ``what`` is wrong of them."""
    if len(wrong):
        told = "; ".join(system.keys[cell] for cell in wrong[:5])
        raise RelationError(f"{what} ({len(wrong)}): {told}")


def _hold_relations(relations: Relations, system: System) -> None:
    broken = relations.broken(system.truth)
    _hold(relations.cells[relations.start[broken]], system, say(FALSE))


@dataclass
class Joint(System):
    """The cells of today, and behind them those of then that are none of today's or were something else."""

    now: System = field(kw_only=True)
    before: Before = field(kw_only=True)
    sticky: Sticky = field(kw_only=True)
    old: Floats = field(kw_only=True)
    """what each cell of today was published as; NaN where it was hidden, -1 where it was not there"""
    known: tuple[Floats, Floats] = field(kw_only=True)
    """what was known before of each variable"""
    was_small: Flags = field(kw_only=True)
    """variables that are no cells of today and were hidden for being small"""
    stays_small: Flags = field(kw_only=True)
    """cells of today that were"""
    place_then: Integers = field(kw_only=True)
    """variable → its cell of then, or -1"""
    keeps: Flags = field(kw_only=True)
    """cells that stay as they were published though exact or fallen under the threshold, for else they would tell too much"""

    @classmethod
    def of(cls, now: System, before: Before) -> "Joint":
        """Raises ``RelationError`` for a relation that is false on the true figures of its own vintage."""
        then, count = before.system, len(now.truth)
        _hold_relations(then.relations, then)
        by_key = {key: cell for cell, key in enumerate(now.keys)}
        assert len(by_key) == count
        today = np.array([by_key.get(key, -1) for key in then.keys], dtype=np.int64)
        own = (today < 0) | (now.truth[today] != then.truth)
        variable = np.where(own, count + np.cumsum(own) - 1, today)
        total = count + int(own.sum())
        old, place_then = np.full(count, -1.0), np.full(total, -1)
        old[today[today >= 0]] = before.published[today >= 0]
        place_then[variable] = np.arange(len(variable))
        was_small, stays_small = before.hidden & then.first, np.zeros(count, dtype=np.bool_)
        stays_small[today[today >= 0]] = was_small[today >= 0]
        known = np.zeros(total), np.full(total, UNBOUNDED)
        for side, values in zip(known, before.bounds(), strict=True):
            side[variable] = values
        # a figure to stay must be one that a rounded cell can have
        old_rounded = np.where((old >= 0) & (old % now.parameters.base > 0), -1.0, old)
        kept = sticky(now, old_rounded)
        nothing = np.zeros(total - count, dtype=np.bool_)
        plain = np.log1p(now.rounded())
        joint = cls(
            now.parameters,
            np.r_[now.truth, then.truth[own]],
            np.r_[now.exact, nothing],
            np.r_[now.unlisted, then.unlisted[own]],
            np.r_[np.divide(now.weight * np.log1p(kept.published), plain, out=now.weight.copy(), where=plain > 0), nothing],
            [*now.keys, *(THEN.format(then.keys[cell]) for cell in np.flatnonzero(own))],
            now.relations.joined(then.relations.only(then.relations.having(own)), variable),
            {int(variable[cell]): value for cell, value in then.printed.items()} | now.printed,
            now=now,
            before=before,
            sticky=kept,
            old=np.where(now.exact, old, old_rounded),
            known=known,
            was_small=was_small[own],
            stays_small=stays_small,
            place_then=place_then,
            keeps=np.zeros(count, dtype=np.bool_),
        )
        _hold_relations(joint.relations, joint)
        return joint

    # --- as one vintage, with what the other adds

    @property
    def first(self) -> Flags:
        # what was hidden beside others stays so, near the threshold too: to say that it is near would tell more than hiding it hides
        return np.concatenate([(self.now.small & ~self.keeps) | (self.sticky.hidden & self.stays_small), self.was_small])

    @property
    def start(self) -> Flags:
        """What was hidden beside others stays hidden: shown again, it would tell that something changed near it."""
        stays = np.isnan(self.old) & ~self.now.exact & ~self.now.unlisted & ~(self.stays_small & ~self.sticky.hidden)
        return np.concatenate([self.first[: len(stays)] | stays, self.was_small])

    @property
    def locked(self) -> Flags:
        locked = super().locked
        locked[len(self.old) :] = True
        return locked

    def shown(self) -> Integers:
        today = np.where(self.keeps, np.nan_to_num(self.old), self.sticky.published).astype(np.int64)
        return np.concatenate([today, np.zeros(len(self.was_small), dtype=np.int64)])

    def as_expected(self, published: Floats) -> Flags:
        today = slice(len(self.old))
        return np.asarray((published == self.shown()[today]) & ~self.first[today])

    @property
    def kept_small(self) -> Flags:
        return np.concatenate([self.keeps & self.now.small, self.before.kept_small[self.place_then[len(self.old) :]]])

    def may_stay(self) -> Flags:
        """Less than a base away from what was published: exact ones, and ones that fell under the threshold."""
        near = np.abs(self.old - self.now.truth) < self.parameters.base  # never for NaN
        may = (self.old >= 0) & near & np.where(self.now.exact, self.old != self.now.truth, self.now.small) & ~self.now.unlisted
        return np.concatenate([may, np.zeros_like(self.was_small)])

    def read_kept(self, published: Floats) -> None:
        self.keeps = self.may_stay()[: len(published)] & (published == self.old)

    def keep(self, cells: Integers, keeps: bool) -> None:
        self.keeps[cells] = keeps

    def bounds_shown(self, published: Integers) -> tuple[Floats, Floats]:
        """By the rounding, and by the rule that a figure stays: one that did not was far enough from what it was."""
        lower, upper = super().bounds_shown(published)
        count, p = len(self.old), self.parameters
        reach, loose, said = p.base - 1, ~self.now.exact, published[:count]
        least, most = lower[:count], upper[:count]
        same = (said == self.old) & (loose | self.keeps)
        least[same], most[same] = _kept(said[same], reach, np.where(self.keeps, 0, p.threshold)[same])
        more, less = loose & (self.old >= 0) & (said > self.old), loose & (self.old >= 0) & (said < self.old)
        least[more] = np.maximum(least, self.old + p.base)[more]
        most[less] = np.minimum(most, self.old - p.base)[less]
        back = loose & np.isnan(self.old)
        least[back] = np.maximum(least, p.threshold + reach)[back]
        return lower, upper

    def bounds_hidden(self) -> tuple[Floats, Floats]:
        """Of what was hidden for being small, small is what has not come that far over the threshold yet."""
        p = self.parameters
        was = np.concatenate([self.stays_small & ~self.now.exact, np.zeros_like(self.was_small)])
        over = p.threshold + (p.base - 1) * was
        return np.where(self.first, 0.0, over), np.where(self.first, over - 1.0, UNBOUNDED)

    def narrowed(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        count = len(self.old)
        lower, upper = np.maximum(lower, self.known[0]), np.minimum(upper, self.known[1])
        lower[count:], upper[count:] = self.known[0][count:], self.known[1][count:]
        return lower, upper

    def public_widths(self, asked: Integers) -> dict[int, float]:
        """By print alone, or by the vintage before and print."""
        asked = np.asarray(asked, dtype=np.int64)
        found = print_widths(self.now, asked[asked < len(self.old)])
        was = self.place_then[asked]
        then = widths(self.before.system, *self.before.bounds(), was[was >= 0])
        return found | {
            target: min(then[cell], found.get(target, then[cell]))
            for target, cell in zip(asked.tolist(), was.tolist(), strict=True)
            if cell >= 0
        }

    def pattern(self, found: Pattern, means: list[tuple[Any, ...]]) -> Pattern:
        """What was found, of the cells of today only."""
        count = len(self.old)
        return replace(found, hidden=found.hidden[:count], published=self.shown()[:count], means=means)
