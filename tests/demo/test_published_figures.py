"""Every published figure comes out of the delivered rows, computed independently."""

from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from orchestration.demo import write_demo
from tests.demo.conftest import Demo, neem_alles_op
from tests.lib.demo_figures import lees_gepubliceerd
from tests.lib.variation import gewijzigd

pytestmark = pytest.mark.xdist_group("demo")

SLEUTEL = ["publicatie", "indicator", "periode", "gebied", "categorie_soort", "categorie"]
HERZIEN = {
    ("jaarrapportage-2021", "overdrachten", "LOKALE_VELD"),
    ("jaarrapportage-2021", "overdrachten", "GI"),
    ("jaarrapportage-2021", "overdrachten_en_afsluitingen", ""),
}
"""Figures of the 2021 report that late registered transfers revised."""


def _ongelijk(cijfers: pd.DataFrame) -> set[tuple[str, str, str]]:
    mis = cijfers[~cijfers["gelijk"]]
    return set(zip(mis["publicatie"], mis["indicator"], mis["categorie"], strict=True))


def _exact(cijfers: pd.DataFrame) -> pd.Series:
    return cijfers[cijfers["precisie"] == "exact"].set_index(SLEUTEL)["berekend"]


def test_the_first_delivery_meets_every_publication_until_2021(demo: Demo) -> None:
    cijfers = demo.opnamen[0].cijfers
    assert len(cijfers) > 40
    assert _ongelijk(cijfers) == set()


@pytest.mark.parametrize("nummer", range(2, 8))
def test_every_later_delivery_meets_all_but_the_revised_figures(demo: Demo, nummer: int) -> None:
    cijfers = demo.opnamen[nummer - 1].cijfers
    assert len(cijfers) > 250
    assert _ongelijk(cijfers) == HERZIEN


def test_the_revision_is_what_was_registered_late(demo: Demo) -> None:
    nieuw = demo.opnamen[1].cijfers.set_index(SLEUTEL)["berekend"]

    def cijfer(indicator: str, soort: str, categorie: str) -> float:
        return nieuw["jaarrapportage-2021", indicator, "2021", "REGIO", soort, categorie]

    laat = (1105 - 1086) + (2279 - 2243)
    assert cijfer("overdrachten", "ontvanger_groep", "GI") == 1105
    assert cijfer("overdrachten", "ontvanger_groep", "LOKALE_VELD") == 2279
    assert cijfer("overdrachten_en_afsluitingen", "", "") == 7994 + laat


def test_no_later_delivery_moves_another_exact_figure(demo: Demo) -> None:
    standen = [_exact(opname.cijfers) for opname in demo.opnamen]
    for vorige, volgende in pairwise(standen[1:]):
        pd.testing.assert_series_equal(vorige, volgende)
    gedeeld = standen[0].index
    verschil = standen[0][standen[0] != standen[1].reindex(gedeeld)]
    assert {(p, i, c) for p, i, _, _, _, c in verschil.index} == HERZIEN


def test_contradiction_takes_the_reading_by_betrokken(demo: Demo) -> None:
    totaal = demo.stand.con.execute("select count(*) from o where year(dag) = 2023 and ontvanger = 'BLIJVEND_VEILIG'").fetchone()
    assert totaal == (32 + 8,)


def test_other_published_totals_and_another_seed_come_out_as_well(tmp_path: Path) -> None:
    seed, map_ = 4711, tmp_path
    tabel = map_ / "gepubliceerd.csv"
    anders = gewijzigd(lees_gepubliceerd(), seed)
    anders.to_csv(tabel, index=False)
    paden = write_demo(map_ / "inbox", seed=seed, published=tabel)
    opnamen = [opname for opname, _ in neem_alles_op(paden, map_, lees_gepubliceerd(tabel), (1, 2, 7))]
    assert (anders["waarde"] != lees_gepubliceerd()["waarde"]).sum() > 200
    assert _ongelijk(opnamen[0].cijfers) == set()
    for opname in opnamen[1:]:
        assert _ongelijk(opname.cijfers) == HERZIEN
        assert opname.fouten == []
