"""From a release to the files of a report: which editions there are, what stands in them, and what is refused, leaving nothing."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.disclosure import publish
from orchestration.errors import UserError
from orchestration.files import make_folder
from orchestration.outputs.report import printed, write
from orchestration.outputs.report.borders import BordersError
from orchestration.outputs.report.chapters import ReportEdition, chapters
from orchestration.outputs.report.own_texts import OwnTextError
from orchestration.outputs.report.printed import PrintError
from orchestration.outputs.report.wording import WORDINGS
from orchestration.outputs.report.write import Origin, ReportError
from orchestration.outputs.words import MAY_STILL_WAIT, MEANT, STILL_WAIT, TOOK_AND_WAITED
from orchestration.release import public, store
from orchestration.settings import PROJECT, Settings
from tests.lib.report import CAPACITY, figures_file
from tests.lib.report_page import read
from tests.lib.stub_printer import StubPrinter

pytestmark = pytest.mark.xdist_group("report")

Making = Callable[..., str]
NAME_OF_WAIT = "Mediane wachttijd tot het besluit, naar instroom"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return figures_file(tmp_path_factory.mktemp("cijfers") / "veilig_thuis_publiek.duckdb")


@pytest.fixture
def make(database: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Making:
    """Write an edition and return its page; the PDF is tried elsewhere."""
    monkeypatch.setattr(write, "Printer", StubPrinter)

    def making(edition: ReportEdition, **given: Path) -> str:
        origin = Origin(database, "20250203T043000Z-000007", "2024", date(2025, 2, 3))
        html, _ = write.write(settings, edition, origin, tmp_path / "uit", **given)
        return html.read_text(encoding="utf-8")

    return making


EDITIONS = [
    *(ReportEdition(2024), ReportEdition(2021), ReportEdition(2016), ReportEdition(2024, 1), ReportEdition(2024, 2)),
    *(ReportEdition(2024, gemeente="GM0451", gemeente_name="Uithoorn"), ReportEdition(2024, gemeente="GM0363", gemeente_name="Amsterdam")),
]


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.name)
def test_an_edition_has_its_figures_with_their_explanation(edition: ReportEdition, make: Making) -> None:
    page = make(edition)
    figures = read(page)
    asked = {figure.code for chapter in chapters(edition) for figure in chapter.figures}
    assert figures.keys() <= asked and len(figures) >= len(asked) - 2
    for figure in figures.values():
        assert figure.title and figure.rows and figure.indicators
        assert all(f'id="uitleg-{code}"' in page for code in figure.indicators)
        assert all(len(row) == len(figure.head) for row in figure.rows)
    targets = set(re.findall(r'href="#([^"]+)"', page))
    names = re.findall(r'\bid="([^"]+)"', page)
    assert targets <= set(names) and len(names) == len(set(names))
    for told in ("5 februari 2025", "jaargang 2024", "20250203T043000Z-000007", "publicatie.indicatoren"):
        assert told in page
    assert not re.search(r'(?:src|href)="(?!#|data:)|<script|url\((?!data:)|@import', page), "nothing is asked of anywhere"


def test_every_indicator_of_every_edition_has_its_wording() -> None:
    editions = [replace(e, is_intern=is_intern) for e in EDITIONS for is_intern in (False, True)]
    asked = {code for e in editions for chapter in chapters(e) for figure in chapter.figures for code in figure.indicators}
    assert asked == WORDINGS.keys()


def test_what_a_report_depends_on_is_there() -> None:
    """The definitions that it explains figures by too: other words make another report."""
    assert all(any(PROJECT.glob(part)) for part in write.MADE_BY)
    subjects = {p for part in write.MADE_BY for p in PROJECT.glob(part) if p.name.startswith("int_bijdrage_") and p.suffix == ".yml"}
    assert subjects == set(PROJECT.glob("dbt_project/models/**/int_bijdrage_*.yml"))


def test_the_same_release_gives_the_same_report_byte_for_byte(make: Making) -> None:
    assert make(ReportEdition(2024)) == make(ReportEdition(2024))


def test_the_intern_edition_is_exact_and_says_so(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "Printer", StubPrinter)
    exact = figures_file(tmp_path / "veilig_thuis.duckdb", is_exact=True)
    html, _ = write.write(settings, ReportEdition(2024, is_intern=True), Origin(exact, "r1"), tmp_path)
    page = html.read_text()
    assert html.name == "jaarcijfers-2024-intern.html" and 'class="watermark"' in page and "Niet verspreiden" in page
    assert 'id="herzieningen"' not in page and "verborgen cijfers" not in page
    assert "marts.indicatoren" in page and "jaargang" not in page.split("<main>")[0] and "verborgen" not in page.split('id="leeswijzer"')[0]
    told = " ".join(sentence for figure in read(page).values() for sentence in figure.told)
    assert re.search(r"\d meer dan", told) and not re.search(r"ongeveer [\d.]+ (meer|minder)", told)


def test_how_long_it_took_stands_beside_how_long_they_waited(make: Making) -> None:
    """Of a year and of quarters, with why they differ; and in what leaves the mark follows from what leaves: a year is unfinished while
    the time in which nearly all are decided has not passed since."""
    for edition, last in ((ReportEdition(2024), "2024"), (ReportEdition(2024, 2), "4e kw. 2024")):
        page = make(edition)
        figure = read(page)["vb_wachttijd"]
        assert [row[0] for row in figure.rows] == ["Mediane doorlooptijd veiligheidsbeoordeling", NAME_OF_WAIT]
        assert "de mediane doorlooptijd van een veiligheidsbeoordeling" in figure.told[1] and "de mediane wachttijd van" in figure.told[1]
        notes = notes_of(page, "vb_wachttijd")
        assert notes[0] == TOOK_AND_WAITED and "Jaarcijfers 2024" in notes[0]
        assert notes[1] == f"Nog niet af, {last}: {MAY_STILL_WAIT}."
        assert figure.unfinished == [f"{figure.rows[1][-1]} nog niet af"], "the newest period, of who came in"
        drawn = page.split('id="vb_wachttijd"')[1].split("</figure>")[0]
        assert drawn.count("<svg") == 2 and drawn.count(">nog niet af</text>") == 2 and drawn.count("stroke-dasharray") >= 2
    assert "vb_wachttijd" not in read(make(ReportEdition(2024, gemeente="GM0451", gemeente_name="Uithoorn")))


def test_what_is_not_published_stands_in_no_public_edition(make: Making) -> None:
    page = make(ReportEdition(2024))
    assert not {"capaciteit", "instroom_min_afgerond"} & set(re.findall(r'id="([^"]+)"', page))
    assert not any(word in page for word in ("Ziekteverzuim", "Formatie", "formatieplaats", "Bezetting", " fte"))


def intern(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, edition: ReportEdition, **given: Any) -> str:
    """The page of exact figures."""
    monkeypatch.setattr(write, "Printer", StubPrinter)
    exact = figures_file(tmp_path / "veilig_thuis.duckdb", is_exact=True, **given)
    html, _ = write.write(settings, replace(edition, is_intern=True), Origin(exact, "r1"), tmp_path)
    return html.read_text()


def test_the_intern_edition_has_posts_and_who_still_waits(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = intern(tmp_path, settings, monkeypatch, ReportEdition(2024))
    figures = read(page)
    assert [row[0] for row in figures["formatie"].rows] == ["Formatie", "Bezetting"]
    assert re.fullmatch(r"\d{2,3},\d", figures["formatie"].rows[0][-1]) and re.fullmatch(r"\d,\d%", figures["verzuim"].rows[0][-1])
    assert re.search(r"de formatie \d+,\d fte", figures["formatie"].told[1]) and ", in fte" in page
    assert re.fullmatch(r"\d,\d\d", figures["vb_per_fte"].rows[0][-1]) and figures["instroom_min_afgerond"].rows
    told = [sentence for code in ("formatie", "verzuim", "vb_per_fte", "instroom_min_afgerond") for sentence in figures[code].told]
    assert not any("toeval" in sentence for sentence in told), "chance cannot be judged of them"
    assert notes_of(page, "vb_wachttijd")[1] == f"Nog niet af, 2023 (3) en 2024 (650): {STILL_WAIT}."
    assert len(figures["vb_wachttijd"].unfinished) == 2


def test_without_capacity_it_is_said_to_be_missing(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = intern(tmp_path, settings, monkeypatch, ReportEdition(2024), without=CAPACITY)
    figures = read(page)
    for code in ("formatie", "verzuim", "vb_per_fte"):
        assert {cell for row in figures[code].rows for cell in row[1:]} == {"ontbreekt"}
        assert "Hierover is geen cijfer te tonen." in figures[code].told
        assert f"Ontbreekt: {MEANT[publish.MISSING]}." in notes_of(page, code)
    assert [row[0] for row in figures["formatie"].rows] == ["Formatie", "Bezetting"]


def notes_of(page: str, code: str) -> list[str]:
    return re.findall(r"<li>(.*?)</li>", page.split(f'id="{code}" aria')[1].split("</figure>", maxsplit=1)[0])


def test_texts_of_the_organisation_stand_where_their_heading_says(make: Making, settings: Settings, tmp_path: Path) -> None:
    own = tmp_path / "tekst.md"
    own.write_text(
        "# Voorwoord\nWij *werken* eraan.\n\n## Wettelijke termijnen\nOver termijnen.\n\n## meldingen_gemeente\nOver gemeenten.\n"
    )
    page = make(ReportEdition(2024), own=own)
    assert "<em>werken</em>" in page.split('id="leeswijzer"')[0]
    assert "Over termijnen." in page.split('<section id="termijnen"')[1].split("<figure")[0]
    assert "Over gemeenten." in page.split('id="meldingen_gemeente"')[1].split("</figure>")[0]
    make_folder(write.texts_of(settings))
    (write.texts_of(settings) / "jaarcijfers-2024.md").write_text("# Voorwoord\nUit de map.\n")
    assert "Uit de map." in make(ReportEdition(2024)) and "Uit de map." not in make(ReportEdition(2021))


@pytest.mark.parametrize(("code", "figure"), [("GM0451", "per_1000_gemeente"), ("M", "per_1000_stadsdeel"), ("AA02", "bijlage_buurt")])
def test_borders_make_a_map(code: str, figure: str, make: Making, tmp_path: Path) -> None:
    """Of tiles, and of buurten, which have no tiles."""
    ring = [[4.8, 52.3], [4.9, 52.3], [4.9, 52.4], [4.8, 52.4], [4.8, 52.3]]
    feature = {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    file = tmp_path / "grenzen.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    drawn, plain = (
        page.split(f'id="{figure}"')[1].split("</figure>")[0]
        for page in (make(ReportEdition(2024), map_file=file), make(ReportEdition(2024)))
    )
    assert drawn != plain and drawn.count("<svg") == 2 and "<path" in drawn


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"own": "# Voorwoord\n<script>x</script>\n"}, OwnTextError, "tekst.md, line 2: HTML"),
        ({"own": "# Nergens\ntekst\n"}, OwnTextError, "tekst.md, line 1: there is no chapter or figure Nergens"),
        ({"map_file": '{"type": "FeatureCollection",\n"features": [}'}, BordersError, "grenzen.geojson, line 2"),
    ],
)
def test_what_is_given_and_is_wrong_is_named_and_leaves_nothing(
    given: dict[str, str], error: type[UserError], told: str, make: Making, tmp_path: Path
) -> None:
    names = {"own": tmp_path / "tekst.md", "map_file": tmp_path / "grenzen.geojson"}
    for name, text in given.items():
        names[name].write_text(text)
    with pytest.raises(error, match=re.escape(told)):
        make(ReportEdition(2024), **{name: names[name] for name in given})
    assert not (tmp_path / "uit").exists()


def test_what_cannot_be_printed_leaves_nothing(database: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "Printer", StubPrinter)
    monkeypatch.setattr(StubPrinter, "broken", "no Pango")
    with pytest.raises(PrintError):
        write.write(settings, ReportEdition(2024), Origin(database, "r1", "2024", date(2025, 2, 3)), tmp_path / "uit")
    assert not (tmp_path / "uit").exists()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((None, None, None), "Name a year or a half-year"),
        ((2024, "2024-H1", None), "Name a year or a half-year"),
        ((None, "2024-H3", None), "2024-H3 is no half-year"),
        ((None, "24-H1", None), "24-H1 is no half-year"),
        ((None, "2024-H1", "Uithoorn"), "leave --gemeente out"),
        ((2024, None, "Zaanstad"), "Zaanstad is no gemeente of the region. There are: GM0358 Aalsmeer"),
        ((2024, None, "GM0457"), "GM0457 is no gemeente of the region"),
    ],
)
def test_an_edition_that_cannot_be_is_refused_with_what_to_do(asked: tuple[int | None, str | None, str | None], told: str) -> None:
    with pytest.raises(ReportError, match=re.escape(told)):
        write.edition(*asked, False)


def test_a_gemeente_is_known_by_name_and_code() -> None:
    found = {write.edition(2024, None, name, False) for name in ("Uithoorn", "uithoorn", "GM0451", "gm0451")}
    assert found == {ReportEdition(2024, gemeente="GM0451", gemeente_name="Uithoorn")}


@pytest.mark.parametrize("edition", [ReportEdition(2025), ReportEdition(1999), ReportEdition(2025, 1)], ids=lambda e: e.name)
def test_a_period_without_figures_is_refused(edition: ReportEdition, make: Making, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=f"no figures of {edition.period} .* There are: 2016"):
        make(edition)
    assert not (tmp_path / "uit").exists()


def test_the_command_writes_both_files_and_says_where(database: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    released(settings, "r1", database)
    monkeypatch.setattr(printed, "Printer", StubPrinter)
    done = CliRunner().invoke(app, ["report", "--halfjaar", "2024-H1"])
    assert done.exit_code == 0
    folder = write.texts_of(settings)
    assert sorted(p.name for p in folder.iterdir()) == ["halfjaarcijfers-2024-H1.html", "halfjaarcijfers-2024-H1.pdf"]
    assert all(name in done.output.replace("\n", "") for name in ("halfjaarcijfers-2024-H1.html", "halfjaarcijfers-2024-H1.pdf"))


def released(settings: Settings, release: str, database: Path) -> None:
    """A release that readers see, with nothing but what leaves."""
    folder = make_folder(settings.releases / release)
    make_folder(folder / public.FOLDER)
    (folder / public.FOLDER / publish.DATABASE).write_bytes(database.read_bytes())
    (folder / "release.json").write_text(json.dumps({"release": release, "publiek": {"jaargang": "2024"}}))
    link = settings.releases / store.CURRENT
    link.unlink(missing_ok=True)
    link.symlink_to(release)
