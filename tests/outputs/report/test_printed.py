"""The report on paper: PDF/UA-1 as far as a program can see it, and pages on which nothing is cut off, lost or left alone.

veraPDF, which judges PDF/UA as a whole, is packaged by neither Debian nor PyPI: it is not asked. Every check is tried on a faulty PDF.
"""

import html
import re
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from orchestration.outputs.report.printed import Printer, PrintError, printed
from orchestration.outputs.report.style import style
from tests.lib import paper
from tests.lib.paper import PrintedReport
from tests.lib.report_files import EDITIONS, GEMEENTE, HALF, INTERN, YEAR

pytestmark = pytest.mark.xdist_group("report")

Check = Callable[[PrintedReport, str], list[str]]
MOST_PAGES = {YEAR: 38, INTERN: 38, HALF: 22, GEMEENTE: 28}


def chapters(page: str) -> list[str]:
    return [html.unescape(" ".join(re.sub("<[^>]+>", "", title).split())) for title in re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.S)]


CHECKS: dict[str, Check] = {
    "document": lambda report, _: paper.document_faults(report),
    "bookmarks": lambda report, page: paper.bookmark_faults(report, chapters(page)),
    "fonts": lambda report, _: paper.font_faults(report),
    "structure": lambda report, _: paper.structure_faults(report),
    "all content tagged": lambda report, _: paper.content_faults(report),
    "cells": paper.cell_faults,
    "edges": lambda report, _: paper.edge_faults(report),
    "headings": lambda report, _: paper.orphan_faults(report),
    "heads of tables": lambda report, _: paper.repeated_head_faults(report),
}


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_report_on_paper_is_good(reports: Path, edition: str) -> None:
    page = (reports / f"{edition}.html").read_text(encoding="utf-8")
    report = PrintedReport((reports / f"{edition}.pdf").read_bytes())
    assert {name: faults for name, check in CHECKS.items() if (faults := check(report, page))} == {}
    assert paper.page_count_faults(report, MOST_PAGES[edition]) == []
    assert len(chapters(page)) > 5


def test_an_internal_report_says_so_on_every_page(reports: Path) -> None:
    told = "Niet verspreiden"
    for edition in EDITIONS:
        pages = PrintedReport((reports / f"{edition}.pdf").read_bytes()).pages
        assert {told in page.get_textpage().get_text_range() for page in pages} == {edition == INTERN}, edition


# --- faults that are put in ---------------------------------------------------------------------------------------------------------------

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" class="chart wide" role="img" viewBox="0 0 600 200" width="600" height="200"><title>{}</title>'
)
DRAWING += '<rect width="200" height="100" fill="#14457d"/><text x="20" y="150" font-family="Source Sans 3">Amsterdam</text></svg>'
ROWS = "".join(f'<tr><th scope="row">Wijk {number}</th><td>{number * 5}</td></tr>' for number in range(1, 90))
HEAD = '<thead><tr><th scope="col">Wijk</th><th scope="col">2024</th></tr></thead>'
FIGURE = f'<figure class="figure" id="staven"><h3>Een kop</h3><p class="shown">Wat</p>{DRAWING.format("Staven")}</figure>'
ANNEX = f'<figure class="figure" id="bijlage"><h3>Een tabel</h3><p>Woorden</p><table>{HEAD}<tbody>{ROWS}</tbody></table></figure>'
TOP = '<header class="cover"><h1>Cijfers</h1><ul class="key"><li><span class="name">Meldingen</span> <strong>5</strong></li></ul></header>'
CHAPTER = f'<section class="chapter annex"><h2 id="een">Een hoofdstuk</h2><p>Zie <a href="#staven">staven</a>.</p>{FIGURE}{ANNEX}</section>'


@cache
def small(put_in: str = "", good: str = "", bad: str = "") -> str:
    """A page of one chapter in the style of the report, with something put in before the chapter's end or in the place of something."""
    head = f'<head><meta charset="utf-8"><title>Cijfers</title><style>{style()}</style></head>'
    page = f'<!DOCTYPE html><html lang="nl">{head}<body>{TOP}<main>{CHAPTER}</main></body></html>'
    assert good in page
    return (
        page.replace("</section>", f"{put_in}</section>").replace(good, bad) if good else page.replace("</section>", f"{put_in}</section>")
    )


def test_a_small_page_is_good() -> None:
    report = PrintedReport(printed(small()))
    assert {name: faults for name, check in CHECKS.items() if (faults := check(report, small()))} == {}
    assert len(report.pages) > 3


