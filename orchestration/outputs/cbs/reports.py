"""What CBS will ask about a delivery, before it does: how far fields are filled, and combinations that cannot be, with four periods before.

Counts alone: of which records they are, ``report_files`` writes where somebody asks for it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from orchestration.declared import Declared
from orchestration.outputs.cbs.columns import FOLDER, SETS, UNKNOWN, kind
from orchestration.outputs.cbs.half_year import HalfYear
from orchestration.outputs.cbs.layout import FileLayout, LayoutField
from orchestration.outputs.cbs.source import RecordSource, value_sql
from orchestration.sql import literal, text

PERIODS = 5
"""The half-year itself and four before it."""


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
