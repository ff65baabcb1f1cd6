"""What was published stays as it was until a next vintage; and there a single late report is not to be seen."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from orchestration.disclosure import publish, vintage
from orchestration.disclosure.ledger import PublicationLedgerError
from orchestration.disclosure.protect import Pattern
from orchestration.disclosure.vintage import VintageError
from orchestration.disclosure.whole import Publication
from tests.lib.small_publication import PARAMETERS, rows, rules, world

FIRST, SECOND = date(2025, 3, 1), date(2026, 3, 1)


@pytest.fixture
def root(written: Path, tmp_path: Path) -> Path:
    vintage.freeze(tmp_path, "2024", FIRST, "r1", "rules", written)
    return tmp_path


@pytest.fixture(scope="module")
def late() -> Publication:
    """The small world with one report more, of a place and a reporter that move figures over a multiple of 5."""
    reports, _ = rows()
    best = None
    for number in range(0, len(reports), 140):
        with world([*reports, (9999, *reports[number][1:])]) as con:
            publication = Publication.of(con, rules(), PARAMETERS, [], "marts", None)
        best = best or publication
        if publication.system.rounded().sum() > best.system.rounded().sum():
            best = publication
    assert best
    return best


def test_a_night_repeats_the_newest_vintage_byte_for_byte(root: Path, written: Path, tmp_path: Path) -> None:
    assert vintage.repeat(root, tmp_path / "publiek").name == "2024"
    for name in publish.FILES:
        assert (tmp_path / "publiek" / name).read_bytes() == (written / name).read_bytes()


def test_a_vintage_of_before_a_file_left_is_not_repeated_without_it(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "FILES", (*publish.FILES, Path("nieuw.csv")))
    with pytest.raises(vintage.VintageError, match=r"Vintage 2024 was published before there was nieuw\.csv"):
        vintage.repeat(root, tmp_path / "publiek")


def test_a_vintage_of_before_a_column_is_not_repeated_without_it(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "COLUMNS", {**publish.COLUMNS, "nieuw": "Nieuw"})
    with pytest.raises(vintage.VintageError, match=r"Vintage 2024 was published before there was nieuw, so it cannot be repeated"):
        vintage.repeat(root, tmp_path / "publiek")
    assert not (tmp_path / "publiek").exists()


def test_without_it_one_late_report_changes_what_is_published(small: Publication, late: Publication) -> None:
    """Why figures are frozen: plain rounding tells of one report where it was."""
    assert (late.system.rounded() != small.system.rounded()).sum() > 1
    listed = ~small.system.exact & ~small.system.unlisted
    assert ((late.system.rounded() != small.system.rounded()) & listed).sum() > 0


def before(publication: Publication, pattern: Pattern) -> np.ndarray:
    return np.where(pattern.hidden, np.nan, publication.system.rounded().astype(float))


def test_a_figure_stays_when_one_report_comes_late(small: Publication, pattern: Pattern, late: Publication) -> None:
    assert small.system.keys == late.system.keys
    kept = vintage.sticky(late.system, before(small, pattern))
    listed = ~small.system.exact & ~small.system.unlisted & ~pattern.hidden
    assert (kept.published[listed & ~kept.hidden] == small.system.rounded()[listed & ~kept.hidden]).all()
    assert (kept.hidden == pattern.hidden)[small.system.small].all()
    assert kept.kept.any()
    assert (np.abs(kept.published - late.system.truth)[listed & ~kept.hidden] <= 4).all()


@pytest.mark.parametrize(
    ("truth", "old", "published", "hidden"),
    [
        (24, 20, 20, False),  # four off: it stays
        (25, 20, 25, False),  # five off: today's
        (16, 20, 20, False),
        (15, 20, 15, False),
        (9, 10, 10, True),  # under the threshold: hidden, whatever it was
        (10, 10, 10, False),
        (9, None, 10, True),
        (13, None, 15, True),  # hidden, and stays so a while
        (14, None, 15, False),
        (23, -1, 25, False),  # new: by the rules
    ],
)
def test_how_far_a_figure_may_be_off_to_stay(small: Publication, truth: int, old: int | None, published: int, hidden: bool) -> None:
    from dataclasses import replace

    cell = int(np.flatnonzero(~small.system.exact & ~small.system.unlisted)[0])
    truths = small.system.truth.copy()
    truths[cell] = truth
    was = np.full(len(truths), -1.0)
    was[cell] = np.nan if old is None else old
    found = vintage.sticky(replace(small.system, truth=truths), was)
    assert (int(found.published[cell]), bool(found.hidden[cell])) == (published, hidden)


def test_a_vintage_never_changes(root: Path, written: Path) -> None:
    with pytest.raises(VintageError, match="a vintage 2024 already"):
        vintage.freeze(root, "2024", SECOND, "r2", "rules", written)
    path = root / vintage.VINTAGES / "2024" / publish.PARQUET
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(VintageError, match="is not what was published"):
        vintage.repeat(root, root / "publiek")
    ledger_file = root / vintage.LEDGER / "grootboek.jsonl"
    ledger_file.write_text(ledger_file.read_text().replace("r1", "r9"))
    with pytest.raises(PublicationLedgerError):
        vintage.repeat(root, root / "publiek")


def test_what_a_figure_said_on_a_day_and_what_two_vintages_say_differently(
    root: Path, small: Publication, pattern: Pattern, tmp_path: Path
) -> None:
    hidden = pattern.hidden.copy()
    cell = next(
        i for i, k in enumerate(small.system.keys) if not hidden[i] and k.startswith("betrokken") is False and not small.system.exact[i]
    )
    hidden[cell] = True
    small.write(Pattern(hidden), tmp_path / "second")
    vintage.freeze(root, "2025", SECOND, "r2", "rules", tmp_path / "second")
    assert [v.name for v in vintage.vintages(root)] == ["2024", "2025"]
    assert vintage.as_of(root, date(2025, 12, 31)).name == "2024"
    assert vintage.as_of(root, date(2026, 3, 1)).name == "2025"
    with pytest.raises(VintageError, match="Nothing was published on or before 2024-01-01"):
        vintage.as_of(root, date(2024, 1, 1))
    found = vintage.difference(root, "2024", "2025")
    assert found
    assert {row[-2:] for row in found} == {("gepubliceerd", "onderdrukt")}
    assert vintage.difference(root, "2024", "2024") == []
    with pytest.raises(VintageError, match="no vintage 2023"):
        vintage.difference(root, "2024", "2023")


def test_before_the_first_vintage_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(VintageError, match="no vintage yet"):
        vintage.repeat(tmp_path, tmp_path / "publiek")
