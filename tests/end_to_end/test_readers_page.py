"""The page for who reads the figures with a tool of their own: its examples are run on the demo."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.disclosure import publish
from orchestration.settings import PROJECT
from tests.end_to_end.conftest import Chain

pytestmark = pytest.mark.xdist_group("demo")

PAGE = (PROJECT / "docs" / "readers.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^## (\w+)\n\n```(?:python|sql)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))


@pytest.fixture
def truth(demo: tuple[Chain, dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], float]:
    """Reports by year and gemeente, from the mart of the subject; the working folder is the data folder."""
    monkeypatch.chdir(demo[0].home)
    with duckdb.connect("releases/current/intern/veilig_thuis.duckdb", read_only=True) as con:
        rows = con.execute(
            "select periode, gebied_naam, meldingen from marts.instroom_gemeente where periode_soort = 'jaar' and gebied_soort = 'gemeente'"
        ).fetchall()
    return {(period, area): value for period, area, value in rows}


def test_every_example_is_run_here() -> None:
    assert set(EXAMPLES) == {"DuckDB", "pandas", "polars", "pyarrow"}


def test_duckdb(truth: dict[tuple[str, str], float]) -> None:
    attach, query = EXAMPLES["DuckDB"].split(";\n", 1)
    with duckdb.connect() as con:
        con.execute(attach)
        assert {(p, a): v for p, a, v in con.execute(query).fetchall()} == truth


@pytest.mark.parametrize("tool", ["pandas", "polars"])
def test_frames(truth: dict[tuple[str, str], float], tool: str) -> None:
    names: dict[str, Any] = {}
    exec(EXAMPLES[tool], names)  # the page itself is what is tested
    found = names["by_year"]
    rows = found.reset_index().to_dict("records") if tool == "pandas" else found.to_dicts()
    assert {
        (row["periode"], area): value for row in rows for area, value in row.items() if area != "periode" and value is not None
    } == truth


def test_pyarrow(truth: dict[tuple[str, str], float]) -> None:
    names: dict[str, Any] = {}
    exec(EXAMPLES["pyarrow"], names)  # the page itself is what is tested
    rows = [r for r in names["table"].to_pylist() if r["gebied_soort"] == "gemeente"]
    assert {(r["periode"], r["gebied_naam"]): r["meldingen"] for r in rows} == truth
    assert names["text"] == "Meldingen"


def test_every_path_of_the_page_is_there(truth: dict[tuple[str, str], float]) -> None:
    """The demo publishes nothing: what may leave is held to the list of its files."""
    named = re.findall(r"`((?:intern|publiek)/[^`<]*\.\w+)`", PAGE)
    outside = {n.removeprefix("publiek/") for n in named if n.startswith("publiek/")}
    assert outside and outside <= {str(file) for file in publish.FILES}
    assert {n for n in named if n.startswith("intern/") and not Path("releases/current", n).exists()} == set()
