"""What stands in a workbook: an explanation, the figures of each year by area, and the whole table; as cells, made in SQL.

A figure that is not shown is told by its status, in the place where it would stand, where years stand beside each other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from babel.dates import format_date

from orchestration.disclosure import publish
from orchestration.duck import texts
from orchestration.formats import open_data
from orchestration.formats.open_csv import NUMBERS, plain, types
from orchestration.sql import listed, text

CELLS = "sheet_cells"
"""Table of the cells: sheet, row and column from 0, a number or a text, and the decimals that a number is shown with."""


@dataclass(frozen=True)
class Sheet:
    """One sheet. The first row is a head that stays in sight, as do the first ``still`` columns."""

    name: str
    widths: tuple[int, ...]
    still: int = 0
    filtered: bool = True


EXPLANATION, BY_YEAR, WHOLE = "Uitleg", "Per jaar", "Cijfers"
BY_YEAR_HEAD = {"Indicator": 44, "Eenheid": 12, "Soort gebied": 13, "Gebied": 30, "Code": 10}
AREAS = ("regio", "gemeente", "buiten", "stadsdeel")
YEAR_WIDTH = 12
WIDE, WIDTH = (
    {"indicator": 34, "categorie_soort": 20, "categorie": 22, "status": 20, "indicator_naam": 44, "gebied_naam": 30, "categorie_naam": 30},
    14,
)
"""Widths of the columns of the whole table, and of those that are not named."""


def make(con: duckdb.DuckDBPyConnection, public: Path) -> list[Sheet]:
    """Make ``CELLS`` of the files in ``public``; the sheets in order."""
    con.execute(f"create or replace table {CELLS} (sheet text, r bigint, c bigint, number double, told text, decimals bigint)")
    parquet = public / publish.PARQUET
    con.execute(
        f"""create or replace temp table source as
        select *, max(length(split_part({plain("waarde")}, '.', 2))) over (partition by indicator) as decimals
        from read_parquet({text(parquet)}, file_row_number = true)"""
    )
    package = json.loads((public / open_data.PACKAGE).read_text(encoding="utf-8"))
    with duckdb.connect(str(public / publish.DATABASE), read_only=True) as database:
        comments = texts(database, Path(publish.DATABASE).stem, publish.TABLE)
    con.executemany(
        f"insert into {CELLS} values (?, ?, ?, null, ?, null)",
        [(EXPLANATION, r, c, told) for r, row in enumerate(_explained(package, comments)) for c, told in enumerate(row)],
    )
    years, columns = _by_year(con), types(con, parquet)
    _whole(con, columns)
    return [
        Sheet(EXPLANATION, (26, 110), filtered=False),
        Sheet(BY_YEAR, (*BY_YEAR_HEAD.values(), *[YEAR_WIDTH] * years), still=len(BY_YEAR_HEAD)),
        Sheet(WHOLE, tuple(WIDE.get(name, WIDTH) for name in columns)),
    ]


def _explained(package: Mapping[str, Any], comments: Mapping[str, str]) -> list[tuple[str, str]]:
    """The rows of the explanation."""
    days = {"Gepubliceerd op": "publicatiedatum", "Perioden tot en met": "tot_en_met", "Stand van de registratie": "peildatum"}
    publisher, contact = package["contributors"]
    (licence,) = package["licenses"]
    return [
        ("Onderwerp", "Uitleg"),
        (package["title"], package["description"]),
        ("Jaargang", package["version"]),
        *[(label, format_date(date.fromisoformat(package[key]), "d MMMM y", "nl")) for label, key in days.items() if key in package],
        ("Afronding", comments[""]),
        ("Wat er niet staat", f"Een cijfer dat niet gepubliceerd is, heeft geen waarde. De status zegt waarom: {comments['status']}."),
        (BY_YEAR, "Jaarcijfers zonder uitsplitsing, tot en met stadsdeel. Waar geen cijfer gepubliceerd is, staat de status."),
        (WHOLE, "Alle cijfers, een per rij. Codes, jaren en andere perioden zijn tekst."),
        *[(f"Kolom {name}", told) for name, told in comments.items() if name],
        ("Definities", package["homepage"]),
        ("Licentie", f"{licence['title']}: {licence['path']}"),
        ("Uitgever", f"{publisher['title']}: {publisher['path']}"),
        ("Vragen", f"{contact['title']}: {contact['email']}"),
    ]


def _by_year(con: duckdb.DuckDBPyConnection) -> int:
    """Areas as rows, years as columns; how many years."""
    head = ", ".join(f"({c}, {text(name)})" for c, name in enumerate(BY_YEAR_HEAD))
    con.execute(
        f"""
        create or replace temp table by_year as
        select *, dense_rank() over (order by indicator, list_position([{listed(AREAS)}], gebied_soort), gebied) as r
        from source where categorie_soort = '' and periode_soort = 'jaar' and gebied_soort in ({listed(AREAS)});
        create or replace temp table years as
        select periode, {len(BY_YEAR_HEAD)} - 1 + row_number() over (order by periode) as c from (select distinct periode from by_year);
        insert into {CELLS}
        select {text(BY_YEAR)}, 0, c, null, name, null from (values {head}) as heads(c, name)
        union all select {text(BY_YEAR)}, 0, c, null, periode, null from years;
        insert into {CELLS}
        with areas as (select distinct r, [indicator_naam, eenheid, gebied_soort, gebied_naam, gebied] as named, decimals from by_year)
        select {text(BY_YEAR)}, r, unnest(range(len(named))), null, unnest(named), null from areas
        union all
        select {text(BY_YEAR)}, areas.r, c, waarde, if(waarde is null, status, null), areas.decimals
        from areas cross join years left join by_year on by_year.r = areas.r and by_year.periode = years.periode
        """
    )
    found = con.execute("select count(*) from years").fetchone()
    assert found
    return int(found[0])


def _whole(con: duckdb.DuckDBPyConnection, columns: Mapping[str, str]) -> None:
    """A row of the table in each row, in its order."""
    for c, (name, kind) in enumerate(columns.items()):
        told = f"if({name}, 'ja', 'nee')" if kind == "BOOLEAN" else f"{name}::varchar"
        value = f"{name}, null, {'decimals' if name == 'waarde' else 0}" if kind in NUMBERS else f"null, {told}, null"
        con.execute(
            f"""insert into {CELLS}
            select {text(WHOLE)}, 0, {c}, null, {text(name)}, null union all select {text(WHOLE)}, file_row_number + 1, {c}, {value}
            from source"""
        )


def rows(con: duckdb.DuckDBPyConnection, sheet: Sheet) -> list[list[float | str]]:
    """The rows of a sheet as a reader must find them: an empty cell is an empty text."""
    found = con.execute(
        f"""select list({{'n': number, 't': coalesce(told, '')}} order by c) from {CELLS} where sheet = {text(sheet.name)}
        group by r order by r"""
    ).fetchall()
    return [[cell["t"] if cell["n"] is None else cell["n"] for cell in row] for (row,) in found]
