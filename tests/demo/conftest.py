"""The full demo, written once and read back delivery by delivery."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orchestration.demo import write_demo
from tests.lib.demo_figures import OP_EERSTE, lees_gepubliceerd, vergelijk
from tests.lib.demo_register import Stand
from tests.lib.validity import fouten


@dataclass(frozen=True)
class Momentopname:
    """What a delivery left behind: its manifest, the published figures beside the computed ones, and broken contract rules."""

    manifest: dict
    cijfers: pd.DataFrame
    fouten: list[str]


@dataclass(frozen=True)
class Demo:
    paden: list[Path]
    opnamen: list[Momentopname]
    stand: Stand

    def getal(self, sql: str) -> float:
        """The one number that a query on the last state gives."""
        rij = self.stand.con.execute(sql).fetchone()
        assert rij is not None
        return rij[0]


def neem_alles_op(
    paden: list[Path], map_: Path, gepubliceerd: pd.DataFrame, nummers: Iterable[int] = range(1, 8)
) -> Iterator[tuple[Momentopname, Stand]]:
    """Take in the deliveries one by one, and look at the state after each of ``nummers``."""
    stand = Stand(map_)
    gepubliceerd = gepubliceerd[gepubliceerd["precisie"] != "contradictie"]
    for pad in paden:
        gegevens = stand.neem_op(pad)
        if gegevens["levering_nummer"] not in nummers:
            continue
        eerste = gegevens["levering_nummer"] == 1
        cijfers = gepubliceerd[gepubliceerd["publicatie"].isin(OP_EERSTE)] if eerste else gepubliceerd
        yield Momentopname(gegevens, vergelijk(stand, cijfers), fouten(stand, date.fromisoformat(gegevens["peildatum"]))), stand


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    map_ = tmp_path_factory.mktemp("demo")
    paden = write_demo(map_ / "inbox")
    opnamen = list(neem_alles_op(paden, map_, lees_gepubliceerd()))
    return Demo(paden, [opname for opname, _ in opnamen], opnamen[-1][1])
