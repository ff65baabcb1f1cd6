"""How the report looks: its fonts and stylesheets, as one text."""

import base64
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
FONTS = (
    ("Source Sans 3", 400, "source-sans-3-latin-400-normal.woff2"),
    ("Source Sans 3", 600, "source-sans-3-latin-600-normal.woff2"),
    ("Source Serif 4", 600, "source-serif-4-latin-600-normal.woff2"),
)
"""Family, weight and file; SIL Open Font License (fonts/OFL.txt)."""
CHARTS, PAGE = "charts/chart.css", "style.css"
"""The second may override the first."""
PRINT = "@media print {"


@cache
def style() -> str:
    """All of it, for a page that is read on a screen and printed by a browser."""
    return _fonts() + _text(CHARTS) + _text(PAGE)


@cache
def paper_style() -> str:
    """The same for paper alone, which is set in less time: what charts have is in them, and each colour stands where it is used."""
    page = _text(PAGE)
    colour_of = dict(re.findall(r"--([\w-]+): ([^;]+);", page.partition(PRINT)[2].partition("}")[0]))
    return _fonts() + re.sub(r"var\(--([\w-]+)\)", lambda used: colour_of[used[1]], page)


def _fonts() -> str:
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;src:url(data:font/woff2;base64,'
        f'{base64.b64encode((HERE / "fonts" / file).read_bytes()).decode()}) format("woff2")}}\n'
        for family, weight, file in FONTS
    )


def _text(file: str) -> str:
    return (HERE / file).read_text(encoding="utf-8")
