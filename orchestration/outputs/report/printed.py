"""The report on paper: the same page as a tagged PDF (PDF/UA-1), with bookmarks and the tables open."""

import base64
import gc
import logging
import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Thread

from orchestration.errors import UserError
from orchestration.language import say

DRAWING = re.compile(r'<svg [^>]*class="chart (wide|narrow)".*?<title>(.*?)</title>.*?</svg>', re.S)


class PrintError(UserError):
    """The page cannot be printed on this machine."""


def printed(page: str) -> bytes:
    """The PDF of a page. Raises ``PrintError`` where the libraries that set text are not there."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as missing:
        raise PrintError(
            say("Pango, which sets the text of the PDF, is not on this machine: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0")
        ) from missing

    for logger in ("weasyprint", "fontTools"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    with _no_collection():  # the fonts are in the page; nothing is asked of anywhere
        found: bytes = HTML(string=DRAWING.sub(_as_image, page), url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf(
            pdf_variant="pdf/ua-1", pdf_tags=True
        )
    return found


def prepare() -> None:
    """Bring the libraries in beside other work: they take most of a second."""
    Thread(target=_bring_in, daemon=True).start()


def _bring_in() -> None:
    with suppress(ImportError, OSError):  # ``printed`` tells it
        import_module("weasyprint")


@contextmanager
def _no_collection() -> Generator[None]:
    """Without looking for garbage, of which a page that is set makes none: a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _as_image(drawing: re.Match[str]) -> str:
    """A drawing as an image, which is set in half the time; its title as the alternative. Drawings for phones have no place on paper."""
    if drawing[1] == "narrow":
        return ""
    return f'<img class="chart" alt="{drawing[2]}" src="data:image/svg+xml;base64,{base64.b64encode(drawing[0].encode()).decode()}">'
