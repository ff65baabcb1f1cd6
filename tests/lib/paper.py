"""What PDF/UA-1 (ISO 14289-1) asks of a PDF as far as a program can see, and what a reader of paper asks of its pages.

Each check gives the faults that it finds, in words; none is good. No validator of PDF/UA is packaged for Debian or Python, so these look
themselves: at the structure with pikepdf, and at what stands where with PDFium.
"""

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import pairwise, takewhile
from typing import Any, Final

import pikepdf
import pypdfium2
from pypdfium2 import raw

UA_PART: Final = "{http://www.aiim.org/pdfua/ns/id/}part"
HEADING: Final = re.compile(r"/H([1-6])$")
PARTS_OF: Final = {
    "/L": {"/LI", "/L", "/Caption"},
    "/LI": {"/Lbl", "/LBody"},
    "/Table": {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TR": {"/TH", "/TD"},
}
"""What may stand directly within lists and tables."""
WITHIN: Final = {
    **{"/LI": {"/L"}, "/LBody": {"/LI"}, "/TR": {"/Table", "/THead", "/TBody", "/TFoot"}, "/TD": {"/TR"}, "/TH": {"/TR"}},
    **{"/THead": {"/Table"}, "/TBody": {"/Table"}, "/Caption": {"/Table", "/L", "/Figure"}},
}
"""And what those must stand directly within."""
FONT_FILES: Final = ("/FontFile", "/FontFile2", "/FontFile3")
DRAWN: Final = ("Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh", "BI", "EI")
"""Operators that put something on the page."""
MM: Final = 72 / 25.4
SIDE_MM, END_MM = 14, 7
"""Nearer to the sides, and to the top and the foot of a page, no text stands."""


@dataclass(frozen=True)
class Leaf:
    """A piece of tagged content: its page, counted from 0, and its number there."""

    page: int
    number: int


class PrintedReport:
    """A PDF, open for both readers."""

    def __init__(self, content: bytes) -> None:
        self.document = pikepdf.open(BytesIO(content))
        self.pages = pypdfium2.PdfDocument(content)
        self._number = {page.objgen: place for place, page in enumerate(self.document.pages)}

    @cached_property
    def elements(self) -> list[tuple[Any, Any]]:
        """Each element of the structure with the one that it stands in, in the order of reading."""
        root = self.document.Root.get("/StructTreeRoot")
        return [] if root is None else list(_walk(root))

    def name(self, element: Any) -> str:
        """Its kind, as PDF names it."""
        return str(element.get("/S", "/StructTreeRoot"))

    def leaves(self, element: Any) -> Iterator[Leaf]:
        """The content within an element, in the order of reading."""
        for kid in _kids(element):
            if isinstance(kid, int):
                yield Leaf(self._number[element.Pg.objgen], kid)
            elif isinstance(kid, pikepdf.Dictionary) and "/MCID" in kid:
                yield Leaf(self._number[(kid.get("/Pg") or element.Pg).objgen], int(kid.MCID))
            elif isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from self.leaves(kid)

    def text(self, element: Any) -> str:
        """What is written within an element."""
        return " ".join(" ".join(self._texts[leaf] for leaf in self.leaves(element) if leaf in self._texts).split())

    @cached_property
    def _texts(self) -> dict[Leaf, str]:
        found: dict[Leaf, str] = {}
        for place, page in enumerate(self.pages):
            written = page.get_textpage()
            for piece in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=1):
                leaf = Leaf(place, raw.FPDFPageObj_GetMarkedContentID(piece.raw))
                size = raw.FPDFTextObj_GetText(piece.raw, written.raw, None, 0)
                held = ctypes.create_string_buffer(size)
                raw.FPDFTextObj_GetText(piece.raw, written.raw, ctypes.cast(held, ctypes.POINTER(raw.FPDF_WCHAR)), size)
                found[leaf] = found.get(leaf, "") + held.raw.decode("utf-16-le").rstrip("\0")
        return found


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K")
    return [] if kids is None else list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _walk(element: Any) -> Iterator[tuple[Any, Any]]:
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid, element
            yield from _walk(kid)


# --- the document -------------------------------------------------------------------------------------------------------------------------


