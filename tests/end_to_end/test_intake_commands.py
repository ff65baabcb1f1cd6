"""Commands of the intake that end in a release: a build as of an earlier delivery, and forgetting a person."""

import io
import os
import subprocess
import zipfile
from collections import Counter
from csv import DictReader
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.release import store
from tests.end_to_end.conftest import Chain
from tests.lib.search import findings
from tests.lib.vt import VT

pytestmark = pytest.mark.xdist_group("demo")


def test_a_build_as_of_a_delivery_is_the_build_of_that_night(
    demo: tuple[Chain, dict[str, Any]], first_delivery: tuple[Chain, dict[str, Any]], tmp_path: Path
) -> None:
    chain, verdict = demo
    chain.vt("refresh", "--levering", "1", "--naar", str(tmp_path / "toen"))
    with duckdb.connect() as con:
        for name, home in (("toen", tmp_path / "toen"), ("eerste", first_delivery[0].home)):
            con.execute(f"attach '{home / 'releases' / 'current' / store.DATABASE}' as {name} (read_only)")
        difference = con.execute(
            """
            select count(*), count(*) filter (
                (t.waarde is null) != (e.waarde is null) or abs(t.waarde - e.waarde) > 1e-9 * greatest(abs(e.waarde), 1)
                or t.noemer is distinct from e.noemer
            )
            from toen.marts.indicatoren t full join eerste.marts.indicatoren e
                using (indicator, periode, gebied, categorie_soort, categorie)
            """
        ).fetchone()
    assert difference is not None
    assert difference[0] > 1_000_000
    assert difference[1] == 0
    # a figure of that folder leads to its lines, and a line to its figures, though no landing lies there
    then = Chain(tmp_path / "toen")
    lines = tmp_path / "regels.csv"
    then.vt("trace", "huisverboden", "2020-03", "--naar", str(lines))
    with lines.open() as file:
        line = next(DictReader(file, delimiter=";"))
    told = then.vt("trace", "--rij", f"{line['levering']}:{line['bestand']}:{line['regel']}")
    assert "huisverboden" in told and "2020-03" in told
    # and what readers see was left alone
    assert chain.vt("release", "list").count(verdict["release"]) == 1


def test_forgetting_a_person_reaches_the_releases(first_delivery: tuple[Chain, dict[str, Any]], demo_inbox: Path, tmp_path: Path) -> None:
    chain = first_delivery[0].copy(tmp_path / "vergeten")
    before = chain.vt("release", "list")
    with zipfile.ZipFile(min(demo_inbox.iterdir())) as archive:
        rows = DictReader(io.TextIOWrapper(archive.open("betrokkenen.csv"), "utf-8-sig"), delimiter=";")
        (bsn, times) = Counter(r["bsn"] for r in rows if r["bsn"].startswith("99") and r["bsn"] != "999999999").most_common(1)[0]
    query = "select count(*) from facts.fct_betrokkenen"
    there = _ask(chain, query)
    done = subprocess.run(
        [VT, "forget", "persoon", "--ja", "--door", "J. Voorbeeld", "--reden", "verzoek"],
        input=f"{bsn}\n", capture_output=True, text=True, check=False, env={**os.environ, "VT_HOME": str(chain.home)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Vernietigd: {times} rijen" in done.stdout
    assert "elke regel waarop een release berust, staat in de landing" in " ".join(done.stdout.split())
    assert _ask(chain, query) == there - times
    after = chain.vt("release", "list")
    assert len([p for p in (chain.home / "releases").iterdir() if not p.is_symlink()]) == 1
    assert before != after
    assert findings(chain.home, {bsn.encode()}) == {}


def _ask(chain: Chain, query: str) -> int:
    with duckdb.connect(str(chain.home / "releases" / "current" / store.DATABASE), read_only=True) as con:
        row = con.execute(query).fetchone()
    assert row is not None
    return int(row[0])
