"""The report that a night puts beside what leaves: made once, copied while nothing changes, and never in the way of a release."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration.alarm import conclude
from orchestration.disclosure import publish
from orchestration.disclosure.vintage import Vintage
from orchestration.files import make_folder
from orchestration.outputs.report import night, write
from orchestration.outputs.report.place import FAILED, FOLDER, PLACE, left_open
from orchestration.release import public, store
from orchestration.release.verdict import Uitkomst, Verdict
from orchestration.settings import Settings
from tests.lib.report import figures_file
from tests.lib.stub_printer import StubPrinter

pytestmark = pytest.mark.xdist_group("report")

LEAVES = {"jaargang": "2024"}
NAMES = ["jaarcijfers-2024.html", "jaarcijfers-2024.pdf"]

Night = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What leaves, as a folder."""
    folder = tmp_path_factory.mktemp("publiek")
    figures_file(folder / publish.DATABASE, years=range(2019, 2025))
    make_folder((folder / publish.PARQUET).parent)
    (folder / publish.PARQUET).write_bytes(b"rows")
    return folder


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were printed; what they look like on paper is tried elsewhere."""
    monkeypatch.setattr(write, "Printer", StubPrinter)
    monkeypatch.setattr(StubPrinter, "pages", [])
    return StubPrinter.pages


@pytest.fixture
def a_night(settings: Settings, files: Path, monkeypatch: pytest.MonkeyPatch) -> Night:
    """A release that readers see, with its report; what ``release.json`` says of that. The vintage is that of the first one."""
    monkeypatch.setattr(write.vintage, "vintages", lambda root: [Vintage("2024", "2025-02-03", "r1", {})])

    def made(release: str) -> dict[str, Any]:
        folder = settings.releases / release
        shutil.copytree(files, folder / public.FOLDER)
        told = night.accompany(settings, folder, {"release": release}, LEAVES)
        (folder / "release.json").write_text(json.dumps({"release": release, "publiek": LEAVES | {"rapport": told}}))
        link = settings.releases / store.CURRENT
        link.unlink(missing_ok=True)
        link.symlink_to(release)
        return told

    return made


def report(settings: Settings, release: str) -> dict[str, bytes]:
    place = settings.releases / release / PLACE
    return {p.name: p.read_bytes() for p in sorted(place.iterdir())} if place.exists() else {}


def test_a_night_makes_the_report_of_the_last_year_once(settings: Settings, a_night: Night, pages: list[str]) -> None:
    told = a_night("r1")
    assert told["editie"] == "jaarcijfers-2024" and sorted(report(settings, "r1")) == NAMES
    assert a_night("r2") == told
    assert report(settings, "r2") == report(settings, "r1") and len(pages) == 1
    assert left_open(settings) == ""


def test_what_a_night_made_is_what_the_command_writes(settings: Settings, a_night: Night, pages: list[str], tmp_path: Path) -> None:
    """Copied, and made anew where something is other: another edition, another text."""
    a_night("r1")
    origin = write.of_release(settings, False)
    written = write.write(settings, write.edition(2024, None, None, False), origin, tmp_path)
    assert {p.name: p.read_bytes() for p in written} == report(settings, "r1") and len(pages) == 1
    write.write(settings, write.edition(2023, None, None, False), origin, tmp_path)
    assert len(pages) == 2
    (own := tmp_path / "eigen.md").write_text("# Voorwoord\nAnders.\n")
    write.write(settings, write.edition(2024, None, None, False), origin, tmp_path, own)
    assert len(pages) == 3 and "Anders." in pages[2]


def test_another_text_makes_another_report(settings: Settings, a_night: Night, pages: list[str]) -> None:
    a_night("r1")
    (make_folder(settings.root / FOLDER) / "jaarcijfers-2024.md").write_text("# Voorwoord\nEen nieuw woord.\n")
    a_night("r2")
    assert len(pages) == 2 and b"Een nieuw woord." in report(settings, "r2")[NAMES[0]]


def test_what_was_made_by_other_code_is_made_anew(
    settings: Settings, a_night: Night, pages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_night("r1")
    monkeypatch.setattr(write.code_version, "fingerprint", lambda parts: "other")
    a_night("r2")
    assert len(pages) == 2


def test_a_text_that_is_wrong_keeps_no_release_back_and_is_told(settings: Settings, a_night: Night, pages: list[str]) -> None:
    a_night("r1")
    text = make_folder(settings.root / FOLDER) / "jaarcijfers-2024.md"
    text.write_text("# Voorwoord\n<b>vet</b>\n")
    told = a_night("r2")
    assert told.keys() == {FAILED} and "jaarcijfers-2024.md, line 2" in told[FAILED]
    assert report(settings, "r2") == {} and not (settings.releases / "r2" / PLACE).exists()
    verdict = Verdict(Uitkomst.NIETS_NIEUWS, None, None, None)
    assert conclude._report(settings, verdict) == [told[FAILED]]
    assert verdict.signalen == {"rapport": told[FAILED]}
    text.write_text("# Voorwoord\nGewoon.\n")
    assert "editie" in a_night("r3") and left_open(settings) == ""
    assert sorted(report(settings, "r3")) == NAMES


def test_without_pango_a_night_says_what_to_install(
    settings: Settings, a_night: Night, pages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StubPrinter, "broken", "apt-get install libpangoft2-1.0-0")
    assert "apt-get install libpangoft2-1.0-0" in a_night("r1")[FAILED]
    assert report(settings, "r1") == {}