def document_faults(report: PrintedReport) -> list[str]:
    """Whether it says that it is tagged, what it is called, in which language it is, and which standard it follows."""
    root = report.document.Root
    title = str(report.document.docinfo.get("/Title", ""))
    with report.document.open_metadata() as told:
        part, named = told.get(UA_PART), told.get("dc:title")
    asked = {
        "it is not marked as tagged": bool(root.get("/MarkInfo", {}).get("/Marked", False)),
        "it has no structure": "/StructTreeRoot" in root,
        "its language is not Dutch": str(root.get("/Lang", "")) in ("nl", "nl-NL"),
        "it has no title": bool(title) and named == title,
        "its title is not shown": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
        "it does not say that it is PDF/UA-1": part == "1",
        "Tab does not follow the structure": all(page.get("/Tabs") == "/S" for page in report.document.pages if "/Annots" in page),
    }
    return [fault for fault, holds in asked.items() if not holds]


def bookmark_faults(report: PrintedReport, chapters: Sequence[str]) -> list[str]:
    """Chapters without a bookmark."""
    with report.document.open_outline() as outline:
        there = {title for item in outline.root for title in _titles(item)}
    return [f"no bookmark: {chapter}" for chapter in chapters if chapter not in there]


def _titles(item: Any) -> Iterator[str]:
    yield " ".join(item.title.split())
    for child in item.children:
        yield from _titles(child)


def font_faults(report: PrintedReport) -> list[str]:
    """Fonts that are not in the file, or of which no text can be copied."""
    fonts = [held for held in report.document.objects if isinstance(held, pikepdf.Dictionary) and held.get("/Type") == "/Font"]
    faults = [] if fonts else ["there are no fonts"]
    for font in fonts:
        if font.get("/Subtype") == "/Type0":  # its letters are in the font that it is made of, which comes by itself
            faults += [] if "/ToUnicode" in font else [f"no text can be copied: {font.BaseFont}"]
        elif not any(name in font.get("/FontDescriptor", {}) for name in FONT_FILES):
            faults.append(f"not embedded: {font.BaseFont}")
    return faults


# --- the structure ------------------------------------------------------------------------------------------------------------------------


def structure_faults(report: PrintedReport) -> list[str]:
    """Figures without a text, tables without heads, headings that skip a level, and parts of lists and tables out of their place."""
    faults, level = [], 0
    for element, parent in report.elements:
        name, above = report.name(element), report.name(parent)
        if name == "/Figure" and not str(element.get("/Alt", "")).strip():
            faults.append(f"a figure on page {_page(report, element)} has no text")
        if name == "/Table":
            faults += _table_faults(report, element)
        if name in WITHIN and above not in WITHIN[name]:
            faults.append(f"{name} in {above}: {report.text(element)[:40]}")
        if above in PARTS_OF and name not in PARTS_OF[above]:
            faults.append(f"{above} holds {name}: {report.text(element)[:40]}")
        if found := HEADING.match(name):
            if int(found[1]) > level + 1:
                faults.append(f"from heading {level} to {found[1]}: {report.text(element)}")
            level = int(found[1])
    return faults + _link_faults(report)


def _page(report: PrintedReport, element: Any) -> int | None:
    leaf = next(report.leaves(element), None)
    return leaf and leaf.page + 1


def _table_faults(report: PrintedReport, table: Any) -> list[str]:
    cells = [element for element, _ in _walk(table) if report.name(element) in ("/TH", "/TD")]
    heads = {str(c["/ID"]) for c in cells if report.name(c) == "/TH" and "/ID" in c}
    where = f"a table on page {_page(report, table)}"
    if not any(report.name(cell) == "/TH" for cell in cells):
        return [f"{where} has no heads"]
    lost = [cell for cell in cells if report.name(cell) == "/TD" and not (_headers(cell) and _headers(cell) <= heads)]
    return [f"{where} has a cell whose heads are not there: {report.text(cell)}" for cell in lost]


def _headers(cell: Any) -> set[str]:
    told = cell.get("/A", {})
    each = list(told) if isinstance(told, pikepdf.Array) else [told]
    return {str(name) for attributes in each for name in attributes.get("/Headers", [])}


