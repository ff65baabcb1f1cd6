"""The report of the demo at its real size: every number in it is a figure that leaves, and the transfers of 2024 are those in print."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import seeds
from orchestration.disclosure import publish
from orchestration.disclosure.rules import read_parameters
from orchestration.outputs.report import write
from orchestration.seeds import SEEDS
from orchestration.settings import Settings
from tests.end_to_end.conftest import Chain
from tests.lib import accessibility
from tests.lib.browser import Browser
from tests.lib.paper import (
    PrintedReport,
    content_faults,
    document_faults,
    edge_faults,
    font_faults,
    orphan_faults,
    structure_faults,
)
from tests.lib.report_page import FigureRead, read
from tests.lib.size import THOROUGH

pytestmark = pytest.mark.xdist_group("demo")

EDITIONS = [(2024, None, None), (2021, None, None), (None, "2024-H1", None), (2024, None, "GM0451"), (2024, None, "Amsterdam")]
WORDS = {"verborgen": publish.HIDDEN, "ontbreekt": publish.MISSING, "n.v.t.": publish.NONE}
MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]


@pytest.fixture(scope="module")
def settings_of_demo(demo: tuple[Chain, dict[str, Any]]) -> Settings:
    return Settings(home=demo[0].home)


@pytest.fixture(scope="module")
def public(publication_of_demo: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(f"create view shown as from read_parquet('{publication_of_demo / publish.PARQUET}')")
        yield con


def report(
    settings: Settings, origin: write.Origin, folder: Path, edition: tuple[int | None, str | None, str | None], intern: bool = False
) -> str:
    html, pdf = write.write(settings, write.edition(*edition, intern), origin, folder)
    assert pdf.read_bytes().startswith(b"%PDF-1.7")
    return html.read_text(encoding="utf-8")


def dutch(value: float, unit: str, places: int) -> str:
    told = f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))
    return told + ("%" if unit == "procent" else "")


def label(period: str) -> str:
    """A period as the head of a column."""
    year, _, part = period.partition("-")
    if part[:1] == "H":
        return f"{part[1]}e halfjaar {year}"
    if part[:1] == "Q":
        return f"{part[1]}e kw. {year}"
    return f"{MONTHS[int(part) - 1]} {year}" if part else year


PLACES = {"procent": 0, "per_1000": 1, "verhouding": 2, "werkdagen": 1, "weken": 1, "aantal": 0}


def told_of(con: duckdb.DuckDBPyConnection, indicators: list[str]) -> set[tuple[str, str, str]]:
    """Name, column and text of whatever the release says of these indicators: by period, and by category."""
    found = set()
    for code, period, indicator, area, category, value, unit, status in con.execute(
        """select indicator, periode, indicator_naam, gebied_naam, categorie_naam, waarde, eenheid, status from shown
        where list_contains(?, indicator)""",
        [indicators],
    ).fetchall():
        places = 1 if code == "eerdere_incidenten_gemiddeld" else PLACES[unit]
        text = dutch(value, unit, places) if status == publish.PUBLISHED else {v: k for k, v in WORDS.items()}[status]
        parts = (category or "").split(" | ")
        for name in {indicator, area, category, *parts}:
            found |= {(name, column, text) for column in (label(period), *parts)}
    return found


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_every_number_in_a_table_is_a_figure_that_leaves(
    edition: tuple[int | None, str | None, str | None],
    settings_of_demo: Settings,
    publication_of_demo: Path,
    public: duckdb.DuckDBPyConnection,
    tmp_path: Path,
) -> None:
    origin = write.Origin(publication_of_demo / publish.DATABASE, "r1", "2024", date(2025, 2, 3))
    figures = read(report(settings_of_demo, origin, tmp_path, edition))
    assert len(figures) > 12
    numbers = 0
    for figure in figures.values():
        known = told_of(public, figure.indicators)
        columns = [c for c in figure.head[1:] if c not in ("Buurten",)]
        for name, *cells in figure.rows:
            for column, text in zip(columns, cells, strict=False):
                assert text == "geen cijfer" or (name, column, text) in known, (figure.code, name, column, text)
                numbers += text not in (*WORDS, "geen cijfer")
    assert numbers > 150
    if figures.get("bijlage_buurt"):
        asked = """select gebied_naam, waarde from shown
            where indicator = 'meldingen' and gebied_soort = 'buurt' and periode = ? and waarde is not null"""
        buurten = {f"{name} {dutch(value, 'aantal', 0)}" for name, value in public.execute(asked, [str(edition[0])]).fetchall()}
        beside = [b for row in figures["bijlage_buurt"].rows for b in row[-1].split(", ") if b and not b.endswith(" verborgen")]
        assert set(beside) == buurten


def test_numbers_in_sentences_stand_in_the_table(settings_of_demo: Settings, publication_of_demo: Path, tmp_path: Path) -> None:
    """Those between brackets, and the newest one, of each figure."""
    origin = write.Origin(publication_of_demo / publish.DATABASE, "r1", "2024", date(2025, 2, 3))
    checked = 0
    for figure in read(report(settings_of_demo, origin, tmp_path, (2024, None, None))).values():
        cells = {c for row in figure.rows for c in row[1:]}
        for number in re.findall(r"\((?:beide |elk )?([\d.,]+%?)(?: werkdagen| weken)?\)", " ".join(figure.told)):
            assert number in cells, (figure.code, number, figure.told)
            checked += 1
    assert checked > 50


TABLES = {
    "overdrachten_partij": ("ontvanger", ""),
    "overdrachten_partij_nee": ("ontvanger|betrokken", "|nee"),
    "overdrachten_partij_ja": ("ontvanger|betrokken", "|ja"),
}


def printed(kind: str, ending: str) -> dict[tuple[str, str], int]:
    """Receiver (by name) and year → what the report of 2024 has in print, but where that contradicts itself."""
    names = {r["code"]: r["naam"] for r in seeds.rows(SEEDS / "codes/codelijsten.csv") if r["codelijst"] == "ontvanger"}
    disputed = {(r["categorie"], r["periode"]) for r in seeds.rows(SEEDS / "published/verklaringen.csv") if r["soort"] == "contradictie"}
    rows = [
        r
        for r in seeds.rows(SEEDS / "published/gepubliceerde_cijfers.csv")
        if r["publicatie"] == "jaarcijfers-2024"
        and r["indicator"] == "overdrachten"
        and r["categorie_soort"] == kind
        and r["gebied"] == "REGIO"
    ]
    return {
        (names[r["categorie"].removesuffix(ending)], r["periode"]): int(r["waarde"])
        for r in rows
        if r["categorie"].endswith(ending)
        and r["categorie"].removesuffix(ending) in names
        and (r["categorie"], r["periode"]) not in disputed
    }


def cells(figure: FigureRead) -> dict[tuple[str, str], str]:
    return {(name, year): text for name, *row in figure.rows for year, text in zip(figure.head[1:], row, strict=True)}


@pytest.mark.parametrize("table", TABLES)
def test_the_transfers_of_five_years_are_those_in_print(
    table: str, demo: tuple[Chain, dict[str, Any]], settings_of_demo: Settings, publication_of_demo: Path, tmp_path: Path
) -> None:
    """Exact in the intern edition, side by side with what leaves: that is rounded, or hidden."""
    source = printed(*TABLES[table])
    assert len(source) >= 55
    intern = read(report(settings_of_demo, write.of_release(settings_of_demo, True), tmp_path, (2024, None, None), intern=True))
    exact = {**cells(intern["ontvangers"]), **cells(intern[table])}  # the Raad voor de Kinderbescherming is a group of its own
    assert {key: exact.get(key, "0") for key in source} == {key: dutch(value, "aantal", 0) for key, value in source.items()}
    origin = write.Origin(publication_of_demo / publish.DATABASE, "r1", "2024", date(2025, 2, 3))
    leaves = cells(read(report(settings_of_demo, origin, tmp_path, (2024, None, None)))[table])
    shown = {key: int(text.replace(".", "")) for key, text in leaves.items() if text not in (*WORDS, "geen cijfer")}
    limits = read_parameters()
    assert all(abs(shown[key] - value) <= limits.slack for key, value in source.items() if key in shown)
    assert all(value >= limits.threshold for key, value in source.items() if key in shown)
    assert len(shown.keys() & source.keys()) > 20


@pytest.mark.parametrize("edition", [EDITIONS[0], *[EDITIONS[2]] * THOROUGH], ids=str)
def test_the_report_of_the_demo_is_for_everybody(
    edition: tuple[int | None, str | None, str | None], settings_of_demo: Settings, publication_of_demo: Path, tmp_path: Path
) -> None:
    """The checks, and that each can fail: ``tests/outputs/report``."""
    origin = write.Origin(publication_of_demo / publish.DATABASE, "r1", "2024", date(2025, 2, 3))
    page, paper = write.write(settings_of_demo, write.edition(*edition, False), origin, tmp_path)
    assert accessibility.source_faults(page) == []
    with Browser(tmp_path / "chromium") as browser:
        assert accessibility.requests(browser, page) == []
        assert accessibility.axe_faults_everywhere(browser) == []
        assert accessibility.overflow_faults(browser) == []
    printed_report = PrintedReport(paper.read_bytes())
    for faults in (document_faults, font_faults, structure_faults, content_faults, edge_faults, orphan_faults):
        assert faults(printed_report) == [], faults.__name__
