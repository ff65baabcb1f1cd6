"""Workbooks of what leaves: as written, as read back by another library, and as LibreOffice opens them."""

import json
import re
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.disclosure import publish
from orchestration.outputs import ods, sheets, workbook, xlsx
from orchestration.outputs.workbook import ExportError, export
from orchestration.release import public, store
from orchestration.settings import Settings
from tests.lib.office import convert, sheets_as_csv
from tests.lib.published import as_cells


@pytest.fixture
def releasing(settings: Settings, written: Path) -> Settings:
    """A data folder whose readers see a release with something that may leave."""
    folder = settings.releases / "r1"
    folder.mkdir(parents=True)
    shutil.copytree(written, folder / public.FOLDER)
    (folder / "release.json").write_text(json.dumps({"release": "r1", "peildatum": "2025-02-05"}))
    store.switch(settings, "r1")
    return settings


def test_a_workbook_has_every_figure_and_text_stays_text(releasing: Settings, tmp_path: Path, figures: duckdb.DuckDBPyRelation) -> None:
    table = [["" if v is None else v for v in row] for row in as_cells(figures).fetchall()]
    for path in export(releasing, tmp_path / "uit"):
        book = CalamineWorkbook.from_path(str(path))
        assert book.sheet_names == ["Uitleg", "Per jaar", "Cijfers"]
        head, *rows = book.get_sheet_by_name("Cijfers").to_python()
        assert head == list(publish.COLUMNS)
        assert rows == table
        assert all(isinstance(row[head.index("periode")], str) for row in rows)
        assert path.stat().st_mode & 0o777 == 0o600


def test_years_stand_beside_each_other_and_what_is_not_shown_says_its_status(
    releasing: Settings, tmp_path: Path, figures: duckdb.DuckDBPyRelation
) -> None:
    _, path = export(releasing, tmp_path / "uit")
    head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Per jaar").to_python()
    assert head == ["Indicator", "Eenheid", "Soort gebied", "Gebied", "Code", "2023", "2024"]
    shown = {(row[0], row[4], year): cell for row in rows for year, cell in zip(head[5:], row[5:], strict=True) if cell != ""}
    levels = "('regio', 'gemeente', 'buiten', 'stadsdeel')"
    wanted = figures.filter(f"categorie_soort = '' and periode_soort = 'jaar' and gebied_soort in {levels}")
    assert shown == {(i, g, p): status if v is None else v for i, g, p, v, status in
        wanted.select("indicator_naam, gebied, periode, waarde, status").fetchall()}  # fmt: skip
    assert publish.HIDDEN in shown.values()


