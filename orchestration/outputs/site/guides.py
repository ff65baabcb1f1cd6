"""The pages of the project in Markdown as pages of the site, at the same place in its folder ``project``; with the files they link to."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from orchestration.settings import PROJECT

FOLDER = Path("project")
DUTCH = {
    "docs/aanlevering.md",
    "docs/indicatoren.md",
    "docs/marts.md",
    "docs/publicatie.md",
    "docs/question-table-query.md",
    "docs/report.md",
}
"""Pages for policy readers and the registration."""
LEFT_OUT = {"docs/walkthrough.md"}
"""Pages with numbers of reports, of the demo: a release names none, not even those."""


def sources() -> list[Path]:
    """The pages, as paths in the project: parts of pages stay out."""
    found = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    return sorted(p.relative_to(PROJECT) for p in found if not p.name.endswith(".tekst.md") and str(p.relative_to(PROJECT)) not in LEFT_OUT)


def render(source: Path) -> tuple[str, str, set[Path]]:
    """Title, HTML, and the files of the project that it links to. A link to a folder, or to a page that is left out, becomes
    its text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse((PROJECT / source).read_text(encoding="utf-8"))
    title, files = source.stem, set[Path]()
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrSet("id", anchor(inline.content))
            title = _plain(inline) if heading.tag == "h1" else title
    is_text = False
    for token in _flat(tokens):
        if token.type == "link_close" and is_text:
            token.tag, is_text = "span", False
        kind = "src" if token.type == "image" else "href"
        if token.type in ("image", "link_open") and (path := inside(source, str(token.attrGet(kind)))):
            if (PROJECT / path).is_dir() or str(path) in LEFT_OUT:
                token.tag, is_text = "span", True
                token.attrs.clear()
            elif path.suffix == ".md":
                token.attrSet(kind, re.sub(r"\.md(?=#|$)", ".html", str(token.attrGet(kind))))
            else:
                files.add(path)
    for token in tokens:
        if token.type == "html_block":
            token.hidden, token.content = True, ""
    body = reader.renderer.render(tokens, reader.options, {})
    return title, re.sub(r"(<table>.*?</table>)", r'<div class="breed">\1</div>', body, flags=re.S), files


def inside(source: Path, link: str) -> Path | None:
    """The path in the project that a link of a page goes to; None for one that goes elsewhere, or stays on the page."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    target = (PROJECT / source.parent / parts.path).resolve()
    return target.relative_to(PROJECT) if target.is_relative_to(PROJECT) and target.exists() else None


def anchor(heading: str) -> str:
    """The name of a heading in an address, as code hosts make it."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip())


def _plain(inline: Token) -> str:
    return "".join(t.content for t in inline.children or [] if t.type in ("text", "code_inline"))


def _flat(tokens: list[Token]) -> Iterator[Token]:
    """All tokens, those within a line too."""
    for token in tokens:
        yield token
        yield from _flat(token.children or [])
