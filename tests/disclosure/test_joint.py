"""Two vintages beside each other: what each keeps unknown alone stays unknown to somebody who has the files of both."""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from orchestration.disclosure import audit, publish
from orchestration.disclosure.attacker import Relations, blocks, width_of
from orchestration.disclosure.cells import KEY, RelationError
from orchestration.disclosure.joint import THEN, Before, Joint
from orchestration.disclosure.protect import Pattern, System, bounds
from orchestration.disclosure.rules import Rule
from orchestration.disclosure.whole import Publication
from tests.lib.small_publication import PARAMETERS, rows, rules, world

Rows = Sequence[tuple[object, ...]]
ALL_ROUNDED = rules(Rule("meldingen", "", "regio", "jaar", "afgerond"))


@pytest.fixture(scope="module")
def before(small: Publication, written: Path) -> Before:
    return Before.of(small, written)


@pytest.fixture
def opened() -> Iterator[Callable[..., Publication]]:
    """A publication of these rows, closed afterwards."""
    connections: list[duckdb.DuckDBPyConnection] = []

    def of(reports: Rows, transfers: Rows | None = None, chosen: list[Rule] | None = None, shuffled: int = 0) -> Publication:
        connections.append(world(reports, transfers, shuffled=shuffled))
        return Publication.of(connections[-1], chosen or rules(), PARAMETERS, [], "marts", None)

    yield of
    for con in connections:
        con.close()


def changed(seed: int, late: int = 100, gone: int = 0) -> tuple[Rows, Rows]:
    """The rows of the small world with copies of some, and without others."""
    draw, (reports, transfers) = random.Random(seed), rows()
    copies = [(10000 + number, *row[1:]) for number, row in enumerate(draw.choices(reports, k=late))]
    moved = [*draw.sample(transfers, len(transfers) - gone // 3), *draw.choices(transfers, k=late // 3)]
    return [*draw.sample(reports, len(reports) - gone), *copies], moved


def whats(report: audit.Report) -> list[tuple[str, str]]:
    return [(f.what, f.key) for f in report.findings]


# --- one report more


@pytest.mark.parametrize("number", [7, 180, 360])
def test_after_one_late_report_every_byte_is_the_same(opened: Callable[..., Publication], tmp_path: Path, number: int) -> None:
    reports, _ = rows()
    first, second = opened(reports, chosen=ALL_ROUNDED), opened([*reports, (9999, *reports[number][1:])], chosen=ALL_ROUNDED)
    first.write(first.protect(), tmp_path / "one")
    known = Before.of(first, tmp_path / "one")
    second.write(second.protect(before=known), tmp_path / "two")
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes() for file in publish.FILES)
    report = second.audit(tmp_path / "two", utility=False, before=known)
    assert report.findings == []
    # without the rule that a figure stays, and without the audit of both, it is to be seen
    second.write(second.protect(), tmp_path / "plain")
    assert (tmp_path / "one" / publish.PARQUET).read_bytes() != (tmp_path / "plain" / publish.PARQUET).read_bytes()
    assert not second.audit(tmp_path / "plain", utility=False, before=known).passed


def test_after_one_report_less_a_figure_that_fell_under_the_threshold_stays_where_it_would_tell_more(
    opened: Callable[..., Publication], tmp_path: Path
) -> None:
    reports, _ = rows()
    first, second = opened(reports, chosen=ALL_ROUNDED), opened([*reports[:63], *reports[64:]], chosen=ALL_ROUNDED)
    first.write(first.protect(), tmp_path / "one")
    known = Before.of(first, tmp_path / "one")
    pattern = second.protect(before=known)
    fallen = second.system.small & ~pattern.hidden
    assert fallen.sum() == 1
    assert (known.published[fallen] == PARAMETERS.threshold).all()
    second.write(pattern, tmp_path / "two")
    report = second.audit(tmp_path / "two", utility=False, before=known)
    assert report.findings == []
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes() for file in publish.FILES)
    # and a third beside that second
    third = opened([*reports[:63], *reports[64:], *changed(6, 9)[0][-9:]], chosen=ALL_ROUNDED)
    after = Before.of(second, tmp_path / "two", known)
    assert after.kept_small.sum() == 1
    third.write(third.protect(before=after), tmp_path / "three")
    assert third.audit(tmp_path / "three", utility=False, before=after).findings == []
    # to hide it tells how many it is
    hidden = replace(pattern, hidden=pattern.hidden | fallen)
    second.write(hidden, tmp_path / "two")
    assert not second.audit(tmp_path / "two", utility=False, before=known).passed
    # nor may a figure that is new be shown under the threshold
    second.write(pattern, tmp_path / "two")
    assert audit.SMALL_SHOWN in {f.what for f in second.audit(tmp_path / "two", utility=False).findings}


