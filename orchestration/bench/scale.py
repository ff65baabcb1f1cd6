"""How time and memory of a whole refresh grow with the registration, by step, beside the floor and others that do the same or less.

Each size is a generated ``volledig`` delivery in a data folder that is thrown away, and the ``mutaties`` night after it. Beside it
on the same files: the floor (``floor``), pandas and Polars (``peers``), which count the main figures and nothing else; and plain
``dbt build`` of the project from the command line, on the same history.
"""

import json
import re
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.bench.intake import write_delivery
from orchestration.bench.running import PYTHON, Cost, measure, write_result
from orchestration.errors import UserError
from orchestration.files import make_folder, remove
from orchestration.language import say
from orchestration.settings import PROJECT

ONCE = 86_000
"""Reports of the region since 2016: one time."""
CHANGED = 60
"""New reports in a night, some 550 rows, whatever the size."""
REFRESH, NIGHT, DBT, FLOOR = "refresh", "mutaties night", "dbt build", "floor (DuckDB)"
PEERS = {"pandas": "with_pandas", "Polars": "with_polars"}


@dataclass(frozen=True)
class SizeMeasurement:
    """One size: rows of its delivery; costs by what was run; seconds of the steps of refresh and night, in the words of the night."""

    keer: int
    rows: int
    costs: dict[str, Cost]
    steps: dict[str, dict[str, float]]


def bench_size(keer: int, folder: Path, progress: Callable[[str], None], left_out: Sequence[str] = ()) -> SizeMeasurement:
    """Measure one size in ``folder``, without the peers ``left_out``: some hold all rows in memory.

    Raises ``UserError`` when something does not go well, or a peer counts otherwise than the floor.
    """
    home = make_folder(folder / f"schaal-{keer}")
    files = home / "bestanden"
    costs, steps = dict[str, Cost](), dict[str, dict[str, float]]()
    try:
        progress(say("× {times}: the delivery", times=keer))
        rows = write_delivery(files, ONCE * keer)
        write_delivery(home / "nacht", ONCE * keer, more=CHANGED)
        progress(say("× {times}: the floor, and others that count", times=keer))
        costs |= _count(home, files, left_out)
        shutil.move(files, make_folder(home / "inbox") / "levering-1")
        for what in (REFRESH, NIGHT):
            progress(f"× {keer}: {what}")
            if what == NIGHT:
                shutil.move(home / "nacht", home / "inbox" / "levering-2")
            costs[what], steps[what] = _refresh(home)
        progress(f"× {keer}: {DBT}")
        costs[DBT] = measure(home, "vt", "dbt", "build", "--exclude-resource-type", "unit_test")
    finally:
        remove(home)
    return SizeMeasurement(keer, rows, costs, steps)


def _count(home: Path, files: Path, left_out: Sequence[str]) -> dict[str, Cost]:
    """The main figures by each who counts them, held to those of the floor."""
    scripts = {
        name: str(PROJECT / "orchestration" / "bench" / "peers" / f"{script}.py") for name, script in PEERS.items() if name not in left_out
    }
    found = {FLOOR: measure(home, PYTHON, "-m", "orchestration.bench.floor", str(files), str(home / "vloer"))}
    for name, script in scripts.items():
        found[name] = measure(home, PYTHON, script, str(files), str(home / name))
        if (home / name).read_bytes() != (home / "vloer").read_bytes():
            raise UserError(say("{name} counts otherwise than the floor: {folder}", name=name, folder=home))
    return found


def _refresh(home: Path) -> tuple[Cost, dict[str, float]]:
    """A refresh, and the seconds between one step that it tells of and the next."""
    told: list[tuple[str, float]] = []

    def line(said: str) -> None:
        if said.startswith("· "):
            told.append((re.sub(r" \d+ rows", " rows", said.removeprefix("· ")), time.monotonic()))  # the same step at every size

    begun = time.monotonic()
    cost = measure(home, "vt", "refresh", line=line)
    moments = [at for _, at in told[1:]] + [begun + cost.seconds]
    steps = {name: round(ended - at, 2) for (name, at), ended in zip(told, moments, strict=True)}
    return cost, {"(the process)": round(told[0][1] - begun, 2)} | steps


def write_raw(sizes: list[SizeMeasurement], path: Path) -> None:
    """Everything that was measured, as JSON."""
    write_result(path, json.dumps([asdict(size) for size in sizes], indent=1, ensure_ascii=False) + "\n")


def read_raw(path: Path) -> list[SizeMeasurement]:
    """What ``write_raw`` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return [SizeMeasurement(**(s | {"costs": {what: Cost(**cost) for what, cost in s["costs"].items()}})) for s in found]
