"""A new key: every link stays, the old key opens nothing any more, and a change that is cut off is finished or never was."""

from pathlib import Path

import duckdb
import pytest

from orchestration.keys.keyring import Keyring, SleutelFout, open_keyring
from orchestration.keys.use import open_key, uses
from orchestration.landing import archive, quarantine
from orchestration.landing.verify import LandingFout
from orchestration.privacy import forget, rotate
from orchestration.register.register import Register
from orchestration.sql import text
from tests.lib.handmade import BASIS, Aanlevering, mutaties
from tests.lib.warehouse import Magazijn

LINKS = """
    select c._regel, m._regel, b._regel, b.volgnummer, p._regel
    from casussen c join meldingen m using (casus_id) join betrokkenen b using (melding_id)
    left join betrokkenen p on p.persoon_id = b.persoon_id order by all
"""


@pytest.fixture
def gevuld(magazijn: Magazijn) -> Magazijn:
    """Two deliveries, with rows in quarantine, a standing-in row and a refused third."""
    first, second = Aanlevering(1), Aanlevering(2)
    second.rij("meldingen")["hoedanigheid"] = "onzin"
    second.rijen["diensten"].append(second.rij("diensten") | {"dienst_nummer": "D2", "melding_nummer": "M9"})
    second.rijen["betrokkenen"].append(
        {"melding_nummer": "M2", "volgnummer": "2", "bsn": "999990019", "geboortedatum": "19850312", "geslacht": "V"}
    )
    magazijn.neem(first, second, mutaties(9, casussen=[]))
    return magazijn


def hashes(magazijn: Magazijn) -> set[str]:
    """Every keyed hash in the landing."""
    found = set()
    with duckdb.connect() as con:
        for path in magazijn.settings.landing.rglob("*.parquet"):
            kinds = con.execute(f"describe from {text(path)}").fetchall()
            for name in [n for n, kind, *_ in kinds if kind == "UUID"]:
                found |= {str(v) for (v,) in con.execute(f"select {name} from {text(path)} where {name} is not null").fetchall()}
    return found


def test_links_stay_and_hashes_do_not(gevuld: Magazijn) -> None:
    links, before = gevuld.vraag(LINKS), hashes(gevuld)
    state = {e: gevuld.vraag(f"select count(*), sum(_regel), count(*) filter (_vervangt_quarantaine) from {e}") for e in BASIS}
    old = open_keyring(gevuld.settings.key_path)
    fingerprint = rotate.rotate(gevuld.settings, "J. Voorbeeld", "yearly", lambda _: None)
    new = open_keyring(gevuld.settings.key_path)
    assert fingerprint == new.fingerprint != old.fingerprint
    assert gevuld.settings.key_path.stat().st_mode & 0o077 == 0
    assert not hashes(gevuld) & before and len(hashes(gevuld)) == len(before)
    assert gevuld.vraag(LINKS) == links
    assert {e: gevuld.vraag(f"select count(*), sum(_regel), count(*) filter (_vervangt_quarantaine) from {e}") for e in BASIS} == state
    # what is sealed opens with the new key
    assert quarantine.show(gevuld.settings, 2, "diensten", 3)[1].startswith("D2;M9;")
    assert archive.put_back(gevuld.settings, new, Register(gevuld.settings).gebeurtenissen()[-2].inhoud["archief"])
    for path in gevuld.settings.inbox.iterdir():
        path.unlink()
    # and the chain goes on: unchanged rows cost no version, a waiting row comes in, the entry closes
    gevuld.neem(mutaties(3, meldingen=[BASIS["meldingen"][0] | {"melding_nummer": "M9"}], casussen=BASIS["casussen"]))
    assert gevuld.vraag("select count(*) from casussen") == [(2,)]
    assert gevuld.vraag("select count(*) from diensten where _is_actueel") == [(2,)]


def test_the_old_key_opens_nothing(gevuld: Magazijn) -> None:
    old = gevuld.settings.key_path.read_bytes()
    rotate.rotate(gevuld.settings, "J. Voorbeeld", "yearly", lambda _: None)
    assert sorted(p.name for p in gevuld.settings.landing.glob("0*")) == ["00000001.1", "00000002.1"]
    assert len(list(gevuld.settings.archive.iterdir())) == 3
    gevuld.settings.key_path.write_bytes(old)
    with pytest.raises(SleutelFout, match="Put the right key file back"):
        gevuld.neem(mutaties(3, casussen=[]))
    keyring = Keyring(bytes.fromhex(old.decode().strip()))
    with duckdb.connect() as con:
        quarantine.add_key(con, keyring, "vault")
        for path in gevuld.settings.vault.rglob("*.parquet"):
            with pytest.raises(duckdb.Error):
                con.execute(f"from read_parquet({text(path)}, encryption_config = {{footer_key: 'vault'}})").fetchall()