def test_the_first_page_explains(releasing: Settings, tmp_path: Path) -> None:
    path, _ = export(releasing, tmp_path / "uit")
    told = dict(CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Uitleg").to_python())
    assert told["Stand van de registratie"] == "5 februari 2025"
    assert told["Jaargang"] == "2024"
    assert "veelvoud van 5" in told["Afronding"]
    assert all(status in told["Wat er niet staat"] for status in publish.STATUSES)
    assert told["Definities"].startswith("https://")
    assert {f"Kolom {c}": text for c, text in publish.COLUMNS.items()}.items() <= told.items()


def test_the_same_figures_give_the_same_bytes(releasing: Settings, tmp_path: Path) -> None:
    one, two = (export(releasing, tmp_path / name) for name in ("een", "twee"))
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_with_another_figure_gets_no_name(
    releasing: Settings, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted where it is written, after the cells were made; what is said names no value."""
    write = workbook.WRITERS[kind]

    def careless(con: duckdb.DuckDBPyConnection, pages: list[sheets.Sheet], path: Path, title: str) -> None:
        of = "sheet = 'Cijfers' and number is not null"
        change = f"update sheet_cells set number = number {{}} 1 where {of} and r = (select min(r) from sheet_cells where {of})"
        con.execute(change.format("+"))
        write(con, pages, path, title)
        con.execute(change.format("-"))

    monkeypatch.setitem(workbook.WRITERS, kind, careless)
    with pytest.raises(ExportError, match=rf"{kind} was not written as it should be: sheet Cijfers, row \d+\. Please report this\.$"):
        export(releasing, tmp_path / "uit")
    assert not (tmp_path / "uit" / f"indicatoren.{kind}").exists()


def test_what_lies_there_stays_and_nothing_that_may_leave_is_told(releasing: Settings, tmp_path: Path) -> None:
    export(releasing, tmp_path / "uit")
    with pytest.raises(ExportError, match=r"indicatoren\.xlsx is there already"):
        export(releasing, tmp_path / "uit")
    shutil.rmtree(releasing.releases / "r1" / public.FOLDER)
    with pytest.raises(ExportError, match="Release r1 has nothing that may leave"):
        export(releasing, tmp_path / "elders")
    assert not (tmp_path / "elders").exists()


def test_by_hand(releasing: Settings, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["export", str(tmp_path / "uit"), "--release", "r1"])
    assert done.exit_code == 0, done.output
    assert {p.name for p in (tmp_path / "uit").iterdir()} == {"indicatoren.xlsx", "indicatoren.ods"}


def test_libreoffice_shows_what_is_published(releasing: Settings, tmp_path: Path) -> None:
    """Numbers as numbers (a whole one not quoted), text as text (quoted), in both kinds."""
    for path in export(releasing, tmp_path):
        path.rename(tmp_path / f"{path.suffix[1:]}{path.suffix}")
    books = (tmp_path / "xlsx.xlsx", tmp_path / "ods.ods")
    sheets_as_csv(tmp_path, *books)
    source = releasing.releases / "r1" / public.FOLDER / publish.PARQUET
    figures = ", ".join(f"{c}::double as {c}" for c in publish.NUMBERS)
    wanted = as_cells(duckdb.read_parquet(str(source))).select(f"* replace ({figures})").fetchall()
    numbers = ", ".join(f"replace({c}, ',', '.')::double as {c}" for c in publish.NUMBERS)
    blank = ", ".join(f"coalesce({c}, '') as {c}" for c in publish.COLUMNS if c not in publish.NUMBERS)
    for kind in ("xlsx", "ods"):
        path = tmp_path / f"{kind}-Cijfers.csv"
        text = path.read_text()
        assert (
            duckdb.read_csv(str(path), sep=";", all_varchar=True, header=True).select(f"* replace ({numbers}, {blank})").fetchall()
            == wanted
        )
        assert '"2024"' in text and ';"GM0363";' in text
        assert not any(f'"{n}"' in text for n in ("10", "15", "20", "100")), "a number is no text"
    assert (tmp_path / "xlsx-Per jaar.csv").read_bytes() == (tmp_path / "ods-Per jaar.csv").read_bytes()
    assert (tmp_path / "xlsx-Uitleg.csv").read_bytes() == (tmp_path / "ods-Uitleg.csv").read_bytes()


def test_libreoffice_shows_dutch_numbers_keeps_the_heads_and_filters(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"create table {sheets.CELLS} (sheet text, r bigint, c bigint, number double, told text, decimals bigint)")
        cells = [("A b", 0, 0, None, "kop", None), ("A b", 0, 1, None, "2024", None), ("A b", 1, 0, None, "=1+1", None)]
        con.executemany(f"insert into {sheets.CELLS} values (?, ?, ?, ?, ?, ?)", [*cells, ("A b", 1, 1, 12345.5, None, 1)])
        pages = [sheets.Sheet("A b", (10, 10), still=1)]
        xlsx.write(con, pages, tmp_path / "xlsx.xlsx", "t")
        ods.write(con, pages, tmp_path / "ods.ods", "t <&>")
    for kind in ("xlsx", "ods"):
        convert(tmp_path, "html", tmp_path / f"{kind}.{kind}")
        assert {">12.345,5<", ">2024<", ">=1+1<"} <= set(re.findall(">[^<>\\s]+<", (tmp_path / f"{kind}.html").read_text()))
    convert(tmp_path, "xlsx", tmp_path / "ods.ods")
    for name in ("xlsx", "ods"):
        page = part(tmp_path / f"{name}.xlsx", "xl/worksheets/sheet1.xml")
        assert '<autoFilter ref="A1:B2"' in page
        assert "<f>" not in page and "<f " not in page, "no formula"
    assert '<pane xSplit="1" ySplit="1"' in part(tmp_path / "xlsx.xlsx", "xl/worksheets/sheet1.xml")
    view = part(tmp_path / "ods.ods", "settings.xml")  # a conversion without a window drops it, of its own files too
    assert all(f'config:name="{d}SplitMode" config:type="short">2<' in view for d in ("Horizontal", "Vertical"))


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode()


def test_a_filter_reaches_past_the_column_z() -> None:
    """Years come: one day there are more columns than letters."""
    with duckdb.connect() as con:
        con.execute(f"create table {sheets.CELLS} as select 'A' as sheet, 0 as r, 0 as c, null as number, 'kop' as told, null as decimals")
        assert "'A'.A1:'A'.AB1\"" in ods._filter(con, sheets.Sheet("A", (10,) * 28), 0)