def test_exact_totals_follow_the_truth_with_the_shares_on_them(
    opened: Callable[..., Publication], before: Before, written: Path, tmp_path: Path
) -> None:
    reports, _ = rows()
    second = opened([*reports, (9999, *reports[60][1:])])
    second.write(second.protect(before=before), tmp_path)
    assert second.audit(tmp_path, utility=False, before=before).findings == []
    values = "waarde, teller, noemer, status"
    one, two = (f"(from read_parquet('{folder / publish.PARQUET}'))" for folder in (written, tmp_path))
    differ = second.con.execute(f"select {KEY}, {values} from {two} except select {KEY}, {values} from {one}").fetchall()
    shares = ", ".join(f"parts.{column}" for column in KEY.split(", "))
    on_exact = second.con.execute(
        f"select {KEY} from figures where regel = 'exact' union select {shares} from parts join cells using (cel) where regel = 'exact'"
    ).fetchall()
    assert differ
    assert {row[:7] for row in differ} <= set(on_exact)


# --- many


@pytest.mark.parametrize(("seed", "late", "gone"), [(1, 100, 0), (2, 100, 0), (3, 0, 100), (4, 60, 60)])
def test_after_many_changes_nothing_small_can_be_worked_out(
    opened: Callable[..., Publication], before: Before, tmp_path: Path, seed: int, late: int, gone: int
) -> None:
    second = opened(*changed(seed, late, gone))
    pattern = second.protect(before=before)
    second.write(pattern, tmp_path)
    report = second.audit(tmp_path, utility=False, before=before)
    assert report.findings == []
    assert report.targets_then
    assert report.targets > report.small + report.targets_then
    assert report.in_print == []
    # what the attacker is told is true
    joint = Joint.of(second.system, before)
    lower, upper = bounds(joint, np.r_[pattern.hidden, joint.was_small])
    assert ((lower <= joint.truth) & (joint.truth <= upper)).all()
    # by the rules of one vintage it would not be safe
    second.write(second.protect(), tmp_path)
    assert audit.NARROW in {f.what for f in second.audit(tmp_path, utility=False, before=before).findings}
    if gone:
        fallen = (before.published >= PARAMETERS.threshold) & (second.system.truth < PARAMETERS.threshold) & ~second.system.unlisted
        assert fallen.sum() > 5
        assert pattern.hidden[fallen].all()


def test_the_pattern_is_the_same_in_every_order(opened: Callable[..., Publication], before: Before) -> None:
    one, two = opened(*changed(1)).protect(before=before), opened(*changed(1), shuffled=5).protect(before=before)
    assert one.published is not None
    assert two.published is not None
    assert (one.hidden == two.hidden).all()
    assert (one.published == two.published).all()
    assert one.means == two.means


@pytest.mark.parametrize("change", ["waarde + 5", "waarde + 1", "null"])
def test_a_value_altered_in_the_second_file_is_found(
    opened: Callable[..., Publication], before: Before, tmp_path: Path, change: str
) -> None:
    second = opened(*changed(1))
    second.write(second.protect(before=before), tmp_path)
    with duckdb.connect(str(tmp_path / publish.DATABASE)) as file:
        where = "indicator = 'overdrachten' and gebied = 'GM0363' and categorie = '' and periode = '2024'"
        file.execute(f"update {publish.STORED} set waarde = {change} where {where} and status = 'gepubliceerd'")
        file.execute(f"copy (from {publish.STORED} order by all) to '{tmp_path / publish.PARQUET}' (format parquet)")
    found = second.audit(tmp_path, utility=False, before=before)
    assert {f.key for f in found.findings}
    assert {f.what for f in found.findings} & {audit.ASKEW, audit.STATUS}


def test_what_was_hidden_and_may_not_come_back_yet_is_found(opened: Callable[..., Publication], before: Before, tmp_path: Path) -> None:
    second = opened(*changed(1))
    pattern = second.protect(before=before)
    joint = Joint.of(second.system, before)
    early = np.flatnonzero(joint.sticky.hidden & ~second.system.small)
    assert len(early)
    shown = pattern.hidden.copy()
    shown[early] = False
    second.write(replace(pattern, hidden=shown), tmp_path)
    named = {f.key for f in second.audit(tmp_path, utility=False, before=before).findings if f.what == audit.ASKEW}
    assert named == {second.system.keys[cell] for cell in early}


