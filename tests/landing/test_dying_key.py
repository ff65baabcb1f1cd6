"""A process that dies while it makes or changes the key: the next command goes on, with the old key or the new one, and links hold."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.keys.keyring import KeyFileError, Keyring, held_in, open_keyring
from orchestration.keys.use import LOG, new_key_path, open_key, right_key, uses
from orchestration.privacy import rotate
from orchestration.register.register import Register
from orchestration.settings import Settings
from tests.lib.dying import Dying
from tests.lib.handmade import HandmadeDelivery, mutaties
from tests.lib.size import THOROUGH
from tests.lib.warehouse import Warehouse
from tests.privacy.test_rotate import LINKS

IMPORTS = """
import os, sys
from pathlib import Path
from orchestration.privacy.rotate import rotate
from orchestration.keys.use import open_key
from orchestration.settings import Settings
os.fsync = lambda handle: None
"""
MAKE = 'print(open_key(Settings(home=Path(sys.argv[1])), "test").fingerprint)'
CHANGE = 'rotate(Settings(home=Path(sys.argv[1]), threads=1), "J. Voorbeeld", "yearly", lambda text: None)'


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Dying]:
    with Dying(MAKE, tmp_path, imports=IMPORTS) as dying:
        yield dying


@pytest.fixture
def change(tmp_path: Path) -> Iterator[Dying]:
    with Dying(CHANGE, tmp_path, imports=IMPORTS) as dying:
        yield dying


def leftovers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name.startswith("."))


def test_killed_while_the_first_key_is_made(make: Dying, tmp_path: Path) -> None:
    whole = make.run(str(tmp_path / "heel"))
    assert whole.code == 0, whole.err
    assert whole.events >= 5
    for n in range(1, whole.events + 1):
        settings = Settings(home=tmp_path / str(n))
        died = make.run(str(settings.root), n=n)
        assert (died.code, died.events) == (-signal.SIGKILL, n - 1), died.err
        there = held_in(settings.key_path) if settings.key_path.exists() else None
        assert there or not settings.key_path.exists(), f"half a key after {n}"
        keyring = right_key(settings)
        assert there in {None, keyring}
        assert [p.name for p in settings.key_path.parent.iterdir()] == ["sleutel"]
        assert right_key(settings) == keyring


def test_killed_while_the_key_is_changed(change: Dying, warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.take_in(HandmadeDelivery(1))
    links, old = warehouse.query(LINKS), right_key(warehouse.settings)

    def copy(name: str) -> Warehouse:
        shutil.copytree(warehouse.settings.root, tmp_path / name, symlinks=True)
        return Warehouse(Settings(home=tmp_path / name, threads=1))

    whole = change.run(str(copy("heel").settings.root))
    assert whole.code == 0, whole.err
    assert whole.events >= 20
    changed = set()
    for n in range(1, whole.events + 1, 1 if THOROUGH else 3):
        one = copy(str(n))
        died = change.run(str(one.settings.root), n=n)
        assert (died.code, died.events) == (-signal.SIGKILL, n - 1), died.err
        named = Register(one.settings).key_fingerprint()
        keyring = right_key(one.settings)
        assert keyring.fingerprint == named
        changed.add(keyring != old)
        assert one.query(LINKS) == links, n
        assert leftovers(one.settings.key_path.parent) == []
        if n % 8 == 0:  # and what comes in next links to what was there, and the key can be changed once more
            assert one.take_in(mutaties(2, casussen=[]))[0].uitkomst == "opgenomen"
            assert rotate.rotate(one.settings, "J. Voorbeeld", "again", lambda _: None) != keyring.fingerprint
            assert one.query(LINKS) == links, n
            assert [p.name for p in one.settings.key_path.parent.iterdir()] == ["sleutel"]
        shutil.rmtree(one.settings.root)
    assert changed == {False, True}


# --- what older code left behind ---------------------------------------------------------------------------------------------------------


def test_an_empty_key_file_is_replaced_as_long_as_nothing_rests_on_it(warehouse: Warehouse) -> None:
    path = warehouse.settings.key_path
    path.parent.mkdir()
    path.touch()
    keyring = right_key(warehouse.settings)
    assert held_in(path) == keyring
    assert path.stat().st_mode & 0o777 == 0o600
    assert "lege_sleutel_vervangen" in (warehouse.settings.root / "logboek" / "gebeurtenissen.jsonl").read_text()
    warehouse.take_in_one(HandmadeDelivery(1))
    path.write_text("")
    with pytest.raises(KeyFileError, match="Put the right key file back"):
        right_key(warehouse.settings)
    assert path.read_text() == ""


def test_half_a_key_file_is_left_alone(warehouse: Warehouse) -> None:
    path = warehouse.settings.key_path
    path.parent.mkdir()
    path.write_text("ab" * 20)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="Nothing was taken in yet: if there is no key to put back, remove the file"):
        right_key(warehouse.settings)
    assert path.read_text() == "ab" * 20


def test_two_that_make_the_key_at_once_get_the_same_one(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one comes in between looking and linking."""
    path, found = warehouse.settings.key_path, []
    exists = Path.exists

    def look(self: Path, **how: bool) -> bool:
        there = exists(self, **how)
        if self == path and not there and not found:
            found.append(None)
            found[0] = open_keyring(path)
        return there

    monkeypatch.setattr(Path, "exists", look)
    keyring = open_keyring(path)
    assert found == [keyring]
    assert held_in(path) == keyring


