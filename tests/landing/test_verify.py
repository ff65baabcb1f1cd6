"""Every file of the data folder's truth altered, cut, missing, extra or swapped: it is named, and no other figure comes of it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import duck
from orchestration.errors import UserError
from orchestration.keys.use import open_key
from orchestration.landing import verify
from orchestration.landing.history import build_history
from orchestration.landing.reintake import take_in_again
from orchestration.landing.sweep import UnknownFilesError
from orchestration.landing.verify import LandingError
from orchestration.privacy.forget import forget
from orchestration.register import register
from orchestration.register.register import Register, RegisterError
from orchestration.settings import Settings
from tests.lib.handmade import BASIS, HandmadeDelivery, mutaties
from tests.lib.warehouse import Warehouse, as_older_code_left_it, warehouse_in

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
def base(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A whole registration and a night of mutations, with rows in quarantine, warnings, and an entry that was closed."""
    warehouse = warehouse_in(tmp_path_factory.mktemp("heel") / "vt", threads=1)
    bad = HandmadeDelivery(1)
    bad.row("diensten")["soort"] = "onzin"
    bad.row("huisverboden")["aanvrager"] = "onzin"
    bad.row("betrokkenen")["geboortedatum"] = "19010101"
    again = mutaties(2, casussen=[CLOSED], meldingen=[BASIS["meldingen"][0] | {"urgentie": "9"}], huisverboden=BASIS["huisverboden"])
    warehouse.take_in(bad, again, mutaties(3, casussen=[]))
    assert [q[-1] for q in warehouse.quarantined()] == ["open", "gecorrigeerd", "open"]
    return warehouse


CLOSED = BASIS["casussen"][0] | {"afgesloten_op": "2024-06-01"}


@pytest.fixture
def copied(base: Warehouse, tmp_path: Path) -> Warehouse:
    """A copy of it, to be damaged."""
    shutil.copytree(base.settings.root, tmp_path / "vt", symlinks=True)
    return Warehouse(Settings(home=tmp_path / "vt", threads=1))


def figures(warehouse: Warehouse) -> list[list[tuple[Any, ...]]]:
    """What every figure is made of."""
    tables = [*BASIS, "quarantaine", "leveringen", "levering_entiteiten", "waarschuwingen"]
    with duck.connect(warehouse.settings) as con:
        con.execute("attach ':memory:' as veilig_thuis")
        build_history(warehouse.settings, con, open_key(warehouse.settings, "test"))
        return [con.execute(f"from veilig_thuis.historie.{table} order by all").fetchall() for table in tables]


def _files(base: Warehouse) -> Iterator[Path]:
    root = base.settings.root
    for folder in FOLDERS:
        yield from (p.relative_to(root) for p in sorted((root / folder).rglob("*")) if p.is_file() and p.suffix != ".jsonl")


@pytest.mark.parametrize("damage", DAMAGE)
def test_each_file_is_named_and_no_other_figure_comes_of_it(base: Warehouse, tmp_path: Path, damage: str) -> None:
    """One by one. The night is held where figures rest on it; elsewhere it goes on with the same figures, and the file is named."""
    whole = figures(base)
    files = list(_files(base))
    assert {f.parts[0] for f in files} == set(FOLDERS)
    for name in files:
        shutil.copytree(base.settings.root, tmp_path / "vt", symlinks=True)
        warehouse = Warehouse(Settings(home=tmp_path / "vt", threads=1))
        DAMAGE[damage](warehouse.settings.root / name)
        told = [*_night(warehouse, whole), *(str(f) for f in _looked(warehouse))]
        assert any(_names(text, name, damage) for text in told) or _harmless(name, damage), (str(name), told)
        shutil.rmtree(tmp_path / "vt")
        for moved in tmp_path.glob("elsewhere-*"):
            moved.unlink()


def _night(warehouse: Warehouse, whole: list[list[tuple[Any, ...]]]) -> list[str]:
    """Take in a delivery and make the history; what was said. Whatever is made is what would have been made of a whole folder."""
    try:
        assert warehouse.take_in() == []
        assert figures(warehouse) == whole
    except UserError as error:
        return [str(error)]
    return []


def _looked(warehouse: Warehouse) -> list[Any]:
    try:
        return list(verify.look(warehouse.settings, Register(warehouse.settings), folders=("landing", "vault", "quarantine", "archive")))
    except RegisterError as error:
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


def test_the_order_of_two_files_changed(copied: Warehouse) -> None:
    """Two whole files of the landing, each in the place of the other: both have a checksum, and not theirs."""
    one, two = (copied.settings.landing / n / "casussen.parquet" for n in ("00000001", "00000002"))
    content = one.read_bytes(), two.read_bytes()
    one.write_bytes(content[1])
    two.write_bytes(content[0])
    with pytest.raises(LandingError, match=r"landing/00000001/casussen.parquet \(delivery 1\).*landing/00000002/casussen.parquet"):
        copied.take_in()


