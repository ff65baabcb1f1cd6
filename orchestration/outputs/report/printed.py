"""The report on paper: the same page as a tagged PDF (PDF/UA-1), with bookmarks and the tables open.

Setting pages is a process of its own: it makes itself ready while the figures are looked up, and what it takes of memory goes with it.
"""

import base64
import gc
import logging
import re
import subprocess
import sys
from types import TracebackType

from orchestration.errors import UserError
from orchestration.language import say
from orchestration.outputs.report.style import paper_style, style

DRAWING = re.compile(r'<svg [^>]*class="chart (wide|narrow)".*?<title>(.*?)</title>.*?</svg>', re.S)
NO_PANGO = 3
"""Exit code of a machine that lacks what sets text."""


class PrintError(UserError):
    """The page cannot be printed on this machine."""


class Printer:
    """Prints one page. A context manager: it begins to make itself ready at once, and ends with the block."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "orchestration.outputs.report.printed"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self) -> "Printer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def printed(self, page: str) -> bytes:
        """The PDF of a page. Raises ``PrintError`` where it cannot be made."""
        paper, told = self._process.communicate(page.encode())
        if self._process.returncode == NO_PANGO:
            raise PrintError(
                say("Pango, which sets the text of the PDF, is not on this machine: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0")
            )
        if self._process.returncode:
            last = told.decode(errors="replace").strip().splitlines()[-1:] or [f"exit code {self._process.returncode}"]
            raise PrintError(say("The PDF could not be made: {why}", why=last[0]))
        return paper


def printed(page: str) -> bytes:
    """The PDF of a page. Raises ``PrintError``."""
    with Printer() as printer:
        return printer.printed(page)


def main() -> None:
    """A page from standard input as PDF on standard output."""
    gc.disable()  # a page that is set makes no garbage, and looking for it takes a tenth of the time
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError:
        sys.exit(NO_PANGO)
    for logger in ("weasyprint", "fontTools"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    fetcher = URLFetcher(allowed_protocols=["data"])  # fonts and drawings are in the page; nothing is asked of anywhere
    fonts = FontConfiguration()
    known = CSS(string=paper_style(), font_config=fonts, url_fetcher=fetcher)
    page = DRAWING.sub(_as_image, sys.stdin.buffer.read().decode())
    ours = f"<style>{style()}</style>"
    HTML(string=page.replace(ours, ""), url_fetcher=fetcher).write_pdf(
        sys.stdout.buffer, stylesheets=[known] if ours in page else None, font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True
    )


def _as_image(drawing: re.Match[str]) -> str:
    """A drawing as an image, which is set in half the time; its title as the alternative. Drawings for phones have no place on paper."""
    if drawing[1] == "narrow":
        return ""
    return f'<img class="chart" alt="{drawing[2]}" src="data:image/svg+xml;base64,{base64.b64encode(drawing[0].encode()).decode()}">'


if __name__ == "__main__":
    main()
