"""What is hidden depends on nothing that is hidden, and comes out the same whatever order things are read in."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from orchestration.disclosure import publish
from orchestration.disclosure.protect import Pattern
from orchestration.disclosure.whole import Publication
from tests.lib.small_publication import PARAMETERS, rows, rules, world


def made(reports: list[tuple[object, ...]], folder: Path) -> tuple[Publication, Pattern]:
    with world(reports) as con:
        publication = Publication.of(con, rules(), PARAMETERS, [], "marts", None)
        pattern = publication.protect()
        publication.write(pattern, folder)
    return publication, pattern


def test_swapping_what_is_hidden_changes_no_byte(tmp_path: Path) -> None:
    reports, _ = rows(4, reports=80)
    swap = {"EA01": "EA02", "EA02": "EA01"}
    turned = [(*r[:7], swap.get(str(r[7]), r[7]) if r[2] == 2024 else r[7], *r[8:]) for r in reports]
    one, pattern = made(reports, tmp_path / "one")
    two, other = made(turned, tmp_path / "two")
    cells = [i for i, k in enumerate(one.system.keys) if k in ("meldingen EA01 2024", "meldingen EA02 2024")]
    assert one.system.small[cells].all()
    assert one.system.truth[cells].tolist() == two.system.truth[cells].tolist()[::-1]
    assert one.system.truth[cells[0]] != one.system.truth[cells[1]]
    assert (pattern.hidden == other.hidden).all()
    for name in publish.FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


ONCE = """
import hashlib
from orchestration.disclosure.whole import Publication
from tests.lib.small_publication import PARAMETERS, rules, world
with world(shuffled={shuffled}) as con:
    pattern = Publication.of(con, rules()[::{step}], PARAMETERS, [], "marts", None).protect()
print(hashlib.sha256(pattern.hidden.tobytes()).hexdigest())
"""


@pytest.mark.parametrize(("hash_seed", "shuffled", "step"), [("1", 0, 1), ("2", 7, -1)])
def test_the_pattern_is_the_same_in_every_process_and_order(pattern: Pattern, hash_seed: str, shuffled: int, step: int) -> None:
    code = ONCE.format(shuffled=shuffled, step=step)
    environ = os.environ | {"PYTHONHASHSEED": hash_seed}
    found = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True).stdout.split()
    assert found[-1] == hashlib.sha256(pattern.hidden.tobytes()).hexdigest()


def test_every_small_cell_is_hidden_and_no_headline_is(small: Publication, pattern: Pattern) -> None:
    assert pattern.hidden[small.system.small].all()
    assert not pattern.hidden[small.system.exact & ~small.system.small].any()
    assert not pattern.unprotected
    assert pattern.narrow_first > 0


def test_figures_are_to_the_nearest_multiple(small: Publication) -> None:
    rounded, truth = small.system.rounded(), small.system.truth
    loose = ~small.system.exact
    assert (rounded[loose] % 5 == 0).all()
    assert (np.abs(rounded - truth)[loose] <= 2).all()
    assert (rounded[small.system.exact] == truth[small.system.exact]).all()
