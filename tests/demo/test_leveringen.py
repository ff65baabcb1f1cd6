"""The deliveries as such: valid under the contract, marked as generated, repeatable, and with real changes at night."""

import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from orchestration.demo import write_demo, write_small
from tests.demo.conftest import Demo
from tests.lib.demo_register import CONTRACT, DemoState, manifest, property_of, rows
from tests.lib.validity import faults

pytestmark = pytest.mark.xdist_group("demo")

PEILDATUMS = ["2022-01-31", "2025-01-31", "2025-02-01", "2025-02-02", "2025-02-03", "2025-02-04", "2025-02-05"]


def _checksums(paths: list[Path]) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def test_two_full_deliveries_and_five_nights(demo: Demo) -> None:
    described = [snapshot.manifest for snapshot in demo.snapshots]
    assert [g["levering_nummer"] for g in described] == list(range(1, 8))
    assert [g["peildatum"] for g in described] == PEILDATUMS
    assert Counter(g["soort"] for g in described) == {"volledig": 2, "mutaties": 5}
    assert [g["contract_versie"] for g in described] == ["1.0", *["1.1"] * 6]
    for g in described[:2]:
        known = [e["name"] for e in CONTRACT["schema"] if property_of(e, "sinds") in {None, g["contract_versie"]}]
        assert [b["entiteit"] for b in g["bestanden"]] == known
        assert all(b["rijen"] > 0 for b in g["bestanden"])


def test_every_row_holds_to_the_contract(demo: Demo) -> None:
    assert [snapshot.faults for snapshot in demo.snapshots] == [[]] * 7


def test_the_deliveries_say_that_they_are_generated(demo: Demo) -> None:
    assert all(snapshot.manifest["gegenereerd"] is True for snapshot in demo.snapshots)
    assert all(path.name.startswith("DEMO-") for path in demo.paths)
    assert demo.number("select count(*) from meldingen where melding_nummer not like 'DEMO-%'") == 0


def test_the_real_size(demo: Demo) -> None:
    counts = {b["entiteit"]: b["rijen"] for b in demo.snapshots[1].manifest["bestanden"]}
    assert 85_000 < counts["meldingen"] < 88_000
    assert counts["casussen"] > 50_000
    assert counts["betrokkenen"] > 200_000
    assert sum(counts.values()) > 900_000


@pytest.mark.parametrize("nummer", range(3, 8))
def test_each_night_changes_and_deletes_rows_of_published_years(demo: Demo, nummer: int) -> None:
    path = demo.paths[nummer - 1]
    earlier = {row["melding_nummer"]: row for row in rows(demo.paths[1], "meldingen")}
    now = rows(path, "meldingen")
    gone = [earlier[r["melding_nummer"]] for r in now if r["verwijderd"] == "ja" and r["melding_nummer"] in earlier]
    otherwise = [earlier[r["melding_nummer"]] for r in now if not r["verwijderd"] and r["melding_nummer"] in earlier]
    new = [r for r in now if not r["verwijderd"] and r["melding_nummer"] not in earlier]
    for soort in (gone, otherwise):
        assert any("2016" <= r["ontvangen_op"][:4] <= "2024" for r in soort)
    assert any(r["ontvangen_op"][:10] == PEILDATUMS[nummer - 1] for r in new)
    entities = [b["entiteit"] for b in manifest(path)["bestanden"]]
    with_deletion = [e for e in entities if any(r["verwijderd"] == "ja" for r in rows(path, e))]
    assert {"meldingen", "overdrachten", "betrokkenen", "diensten"} <= set(with_deletion) or nummer == 7
    assert "casussen" in with_deletion or nummer < 7


def test_late_and_corrected_registrations_between_the_full_deliveries(demo: Demo) -> None:
    first, second = ({r["melding_nummer"]: r for r in rows(path, "meldingen")} for path in demo.paths[:2])
    assert set(first) - set(second), "reports entered twice were deleted"
    assert sum(first[n] != second[n] for n in set(first) & set(second)) > 200
    first, second = ({r["overdracht_nummer"]: r for r in rows(path, "overdrachten")} for path in demo.paths[:2])
    late = [r for n, r in second.items() if n not in first and r["overgedragen_op"] <= "2021-12-31"]
    assert len(late) == (1105 - 1086) + (2279 - 2243)


def test_some_rows_are_implausible_but_possible(demo: Demo) -> None:
    query = demo.number
    counts = {
        "same minute": query(
            "select count(*) from m a join m b on a.moment = b.moment and a.casus_nummer = b.casus_nummer and a.melder = b.melder "
            "and a.melding_nummer < b.melding_nummer"
        ),
        "birth year": query("select count(*) from betrokkenen where geboortedatum < '1905'"),
        "stadsdeel elsewhere": query("select count(*) from meldingen where gemeente_code <> 'GM0363' and stadsdeel_code is not null"),
        "Weesp too early": query(
            "select count(*) from m join meldingen using (melding_nummer) where stadsdeel_code = 'S' and dag < '2022-03-24'"
        ),
        "after closing": query("select count(*) from m join casussen using (casus_nummer) where afgesloten_op < dag::varchar"),
        "aard without child abuse": query(
            "select count(*) from melding_aarden where aard = 'getuige' and melding_nummer not in "
            "(select melding_nummer from melding_vormen where vorm like 'km_%')"
        ),
    }
    assert all(0 < n < 100 for n in counts.values()), counts


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two, other = (write_small(tmp_path / name, seed) for name, seed in (("een", 5), ("twee", 5), ("ander", 6)))
    assert _checksums(one) == _checksums(two)
    assert not set(_checksums(one)) & set(_checksums(other))


def test_no_half_written_delivery_is_ever_visible(tmp_path: Path) -> None:
    paths = write_small(tmp_path)
    assert sorted(tmp_path.iterdir()) == paths


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_small_registration_holds_to_the_contract_too(tmp_path: Path, seed: int) -> None:
    stand = DemoState(tmp_path)
    for path in write_demo(tmp_path / "inbox", seed, scale=0.01):
        described = stand.take_in(path)
        assert faults(stand, date.fromisoformat(described["peildatum"])) == []
    assert 500 < stand.con.execute("select count(*) from meldingen").fetchone()[0] < 2000
