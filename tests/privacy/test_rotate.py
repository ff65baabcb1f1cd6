"""A new key: every link stays, the old key opens nothing any more, and a change that is cut off is finished or never was."""

from pathlib import Path

import duckdb
import pytest

from orchestration.keys.keyring import KeyFileError, Keyring, open_keyring
from orchestration.keys.use import open_key, uses
from orchestration.landing import archive, quarantine
from orchestration.landing.verify import LandingError
from orchestration.privacy import forget, rotate
from orchestration.register.register import Register
from orchestration.sql import text
from tests.lib.handmade import BASIS, HandmadeDelivery, mutaties
from tests.lib.warehouse import Warehouse

LINKS = """
    select c._regel, m._regel, b._regel, b.volgnummer, p._regel
    from casussen c join meldingen m using (casus_id) join betrokkenen b using (melding_id)
    left join betrokkenen p on p.persoon_id = b.persoon_id order by all
"""


@pytest.fixture
def filled(warehouse: Warehouse) -> Warehouse:
    """Two deliveries, with rows in quarantine, a standing-in row and a refused third."""
    first, second = HandmadeDelivery(1), HandmadeDelivery(2)
    second.row("meldingen")["hoedanigheid"] = "onzin"
    second.rows["diensten"].append(second.row("diensten") | {"dienst_nummer": "D2", "melding_nummer": "M9"})
    second.rows["betrokkenen"].append(
        {"melding_nummer": "M2", "volgnummer": "2", "bsn": "999990019", "geboortedatum": "19850312", "geslacht": "V"}
    )
    warehouse.take_in(first, second, mutaties(9, casussen=[]))
    return warehouse


def hashes(warehouse: Warehouse) -> set[str]:
    """Every keyed hash in the landing."""
    found = set()
    with duckdb.connect() as con:
        for path in warehouse.settings.landing.rglob("*.parquet"):
            kinds = con.execute(f"describe from {text(path)}").fetchall()
            for name in [n for n, kind, *_ in kinds if kind == "UUID"]:
                found |= {str(v) for (v,) in con.execute(f"select {name} from {text(path)} where {name} is not null").fetchall()}
    return found


def test_links_stay_and_hashes_do_not(filled: Warehouse) -> None:
    links, before = filled.query(LINKS), hashes(filled)
    state = {e: filled.query(f"select count(*), sum(_regel), count(*) filter (_vervangt_quarantaine) from {e}") for e in BASIS}
    old = open_keyring(filled.settings.key_path)
    fingerprint = rotate.rotate(filled.settings, "J. Voorbeeld", "yearly", lambda _: None)
    new = open_keyring(filled.settings.key_path)
    assert fingerprint == new.fingerprint != old.fingerprint
    assert filled.settings.key_path.stat().st_mode & 0o077 == 0
    assert not hashes(filled) & before and len(hashes(filled)) == len(before)
    assert filled.query(LINKS) == links
    assert {e: filled.query(f"select count(*), sum(_regel), count(*) filter (_vervangt_quarantaine) from {e}") for e in BASIS} == state
    # what is sealed opens with the new key
    assert quarantine.show(filled.settings, 2, "diensten", 3)[1].startswith("D2;M9;")
    assert archive.put_back(filled.settings, new, Register(filled.settings).events()[-2].inhoud["archief"])
    for path in filled.settings.inbox.iterdir():
        path.unlink()
    # and the chain goes on: unchanged rows cost no version, a waiting row comes in, the entry closes
    filled.take_in(mutaties(3, meldingen=[BASIS["meldingen"][0] | {"melding_nummer": "M9"}], casussen=BASIS["casussen"]))
    assert filled.query("select count(*) from casussen") == [(2,)]
    assert filled.query("select count(*) from diensten where _is_actueel") == [(2,)]


def test_the_old_key_opens_nothing(filled: Warehouse) -> None:
    old = filled.settings.key_path.read_bytes()
    rotate.rotate(filled.settings, "J. Voorbeeld", "yearly", lambda _: None)
    assert sorted(p.name for p in filled.settings.landing.glob("0*")) == ["00000001.1", "00000002.1"]
    assert len(list(filled.settings.archive.iterdir())) == 3
    filled.settings.key_path.write_bytes(old)
    with pytest.raises(KeyFileError, match="Put the right key file back"):
        filled.take_in(mutaties(3, casussen=[]))
    keyring = Keyring(bytes.fromhex(old.decode().strip()))
    with duckdb.connect() as con:
        quarantine.add_key(con, keyring, "vault")
        for path in filled.settings.vault.rglob("*.parquet"):
            with pytest.raises(duckdb.Error):
                con.execute(f"from read_parquet({text(path)}, encryption_config = {{footer_key: 'vault'}})").fetchall()