# --- three areas and their total


HAND_MADE = [Rule("meldingen", "", area, "jaar", "exact" if area == "regio" else "afgerond") for area in ("regio", "gemeente", "buiten")]
PINNED = "meldingen BUITEN 2024"


def areas(*counts: int) -> Rows:
    places = [place for place, count in zip(("GM0358", "GM0363", "BUITEN"), counts, strict=True) for _ in range(count)]
    return [(n, n, 2024, 1, place, None, None, None, "politie", 1, 1) for n, place in enumerate(places)]


def test_two_vintages_each_safe_alone_tell_a_small_cell_together(opened: Callable[..., Publication], tmp_path: Path) -> None:
    first, second = opened(areas(58, 28, 4), chosen=HAND_MADE), opened(areas(67, 37, 4), chosen=HAND_MADE)
    for publication, name in ((first, "one"), (second, "two")):
        pattern = publication.protect()
        assert not len(pattern.complementary(publication.system))
        publication.write(pattern, tmp_path / name)
        assert publication.audit(tmp_path / name, utility=False).findings == []
    known = Before.of(first, tmp_path / "one")
    found = second.audit(tmp_path / "two", utility=False, before=known)
    assert whats(found) == [(audit.NARROW, PINNED)]
    assert found.narrowest == pytest.approx(0)
    second.write(second.protect(before=known), tmp_path / "two")
    assert second.audit(tmp_path / "two", utility=False, before=known).findings == []


def test_three_vintages_of_which_each_two_are_safe_tell_a_small_cell_together(opened: Callable[..., Publication], tmp_path: Path) -> None:
    first, second, third = (opened(areas(*counts), chosen=HAND_MADE) for counts in ((23, 39, 7), (15, 33, 7), (15, 30, 7)))
    first.write(first.protect(), tmp_path / "one")
    known = Before.of(first, tmp_path / "one")
    second.write(second.protect(before=known), tmp_path / "two")
    assert second.audit(tmp_path / "two", utility=False, before=known).findings == []
    newest, both = Before.of(second, tmp_path / "two"), Before.of(second, tmp_path / "two", known)
    third.write(third.protect(before=newest), tmp_path / "three")
    assert third.audit(tmp_path / "three", utility=False, before=newest).findings == []
    assert whats(third.audit(tmp_path / "three", utility=False, before=both)) == [(audit.NARROW, PINNED)]
    third.write(third.protect(before=both), tmp_path / "three")
    assert third.audit(tmp_path / "three", utility=False, before=both).findings == []


def test_where_hiding_does_not_help_an_exact_total_stays_as_it_was(opened: Callable[..., Publication], tmp_path: Path) -> None:
    first, second = opened(areas(58, 28, 4), chosen=HAND_MADE), opened(areas(58, 28, 3), chosen=HAND_MADE)
    first.write(first.protect(), tmp_path / "one")
    known = Before.of(first, tmp_path / "one")
    pattern = second.protect(before=known)
    total = second.system.keys.index("meldingen REGIO 2024")
    assert pattern.published is not None
    assert (second.system.truth[total], pattern.published[total]) == (89, 90)
    assert pattern.unprotected == []
    second.write(pattern, tmp_path / "two")
    assert second.audit(tmp_path / "two", utility=False, before=known).findings == []


def test_where_nothing_helps_the_audit_fails_and_names_the_cell_of_both_vintages(
    opened: Callable[..., Publication], tmp_path: Path
) -> None:
    first, second = opened(areas(58, 28, 9), chosen=HAND_MADE), opened(areas(58, 28, 3), chosen=HAND_MADE)
    first.write(first.protect(), tmp_path / "one")
    known = Before.of(first, tmp_path / "one")
    assert first.audit(tmp_path / "one", utility=False).findings == []
    pattern = second.protect(before=known)
    assert pattern.unprotected
    second.write(pattern, tmp_path / "two")
    assert whats(second.audit(tmp_path / "two", utility=False, before=known)) == [
        (audit.NARROW, PINNED), (audit.NARROW, THEN.format(PINNED)),
    ]  # fmt: skip


def test_a_target_that_the_vintage_before_told_already_is_listed_as_public(opened: Callable[..., Publication], tmp_path: Path) -> None:
    first, second = opened(areas(58, 28, 2), chosen=HAND_MADE), opened(areas(58, 28, 2), chosen=HAND_MADE)
    first.write(Pattern(first.system.small.copy()), tmp_path)
    known = Before.of(first, tmp_path)
    assert whats(first.audit(tmp_path, utility=False)) == [(audit.NARROW, PINNED)]
    second.write(second.protect(before=known), tmp_path)
    report = second.audit(tmp_path, utility=False, before=known)
    assert (report.findings, report.in_print) == ([], [PINNED])


