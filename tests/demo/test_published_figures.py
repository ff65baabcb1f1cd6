"""Every published figure comes out of the delivered rows, computed independently."""

from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from orchestration.demo import write_demo
from tests.demo.conftest import Demo, take_all_in
from tests.lib.demo_figures import read_published
from tests.lib.variation import changed

pytestmark = pytest.mark.xdist_group("demo")

KEY = ["publicatie", "indicator", "periode", "gebied", "categorie_soort", "categorie"]
REVISED = {
    ("jaarrapportage-2021", "overdrachten", "LOKALE_VELD"),
    ("jaarrapportage-2021", "overdrachten", "GI"),
    ("jaarrapportage-2021", "overdrachten_en_afsluitingen", ""),
}
"""Figures of the 2021 report that late registered transfers revised."""


def _unequal(figures: pd.DataFrame) -> set[tuple[str, str, str]]:
    wrong = figures[~figures["gelijk"]]
    return set(zip(wrong["publicatie"], wrong["indicator"], wrong["categorie"], strict=True))


def _exact(figures: pd.DataFrame) -> pd.Series:
    return figures[figures["precisie"] == "exact"].set_index(KEY)["berekend"]


def test_the_first_delivery_meets_every_publication_until_2021(demo: Demo) -> None:
    figures = demo.snapshots[0].figures
    assert len(figures) > 40
    assert _unequal(figures) == set()


@pytest.mark.parametrize("nummer", range(2, 8))
def test_every_later_delivery_meets_all_but_the_revised_figures(demo: Demo, nummer: int) -> None:
    figures = demo.snapshots[nummer - 1].figures
    assert len(figures) > 250
    assert _unequal(figures) == REVISED


def test_the_revision_is_what_was_registered_late(demo: Demo) -> None:
    new = demo.snapshots[1].figures.set_index(KEY)["berekend"]

    def figure(indicator: str, soort: str, categorie: str) -> float:
        return new["jaarrapportage-2021", indicator, "2021", "REGIO", soort, categorie]

    late = (1105 - 1086) + (2279 - 2243)
    assert figure("overdrachten", "ontvanger_groep", "GI") == 1105
    assert figure("overdrachten", "ontvanger_groep", "LOKALE_VELD") == 2279
    assert figure("overdrachten_en_afsluitingen", "", "") == 7994 + late


def test_no_later_delivery_moves_another_exact_figure(demo: Demo) -> None:
    states = [_exact(snapshot.figures) for snapshot in demo.snapshots]
    for previous, following in pairwise(states[1:]):
        pd.testing.assert_series_equal(previous, following)
    shared = states[0].index
    difference = states[0][states[0] != states[1].reindex(shared)]
    assert {(p, i, c) for p, i, _, _, _, c in difference.index} == REVISED


def test_contradiction_takes_the_reading_by_betrokken(demo: Demo) -> None:
    total = demo.state.con.execute("select count(*) from o where year(dag) = 2023 and ontvanger = 'BLIJVEND_VEILIG'").fetchone()
    assert total == (32 + 8,)


def test_other_published_totals_and_another_seed_come_out_as_well(tmp_path: Path) -> None:
    seed, map_ = 4711, tmp_path
    table = map_ / "gepubliceerd.csv"
    otherwise = changed(read_published(), seed)
    otherwise.to_csv(table, index=False)
    paths = write_demo(map_ / "inbox", seed=seed, published=table)
    snapshots = [snapshot for snapshot, _ in take_all_in(paths, map_, read_published(table), (1, 2, 7))]
    assert (otherwise["waarde"] != read_published()["waarde"]).sum() > 200
    assert _unequal(snapshots[0].figures) == set()
    for snapshot in snapshots[1:]:
        assert _unequal(snapshot.figures) == REVISED
        assert snapshot.faults == []
