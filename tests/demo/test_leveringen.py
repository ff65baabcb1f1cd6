"""The deliveries as such: valid under the contract, marked as generated, repeatable, and with real changes at night."""

import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from orchestration.demo import write_demo, write_small
from tests.demo.conftest import Demo
from tests.lib.demo_register import ENTITEITEN, Stand, manifest, rijen
from tests.lib.validity import fouten

pytestmark = pytest.mark.xdist_group("demo")

PEILDATA = ["2022-01-31", "2025-01-31", "2025-02-01", "2025-02-02", "2025-02-03", "2025-02-04", "2025-02-05"]


def _som(paden: list[Path]) -> list[str]:
    return [hashlib.sha256(pad.read_bytes()).hexdigest() for pad in paden]


def test_two_full_deliveries_and_five_nights(demo: Demo) -> None:
    gegevens = [opname.manifest for opname in demo.opnamen]
    assert [g["levering_nummer"] for g in gegevens] == list(range(1, 8))
    assert [g["peildatum"] for g in gegevens] == PEILDATA
    assert Counter(g["soort"] for g in gegevens) == {"volledig": 2, "mutaties": 5}
    for g in gegevens[:2]:
        assert [b["entiteit"] for b in g["bestanden"]] == list(ENTITEITEN)
        assert all(b["rijen"] > 0 for b in g["bestanden"])


def test_every_row_holds_to_the_contract(demo: Demo) -> None:
    assert [opname.fouten for opname in demo.opnamen] == [[]] * 7


def test_the_deliveries_say_that_they_are_generated(demo: Demo) -> None:
    assert all(opname.manifest["gegenereerd"] is True for opname in demo.opnamen)
    assert all(pad.name.startswith("DEMO-") for pad in demo.paden)
    assert demo.getal("select count(*) from meldingen where melding_nummer not like 'DEMO-%'") == 0


def test_the_real_size(demo: Demo) -> None:
    tellingen = {b["entiteit"]: b["rijen"] for b in demo.opnamen[1].manifest["bestanden"]}
    assert 85_000 < tellingen["meldingen"] < 88_000
    assert tellingen["casussen"] > 50_000
    assert tellingen["betrokkenen"] > 200_000
    assert sum(tellingen.values()) > 900_000


@pytest.mark.parametrize("nummer", range(3, 8))
def test_each_night_changes_and_deletes_rows_of_published_years(demo: Demo, nummer: int) -> None:
    pad = demo.paden[nummer - 1]
    eerder = {rij["melding_nummer"]: rij for rij in rijen(demo.paden[1], "meldingen")}
    nu = rijen(pad, "meldingen")
    weg = [eerder[r["melding_nummer"]] for r in nu if r["verwijderd"] == "ja" and r["melding_nummer"] in eerder]
    anders = [eerder[r["melding_nummer"]] for r in nu if not r["verwijderd"] and r["melding_nummer"] in eerder]
    nieuw = [r for r in nu if not r["verwijderd"] and r["melding_nummer"] not in eerder]
    for soort in (weg, anders):
        assert any("2016" <= r["ontvangen_op"][:4] <= "2024" for r in soort)
    assert any(r["ontvangen_op"][:10] == PEILDATA[nummer - 1] for r in nieuw)
    entiteiten = [b["entiteit"] for b in manifest(pad)["bestanden"]]
    met_verwijdering = [e for e in entiteiten if any(r["verwijderd"] == "ja" for r in rijen(pad, e))]
    assert {"meldingen", "overdrachten", "betrokkenen", "diensten"} <= set(met_verwijdering) or nummer == 7
    assert "casussen" in met_verwijdering or nummer < 7


def test_late_and_corrected_registrations_between_the_full_deliveries(demo: Demo) -> None:
    eerste, tweede = ({r["melding_nummer"]: r for r in rijen(pad, "meldingen")} for pad in demo.paden[:2])
    assert set(eerste) - set(tweede), "reports entered twice were deleted"
    assert sum(eerste[n] != tweede[n] for n in set(eerste) & set(tweede)) > 200
    eerste, tweede = ({r["overdracht_nummer"]: r for r in rijen(pad, "overdrachten")} for pad in demo.paden[:2])
    laat = [r for n, r in tweede.items() if n not in eerste and r["overgedragen_op"] <= "2021-12-31"]
    assert len(laat) == (1105 - 1086) + (2279 - 2243)


def test_some_rows_are_implausible_but_possible(demo: Demo) -> None:
    vraag = demo.getal
    aantallen = {
        "same minute": vraag(
            "select count(*) from m a join m b on a.moment = b.moment and a.casus_nummer = b.casus_nummer and a.melder = b.melder "
            "and a.melding_nummer < b.melding_nummer"
        ),
        "birth year": vraag("select count(*) from betrokkenen where geboortedatum < '1905'"),
        "stadsdeel elsewhere": vraag("select count(*) from meldingen where gemeente_code <> 'GM0363' and stadsdeel_code is not null"),
        "Weesp too early": vraag(
            "select count(*) from m join meldingen using (melding_nummer) where stadsdeel_code = 'S' and dag < '2022-03-24'"
        ),
        "after closing": vraag("select count(*) from m join casussen using (casus_nummer) where afgesloten_op < dag::varchar"),
        "aard without child abuse": vraag(
            "select count(*) from melding_aarden where aard = 'getuige' and melding_nummer not in "
            "(select melding_nummer from melding_vormen where vorm like 'km_%')"
        ),
    }
    assert all(0 < n < 100 for n in aantallen.values()), aantallen


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    een, twee, ander = (write_small(tmp_path / naam, seed) for naam, seed in (("een", 5), ("twee", 5), ("ander", 6)))
    assert _som(een) == _som(twee)
    assert not set(_som(een)) & set(_som(ander))


def test_no_half_written_delivery_is_ever_visible(tmp_path: Path) -> None:
    paden = write_small(tmp_path)
    assert sorted(tmp_path.iterdir()) == paden


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_small_registration_holds_to_the_contract_too(tmp_path: Path, seed: int) -> None:
    stand = Stand(tmp_path)
    for pad in write_demo(tmp_path / "inbox", seed, schaal=0.01):
        gegevens = stand.neem_op(pad)
        assert fouten(stand, date.fromisoformat(gegevens["peildatum"])) == []
    assert 500 < stand.con.execute("select count(*) from meldingen").fetchone()[0] < 2000
