"""What the organisation itself writes for one edition: a Markdown file, whose headings of level 1 and 2 say where what follows goes.

Text alone: no HTML and no images, which could ask something of elsewhere, and no links but to the web, to an address for mail and within
the report. What is not as it should be is refused and not left out, so that nobody finds his text changed in what was published.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.rules_inline import StateInline, autolink, html_inline, image, link
from markdown_it.token import Token

from orchestration.errors import UserError, did_you_mean
from orchestration.language import later, say
from orchestration.outputs.report.given import at_line, read_text

MOST_BYTES = 1_000_000
PLACES = ("h1", "h2")
"""Headings that say where a text goes; within it headings begin at h4: above it stand title, chapter and figure."""
HERE = "#"
LINKS = re.compile(r"(https?://|mailto:|#).", re.IGNORECASE)
NO_MARKUP = later("HTML is not let through; as text, write \\< for <")
LINE = "line"


class OwnTextError(UserError):
    """The texts of the organisation cannot be taken up: which file, on which line, and why."""


class LinkReader(MarkdownIt):
    """Markdown with tables in which every link is seen, so that it can be refused: by itself it leaves ``javascript:`` as text.

    HTML is read as HTML for the same reason.
    """

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": True})
        self.enable("table")
        for rule in (autolink, html_inline, image, link):
            self.inline.ruler.at(rule.__name__, _counted(rule))

    def validateLink(self, url: str) -> bool:  # noqa: N802 # the name that the library calls
        return True


def read(path: Path, places: Mapping[str, str]) -> dict[str, str]:
    """The texts in a file: code of a place → HTML.

    ``places`` maps codes to names; a heading is one of either, in capitals or not. Raises ``OwnTextError``, for what comes first in the
    file, when it cannot be read, has a text without a place or a place without a text or twice, or holds what is not let through.
    """
    reader, environment = LinkReader(), dict[str, Any]()
    known = {word.casefold(): code for code, name in places.items() for word in (name, code)}
    texts, lines = dict[str, str](), dict[str, int]()
    for heading, tokens in _parts(path, reader.parse(read_text(path, MOST_BYTES, OwnTextError), environment)):
        _hold(path, [heading])
        words, line = _plain(heading), _line(heading)
        code = known.get(words.casefold())
        if code is None:
            told = say(
                "there is no chapter or figure {heading}.{mean} There are: {known}",
                heading=words[:80],
                mean=did_you_mean(words, [*places, *places.values()]),
                known=", ".join(places),
            )
            raise _wrong(path, line, told)
        if code in texts:
            raise _wrong(path, line, say("{name} has a text already, on line {other}", name=places[code], other=lines[code]))
        _hold(path, tokens)
        texts[code], lines[code] = _rendered(reader, tokens, environment), line
        if not html.unescape(re.sub(r"<[^>]*>", "", texts[code])).strip():
            raise _wrong(path, line, say("there is no text under {name}; write one, or take the heading away", name=places[code]))
    return texts


def _wrong(path: Path, line: int, what: str) -> OwnTextError:
    return OwnTextError(at_line(path, line, what))


def _parts(path: Path, tokens: Sequence[Token]) -> Iterator[tuple[Token, Sequence[Token]]]:
    """The words of each heading that names a place, and what stands below it. Headings in a list or a quotation name none."""
    begins = [n for n, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0 and token.tag in PLACES]
    if tokens and begins[:1] != [0]:
        raise _wrong(path, _line(tokens[0]), say("this stands above the first heading; a heading of level 1 or 2 says where a text goes"))
    for begin, end in pairwise([*begins, len(tokens)]):
        yield tokens[begin + 1], tokens[begin + 3 : end]  # a heading is three tokens: open, its words, close


def _line(block: Token) -> int:
    """The line on which a block begins, counted from 1."""
    return block.map[0] + 1 if block.map else 1


def _plain(heading: Token) -> str:
    words = (child.content if child.type in ("text", "code_inline") else " " for child in heading.children or [] if not child.nesting)
    return " ".join("".join(words).split())


def _counted(rule: RuleFuncInlineType) -> RuleFuncInlineType:
    """A rule of the reader that notes how many lines below the beginning of its block it found something: the reader does not keep that."""

    def counting(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        is_found = rule(state, silent)
        for token in state.tokens[before:]:
            token.meta.setdefault(LINE, state.src.count("\n", 0, start))
        return is_found

    return counting


def _hold(path: Path, tokens: Sequence[Token]) -> None:
    """Raises ``OwnTextError`` at the first that is not let through."""
    for block in tokens:
        if block.type == "html_block":
            raise _wrong(path, _line(block), say(NO_MARKUP))
        for child in block.children or []:
            if told := _refused(child):
                raise _wrong(path, _line(block) + child.meta[LINE], told)


def _refused(inline: Token) -> str:
    """Why it is not let through; nothing when it is."""
    if inline.type == "html_inline":
        return say(NO_MARKUP)
    if inline.type == "image":
        return say("images are not let through: the report asks nothing of elsewhere")
    if inline.type == "link_open" and not LINKS.match(target := str(inline.attrGet("href"))):
        return say("a link begins with https://, http://, mailto: or #; this one goes to: {target}", target=target[:80])
    return ""


def _rendered(reader: LinkReader, tokens: Sequence[Token], environment: dict[str, Any]) -> str:
    """The HTML of a text that was held: links that leave the report say so, and headings are h4, h5 or h6."""
    for block in tokens:
        if block.type in ("heading_open", "heading_close"):
            block.tag = f"h{min(max(int(block.tag[1]), 3) + 1, 6)}"
        for child in block.children or []:
            if child.type == "link_open" and not str(child.attrGet("href")).startswith(HERE):
                child.attrSet("rel", "external")
    return str(reader.renderer.render(tokens, reader.options, environment))