def test_twice(gevuld: Magazijn) -> None:
    links = gevuld.vraag(LINKS)
    for _ in range(2):
        rotate.rotate(gevuld.settings, "J. Voorbeeld", "yearly", lambda _: None)
    assert sorted(p.name for p in gevuld.settings.landing.glob("0*")) == ["00000001.2", "00000002.2"]
    assert gevuld.vraag(LINKS) == links
    assert len([u for u in uses(gevuld.settings) if "rotate" in u["waarvoor"]]) == 4


def test_cut_off_before_it_counts_it_never_was(gevuld: Magazijn, monkeypatch: pytest.MonkeyPatch) -> None:
    key, links = gevuld.settings.key_path.read_bytes(), gevuld.vraag(LINKS)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Register, "leg_vast", die)
    with pytest.raises(KeyboardInterrupt):
        rotate.rotate(gevuld.settings, "J. Voorbeeld", "yearly", lambda _: None)
    monkeypatch.undo()
    assert gevuld.settings.key_path.read_bytes() == key
    assert gevuld.neem(mutaties(3, casussen=[]))[0].uitkomst == "opgenomen"
    assert sorted(p.name for p in gevuld.settings.landing.glob("0*")) == ["00000001", "00000002", "00000003"]
    assert gevuld.vraag(LINKS) == links


def test_cut_off_after_it_counts_it_is_finished(gevuld: Magazijn, monkeypatch: pytest.MonkeyPatch) -> None:
    links = gevuld.vraag(LINKS)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        rotate.rotate(gevuld.settings, "J. Voorbeeld", "yearly", lambda _: None)
    monkeypatch.undo()
    assert gevuld.neem(mutaties(3, casussen=[]))[0].uitkomst == "opgenomen"
    assert sorted(p.name for p in gevuld.settings.landing.glob("0*")) == ["00000001.1", "00000002.1", "00000003"]
    assert gevuld.vraag(LINKS) == links
    assert open_key(gevuld.settings, "test").fingerprint == Register(gevuld.settings).sleutel()


def test_a_vault_that_lacks_numbers_stops_it(gevuld: Magazijn) -> None:
    (gevuld.settings.vault / "00000001" / "casussen.parquet").unlink()
    (gevuld.settings.vault / "00000002" / "casussen.parquet").unlink()
    with pytest.raises(LandingFout, match=r"vault/00000001/casussen.parquet .delivery 1. is missing"):
        rotate.rotate(gevuld.settings, "J. Voorbeeld", "yearly", lambda _: None)
    assert gevuld.vraag("select count(*) from casussen") == [(2,)]


def test_after_something_was_forgotten(gevuld: Magazijn) -> None:
    """The vault knows a forgotten number no more, and the keys that ended with it stand in the landing still."""
    forget.forget(gevuld.settings, "persoon", "999990019", "J. Voorbeeld", "x", lambda _: None)
    forget.forget(gevuld.settings, "casus", "C2", "J. Voorbeeld", "x", lambda _: None)
    state = {e: gevuld.vraag(f"select count(*), sum(_regel) from {e}") for e in BASIS}
    before = hashes(gevuld)
    for _ in range(2):
        rotate.rotate(gevuld.settings, "J. Voorbeeld", "yearly", lambda _: None)
        assert not hashes(gevuld) & before
        assert {e: gevuld.vraag(f"select count(*), sum(_regel) from {e}") for e in BASIS} == state
    # and it stays out under the new key
    found = gevuld.een(Aanlevering(3))
    assert (found.uitkomst, found.entiteiten["casussen"].vergeten, found.entiteiten["betrokkenen"].vergeten) == ("opgenomen", 1, 2)


def test_after_raw_lines_were_destroyed(magazijn: Magazijn) -> None:
    soon = Magazijn(magazijn.settings.model_copy(update={"quarantaine_dagen": 0}))
    bad = Aanlevering(1)
    bad.rij("huisverboden")["aanvrager"] = "?"
    bad.rijen["huisverboden"].append({"huisverbod_nummer": "", "casus_nummer": "C1", "opgelegd_op": "2024-01-04", "aanvrager": "politie"})
    soon.een(bad)
    quarantine.dismiss(soon.settings, 1, "huisverboden", "J. Voorbeeld", "x")
    soon.een(mutaties(2, casussen=[]))
    assert Register(soon.settings).gebeurtenissen("ruwe_regels_vernietigd")
    before = soon.quarantaine()
    rotate.rotate(soon.settings, "J. Voorbeeld", "yearly", lambda _: None)
    assert soon.quarantaine() == before
