"""Every file of the data folder's truth altered, cut, missing, extra or swapped: it is named, and no other figure comes of it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import duck
from orchestration.errors import GebruikersFout
from orchestration.keys.use import open_key
from orchestration.landing import verify
from orchestration.landing.history import build_history
from orchestration.landing.reintake import take_in_again
from orchestration.landing.sweep import OnbekendFout
from orchestration.landing.verify import LandingFout
from orchestration.privacy.forget import forget
from orchestration.register import register
from orchestration.register.register import Register, RegisterFout
from orchestration.settings import Settings
from tests.lib.handmade import BASIS, Aanlevering, mutaties
from tests.lib.warehouse import Magazijn, as_older_code_left_it, magazijn_in

FOLDERS = ("landing", "vault", "quarantine", "archive", "register", "keys")


def _flip(path: Path) -> None:
    """One bit, in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "altered": _flip,
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-2]),
    "emptied": lambda path: path.write_bytes(b""),
    "missing": lambda path: path.unlink(),
    "extra": lambda path: shutil.copy(path, path.with_name(f"9{path.name}")),
    "linked": lambda path: path.symlink_to(shutil.move(path, path.parents[3] / f"elsewhere-{path.name}")),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Magazijn:
    """A whole registration and a night of mutations, with rows in quarantine, warnings, and an entry that was closed."""
    magazijn = magazijn_in(tmp_path_factory.mktemp("heel") / "vt", threads=1)
    bad = Aanlevering(1)
    bad.rij("diensten")["soort"] = "onzin"
    bad.rij("huisverboden")["aanvrager"] = "onzin"
    bad.rij("betrokkenen")["geboortedatum"] = "19010101"
    again = mutaties(2, casussen=[CLOSED], meldingen=[BASIS["meldingen"][0] | {"urgentie": "9"}], huisverboden=BASIS["huisverboden"])
    magazijn.neem(bad, again, mutaties(3, casussen=[]))
    assert [q[-1] for q in magazijn.quarantaine()] == ["open", "gecorrigeerd", "open"]
    return magazijn


CLOSED = BASIS["casussen"][0] | {"afgesloten_op": "2024-06-01"}


@pytest.fixture
def kopie(base: Magazijn, tmp_path: Path) -> Magazijn:
    """A copy of it, to be damaged."""
    shutil.copytree(base.settings.root, tmp_path / "vt", symlinks=True)
    return Magazijn(Settings(home=tmp_path / "vt", threads=1))


def figures(magazijn: Magazijn) -> list[list[tuple[Any, ...]]]:
    """What every figure is made of."""
    tables = [*BASIS, "quarantaine", "leveringen", "levering_entiteiten", "waarschuwingen"]
    with duck.connect(magazijn.settings) as con:
        con.execute("attach ':memory:' as veilig_thuis")
        build_history(magazijn.settings, con, open_key(magazijn.settings, "test"))
        return [con.execute(f"from veilig_thuis.historie.{table} order by all").fetchall() for table in tables]


def _files(base: Magazijn) -> Iterator[Path]:
    root = base.settings.root
    for folder in FOLDERS:
        yield from (p.relative_to(root) for p in sorted((root / folder).rglob("*")) if p.is_file() and p.suffix != ".jsonl")


@pytest.mark.parametrize("damage", DAMAGE)
def test_each_file_is_named_and_no_other_figure_comes_of_it(base: Magazijn, tmp_path: Path, damage: str) -> None:
    """One by one. The night is held where figures rest on it; elsewhere it goes on with the same figures, and the file is named."""
    whole = figures(base)
    files = list(_files(base))
    assert {f.parts[0] for f in files} == set(FOLDERS)
    for name in files:
        shutil.copytree(base.settings.root, tmp_path / "vt", symlinks=True)
        magazijn = Magazijn(Settings(home=tmp_path / "vt", threads=1))
        DAMAGE[damage](magazijn.settings.root / name)
        told = [*_night(magazijn, whole), *(str(f) for f in _looked(magazijn))]
        assert any(_names(text, name, damage) for text in told) or _harmless(name, damage), (str(name), told)
        shutil.rmtree(tmp_path / "vt")
        for moved in tmp_path.glob("elsewhere-*"):
            moved.unlink()


