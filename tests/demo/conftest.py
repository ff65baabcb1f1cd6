"""The full demo, written once and read back delivery by delivery."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orchestration.demo import write_demo
from tests.lib.demo_figures import ON_FIRST, compare, read_published
from tests.lib.demo_register import DemoState
from tests.lib.validity import faults


@dataclass(frozen=True)
class Snapshot:
    """What a delivery left behind: its manifest, the published figures beside the computed ones, and broken contract rules."""

    manifest: dict
    figures: pd.DataFrame
    faults: list[str]


@dataclass(frozen=True)
class Demo:
    paths: list[Path]
    snapshots: list[Snapshot]
    state: DemoState

    def number(self, sql: str) -> float:
        """The one number that a query on the last state gives."""
        row = self.state.con.execute(sql).fetchone()
        assert row is not None
        return row[0]


def take_all_in(
    paths: list[Path], map_: Path, published: pd.DataFrame, numbers: Iterable[int] = range(1, 8)
) -> Iterator[tuple[Snapshot, DemoState]]:
    """Take in the deliveries one by one, and look at the state after each of ``numbers``."""
    stand = DemoState(map_)
    published = published[published["precisie"] != "contradictie"]
    for path in paths:
        described = stand.take_in(path)
        if described["levering_nummer"] not in numbers:
            continue
        first = described["levering_nummer"] == 1
        figures = published[published["publicatie"].isin(ON_FIRST)] if first else published
        yield Snapshot(described, compare(stand, figures), faults(stand, date.fromisoformat(described["peildatum"]))), stand


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    map_ = tmp_path_factory.mktemp("demo")
    paths = write_demo(map_ / "inbox")
    snapshots = list(take_all_in(paths, map_, read_published()))
    return Demo(paths, [snapshot for snapshot, _ in snapshots], snapshots[-1][1])
