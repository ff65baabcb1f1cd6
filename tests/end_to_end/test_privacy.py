"""After a night with the whole demo: no BSN, birth date or number of the registration is anywhere in the data folder."""

import csv
import gzip
import io
import pickle
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.end_to_end.conftest import Chain
from tests.lib.search import findings

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def secrets(demo_inbox: Path) -> set[bytes]:
    """Every BSN, birth date and number of the demo deliveries; dates that are no day in the life of the warehouse also as ISO."""
    found: set[str] = set()
    for path in demo_inbox.glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".csv"):
                    for row in csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8-sig"), delimiter=";"):
                        found.update(v for k, v in row.items() if v and (k.endswith("_nummer") or k in {"bsn", "geboortedatum"}))
    found -= {"000000000", "999999999", "99999999"}
    # a year or a month alone names nobody, and is a round number that occurs for other reasons
    found -= {v for v in found if len(v) == 8 and v.isdigit() and v.endswith("00")}
    births = {v for v in found if len(v) == 8 and v.isdigit() and v < "1980"}  # dim_datum begins in 1980
    return {v.encode() for v in found | {f"{v[:4]}-{v[4:6]}-{v[6:]}" for v in births}}


def test_nothing_that_identifies_is_anywhere_after_a_night(demo: tuple[Chain, dict[str, Any]], secrets: set[bytes]) -> None:
    chain, _ = demo
    assert len(secrets) > 300_000
    assert {p.name for p in chain.home.iterdir()} >= {
        "archive", "build", "dagster", "landing", "logboek", "quarantine", "register", "releases", "vault",
    }  # fmt: skip
    assert findings(chain.home, secrets) == {}


def test_the_search_finds_a_canary_in_every_kind_of_file(secrets: set[bytes], demo_inbox: Path, tmp_path: Path) -> None:
    bsn = next(s for s in secrets if len(s) == 9 and s.isdigit()).decode()
    number = next(s for s in secrets if s.startswith(b"DEMO-M")).decode()
    with duckdb.connect(str(tmp_path / "open.duckdb")) as con:
        con.execute(f"create table t as select {bsn}::integer as x, 'zie {number}.' as y")
        con.execute("copy t to ? (format parquet, compression zstd)", [str(tmp_path / "x.parquet")])
    with sqlite3.connect(tmp_path / "x.db") as db:
        db.execute("create table t as select ? as x", [gzip.compress(f'{{"a": "{number}"}}'.encode())])
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.csv", f"{number};1\n" * 100)
    (tmp_path / "x.json.gz").write_bytes(gzip.compress(f'{{"bsn": "{bsn}"}}'.encode() * 50))
    (tmp_path / "x.pickle").write_bytes(pickle.dumps({"a": [bsn]}))
    (tmp_path / "run.log").write_text(f"2025-02-01 - error: value {bsn} of {number}\n")
    (tmp_path / f"{number}.txt").write_text("")
    shutil.copy(next(demo_inbox.glob("*.zip")), tmp_path / "delivery.zip")
    assert set(findings(tmp_path, secrets)) == {p.name for p in tmp_path.iterdir()}
