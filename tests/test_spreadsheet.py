"""The one rule against formulas, as Python and as SQL apply it."""

from pathlib import Path

import duckdb
import pytest

from orchestration import spreadsheet
from orchestration.cli import trace


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+31", "'+31"),
        ("-5", "'-5"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("a=1", "a=1"),
        ("", ""),
        (None, None),
        ("'x", "'x"),
        ("2024", "2024"),
    ],
)
def test_a_text_that_begins_as_a_formula_gets_a_mark(given: str | None, written: str | None) -> None:
    assert spreadsheet.as_text(given) == written
    asked = f"select * replace ({spreadsheet.as_texts(['t'])}), {spreadsheet.formulas(['t', 't'])} from (select ?::text as t)"
    found = duckdb.execute(asked, [given]).fetchone()
    assert found
    assert (found[0], bool(found[1])) == (written, written != given)


def test_a_number_stays_a_number() -> None:
    assert spreadsheet.as_text(-5) == -5


def test_what_trace_writes_is_for_a_spreadsheet_too(tmp_path: Path) -> None:
    path = tmp_path / "uit.csv"
    trace._write(path, ["bestand", "regel"], [["=1+1", -2]])
    assert path.read_text().splitlines() == ["bestand;regel", "'=1+1;-2"]
