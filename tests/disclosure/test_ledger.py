"""What was published stays as it was: a line that is changed, moved or gone is noticed."""

import json
from pathlib import Path

import pytest

from orchestration.disclosure import ledger
from orchestration.disclosure.ledger import HEAD, LEDGER, Entry, PublicationLedgerError


def entry(number: int, value: str = "12") -> Entry:
    return Entry("verslag", "druk", "meldingen", "", "", f"GM{number:04}", "2024", value, "exact")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ledger.append(tmp_path, [entry(1), entry(2)])
    ledger.append(tmp_path, [entry(2), entry(3)])
    return tmp_path


def lines(folder: Path) -> list[str]:
    return (folder / LEDGER).read_text().splitlines()


def test_it_is_added_to_once(folder: Path) -> None:
    assert [e.area for e in ledger.read(folder)] == ["GM0001", "GM0002", "GM0003"]
    assert ledger.append(folder, [entry(1)]) == ledger.read(folder)
    assert ledger.read(folder.parent / "none") == []


def test_a_figure_cannot_be_published_again_as_another(folder: Path) -> None:
    with pytest.raises(PublicationLedgerError, match="in the ledger already, with another value"):
        ledger.append(folder, [entry(1, "13")])


def changed(folder: Path, found: list[str]) -> None:
    (folder / LEDGER).write_text("".join(f"{line}\n" for line in found))


@pytest.mark.parametrize("number", range(3))
def test_a_line_altered_is_noticed(folder: Path, number: int) -> None:
    found = lines(folder)
    found[number] = found[number].replace('"value":"12"', '"value":"13"')
    changed(folder, found)
    with pytest.raises(PublicationLedgerError, match=f"line {number + 1} is not the one that was written"):
        ledger.read(folder)


@pytest.mark.parametrize("number", range(3))
def test_a_line_gone_is_noticed(folder: Path, number: int) -> None:
    found = lines(folder)
    del found[number]
    changed(folder, found)
    with pytest.raises(PublicationLedgerError, match="nothing is published until it is whole"):
        ledger.read(folder)


def test_a_line_altered_with_its_own_hash_is_noticed(folder: Path) -> None:
    found = lines(folder)
    last = Entry(**json.loads(found[-1]))
    found[-1] = ledger._text(Entry(**{**json.loads(found[-1]), "value": "13"}).sealed(last.previous))
    changed(folder, found)
    with pytest.raises(PublicationLedgerError, match="3 were written"):
        ledger.read(folder)


def test_lines_in_another_order_and_half_a_line_are_noticed(folder: Path) -> None:
    found = lines(folder)
    changed(folder, [found[1], found[0], found[2]])
    with pytest.raises(PublicationLedgerError, match="line 1"):
        ledger.read(folder)
    changed(folder, [*found[:2], found[2][:40]])
    with pytest.raises(PublicationLedgerError, match="line 3 cannot be read"):
        ledger.read(folder)


@pytest.mark.parametrize("left", [None, "{", "[]"])
def test_a_head_that_is_gone_is_noticed(folder: Path, left: str | None) -> None:
    (folder / HEAD).unlink() if left is None else (folder / HEAD).write_text(left)
    with pytest.raises(PublicationLedgerError):
        ledger.read(folder)


def test_a_run_killed_between_leaves_the_old_or_the_new(folder: Path) -> None:
    before = (folder / LEDGER).read_bytes()
    entries = ledger.read(folder)
    sealed = entry(4).sealed(entries[-1].hash)
    ledger._write_ends(folder, [*entries, sealed], entries)
    assert len(ledger.read(folder)) == 3
    (folder / LEDGER).write_bytes(before + (ledger._text(sealed) + "\n").encode())
    assert len(ledger.read(folder)) == 4


def test_print_is_read_as_the_seed_has_it() -> None:
    found = ledger.of_print()
    assert len(found) > 300
    assert {e.precision for e in found} >= {"exact", "contradictie", "afgerond 0"}
    assert len({e.figure for e in found}) == len(found)
