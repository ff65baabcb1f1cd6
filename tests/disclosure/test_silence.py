"""What the solver has to say of itself does not stand between our lines."""

import subprocess
import sys

SOLVES = """
import numpy as np
from orchestration.disclosure.attacker import Relations, blocks, width_of
relations = Relations(np.array([0, 2]), np.arange(2), np.ones(2), np.full(1, 9.0), np.full(1, 9.0))
(block,) = blocks(relations, np.zeros(2), np.full(2, 5.0), [0])
print(*width_of(block, 0))
"""


def test_standard_output_is_ours_alone() -> None:
    done = subprocess.run([sys.executable, "-c", SOLVES], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("4.0 5.0\n", "")