# --- what the vintage before is held to


def test_a_relation_of_then_that_is_false_on_the_figures_of_then_is_an_error(
    small: Publication, pattern: Pattern, before: Before, written: Path
) -> None:
    truth = small.system.truth.copy()
    truth[small.system.keys.index("meldingen AA01 2024")] += 1
    false = replace(before, system=replace(before.system, truth=truth))
    with pytest.raises(RelationError, match=r"A relation does not hold.*meldingen"):
        small.audit(written, utility=False, before=false)
    with pytest.raises(RelationError, match="A relation does not hold"):
        small.protect(before=false)


def test_files_of_another_truth_are_an_error(small: Publication, before: Before, written: Path) -> None:
    said = before.published.copy()
    cell = small.system.keys.index("meldingen GM0363 2024")
    said[cell] += 10
    with pytest.raises(RelationError, match=r"does not stand on the true figures.*meldingen GM0363 2024"):
        small.audit(written, utility=False, before=replace(before, published=said))


def test_files_of_other_rules_are_an_error(opened: Callable[..., Publication], written: Path) -> None:
    with pytest.raises(RelationError, match="other figures than the rules and true figures that lie with it"):
        Before.of(opened(rows()[0], chosen=HAND_MADE), written)


def test_cells_that_are_no_more_and_cells_that_are_new(opened: Callable[..., Publication], tmp_path: Path) -> None:
    """Another set of rules in the second vintage: what only the first has are variables of then."""
    less = [rule for rule in rules() if rule.breakdown != "melder_groep" and not rule.indicator.startswith("aandeel_meldingen")]
    first, second = opened(rows()[0]), opened(changed(2)[0], chosen=less)
    first.write(first.protect(), tmp_path / "one")
    known = Before.of(first, tmp_path / "one")
    joint = Joint.of(second.system, known)
    gone = set(first.system.keys) - set(second.system.keys)
    assert gone
    assert {THEN.format(key) for key in gone} <= set(joint.keys)
    second.write(second.protect(before=known), tmp_path / "two")
    assert second.audit(tmp_path / "two", utility=False, before=known).findings == []
    other = Before.of(second, tmp_path / "two", known)
    again = opened(changed(2)[0])
    again.write(again.protect(before=other), tmp_path / "three")
    assert again.audit(tmp_path / "three", utility=False, before=other).findings == []


# --- against everything that could have been


def tiny(truth: Sequence[int], *, exact: bool) -> System:
    """Three cells and their total."""
    total = np.array([False, False, False, exact])
    relations = Relations(np.array([0, 4]), np.arange(4), np.array([1.0, 1, 1, -1]), np.zeros(1), np.zeros(1))
    return System(PARAMETERS, np.array(truth), total, np.zeros(4, dtype=bool), np.ones(4), list("abct"), relations)


def first_said(value: int) -> int | None:
    return None if value < 10 else (2 * value + 5) // 10 * 5


def then_said(value: int, was: int | None) -> int | None:
    """The second vintage, one cell: what was shown stays while it is near, what was small while it is under 14."""
    if value < 10 or (was is None and value < 14):
        return None
    return was if was is not None and abs(value - was) <= 4 else first_said(value)


@pytest.mark.parametrize("seed", range(24))
def test_ranges_are_those_of_all_pairs_of_tables_that_would_have_been_published_so(seed: int) -> None:
    draw, exact = random.Random(seed), seed % 2 == 0
    old = [draw.randint(0, 9), draw.randint(10, 24), draw.randint(5, 24)]
    new = [value if draw.random() < 0.4 else max(0, value + draw.randint(-7, 7)) for value in old]
    old, new = [*old, sum(old)], [*new, sum(new)]
    then, now = tiny(old, exact=exact), tiny(new, exact=exact)
    joint = Joint.of(now, Before(then, np.where(then.small, np.nan, then.rounded())))
    lower, upper = bounds(joint, joint.first)
    found = {cell: (lower[cell], upper[cell]) for cell in np.flatnonzero(lower == upper).tolist()}
    for block in blocks(joint.relations, lower, upper, np.flatnonzero(lower < upper).tolist()):
        found |= {int(cell): width_of(block, column) for column, cell in enumerate(block.cells)}

    said = [first_said(value) for value in old]
    told = [then_said(value, was) for value, was in zip(new, said, strict=True)]
    pairs = [
        [(a, b) for a in range(35) for b in range(35) if first_said(a) == s and then_said(b, s) == t and (a == b or not same)]
        for s, t, same in zip(said[:3], told[:3], np.equal(old, new)[:3], strict=True)
    ]
    different = np.not_equal(old, new)
    worlds = []
    for inner in itertools.product(*pairs):
        a, b = ([*side, sum(side)] for side in zip(*inner, strict=True))
        totals = (a[3], b[3]) == (old[3], new[3]) if exact else (first_said(a[3]), then_said(b[3], said[3])) == (said[3], told[3])
        if totals and (different[3] or a[3] == b[3]):
            worlds.append([*b, *np.array(a)[different]])
    every = np.array(worlds)
    assert len(every) > 3
    assert every.shape[1] == len(joint.truth)
    for cell in range(every.shape[1]):
        assert found[cell] == pytest.approx((every[:, cell].min(), every[:, cell].max()), abs=1e-6), joint.keys[cell]