def test_nothing_is_judged_by_a_landing_that_is_not_whole(copied: Warehouse) -> None:
    _flip(copied.settings.landing / "00000002" / "meldingen.parquet")
    path = mutaties(4, casussen=[]).zip(copied.settings.inbox)
    with pytest.raises(LandingError, match="vt deliveries reintake 2"):
        copied.take_in()
    assert path.exists()
    assert [d.nummer for d in Register(copied.settings).leveringen()] == [1, 2, 3]


def test_a_history_is_not_made_of_it(copied: Warehouse) -> None:
    (copied.settings.landing / "00000001" / "quarantaine" / "diensten.parquet").unlink()
    with pytest.raises(LandingError, match=r"quarantaine/diensten.parquet .delivery 1. is missing"):
        copied.query("from casussen")


def test_taking_in_anew_mends_it(base: Warehouse, copied: Warehouse) -> None:
    whole = figures(base)
    for name in ("landing/00000002/meldingen.parquet", "vault/00000002/casussen.parquet", "quarantine/00000002/meldingen.parquet"):
        _flip(copied.settings.root / name)
    (copied.settings.landing / "00000003" / "casussen.parquet").unlink()
    found = take_in_again(copied.settings, 2, "J. Voorbeeld", "damaged", lambda _: None)
    assert [v.nummer for v in found] == [2, 3]
    assert figures(copied) == whole
    assert copied.take_in() == []
    assert _looked(copied) == []


def test_it_does_not_mend_by_what_is_damaged_itself(copied: Warehouse) -> None:
    _flip(copied.settings.landing / "00000001" / "meldingen.parquet")
    with pytest.raises(LandingError, match=r"00000001/meldingen.parquet"):
        take_in_again(copied.settings, 2, "J. Voorbeeld", "damaged", lambda _: None)
    take_in_again(copied.settings, 1, "J. Voorbeeld", "damaged", lambda _: None)
    assert _looked(copied) == []


def test_what_is_damaged_is_not_sealed_anew(copied: Warehouse) -> None:
    """Forgetting writes deliveries anew: it would make a damaged vault the truth."""
    (copied.settings.vault / "00000002" / "casussen.parquet").unlink()
    with pytest.raises(LandingError, match=r"vault/00000002/casussen.parquet .delivery 2. is missing"):
        forget(copied.settings, "casus", "C1", "J. Voorbeeld", "asked", lambda _: None)
    assert Register(copied.settings).events("vergeten") == []


# --- what the register does not know ------------------------------------------------------------------------------------------------


def test_a_register_that_is_gone_destroys_nothing(copied: Warehouse) -> None:
    copied.settings.register.rename(copied.settings.root / "away")
    before = copied.files()
    for _ in range(2):
        with pytest.raises(RegisterError, match=r"has 0 events, and .* says that there were 3.*vt restore"):
            copied.take_in()
    assert copied.files() == before
    shutil.rmtree(copied.settings.register, ignore_errors=True)
    (copied.settings.root / "away").rename(copied.settings.register)
    assert copied.take_in() == []


def test_an_older_register_destroys_nothing(copied: Warehouse) -> None:
    """Also where nothing says how far the register went: what it does not know is not touched."""
    last = max(copied.settings.register.glob("0*.json"))
    last.unlink()
    before = copied.files()
    with pytest.raises(RegisterError, match="has 2 events"):
        copied.take_in()
    assert copied.files() == before
    (copied.settings.landing / register.ANCHOR).write_bytes(Register(_without_anchor(copied).settings).position().as_bytes())
    before = copied.files()
    with pytest.raises(UnknownFilesError, match="landing/00000003 and 3 more"):
        copied.take_in()
    after = {n: c for n, c in copied.files().items() if not n.endswith(".jsonl")}
    assert after == {n: c for n, c in before.items() if not n.endswith(".jsonl")}


def _without_anchor(warehouse: Warehouse) -> Warehouse:
    (warehouse.settings.landing / register.ANCHOR).unlink()
    for folder in warehouse.settings.landing.glob("0*"):
        content = (folder / register.ANCHOR).read_text()
        assert "gebeurtenissen" in content
    events = sorted(warehouse.settings.register.glob("0*.json"))
    for path in events:
        assert '"vorm": 2' in path.read_text()
    # as if the anchor was never there: the last event but one may have been written without
    (warehouse.settings.landing / register.ANCHOR).write_text('{"gebeurtenissen": 0, "sha256": ""}\n')
    return warehouse


@pytest.mark.parametrize("name", ["landing/00000009", "vault/00000009", "quarantine/00000009", "archive/00000009-000009.zip.vta"])
def test_what_nobody_knows_is_not_removed(copied: Warehouse, name: str) -> None:
    path = copied.settings.root / name
    if path.suffix:
        path.write_bytes(b"dear")
    else:
        path.mkdir()
        (path / "meldingen.parquet").write_bytes(b"dear")
    for _ in range(2):
        with pytest.raises(UnknownFilesError, match=f"{name} in"):
            copied.take_in()
    assert path.exists()