def _night(magazijn: Magazijn, whole: list[list[tuple[Any, ...]]]) -> list[str]:
    """Take in a delivery and make the history; what was said. Whatever is made is what would have been made of a whole folder."""
    try:
        assert magazijn.neem() == []
        assert figures(magazijn) == whole
    except GebruikersFout as error:
        return [str(error)]
    return []


def _looked(magazijn: Magazijn) -> list[Any]:
    try:
        return list(verify.look(magazijn.settings, Register(magazijn.settings), folders=("landing", "vault", "quarantine", "archive")))
    except RegisterFout as error:
        return [error]


def _names(text: str, name: Path, damage: str) -> bool:
    """Whether a message names the file (of the register: the file, or where it ends; of a folder that is not known: the folder)."""
    shown = f"9{name.name}" if damage == "extra" else name.name
    if name.parts[0] == "register":
        return "register is not whole" in text or "register in" in text
    return shown in text


def _harmless(name: Path, damage: str) -> bool:
    """A second file beside the key file is nobody's."""
    return name.parts[0] == "keys" and damage in {"extra", "linked"}


def test_the_order_of_two_files_changed(kopie: Magazijn) -> None:
    """Two whole files of the landing, each in the place of the other: both have a checksum, and not theirs."""
    one, two = (kopie.settings.landing / n / "casussen.parquet" for n in ("00000001", "00000002"))
    content = one.read_bytes(), two.read_bytes()
    one.write_bytes(content[1])
    two.write_bytes(content[0])
    with pytest.raises(LandingFout, match=r"landing/00000001/casussen.parquet \(delivery 1\).*landing/00000002/casussen.parquet"):
        kopie.neem()


def test_nothing_is_judged_by_a_landing_that_is_not_whole(kopie: Magazijn) -> None:
    _flip(kopie.settings.landing / "00000002" / "meldingen.parquet")
    path = mutaties(4, casussen=[]).zip(kopie.settings.inbox)
    with pytest.raises(LandingFout, match="vt deliveries reintake 2"):
        kopie.neem()
    assert path.exists()
    assert [d.nummer for d in Register(kopie.settings).leveringen()] == [1, 2, 3]


def test_a_history_is_not_made_of_it(kopie: Magazijn) -> None:
    (kopie.settings.landing / "00000001" / "quarantaine" / "diensten.parquet").unlink()
    with pytest.raises(LandingFout, match=r"quarantaine/diensten.parquet .delivery 1. is missing"):
        kopie.vraag("from casussen")


def test_taking_in_anew_mends_it(base: Magazijn, kopie: Magazijn) -> None:
    whole = figures(base)
    for name in ("landing/00000002/meldingen.parquet", "vault/00000002/casussen.parquet", "quarantine/00000002/meldingen.parquet"):
        _flip(kopie.settings.root / name)
    (kopie.settings.landing / "00000003" / "casussen.parquet").unlink()
    found = take_in_again(kopie.settings, 2, "J. Voorbeeld", "damaged", lambda _: None)
    assert [v.nummer for v in found] == [2, 3]
    assert figures(kopie) == whole
    assert kopie.neem() == []
    assert _looked(kopie) == []


def test_it_does_not_mend_by_what_is_damaged_itself(kopie: Magazijn) -> None:
    _flip(kopie.settings.landing / "00000001" / "meldingen.parquet")
    with pytest.raises(LandingFout, match=r"00000001/meldingen.parquet"):
        take_in_again(kopie.settings, 2, "J. Voorbeeld", "damaged", lambda _: None)
    take_in_again(kopie.settings, 1, "J. Voorbeeld", "damaged", lambda _: None)
    assert _looked(kopie) == []


