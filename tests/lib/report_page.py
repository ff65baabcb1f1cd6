"""What stands in a report, read back from its HTML by its own reader."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class FigureRead:
    """A figure as a reader finds it: its name in addresses, its title, what is told, and its table."""

    code: str
    title: str = ""
    told: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    """Cells with a mark that some still wait"""
    indicators: list[str] = field(default_factory=list)


class PageReader(HTMLParser):
    """Reads the figures of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.figures: list[FigureRead] = []
        self._text: list[str] | None = None
        self._depth_of_drawing = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "svg":
            self._depth_of_drawing += 1
        if self._depth_of_drawing:
            return
        if tag == "figure":
            self.figures.append(FigureRead(given["id"] or ""))
        if not self.figures:
            return
        if tag == "tr":
            self.figures[-1].rows.append([])
        if tag in ("th", "td", "h3", "p"):
            self._text = []
        if tag == "a" and (to := given.get("href") or "").startswith("#uitleg-"):
            self.figures[-1].indicators.append(to.removeprefix("#uitleg-"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._depth_of_drawing -= 1
            return
        if not self.figures or self._text is None or self._depth_of_drawing:
            return
        said = " ".join("".join(self._text).split())
        found = self.figures[-1]
        if tag in ("th", "td"):
            found.unfinished += [said] if said.endswith(" nog niet af") else []
            found.rows[-1].append(re.sub(r"^b | nog niet af$", "", said))
        elif tag == "h3":
            found.title = found.title or said
        elif tag == "p":
            found.told.append(said)
        else:
            return
        self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._depth_of_drawing:
            self._text.append(data)


def read(page: str) -> dict[str, FigureRead]:
    """Code of a figure → what stands there; the first row of a table is its head."""
    reader = PageReader()
    body, _, _ = page.partition('<section id="wat-niet"')
    reader.feed(body)
    for figure in reader.figures:
        if figure.rows:
            figure.head, *figure.rows = figure.rows
    return {f.code: f for f in reader.figures}