def _link_faults(report: PrintedReport) -> list[str]:
    tagged = {kid.Obj.objgen for e, _ in report.elements for kid in _kids(e) if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid}
    faults = []
    for number, page in enumerate(report.document.pages, 1):
        for note in page.get("/Annots", []):
            faults += [] if str(note.get("/Contents", "")) else [f"a link on page {number} says nothing"]
            faults += [] if note.objgen in tagged else [f"a link on page {number} is not in the structure"]
    return faults


def content_faults(report: PrintedReport) -> list[str]:
    """Pages with something on them that is neither in the structure nor marked as beside it."""
    faults = []
    for number, page in enumerate(report.document.pages, 1):
        marks: list[bool] = []
        for step in pikepdf.parse_content_stream(page):
            operator = str(step.operator)
            if operator in ("BDC", "BMC"):
                inside = str(step.operands[0]) == "/Artifact" or (operator == "BDC" and "/MCID" in step.operands[1])
                marks.append(inside)
            elif operator == "EMC":
                marks.pop()
            elif operator in DRAWN and not any(marks):
                faults.append(f"page {number}: {operator} is not tagged")
                break
    return faults


def cell_faults(report: PrintedReport, page: str) -> list[str]:
    """Whether the cells of all tables of the page are on paper, each once."""
    there, asked = sum(report.name(e) == "/TD" for e, _ in report.elements), len(re.findall("<td[ >]", page))
    return [] if there == asked else [f"{there} cells and not {asked}"]


# --- the pages ----------------------------------------------------------------------------------------------------------------------------


def page_count_faults(report: PrintedReport, most: int) -> list[str]:
    """More pages than there should be: something blew up, or every figure has a page of its own."""
    return [] if len(report.pages) <= most else [f"{len(report.pages)} pages, more than {most}"]


def edge_faults(report: PrintedReport) -> list[str]:
    """Text that stands at the edge of a page or beyond it."""
    faults = []
    for number, page in enumerate(report.pages, 1):
        width, height = page.get_size()
        written = page.get_textpage()
        for place in range(written.count_chars()):
            left, bottom, right, top = written.get_charbox(place)
            beside = left < SIDE_MM * MM or right > width - SIDE_MM * MM
            if right > left and (beside or bottom < END_MM * MM or top > height - END_MM * MM):
                faults.append(f"page {number}: {written.get_text_range(place, 20)!r} at the edge")
                break
    return faults


def orphan_faults(report: PrintedReport) -> list[str]:
    """Headings at the foot of a page, apart from what they are the head of."""
    faults = []
    whole = ((e, leaf) for e, _ in report.elements if _is_block(report.name(e)) and (leaf := next(report.leaves(e), None)))
    blocks = list(whole)
    for (heading, leaf), (_, following) in pairwise(blocks):
        if HEADING.match(report.name(heading)) and leaf.page != following.page:
            faults.append(f"what follows is on another page: {report.text(heading)}")
    for place, (heading, leaf) in enumerate(blocks):
        if report.name(heading) == "/H3":
            below = takewhile(lambda entry: report.name(entry[0]) not in ("/H1", "/H2", "/H3"), blocks[place + 1 :])
            first = next((found for element, found in below if report.name(element) in ("/Figure", "/Table")), leaf)
            if first.page != leaf.page:
                faults.append(f"its figure is on another page: {report.text(heading)}")
    return faults


def _is_block(name: str) -> bool:
    return name in ("/P", "/L", "/Figure", "/Table") or HEADING.match(name) is not None


def repeated_head_faults(report: PrintedReport) -> list[str]:
    """Tables that go on on another page without their head. What stands on each page is a table of the structure by itself."""
    faults = []
    for table in (e for e, _ in report.elements if report.name(e) == "/Table"):
        first = next((e for e, _ in _walk(table) if report.name(e) == "/TR"), None)
        pages = {leaf.page for leaf in report.leaves(table)}
        if first is None or len(pages) > 1 or any(report.name(cell) != "/TH" for cell in _kids(first)):
            faults.append(f"page {min(pages) + 1} has a table without a head, that begins: {report.text(first or table)[:40]}")
    return faults