def test_what_is_damaged_is_not_sealed_anew(kopie: Magazijn) -> None:
    """Forgetting writes deliveries anew: it would make a damaged vault the truth."""
    (kopie.settings.vault / "00000002" / "casussen.parquet").unlink()
    with pytest.raises(LandingFout, match=r"vault/00000002/casussen.parquet .delivery 2. is missing"):
        forget(kopie.settings, "casus", "C1", "J. Voorbeeld", "asked", lambda _: None)
    assert Register(kopie.settings).gebeurtenissen("vergeten") == []


# --- what the register does not know ------------------------------------------------------------------------------------------------


def test_a_register_that_is_gone_destroys_nothing(kopie: Magazijn) -> None:
    kopie.settings.register.rename(kopie.settings.root / "away")
    before = kopie.bestanden()
    for _ in range(2):
        with pytest.raises(RegisterFout, match=r"has 0 events, and .* says that there were 3.*vt restore"):
            kopie.neem()
    assert kopie.bestanden() == before
    shutil.rmtree(kopie.settings.register, ignore_errors=True)
    (kopie.settings.root / "away").rename(kopie.settings.register)
    assert kopie.neem() == []


def test_an_older_register_destroys_nothing(kopie: Magazijn) -> None:
    """Also where nothing says how far the register went: what it does not know is not touched."""
    last = max(kopie.settings.register.glob("0*.json"))
    last.unlink()
    before = kopie.bestanden()
    with pytest.raises(RegisterFout, match="has 2 events"):
        kopie.neem()
    assert kopie.bestanden() == before
    (kopie.settings.landing / register.ANKER).write_bytes(Register(_without_anchor(kopie).settings).anker().as_bytes())
    before = kopie.bestanden()
    with pytest.raises(OnbekendFout, match="landing/00000003 and 3 more"):
        kopie.neem()
    after = {n: c for n, c in kopie.bestanden().items() if not n.endswith(".jsonl")}
    assert after == {n: c for n, c in before.items() if not n.endswith(".jsonl")}


def _without_anchor(magazijn: Magazijn) -> Magazijn:
    (magazijn.settings.landing / register.ANKER).unlink()
    for folder in magazijn.settings.landing.glob("0*"):
        content = (folder / register.ANKER).read_text()
        assert "gebeurtenissen" in content
    events = sorted(magazijn.settings.register.glob("0*.json"))
    for path in events:
        assert '"vorm": 2' in path.read_text()
    # as if the anchor was never there: the last event but one may have been written without
    (magazijn.settings.landing / register.ANKER).write_text('{"gebeurtenissen": 0, "sha256": ""}\n')
    return magazijn


@pytest.mark.parametrize("name", ["landing/00000009", "vault/00000009", "quarantine/00000009", "archive/00000009-000009.zip.vta"])
def test_what_nobody_knows_is_not_removed(kopie: Magazijn, name: str) -> None:
    path = kopie.settings.root / name
    if path.suffix:
        path.write_bytes(b"dear")
    else:
        path.mkdir()
        (path / "meldingen.parquet").write_bytes(b"dear")
    for _ in range(2):
        with pytest.raises(OnbekendFout, match=f"{name} in"):
            kopie.neem()
    assert path.exists()


def test_verify_lists_all_that_ends_the_night(kopie: Magazijn) -> None:
    root = kopie.settings.root
    (root / "landing" / "00000099").mkdir()
    for name in ("landing/los.txt", "vault/los.txt", "quarantine/los.txt", "archive/vreemd.bin"):
        (root / name).write_bytes(b"dear")
    log = Register(kopie.settings)
    with pytest.raises(OnbekendFout, match=r"landing/00000099 and 4 more in .* All there is of it: vt landing verify\."):
        kopie.neem()
    found = verify.strangers(kopie.settings, log)
    assert [f.bestand for f in found] == [
        "landing/00000099",
        "landing/los.txt",
        "vault/los.txt",
        "quarantine/los.txt",
        "archive/vreemd.bin",
    ]
    assert {str(f) for f in found} == {f"{f.bestand} the register does not know it" for f in found}
    assert _looked(kopie) == []