def test_verify_lists_all_that_ends_the_night(copied: Warehouse) -> None:
    root = copied.settings.root
    (root / "landing" / "00000099").mkdir()
    for name in ("landing/los.txt", "vault/los.txt", "quarantine/los.txt", "archive/vreemd.bin"):
        (root / name).write_bytes(b"dear")
    log = Register(copied.settings)
    with pytest.raises(UnknownFilesError, match=r"landing/00000099 and 4 more in .* All there is of it: vt landing verify\."):
        copied.take_in()
    found = verify.strangers(copied.settings, log)
    assert [f.bestand for f in found] == [
        "landing/00000099",
        "landing/los.txt",
        "vault/los.txt",
        "quarantine/los.txt",
        "archive/vreemd.bin",
    ]
    assert {str(f) for f in found} == {f"{f.bestand} the register does not know it" for f in found}
    assert _looked(copied) == []


def test_an_edited_last_event_is_noticed(copied: Warehouse) -> None:
    last = max(copied.settings.register.glob("0*.json"))
    last.write_text(last.read_text().replace('"mutaties"', '"volledig"'))
    with pytest.raises(RegisterError, match="event 3 in"):
        copied.take_in()


def test_an_anchor_that_is_gone_is_noticed(copied: Warehouse) -> None:
    (copied.settings.landing / register.ANCHOR).unlink()
    with pytest.raises(RegisterError, match=r"landing/register.json is missing"):
        copied.take_in()


# --- a landing that older code wrote ------------------------------------------------------------------------------------------------


@pytest.fixture
def parent(copied: Warehouse) -> Warehouse:
    """The same, as code wrote it that did not seal or anchor."""
    as_older_code_left_it(copied.settings)
    return copied


def test_an_older_landing_is_sealed_as_it_is(base: Warehouse, parent: Warehouse) -> None:
    whole = figures(base)
    assert figures(parent) == whole
    assert parent.take_in_one(mutaties(4, casussen=[])).uitkomst == "opgenomen"
    log = Register(parent.settings)
    assert [e.soort for e in log.events()][3:] == ["landing_verzegeld", "levering_opgenomen"]
    seals = log.leveringen()[0].zegels
    assert seals and seals["landing"]["meldingen.parquet"].rijen == 2 and len(seals["vault"]) == 13
    _flip(parent.settings.landing / "00000001" / "meldingen.parquet")
    with pytest.raises(LandingError, match=r"00000001/meldingen.parquet"):
        parent.take_in()


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_an_older_landing_is_held_to_its_counts_first(parent: Warehouse, damage: str) -> None:
    DAMAGE[damage](parent.settings.landing / "00000001" / "meldingen.parquet")
    with pytest.raises(
        LandingError, match=r"landing/00000001/meldingen.parquet .delivery 1. (holds 0 rows, and the register says 2|is damaged)"
    ):
        parent.take_in()


def test_a_file_that_the_register_has_is_read_or_it_is_an_error(copied: Warehouse) -> None:
    """A missing file never becomes an empty one, whatever was looked at before."""
    log = Register(copied.settings)
    (copied.settings.landing / "00000001" / "meldingen.parquet").unlink()
    from orchestration.intake.contract import load_contract
    from orchestration.landing import store

    sql = store.scan_rows(copied.settings, log.leveringen(), load_contract().entity("meldingen"), store.TAKEN_IN)
    with pytest.raises(duckdb.IOException):
        duckdb.execute(sql)


ENDLESS = [f'{{"gebeurtenissen": {number}, "sha256": ""}}' for number in ("Infinity", "1e400")]
ODD = ["[" * 100_000, *ENDLESS, "[]", "null", '"x"', "7", "{}", None]
EVENT = "register/00000002-levering_opgenomen.json"
TELLING = ("landing/register.json", "landing/00000002/register.json", EVENT, "register/.voornemen.json")


@pytest.mark.parametrize("name", TELLING)
def test_whatever_stands_in_a_file_that_tells_is_a_sentence(copied: Warehouse, name: str) -> None:
    """JSON that is none, or is another; a folder in the place of the file."""
    path = copied.settings.root / name
    for content in ODD:
        path.unlink(missing_ok=True)
        if content is None:
            path.mkdir()
        else:
            path.write_text(content)
        with pytest.raises(UserError):
            copied.take_in()


def test_a_file_in_the_place_of_a_delivery_and_a_link(copied: Warehouse, tmp_path: Path) -> None:
    folder = copied.settings.landing / "00000003"
    moved = folder.rename(tmp_path / "moved")
    folder.symlink_to(moved)
    with pytest.raises(LandingError, match=r"landing/00000003 .delivery 3. is a link"):
        copied.take_in()
    folder.unlink()
    folder.write_bytes(b"")
    with pytest.raises(LandingError, match=r"landing/00000003/casussen.parquet .delivery 3. is missing"):
        copied.take_in()