def test_twice(filled: Warehouse) -> None:
    links = filled.query(LINKS)
    for _ in range(2):
        rotate.rotate(filled.settings, "J. Voorbeeld", "yearly", lambda _: None)
    assert sorted(p.name for p in filled.settings.landing.glob("0*")) == ["00000001.2", "00000002.2"]
    assert filled.query(LINKS) == links
    assert len([u for u in uses(filled.settings) if "rotate" in u["waarvoor"]]) == 4


def test_cut_off_before_it_counts_it_never_was(filled: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    key, links = filled.settings.key_path.read_bytes(), filled.query(LINKS)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Register, "record", die)
    with pytest.raises(KeyboardInterrupt):
        rotate.rotate(filled.settings, "J. Voorbeeld", "yearly", lambda _: None)
    monkeypatch.undo()
    assert filled.settings.key_path.read_bytes() == key
    assert filled.take_in(mutaties(3, casussen=[]))[0].uitkomst == "opgenomen"
    assert sorted(p.name for p in filled.settings.landing.glob("0*")) == ["00000001", "00000002", "00000003"]
    assert filled.query(LINKS) == links


def test_cut_off_after_it_counts_it_is_finished(filled: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    links = filled.query(LINKS)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        rotate.rotate(filled.settings, "J. Voorbeeld", "yearly", lambda _: None)
    monkeypatch.undo()
    assert filled.take_in(mutaties(3, casussen=[]))[0].uitkomst == "opgenomen"
    assert sorted(p.name for p in filled.settings.landing.glob("0*")) == ["00000001.1", "00000002.1", "00000003"]
    assert filled.query(LINKS) == links
    assert open_key(filled.settings, "test").fingerprint == Register(filled.settings).key_fingerprint()


def test_a_vault_that_lacks_numbers_stops_it(filled: Warehouse) -> None:
    (filled.settings.vault / "00000001" / "casussen.parquet").unlink()
    (filled.settings.vault / "00000002" / "casussen.parquet").unlink()
    with pytest.raises(LandingError, match=r"vault/00000001/casussen.parquet .delivery 1. is missing"):
        rotate.rotate(filled.settings, "J. Voorbeeld", "yearly", lambda _: None)
    assert filled.query("select count(*) from casussen") == [(2,)]


def test_after_something_was_forgotten(filled: Warehouse) -> None:
    """The vault knows a forgotten number no more, and the keys that ended with it stand in the landing still."""
    forget.forget(filled.settings, "persoon", "999990019", "J. Voorbeeld", "x", lambda _: None)
    forget.forget(filled.settings, "casus", "C2", "J. Voorbeeld", "x", lambda _: None)
    state = {e: filled.query(f"select count(*), sum(_regel) from {e}") for e in BASIS}
    before = hashes(filled)
    for _ in range(2):
        rotate.rotate(filled.settings, "J. Voorbeeld", "yearly", lambda _: None)
        assert not hashes(filled) & before
        assert {e: filled.query(f"select count(*), sum(_regel) from {e}") for e in BASIS} == state
    # and it stays out under the new key
    found = filled.take_in_one(HandmadeDelivery(3))
    assert (found.uitkomst, found.entiteiten["casussen"].vergeten, found.entiteiten["betrokkenen"].vergeten) == ("opgenomen", 1, 2)


def test_after_raw_lines_were_destroyed(warehouse: Warehouse) -> None:
    soon = Warehouse(warehouse.settings.model_copy(update={"quarantaine_dagen": 0}))
    bad = HandmadeDelivery(1)
    bad.row("huisverboden")["aanvrager"] = "?"
    bad.rows["huisverboden"].append({"huisverbod_nummer": "", "casus_nummer": "C1", "opgelegd_op": "2024-01-04", "aanvrager": "politie"})
    soon.take_in_one(bad)
    quarantine.dismiss(soon.settings, 1, "huisverboden", "J. Voorbeeld", "x")
    soon.take_in_one(mutaties(2, casussen=[]))
    assert Register(soon.settings).events("ruwe_regels_vernietigd")
    before = soon.quarantined()
    rotate.rotate(soon.settings, "J. Voorbeeld", "yearly", lambda _: None)
    assert soon.quarantined() == before