@pytest.mark.parametrize("seed", range(24))
def test_ranges_of_three_are_those_of_all_that_would_have_been_published_so(seed: int) -> None:
    """Two cells and their total."""
    draw, exact = random.Random(100 + seed), seed % 2 == 0
    tables = [[draw.randint(0, 9), draw.randint(8, 24)]]
    for _ in range(2):
        tables.append([value if draw.random() < 0.4 else max(0, value + draw.randint(-7, 7)) for value in tables[-1]])
    tables = [[*table, sum(table)] for table in tables]
    systems = [pair(table, exact=exact) for table in tables]
    said: list[list[int | None]] = [[first_said(value) for value in tables[0]]]
    for table in tables[1:]:
        said.append([then_said(value, was) for value, was in zip(table, said[-1], strict=True)])
    published = [
        np.array([said_of(table[cell], s, exact=exact and cell == 2) for cell, s in enumerate(row)])
        for table, row in zip(tables, said, strict=True)
    ]
    first = Before(systems[0], published[0])
    middle = Joint.of(systems[1], first)
    middle.read_kept(np.nan_to_num(published[1], nan=-1.0))
    before = Before(middle, np.r_[published[1], first.published[middle.place_then[3:]]])
    joint = Joint.of(systems[2], before)
    lower, upper = bounds(joint, joint.first)
    found = {cell: (lower[cell], upper[cell]) for cell in np.flatnonzero(lower == upper).tolist()}
    for block in blocks(joint.relations, lower, upper, np.flatnonzero(lower < upper).tolist()):
        found |= {int(cell): width_of(block, column) for column, cell in enumerate(block.cells)}

    def worlds_of(cell: int, exact: bool = False) -> set[tuple[int, ...]]:
        values, every = [table[cell] for table in tables], range(60)
        ones = [a for a in every if first_said(a) == said[0][cell]]
        twos = [b for b in every if then_said(b, said[0][cell]) == said[1][cell]]
        threes = [c for c in every if then_said(c, said[1][cell]) == said[2][cell]]
        if exact:
            ones, twos, threes = ([value] if value >= PARAMETERS.threshold else list(range(PARAMETERS.threshold)) for value in values)
        same = [values[0] == values[1], values[1] == values[2]]
        return {(a, b, c) for a, b, c in itertools.product(ones, twos, threes) if (a == b or not same[0]) and (b == c or not same[1])}

    total = worlds_of(2, exact)
    every = [(*x, *y, *z) for x, y in itertools.product(worlds_of(0), worlds_of(1)) if (z := tuple(np.add(x, y).tolist())) in total]
    assert tuple(table[cell] for cell in range(3) for table in tables) in every
    lowest, highest = np.array(every).min(axis=0).reshape(3, 3), np.array(every).max(axis=0).reshape(3, 3)
    for variable, key in enumerate(joint.keys):
        when, cell = 2 - key.count("vorige jaargang"), "abt".index(key[0])
        assert found[variable] == pytest.approx((lowest[cell, when], highest[cell, when]), abs=1e-6), key


def said_of(value: int, rounded: int | None, *, exact: bool) -> float:
    if exact:
        return value if value >= PARAMETERS.threshold else np.nan
    return np.nan if rounded is None else rounded


def pair(truth: Sequence[int], *, exact: bool) -> System:
    """Two cells and their total."""
    relations = Relations(np.array([0, 3]), np.arange(3), np.array([1.0, 1, -1]), np.zeros(1), np.zeros(1))
    total = np.array([False, False, exact])
    return System(PARAMETERS, np.array(truth), total, np.zeros(3, dtype=bool), np.ones(3), list("abt"), relations)