@pytest.mark.parametrize("content", ["", "ab" * 20])
def test_half_a_new_key_that_never_counted_is_removed(warehouse: Warehouse, content: str) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    keyring = right_key(warehouse.settings)
    waiting = new_key_path(warehouse.settings)
    waiting.write_text(content)
    assert right_key(warehouse.settings) == keyring
    assert not waiting.exists()
    assert "halve_nieuwe_sleutel_verwijderd" in (warehouse.settings.root / "logboek" / "gebeurtenissen.jsonl").read_text()


def test_a_whole_new_key_that_never_counted_is_left_alone(warehouse: Warehouse) -> None:
    """A change of key that is at work has one."""
    warehouse.take_in_one(HandmadeDelivery(1))
    keyring = right_key(warehouse.settings)
    other = open_keyring(new_key_path(warehouse.settings))
    assert right_key(warehouse.settings) == keyring != other
    assert held_in(new_key_path(warehouse.settings)) == other


def test_half_a_new_key_that_counts_is_an_error_that_says_what_to_put_back(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    old = warehouse.settings.key_path.read_text()
    fingerprint = rotate.rotate(warehouse.settings, "J. Voorbeeld", "yearly", lambda _: None)
    new = warehouse.settings.key_path.read_text()
    new_key_path(warehouse.settings).write_text(new[:30])
    warehouse.settings.key_path.write_text(old)
    with pytest.raises(KeyFileError, match=f"Put the key with fingerprint {fingerprint} back .* and remove .*sleutel.nieuw"):
        right_key(warehouse.settings)
    assert new_key_path(warehouse.settings).exists()
    warehouse.settings.key_path.write_text(new)
    assert right_key(warehouse.settings) == Keyring(bytes.fromhex(new.strip()))
    assert not new_key_path(warehouse.settings).exists()


def test_dot_files_of_a_maker_that_died_are_swept(warehouse: Warehouse) -> None:
    folder = warehouse.settings.key_path.parent
    folder.mkdir()
    for name in (".sleutel.1234", ".sleutel.abc_defg", ".sleutel.nieuw.99", ".andere.1234", "sleutel.kopie"):
        (folder / name).write_text("x")
    right_key(warehouse.settings)
    assert sorted(p.name for p in folder.iterdir()) == [".andere.1234", "sleutel", "sleutel.kopie"]


# --- the log of uses ---------------------------------------------------------------------------------------------------------------------


def test_a_line_that_was_cut_off_or_damaged_is_shown_as_that_and_swallows_nothing(warehouse: Warehouse) -> None:
    open_key(warehouse.settings, "first\u2028use")
    path = warehouse.settings.register / LOG
    whole = path.read_bytes()
    path.write_bytes(whole + b"\xff\xfe\n[1]\n" + b"[" * 100_000 + b"\n" + whole[:25])
    open_key(warehouse.settings, "second use")
    assert [u["waarvoor"] for u in uses(warehouse.settings)] == [
        "first\u2028use",
        *(f"line {n} of {LOG} was cut off or damaged" for n in (2, 3, 4, 5)),
        "second use",
    ]
    assert all(set(u) == {"op", "wie", "sleutel", "waarvoor"} for u in uses(warehouse.settings))
