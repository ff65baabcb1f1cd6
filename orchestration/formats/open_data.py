"""The folder of open data beside the Parquet file of what leaves: written of it alone, and held to it.

The files that describe (data package, CSV on the Web, record) are made of declared texts, the columns and their codes, and the sizes and
checksums of what they describe: of nothing else, and with no time of making. So the same figures give the same bytes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.files import make_folder, sha256
from orchestration.formats import csvw, data_package, json_stat, open_csv, portal_record
from orchestration.formats.edition import Edition
from orchestration.sql import text

FOLDER = Path("open_data")
CSV, CUBE = FOLDER / "indicatoren.csv", FOLDER / "indicatoren.json"
PACKAGE, COLUMNS, RECORD = FOLDER / "datapackage.json", FOLDER / "indicatoren.csv-metadata.json", FOLDER / "dcat.jsonld"
FILES = (CSV, CUBE, PACKAGE, COLUMNS, RECORD)

CODED = ("periode_soort", "gebied_soort", "eenheid", "status")
"""Columns of which every code is told."""
CHECKSUM = re.compile("(?:sha256:)?([0-9a-f]{64})")


def write(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    parquet: Path,
    others: Mapping[str, tuple[str, str]],
    texts: Mapping[str, str],
    key: list[str],
    note: str,
    edition: Edition,
) -> None:
    """Write ``FILES`` below ``folder`` of ``parquet``, a path in it; ``others`` are files beside them that the record names;
    ``texts`` are those of the columns, of which ``key`` tells a row."""
    make_folder(folder / FOLDER)
    types = open_csv.types(con, folder / parquet)
    (folder / CSV).write_bytes(open_csv.content(con, folder / parquet))
    json_stat.write(con, folder / parquet, folder / CUBE, texts, note, edition)
    codes = {c: _distinct(con, folder / parquet, c) for c in CODED}
    years = _distinct(con, folder / parquet, "left(periode, 4)")
    of_table = (types, texts, codes, note, edition, key)
    _dump(folder / PACKAGE, data_package.describe(folder / CSV, folder / CUBE, *of_table))
    _dump(folder / COLUMNS, csvw.describe(folder / CSV, *of_table))
    described = {str(CSV): ("CSV met komma's en punten", "text/csv"), str(CUBE): ("JSON-stat 2.0", "application/json"), **others}
    first, last = f"{years[0]}-01-01", f"{years[-1]}-12-31"
    _dump(folder / RECORD, portal_record.describe(described, folder, first, last, note, edition))


def unequal(con: duckdb.DuckDBPyConnection, folder: Path, parquet: Path) -> list[Path]:
    """Those of ``FILES`` that do not say what the Parquet file says, cell by cell; or, of what describes, not what lies beside it."""
    types = open_csv.types(con, folder / parquet)
    source, wrong = f"(select {', '.join(types)} from read_parquet({text(folder / parquet)}))", []
    for path, rows in ((CSV, open_csv.rows(folder / CSV, types)), (CUBE, json_stat.rows(folder / CUBE, types))):
        if not _same(con, source, f"({rows})"):
            wrong.append(path)
    if (folder / CSV).read_bytes() != open_csv.content(con, folder / parquet):
        wrong.append(CSV)
    laid = [p for p in folder.rglob("*") if p.is_file()]
    sums, sizes = {sha256(p) for p in laid}, {p.stat().st_size for p in laid}
    for path, described in ((PACKAGE, (CSV, CUBE)), (COLUMNS, ()), (RECORD, (CSV, CUBE))):
        told = list(_leaves(folder / path))
        numbers = {v for v in told if isinstance(v, int | float) and not isinstance(v, bool)}
        checksums = {found[1] for v in told if isinstance(v, str) and (found := CHECKSUM.fullmatch(v))}
        if not (numbers <= sizes and {sha256(folder / d) for d in described} <= checksums <= sums):
            wrong.append(path)
    return list(dict.fromkeys(wrong))


def _same(con: duckdb.DuckDBPyConnection, one: str, two: str) -> bool:
    """Whether two queries give the same rows; what cannot be read is not the same."""
    try:
        found = con.execute(f"select count(*) from ((from {one} except all from {two}) union all (from {two} except all from {one}))")
        return found.fetchone() == (0,)
    except duckdb.Error:
        return False


def _distinct(con: duckdb.DuckDBPyConnection, parquet: Path, column: str) -> list[str]:
    return [v for (v,) in con.execute(f"select distinct {column} as v from read_parquet({text(parquet)}) order by v").fetchall()]


def _dump(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _leaves(path: Path) -> Iterator[Any]:
    """Every value in a JSON file; of one that is none, a number that nothing is as large as."""
    try:
        waiting = [json.loads(path.read_text(encoding="utf-8"))]
    except ValueError:
        yield -1
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        else:
            yield value
