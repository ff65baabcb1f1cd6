"""docs/walkthrough.md: the figure that it works out by hand is the one of the mart."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.settings import PROJECT
from tests.end_to_end.conftest import Chain

pytestmark = pytest.mark.xdist_group("demo")

PAGE = (PROJECT / "docs" / "walkthrough.md").read_text()


def test_the_figure_worked_out_from_the_raw_lines_is_that_of_the_mart(
    demo: tuple[Chain, dict[str, Any]], demo_inbox: Path, tmp_path: Path
) -> None:
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found
    script = tmp_path / "met_de_hand.py"
    script.write_text(found[1])
    (delivery,) = demo_inbox.glob("*-0002-*.zip")
    done = subprocess.run([sys.executable, str(script), str(delivery)], capture_output=True, text=True, check=True)
    by_hand = [int(n) for n in done.stdout.split()]
    with duckdb.connect(str(demo[0].home / "releases/current/intern/veilig_thuis.duckdb"), read_only=True) as con:
        figure = con.execute(
            "select teller, noemer, waarde from marts.indicatoren where indicator = 'aandeel_vb_binnen_termijn'"
            " and periode = '2024-Q2' and gebied = 'T' and categorie = ''"
        ).fetchone()
    assert figure is not None
    assert by_hand == [figure[0], figure[1]]
    assert f"{by_hand[0]} of {by_hand[1]} assessments: {figure[2]:.1f}%" in PAGE


def test_the_lines_that_it_shows_are_those_of_the_delivery(demo_inbox: Path) -> None:
    (delivery,) = demo_inbox.glob("*-0002-*.zip")
    shown = re.findall(r"^(\w+\.csv) +(\d+)  (.+)$", PAGE, re.MULTILINE)
    assert len(shown) == 4
    for name, line, text in shown:
        with zipfile.ZipFile(delivery) as archive:
            unzipped = archive.read(name).decode().splitlines()
        parts = [re.escape(part) for part in text.split("…")]
        assert re.fullmatch(".*".join(parts), unzipped[int(line) - 1])