@pytest.mark.parametrize(
    ("check", "good", "bad", "told"),
    [
        ("document", '<html lang="nl">', "<html>", "its language is not Dutch"),
        ("document", "<title>Cijfers</title>", "", "it has no title"),
        ("bookmarks", "h2 { font-size: 18pt; }", "h2 { font-size: 18pt; bookmark-level: none; }", "no bookmark: Een hoofdstuk"),
        ("structure", "<title>Staven</title>", "<title></title>", "has no text"),
        ("structure", f"<table>{HEAD}", "<table>" + HEAD.replace("th", "td"), "a cell whose heads are not there"),
        ("structure", "<table>", "<table><caption style='display: table-caption; position: absolute'>Wijken</caption>", "holds /Table"),
        ("structure", "<h3>Een kop</h3>", "<h4>Een kop</h4>", "from heading 2 to 4: Een kop"),
        ("structure", "<li><span", "<div><li><span", "/L holds /Div"),
        ("cells", "</table></figure>", "</table><table style='display: none'><tr><td>1</td></tr></table></figure>", "cells and not"),
        ("edges", "<p>Woorden</p>", f"<p style='white-space: nowrap'>{'lang ' * 60}</p>", "at the edge"),
        (
            "headings",
            "<h3>Een kop</h3>",
            "<h3>Een kop</h3><div style='break-before: page'></div>",
            "what follows is on another page: Een kop",
        ),
        ("headings", "<p>Woorden</p>", "<p>Woorden</p><div style='break-before: page'></div>", "its figure is on another page: Een tabel"),
        ("heads of tables", "<thead>", "<thead style='display: table-row-group'>", "has a table without a head"),
    ],
)
def test_a_fault_of_the_page_is_found_on_paper(check: str, good: str, bad: str, told: str) -> None:
    page = small("", good, bad)
    found = CHECKS[check](PrintedReport(printed(page)), page)
    assert any(told in fault for fault in found), found


def _unmarked(document: pikepdf.Pdf) -> None:
    del document.Root.MarkInfo


def _without_structure(document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot


def _title_not_shown(document: pikepdf.Pdf) -> None:
    document.Root.ViewerPreferences.DisplayDocTitle = False


def _other_standard(document: pikepdf.Pdf) -> None:
    with document.open_metadata(set_pikepdf_as_editor=False) as told:
        del told[paper.UA_PART]


def _without_font(document: pikepdf.Pdf) -> None:
    for held in document.objects:
        if isinstance(held, pikepdf.Dictionary) and held.get("/Type") == "/FontDescriptor":
            for name in paper.FONT_FILES:
                if name in held:
                    del held[name]


def _untagged(document: pikepdf.Pdf) -> None:
    document.pages[1].contents_add(b"0 0 10 10 re f")


def _mute_link(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        for note in page.get("/Annots", []):
            del note["/Contents"]


def _no_order(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        if "/Tabs" in page:
            del page["/Tabs"]


@pytest.mark.parametrize(
    ("check", "change", "told"),
    [
        ("document", _unmarked, "it is not marked as tagged"),
        ("document", _without_structure, "it has no structure"),
        ("document", _title_not_shown, "its title is not shown"),
        ("document", _other_standard, "it does not say that it is PDF/UA-1"),
        ("document", _no_order, "Tab does not follow the structure"),
        ("fonts", _without_font, "not embedded"),
        ("all content tagged", _untagged, "page 2: f is not tagged"),
        ("structure", _mute_link, "says nothing"),
    ],
)
def test_a_fault_of_the_file_is_found(check: str, change: Callable[[pikepdf.Pdf], None], told: str) -> None:
    changed = BytesIO()
    with pikepdf.open(BytesIO(printed(small()))) as document:
        change(document)
        document.save(changed)
    found = CHECKS[check](PrintedReport(changed.getvalue()), small())
    assert any(told in fault for fault in found), found


def test_too_many_pages_are_found() -> None:
    report = PrintedReport(printed(small("<div style='break-before: page'>x</div>" * 3)))
    pages = len(report.pages)
    assert paper.page_count_faults(report, pages) == []
    assert paper.page_count_faults(report, pages - 1) == [f"{pages} pages, more than {pages - 1}"]


def test_a_machine_without_what_sets_text_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "weasyprint").mkdir()
    (tmp_path / "weasyprint" / "__init__.py").write_text("raise OSError('cannot load library')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(PrintError, match="apt-get install libpangoft2"):
        printed(small())


def test_what_breaks_while_a_page_is_set_is_told_in_its_last_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "weasyprint").mkdir()
    (tmp_path / "weasyprint" / "__init__.py").write_text("raise ValueError('something of the library')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(PrintError, match=r"The PDF could not be made: ValueError: something of the library$"):
        printed(small())


def test_a_printer_that_is_not_used_ends_with_its_block() -> None:
    with Printer() as printer:
        process = printer._process
    assert process.poll() is not None


def test_paper_has_the_style_of_the_page(reports: Path) -> None:
    """What is set by the shorter style is set by the whole one, page by page."""
    page = (reports / f"{HALF}.html").read_text(encoding="utf-8")
    assert style() in page
    ours, whole = (PrintedReport(printed(text)) for text in (page, page.replace("</style>", "/* its own */</style>")))
    assert [told(p) for p in ours.pages] == [told(p) for p in whole.pages]


def told(page: Any) -> str:
    return str(page.get_textpage().get_text_range())
