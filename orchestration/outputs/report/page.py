"""The report as one HTML file: everything that it shows is in it, and nothing is asked of anywhere else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from orchestration.outputs.report.cells import statuses
from orchestration.outputs.report.chapters import Chapter, ReportEdition
from orchestration.outputs.report.figures import FoundFigure, compared
from orchestration.outputs.report.revisions import Revisions
from orchestration.outputs.report.sentences import capital
from orchestration.outputs.report.style import style
from orchestration.outputs.words import MEANT, UNFINISHED, WORDS
from orchestration.transform.catalogue import Indicator, in_unit

HERE = Path(__file__).parent
KEY_FIGURES = {"instroom_totaal": 2, "vb_termijn": 1, "werkvoorraad_vb": 1}
"""Figures that stand on the cover by their last value, and how many rows of each."""

BREAK_LEGEND = "b: niet te vergelijken met de periode ervoor."

HEADING = re.compile(r"(</?h)([4-6])(?=>)")


@dataclass(frozen=True)
class Key:
    """A figure on the cover."""

    name: str
    figure: str
    change: str


@dataclass(frozen=True)
class WholeReport:
    """All that the page tells."""

    edition: ReportEdition
    organisation: str
    chapters: tuple[tuple[Chapter, tuple[FoundFigure, ...]], ...]
    definitions: tuple[Indicator, ...]
    revisions: Revisions
    release: str
    day: date
    """Of the state of the registration"""
    table: str
    contact: str
    licence: str
    rounding: str
    """What was done to the figures, as the release says it; empty where they are exact"""
    vintage: str = ""
    published_on: date | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    """What the organisation wrote, as HTML, by place"""

    @property
    def title(self) -> str:
        return self.edition.title

    @property
    def peildatum(self) -> str:
        return _day(self.day)

    @property
    def published(self) -> str:
        return _day(self.published_on) if self.published_on else ""

    @property
    def lead(self) -> str:
        period = "het halfjaar" if self.edition.half else "het jaar"
        return f"Meldingen, wachten, uitstroom en effect: wat de registratie over {period} zegt, en wat niet."

    @property
    def source(self) -> str:
        """Of which state and release the figures are."""
        told = f"jaargang {self.vintage}, " if self.vintage else ""
        return f"{told}stand van {self.peildatum}, release {self.release}"

    @property
    def names(self) -> dict[str, str]:
        return {i.code: i.naam for i in self.definitions}

    def unit(self, finding: FoundFigure) -> str:
        """The unit behind the title of a figure, where figures are no counts."""
        units = {cell.unit for row in finding.grid.rows for cell in row.cells if cell.is_shown}
        return in_unit(next(iter(units))) if len(units) == 1 else ""

    def legend(self, finding: FoundFigure) -> tuple[str, ...]:
        """What words and signs in a table mean, of those that are there."""
        cells = [cell for row in finding.grid.rows for cell in row.cells]
        told = [f"{capital(WORDS[status])}: {MEANT[status]}." for status in statuses(cells)]
        return (*told, *([BREAK_LEGEND] if any(c.break_reason for c in cells) else []))

    def own(self, place: str, highest: int) -> str:
        """What the organisation wrote at a place, as HTML with headings from level ``highest`` on; its own are 4 to 6."""
        return HEADING.sub(lambda found: f"{found[1]}{int(found[2]) - 4 + highest}", self.texts.get(place, ""))

    @property
    def unfinished(self) -> str:
        return UNFINISHED

    @property
    def keys(self) -> tuple[Key, ...]:
        """What stands on the cover: the newest figure of each row, with the change in words."""
        found = {f.figure.code: f for _, findings in self.chapters for f in findings}
        keys = [_key(found[code], place) for code, rows in KEY_FIGURES.items() if code in found for place in range(rows)]
        return tuple(key for key in keys if key)

    @property
    def guide(self) -> tuple[str, ...]:
        return guide(self.rounding)

    @property
    def questions(self) -> tuple[tuple[str, str], ...]:
        return (*QUESTIONS, ON_WHAT_IS_HIDDEN) if self.rounding else QUESTIONS


def _key(finding: FoundFigure, place: int) -> Key | None:
    row, phrases = finding.grid.rows[place], finding.grid.phrases
    if not row.cells[-1].is_shown or len(row.cells) < 2:
        return None
    now, before = compared(finding.figure, row)
    is_comparable = before.is_shown and not now.break_reason
    was = f"was {phrases[finding.figure.against]} {before.written}" if is_comparable else ""
    return Key(f"{row.name}, {phrases[-1]}" if phrases[-1].startswith("eind") else row.name, now.written, was)


def guide(rounding: str) -> tuple[str, ...]:
    """How the figures are to be read."""
    return tuple(
        filter(
            None,
            (
                f"{rounding}." if rounding else "",
                "Wat te klein is om te tonen, heet verborgen; wat niet te berekenen is, heet ontbreekt. Geen van beide is nul.",
                "‘Meer dan toeval verklaart’ betekent: zo’n verschil zou bij gelijke kansen minder dan eens op de honderd keer"
                " voorkomen, de afronding meegerekend. Het zegt niet waardoor het verschil er is.",
                "Waar een b of een breuk staat, is een cijfer niet met dat ervoor te vergelijken; eronder staat waarom.",
                "Getallen zijn eerst afgerond, halven van nul af, en dan geschreven. Percentages zijn afgerond op hele procenten."
                if rounding
                else "Getallen zijn eerst afgerond, halven van nul af, en dan geschreven.",
                "Onder elke grafiek staat een tabel met dezelfde getallen.",
            ),
        )
    )


QUESTIONS = (
    (
        "Hoeveel huiselijk geweld en kindermishandeling is er?",
        "Dat zeggen deze cijfers niet. Zij tellen wat gemeld is, niet wat gebeurt. Meer meldingen kan betekenen dat er meer geweld is,"
        " dat meer mensen melden, of dat er anders geregistreerd wordt.",
    ),
    (
        "Is een melding een huishouden?",
        "Nee. Over een huishouden kan vaker gemeld worden. Hoeveel huishoudens het zijn, zegt het aantal casussen met een melding.",
    ),
    (
        "Is een melding bevestigd geweld?",
        "Nee. Een melding is een vermoeden of een voorval dat iemand doorgeeft; de veiligheidsbeoordeling komt daarna.",
    ),
    (
        "Wat kan ik vergelijken?",
        "Gemeenten naast elkaar per 1.000 huishoudens, en een gebied met zichzelf door de jaren, waar geen breuk staat. Kleine gebieden"
        " verschillen van jaar tot jaar door toeval; wat meer is dan toeval, staat erbij.",
    ),
    (
        "Waarom stijgt een doorlooptijd als er harder gewerkt wordt?",
        "De doorlooptijd wordt bekend als een beoordeling klaar is. Worden oude wachtenden geholpen, dan stijgt het gemiddelde. Lees hem"
        " naast de werkvoorraad en naast het aandeel van de ontvangen meldingen dat op tijd beoordeeld is.",
    ),
)
"""For who writes about the figures."""
ON_WHAT_IS_HIDDEN = (
    "Mag ik verborgen cijfers afleiden?",
    "Dat lukt niet: er is nagerekend dat uit dit verslag en alle eerdere publicaties van Veilig Thuis samen geen klein aantal"
    " nauwkeuriger te vinden is dan op een paar na.",
)


def render(report: WholeReport) -> str:
    """The page, as HTML."""
    return _template().render(report=report, style=style())


def places(chapters: Sequence[Chapter]) -> dict[str, str]:
    """Where the organisation can put a text of its own: code → name."""
    figures = {figure.code: figure.title for chapter in chapters for figure in chapter.figures}
    return {"voorwoord": "Voorwoord"} | {chapter.code: chapter.title for chapter in chapters} | figures


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html.jinja")


def _day(day: date) -> str:
    return str(format_date(day, "d MMMM y", locale="nl"))
