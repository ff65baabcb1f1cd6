"""A search through whole data folders for what identifies: files are decoded, then every number in them is looked up."""

import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

SHAPES = re.compile(rb"(?<![0-9A-Za-z])(?<!\d\.)(?:\d{9}|\d{8}|\d{4}-\d{2}-\d{2}|[A-Z]{2,}-[A-Z]\d+)(?![0-9A-Za-z])")
"""BSN, birth date (as delivered, or as ISO), number of a registration such as DEMO-M0000001; no decimals of a fraction."""
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""Keyed hashes and Dagster's own ids: one that begins with eight digits is no date."""


def decoded(content: bytes, path: Path | None = None) -> Iterator[bytes]:
    """The content as it is, and unpacked where it is a zip, gzip, Parquet, DuckDB or SQLite file without a key."""
    if content[:4] == b"PAR1" and path:
        with duckdb.connect() as con:
            yield from _values(con, f"read_parquet('{path}')")
    elif content[8:12] == b"DUCK" and path:
        yield from _database(path)
    elif content[:15] == b"SQLite format 3" and path:
        yield content
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            for (name,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
                for row in db.execute(f'select * from "{name}"'):
                    yield from (part for value in row for part in _of_value(value))
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from decoded(archive.read(name))
    elif content[:2] == b"\x1f\x8b":
        yield from decoded(zlib.decompress(content, 31))
    else:
        yield content


def _of_value(value: object) -> Iterator[bytes]:
    """A value of a database; one that is packed itself is unpacked."""
    if isinstance(value, bytes):
        yield from decoded(value)
    else:
        yield str(value).encode()


def _database(path: Path) -> Iterator[bytes]:
    try:
        con = duckdb.connect(str(path), read_only=True)
    except duckdb.Error:  # encrypted
        return
    with con:
        for (name,) in con.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall():
            yield from _values(con, name)


def _values(con: duckdb.DuckDBPyConnection, source: str) -> Iterator[bytes]:
    """The distinct values of every column that can hold a number, a date or a text."""
    for name, kind, *_ in con.execute(f"describe from {source}").fetchall():
        if kind in {"VARCHAR", "BLOB", "DATE", "JSON"} or kind.endswith("INT") or kind == "INTEGER" or kind.startswith(("ENUM", "DECIMAL")):
            found = con.execute(f'select string_agg(distinct "{name}"::varchar, chr(10)) from {source}').fetchone()
            yield str(found[0] if found else "").encode()


def findings(root: Path, secrets: set[bytes]) -> dict[str, set[bytes]]:
    """By file below ``root``: the secrets in it, its name included."""
    found: dict[str, set[bytes]] = {}
    for path in sorted(p for p in root.rglob("*") if p.is_file() and not p.is_symlink()):
        name = path.relative_to(root)
        for part in (str(name).encode(), *decoded(path.read_bytes(), path)):
            if hits := secrets.intersection(SHAPES.findall(UUID.sub(b"", part))):
                found.setdefault(str(name), set()).update(hits)
    return found
