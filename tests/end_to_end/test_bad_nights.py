"""Nights that go wrong: what is new is held back or mended, and the release that readers see stays whole."""

import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.bench.faults import PHASES, phase_of
from tests.end_to_end.conftest import Chain
from tests.lib.deliveries import change_field, manifest, pack, unpack
from tests.lib.handmade import HandmadeDelivery
from tests.lib.size import THOROUGH
from tests.lib.vt import run, running

pytestmark = pytest.mark.xdist_group("bad_nights")


def standing(chain: Chain) -> tuple[int, int]:
    """The last delivery in the release that readers see, and its number of reports; fails when the release is not whole."""
    path = chain.home / "releases" / "current" / "intern" / "veilig_thuis.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("from marts.indicatoren").fetchall()
        found = con.execute("select levering, (select count(*) from facts.fct_meldingen) from kwaliteit.release").fetchall()
    ((levering, count),) = found
    return levering, count


def test_a_flipped_byte_is_refused_and_a_wrong_code_quarantines_its_row_alone(chain: Chain, small: list[Path]) -> None:
    before = standing(chain)
    files = unpack(small[2])
    data = bytearray(files["meldingen.csv"])
    data[len(data) // 2] ^= 1
    pack(chain.home / "inbox" / small[2].name, files | {"meldingen.csv": bytes(data)})
    verdict = chain.refresh(code=1)
    assert verdict["uitkomst"] == "vastgehouden"
    ((delivery),) = verdict["leveringen"]
    assert delivery["uitkomst"] == "geweigerd"
    assert "meldingen.csv" in delivery["reden"] and "controlesom" in delivery["reden"].lower()
    assert verdict["release"] == verdict["vorige_release"]
    assert standing(chain) == before
    # the same number again, with good checksums, and one code that is on no list
    header = files["overdrachten.csv"].decode().splitlines()
    line = next(i for i, text in enumerate(header[1:], 2) if not text.endswith("ja"))
    change_field(files, "overdrachten.csv", line, "ontvanger", lambda _: "BUURMAN")
    manifest(files)
    pack(chain.home / "inbox" / small[2].name, files)
    verdict = chain.refresh()
    assert verdict["uitkomst"] == "gepubliceerd"
    assert verdict["leveringen"][0]["uitkomst"] == "opgenomen"
    with duckdb.connect(str(chain.home / "releases/current/intern/veilig_thuis.duckdb"), read_only=True) as con:
        rows = con.execute("select entiteit, veld, status, aantal from kwaliteit.quarantaine").fetchall()
    assert rows == [("overdrachten", "ontvanger", "open", 1)]
    assert f" {line} " in chain.vt("quarantine", "list")
    assert "BUURMAN" not in str(verdict)


def test_every_kind_of_refusal_is_open_until_a_good_delivery_came(
    chain: Chain, small: list[Path], webhook: tuple[list[dict[str, Any]], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zip that is cut off, a manifest that is no JSON, one of another organisation, one that comes too early; and what is no delivery."""
    received, address = webhook
    monkeypatch.setenv("VT_ALARM_NAAR", address)
    inbox = chain.home / "inbox"
    (inbox / "afgekapt.zip").write_bytes(small[2].read_bytes()[:2000])
    pack(inbox / "geen_json.zip", unpack(small[2]) | {"levering.json": b"{"})
    files = unpack(small[2])
    pack(inbox / "andere.zip", files | {"levering.json": files["levering.json"].replace(b"amsterdam-amstelland", b"elders")})
    shutil.copy(small[3], inbox)
    (inbox / "meldingen.csv").write_text("")
    verdict = chain.refresh(code=1)
    assert verdict["uitkomst"] == "vastgehouden"
    reasons = {d["reden"] for d in verdict["leveringen"]}
    for said in (
        "afgekapt.zip: is geen zip",
        "geen_json.zip, bestand levering.json: is geen JSON",
        "de levering is van elders",
        "volgt niet op 2",
    ):
        assert any(said in reason for reason in reasons)
        assert said in received[0]["message"]
    assert "None" not in received[0]["message"]
    assert "meldingen.csv is een los bestand" in received[0]["message"]
    quiet = chain.refresh()
    assert quiet["uitkomst"] == "niets_nieuws"
    assert sum(line.startswith("Nog open: ") and "is geweigerd" in line for line in quiet["aandacht"]) == 4
    assert any("meldingen.csv is een los bestand" in line for line in quiet["aandacht"])
    assert len(received) == 1, "told once"
    (inbox / "meldingen.csv").unlink()
    shutil.copy(small[2], inbox)
    verdict = chain.refresh()
    assert verdict["uitkomst"] == "gepubliceerd"
    assert [(d["nummer"], d["uitkomst"]) for d in verdict["leveringen"]] == [(3, "opgenomen"), (4, "opgenomen")]
    assert not any("is geweigerd" in line for line in verdict["aandacht"])
    over = received[-1]["message"].partition("Wat voorbij is")[2]
    for said in ("afgekapt.zip", "geen_json.zip", "de levering is van elders", "volgt niet op 2", "meldingen.csv is een los bestand"):
        assert said in over
    assert json.loads((chain.home / "logboek" / "alarm.json").read_text()).keys() <= {"gewaarschuwd:geen_cijfer_wijkt_af"}


def test_a_release_folder_that_is_gone_and_a_build_that_does_not_open_are_made_again(chain: Chain) -> None:
    before = standing(chain)
    shutil.rmtree((chain.home / "releases" / "current").resolve())
    (chain.home / "build" / "veilig_thuis.duckdb").write_bytes(b"rubbish")
    verdict = chain.refresh()
    assert (verdict["uitkomst"], verdict["leveringen"]) == ("gepubliceerd", [])
    assert standing(chain) == before


def test_two_refreshes_at_once_and_only_one_writes(chain: Chain, small: list[Path]) -> None:
    shutil.copy(small[2], chain.home / "inbox")
    with ThreadPoolExecutor() as at_once:
        ended = [night.result() for night in [at_once.submit(run, "refresh", VT_HOME=str(chain.home)) for _ in range(2)]]
    codes = sorted(night.returncode for night in ended)
    assert codes in ([0, 2], [0, 0]), ended
    if codes == [0, 2]:
        assert any("Een andere verversing schrijft" in night.stdout for night in ended if night.returncode == 2), "the verdict says so"
    assert not any("Traceback" in night.stderr for night in ended)
    assert standing(chain)[0] == 3


def test_killed_in_every_phase_one_night_after_another(chain: Chain, small: list[Path]) -> None:
    """Readers keep a whole release, and the run that is let go publishes. Without ``make thorough`` in two phases."""
    before = standing(chain)
    shutil.copy(small[2], chain.home / "inbox")
    for phase in PHASES if THOROUGH else ("dbt", "overgang"):
        shutil.rmtree(chain.home / "build")
        there = len(list((chain.home / "releases").glob("2*")))
        with running("refresh", VT_HOME=str(chain.home)) as night:
            until = time.monotonic() + 240
            while night.exitcode is None and time.monotonic() < until and phase_of(chain.home, there) != phase:
                time.sleep(0.001 if phase == "overgang" else 0.02)  # that one is over in a moment
            assert night.exitcode is None, f"the refresh ended before phase {phase} was seen"
            assert time.monotonic() < until, f"phase {phase} was not reached"
        assert standing(chain) == before or phase == "overgang", phase
    assert chain.refresh()["uitkomst"] in {"gepubliceerd", "niets_nieuws"}
    assert standing(chain)[0] == 3
    assert not list((chain.home / "releases").glob(".in-wording-*"))


def test_odd_rows_that_the_contract_allows_hold_nothing_back(tmp_path: Path) -> None:
    """A dienst closed before the decision, a case closed before the first report, a receipt moved past the decision into another month."""
    chain = Chain(tmp_path / "vt")
    first = HandmadeDelivery(1)
    early = {"dienst_nummer": "D2", "gestart_op": "2024-01-05", "afgesloten_op": "2024-01-06"}
    first.rows["diensten"].append(first.row("diensten") | early)
    first.rows["casussen"].append(
        {"casus_nummer": "C3", "huishouden_nummer": "H3", "geopend_op": "2023-10-01", "afgesloten_op": "2023-11-01"}
    )
    first.zip(chain.home / "inbox")
    moved = first.row("meldingen") | {"ontvangen_op": "2024-02-09T10:00:00+01:00", "acuut_beoordeeld_op": "2024-02-09T11:00:00+01:00"}
    HandmadeDelivery(2, "mutaties", rows={"meldingen": [moved]}).zip(chain.home / "inbox")
    verdict = chain.refresh()
    assert verdict["uitkomst"] == "gepubliceerd"
    assert [d["uitkomst"] for d in verdict["leveringen"]] == ["opgenomen", "opgenomen"]
    with duckdb.connect(str(chain.home / "releases/current/intern/veilig_thuis.duckdb"), read_only=True) as con:
        warned = con.execute("select naam from kwaliteit.controles where uitkomst = 'gewaarschuwd'").fetchall()
        figures = con.execute(
            """
            select indicator::varchar, periode::varchar, waarde from marts.indicatoren
            where gebied = 'REGIO' and categorie = '' and (indicator, periode) in (
                ('casussen_uitgestroomd', '2023-11'), ('meldingen', '2023-11'),
                ('dienst_doorlooptijd_gemiddeld', '2024-01'), ('vb_doorlooptijd_gemiddeld', '2024-01')
            )
            order by all
            """
        ).fetchall()
        periods = con.execute("select periode, volledig from marts.dim_periode where periode in ('2023-10', '2023-11', '2024-01')")
        assert sorted(periods.fetchall()) == [("2023-11", False), ("2024-01", True)]
    assert {"besluit_niet_voor_ontvangst", "niet_afgesloten_voor_besluit"} <= {name for (name,) in warned}
    # closed 6 January, decided 8 January: 2 days early; no working day from February back to January; no noughts before the first request
    assert figures == [
        ("casussen_uitgestroomd", "2023-11", 1.0),
        ("dienst_doorlooptijd_gemiddeld", "2024-01", pytest.approx(-2 / 7)),
        ("vb_doorlooptijd_gemiddeld", "2024-01", 0.0),
    ]