def test_an_edited_last_event_is_noticed(kopie: Magazijn) -> None:
    last = max(kopie.settings.register.glob("0*.json"))
    last.write_text(last.read_text().replace('"mutaties"', '"volledig"'))
    with pytest.raises(RegisterFout, match="event 3 in"):
        kopie.neem()


def test_an_anchor_that_is_gone_is_noticed(kopie: Magazijn) -> None:
    (kopie.settings.landing / register.ANKER).unlink()
    with pytest.raises(RegisterFout, match=r"landing/register.json is missing"):
        kopie.neem()


# --- a landing that older code wrote ------------------------------------------------------------------------------------------------


@pytest.fixture
def ouder(kopie: Magazijn) -> Magazijn:
    """The same, as code wrote it that did not seal or anchor."""
    as_older_code_left_it(kopie.settings)
    return kopie


def test_an_older_landing_is_sealed_as_it_is(base: Magazijn, ouder: Magazijn) -> None:
    whole = figures(base)
    assert figures(ouder) == whole
    assert ouder.een(mutaties(4, casussen=[])).uitkomst == "opgenomen"
    log = Register(ouder.settings)
    assert [e.soort for e in log.gebeurtenissen()][3:] == ["landing_verzegeld", "levering_opgenomen"]
    seals = log.leveringen()[0].zegels
    assert seals and seals["landing"]["meldingen.parquet"].rijen == 2 and len(seals["vault"]) == 13
    _flip(ouder.settings.landing / "00000001" / "meldingen.parquet")
    with pytest.raises(LandingFout, match=r"00000001/meldingen.parquet"):
        ouder.neem()


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_an_older_landing_is_held_to_its_counts_first(ouder: Magazijn, damage: str) -> None:
    DAMAGE[damage](ouder.settings.landing / "00000001" / "meldingen.parquet")
    with pytest.raises(
        LandingFout, match=r"landing/00000001/meldingen.parquet .delivery 1. (holds 0 rows, and the register says 2|is damaged)"
    ):
        ouder.neem()


def test_a_file_that_the_register_has_is_read_or_it_is_an_error(kopie: Magazijn) -> None:
    """A missing file never becomes an empty one, whatever was looked at before."""
    log = Register(kopie.settings)
    (kopie.settings.landing / "00000001" / "meldingen.parquet").unlink()
    from orchestration.intake.contract import load_contract
    from orchestration.landing import store

    sql = store.scan_rows(kopie.settings, log.leveringen(), load_contract().entiteit("meldingen"), store.OPGENOMEN)
    with pytest.raises(duckdb.IOException):
        duckdb.execute(sql)


ENDLESS = [f'{{"gebeurtenissen": {number}, "sha256": ""}}' for number in ("Infinity", "1e400")]
ODD = ["[" * 100_000, *ENDLESS, "[]", "null", '"x"', "7", "{}", None]
EVENT = "register/00000002-levering_opgenomen.json"
TELLING = ("landing/register.json", "landing/00000002/register.json", EVENT, "register/.voornemen.json")


@pytest.mark.parametrize("name", TELLING)
def test_whatever_stands_in_a_file_that_tells_is_a_sentence(kopie: Magazijn, name: str) -> None:
    """JSON that is none, or is another; a folder in the place of the file."""
    path = kopie.settings.root / name
    for content in ODD:
        path.unlink(missing_ok=True)
        if content is None:
            path.mkdir()
        else:
            path.write_text(content)
        with pytest.raises(GebruikersFout):
            kopie.neem()


def test_a_file_in_the_place_of_a_delivery_and_a_link(kopie: Magazijn, tmp_path: Path) -> None:
    folder = kopie.settings.landing / "00000003"
    moved = folder.rename(tmp_path / "moved")
    folder.symlink_to(moved)
    with pytest.raises(LandingFout, match=r"landing/00000003 .delivery 3. is a link"):
        kopie.neem()
    folder.unlink()
    folder.write_bytes(b"")
    with pytest.raises(LandingFout, match=r"landing/00000003/casussen.parquet .delivery 3. is missing"):
        kopie.neem()
