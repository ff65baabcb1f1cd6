"""The two consoles: what was asked for goes to standard output, everything else to standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

err = Console(stderr=True, highlight=False)
out = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
"""Wide where no terminal sets a width: tables in files and tests keep their columns whole."""


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Progress on standard error: a spinner on a terminal, a line per step elsewhere."""
    if not err.is_terminal:
        yield lambda text: err.print(f"· {text}", markup=False)
        return
    with err.status("starting") as status:
        yield status.update
