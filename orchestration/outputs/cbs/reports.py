"""What CBS will ask about a delivery, before it does: how far fields are filled, and combinations that cannot be, with four periods before.

Counts alone; the numbers of the reports stand in a file of their own, for whoever asks for it with the key.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from orchestration.declared import Declared
from orchestration.files import make_folder, write_new
from orchestration.keys.use import open_key
from orchestration.language import say
from orchestration.organisation import organisation
from orchestration.outputs import xlsx
from orchestration.outputs.cbs import layout as layouts
from orchestration.outputs.cbs import page
from orchestration.outputs.cbs.columns import FOLDER, SETS, UNKNOWN, kind
from orchestration.outputs.cbs.half_year import CbsError, HalfYear
from orchestration.outputs.cbs.layout import FileLayout, LayoutField
from orchestration.outputs.cbs.source import RecordSource, opened, value_sql
from orchestration.outputs.sheets import CELLS, Sheet
from orchestration.release import store
from orchestration.settings import Settings
from orchestration.spreadsheet import as_text
from orchestration.sql import literal, text

PERIODS = 5
"""The half-year itself and four before it."""
MIRROR, QUALITY, WORKBOOK, NUMBERS = "spiegelrapport.html", "kwaliteitsrapport.html", "rapporten.xlsx", "nummers.csv"


class Combination(BaseModel):
    """A combination that the report counts."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    code: str
    of: str = Field(alias="verzameling")
    severity: Literal["kan_niet", "kan_bijna_niet"] = Field(alias="ernst")
    sentence: str = Field(alias="zin")


class Combinations(RootModel[tuple[Combination, ...]]):
    """All of them, in the order in which they are shown."""


@dataclass(frozen=True)
class Filling:
    """A field in one period: how many records, and of these how many say something, say that it is unknown, or say nothing."""

    of: str
    field: str
    periode: str
    records: int
    filled: int
    unknown: int

    @property
    def empty(self) -> int:
        return self.records - self.filled - self.unknown


@dataclass(frozen=True)
class Found:
    """A combination: by period how often it was found."""

    combination: Combination
    counts: dict[str, int]


@dataclass(frozen=True)
class Reports:
    """All that both reports show. ``records``: record set → period → records."""

    release: str
    peildatum: date
    periods: tuple[str, ...]
    records: dict[str, dict[str, int]]
    filling: tuple[Filling, ...]
    values: tuple[tuple[str, str, str, dict[str, int]], ...]
    """Record set, field, code: by period how often it stands there."""
    found: tuple[Found, ...]


def combinations() -> tuple[Combination, ...]:
    """The combinations as declared."""
    return Declared(FOLDER / "combinaties.yml").of(Combinations).root


def write(
    settings: Settings,
    period: HalfYear,
    folder: Path,
    *,
    with_numbers: bool = False,
    layout: Path = layouts.DEFAULT,
    release: str = store.CURRENT,
) -> list[Path]:
    """Write both reports on a half-year into ``folder`` as pages and as a workbook, and with ``with_numbers`` the numbers too.

    Raises ``CbsError`` where one of the files is there already.
    """
    form, _ = layouts.read(layout)
    names = (MIRROR, QUALITY, WORKBOOK, *((NUMBERS,) if with_numbers else ()))
    targets = {name: folder.absolute() / f"{period}-{name}" for name in names}
    if there := next((path for path in targets.values() if path.exists()), None):
        raise CbsError(say("{file} is there already; name another folder.", file=there))
    make_folder(folder.absolute())
    name = organisation(settings.organisatie).name
    keyring = open_key(settings, say("CBS: the reports on {period}", period=period))
    with opened(settings, keyring, release) as source:
        found = make(source, form, period)
        write_new(targets[MIRROR], page.mirror(found, name).encode())
        write_new(targets[QUALITY], page.quality(found, name).encode())
        _workbook(source, found, targets[WORKBOOK], str(period))
        if with_numbers:
            write_new(targets[NUMBERS], _numbers(source, str(period)).encode())
    return list(targets.values())


def make(source: RecordSource, form: FileLayout, period: HalfYear) -> Reports:
    """Count everything that the reports show."""
    con = source.con
    periods = tuple(str(period.before(n)) for n in reversed(range(PERIODS)))
    first, last = period.before(PERIODS - 1).first, period.last
    con.execute("create schema if not exists reports")
    for name in SETS:
        con.execute(
            f"create or replace table reports.{name} as from main.{name} where telt_op between {literal(first)} and {literal(last)}"
        )
    con.execute(f"set variable peildatum = {literal(source.peildatum)}")
    query = (FOLDER / "combinaties.sql").read_text(encoding="utf-8")
    con.execute("set search_path = 'reports,main'")  # the query names the sets of these periods as the sets are called
    con.execute(f"create or replace table reports.found as {query}")
    con.execute("reset search_path")
    counted = con.execute("select code, periode, count(*) from reports.found group by all").fetchall()
    by_code: dict[str, dict[str, int]] = {}
    for code, periode, count in counted:
        by_code.setdefault(code, {})[periode] = count
    records = {name: dict(con.execute(f"select periode, count(*) from reports.{name} group by 1").fetchall()) for name in SETS}
    fields = [(record.of, field) for record in form.records for field in record.fields if field.column in SETS[record.of]]
    return Reports(
        source.release,
        source.peildatum,
        periods,
        records,
        tuple(filling for of, field in fields for filling in _filling(source, of, field)),
        tuple(row for of, field in fields if field.codes for row in _values(source, of, field)),
        tuple(Found(c, by_code.get(c.code, {})) for c in combinations()),
    )


def _filling(source: RecordSource, of: str, field: LayoutField) -> list[Filling]:
    assert field.column is not None
    there = f"len({field.column}) > 0" if kind(field.column) == "codes" else f"{field.column} is not null"
    unknown = "false"
    if field.column in UNKNOWN:
        unknown = f"{field.column} in ({', '.join(map(text, UNKNOWN[field.column]))})"
    if field.column == "geboortedatum":
        unknown = "geboortedatum like '%00'"
    rows = source.con.execute(
        f"""select periode, count(*), count(*) filter (({there}) and not ({unknown})), count(*) filter (({there}) and ({unknown}))
        from reports.{of} group by 1 order by 1"""
    )
    return [Filling(of, field.name, *row) for row in rows.fetchall()]


def _values(source: RecordSource, of: str, field: LayoutField) -> list[tuple[str, str, str, dict[str, int]]]:
    assert field.column is not None
    value = value_sql(field.column)
    each = f"unnest({value})" if kind(field.column) == "codes" else value
    rows = source.con.execute(
        f"""select code, periode, count(*) from (select periode, {each} as code from reports.{of})
        where code is not null group by all order by 1"""
    )
    found: dict[str, dict[str, int]] = {}
    for code, periode, count in rows.fetchall():
        found.setdefault(code, {})[periode] = count
    return [(of, field.name, code, counts) for code, counts in found.items()]


HEADS = {
    "vulling": ("verzameling", "veld", "halfjaar", "records", "gevuld", "onbekend", "leeg"),
    "waarden": ("verzameling", "veld", "waarde", "halfjaar", "aantal"),
    "combinaties": ("code", "combinatie", "verzameling", "ernst", "halfjaar", "aantal", "records"),
}
"""Sheet → its head."""


def _workbook(source: RecordSource, found: Reports, path: Path, title: str) -> None:
    tables: dict[str, list[tuple[str | int, ...]]] = {
        "vulling": [(f.of, f.field, f.periode, f.records, f.filled, f.unknown, f.empty) for f in found.filling],
        "waarden": [(of, field, code, p, counts.get(p, 0)) for of, field, code, counts in found.values for p in found.periods],
        "combinaties": [
            (
                f.combination.code,
                f.combination.sentence,
                f.combination.of,
                page.SEVERITY[f.combination.severity],
                p,
                f.counts.get(p, 0),
                found.records[f.combination.of].get(p, 0),
            )
            for f in found.found
            for p in found.periods
        ],
    }
    source.con.execute(f"create table {CELLS} (sheet text, r bigint, c bigint, number double, told text, decimals bigint)")
    for sheet, rows in tables.items():
        cells = [
            (
                sheet,
                r,
                c,
                None if isinstance(cell, str) else cell,
                cell if isinstance(cell, str) else None,
                None if isinstance(cell, str) else 0,
            )
            for r, row in enumerate([HEADS[sheet], *rows])
            for c, cell in enumerate(row)
        ]
        source.con.executemany(f"insert into {CELLS} values (?, ?, ?, ?, ?, ?)", cells)
    sheets = [Sheet(name, tuple(max(12, len(h) + 4) if h != "combinatie" else 64 for h in HEADS[name])) for name in tables]
    xlsx.write(source.con, sheets, path, title)
    path.chmod(0o600)


def _numbers(source: RecordSource, period: str) -> str:
    """CSV: every record of the half-year of which a combination holds, by its number and its line."""
    rows = source.con.execute(
        "select code, nummer, _levering, _bestand, _regel from reports.found where periode = ? order by all", [period]
    ).fetchall()
    lines = [("code", "nummer", "levering", "bestand", "regel"), *rows]
    return "".join(";".join(str(as_text(cell)) for cell in line) + "\n" for line in lines)
