"""Nothing that identifies passes the door: a search through every file, decoded, finds it in vault, archive and quarantine alone."""

import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration import duck, sql
from orchestration.keys.keyring import KeyFileError
from orchestration.keys.use import open_key, uses
from orchestration.landing.history import build_history
from orchestration.landing.takein import take_in_waiting
from tests.lib.handmade import HandmadeDelivery, mutaties
from tests.lib.warehouse import Warehouse

SECRETS = ["999990019", "19850312", "19700000", "ZAAK-4711", "HUIS-4711", "MELD-4711", "ADV-4711", "DNST-4711", "Jan Jansen"]


def delivery(number: int = 1) -> HandmadeDelivery:
    """A delivery in which every kind of number can be told from anything else, with a row for quarantine."""
    handmade = HandmadeDelivery(number)
    for rows in handmade.rows.values():
        for row in rows:
            for name, kind in {"casus": "ZAAK", "huishouden": "HUIS", "melding": "MELD", "advies": "ADV", "dienst": "DNST"}.items():
                if row.get(f"{name}_nummer"):
                    row[f"{name}_nummer"] = f"{kind}-4711-{row[f'{name}_nummer']}"
    handmade.row("meldingen", 1)["hoedanigheid"] = "Jan Jansen"
    handmade.row("meldingen")["stadsdeel_code"] = "A"
    return handmade


def decoded(path: Path) -> Iterator[bytes]:
    """The content of a file as it is, and unpacked where it is a zip, a Parquet, DuckDB or SQLite file without a key."""
    content = path.read_bytes()
    yield content
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if content[:4] == b"PAR1":
        with duckdb.connect() as con:
            yield str(con.execute("select * from read_parquet(?)", [str(path)]).fetchall()).encode()
    if content[8:12] == b"DUCK":
        try:
            con = duckdb.connect(str(path), read_only=True)
        except duckdb.Error:
            return
        with con:
            for (name,) in con.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall():
                yield str(con.execute(f"from {name}").fetchall()).encode()
    if content[:15] == b"SQLite format 3":
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            for (name,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
                yield str(db.execute(f'select * from "{name}"').fetchall()).encode()
    if content[:2] == b"\x1f\x8b":
        yield zlib.decompress(content, 31)


def holders(root: Path, secret: str) -> list[str]:
    """The files below ``root`` that hold ``secret``."""
    files = [p for p in root.rglob("*") if p.is_file()]
    return [str(p.relative_to(root)) for p in files if any(secret.encode() in part for part in decoded(p))]


def test_nothing_that_identifies_is_found_anywhere(warehouse: Warehouse) -> None:
    warehouse.take_in(delivery(), mutaties(2, diensten=[delivery().row("diensten")]))
    settings = warehouse.settings
    with duck.connect(settings) as con:
        keyring = open_key(settings, "test")
        duck.attach_build(con, settings, keyring.derive("build"))
        build_history(settings, con, keyring)
    for secret in SECRETS:
        assert holders(settings.root, secret) == [], secret
    # and the search does find what is there to be found
    canary = settings.root / "build"
    with duckdb.connect(str(canary / "open.duckdb")) as con:
        con.execute("create table t as select 'MELD-4711' as x")
        con.execute("copy t to ? (format parquet, compression zstd)", [str(canary / "x.parquet")])
    with sqlite3.connect(canary / "x.sqlite") as db:
        db.execute("create table t as select 'MELD-4711' as x")
    with zipfile.ZipFile(canary / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", "MELD-4711 " * 100)
    assert sorted(holders(settings.root, "MELD-4711")) == ["build/open.duckdb", "build/x.parquet", "build/x.sqlite", "build/x.zip"]


def test_equal_numbers_get_equal_hashes_only_within_their_kind(warehouse: Warehouse) -> None:
    handmade = HandmadeDelivery()
    for row in handmade.rows["casussen"]:
        row["huishouden_nummer"] = row["casus_nummer"]
    warehouse.take_in_one(handmade)
    folder = warehouse.settings.landing / "00000001"
    casussen, meldingen = (sql.text(folder / f"{name}.parquet") for name in ("casussen", "meldingen"))
    with duckdb.connect() as con:
        same = con.execute(f"select count(*) from {casussen} where casus_id = huishouden_id").fetchone()
        joined = con.execute(f"select count(*) from {meldingen} join {casussen} using (casus_id)").fetchone()
    assert (same, joined) == ((0,), (2,))


def test_surrogates_differ_from_one_delivery_to_the_next(warehouse: Warehouse) -> None:
    handmade = HandmadeDelivery()
    template = handmade.row("casussen")
    handmade.rows["casussen"] += [template | {"casus_nummer": f"K{i}"} for i in range(50)]
    warehouse.take_in(handmade, mutaties(2, casussen=[]))
    query = "select casus_id, _regel from casussen order by _regel"
    first, second = warehouse.query(query, tot=1), warehouse.query(query, tot=2)
    assert first != second
    assert warehouse.query(query, tot=1) == first
    assert sorted(n for n, _ in first) == list(range(1, 53))
    assert [n for n, _ in first] != sorted(n for n, _ in first)


def test_sentinels_name_nobody(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery())
    assert warehouse.query(
        "select persoon_id is null, bsn_onbekend, bsn_ongeboren, geboortejaar, ongeboren from betrokkenen order by _regel"
    ) == [(False, False, False, 1985, False), (True, False, True, None, True), (True, True, False, 1970, False)]


# --- the key -----------------------------------------------------------------------------------------------------------------------------


def test_a_wrong_key_is_refused_before_anything_is_written(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery())
    right = warehouse.settings.key_path.read_text()
    warehouse.settings.key_path.write_text("ab" * 32)
    HandmadeDelivery(2).zip(warehouse.settings.inbox)
    before = warehouse.files()
    with pytest.raises(KeyFileError, match="Put the right key file back"):
        take_in_waiting(warehouse.settings, lambda _: None)
    assert warehouse.files() == before
    warehouse.settings.key_path.unlink()
    with pytest.raises(KeyFileError, match="is missing"):
        take_in_waiting(warehouse.settings, lambda _: None)
    assert not warehouse.settings.key_path.exists()
    warehouse.settings.key_path.write_text(right)
    warehouse.settings.key_path.chmod(0o600)
    assert warehouse.take_in()[0].uitkomst == "opgenomen"


def test_the_key_is_in_no_file_but_its_own(warehouse: Warehouse) -> None:
    warehouse.take_in(delivery(), mutaties(2, casussen=[]))
    keyring = open_key(warehouse.settings, "test")
    for secret in (keyring.master, *(keyring.derive(p) for p in ("pseudoniem", "vault", "archive", "quarantine", "build"))):
        for text in (secret.hex(), secret.hex().upper()):
            assert holders(warehouse.settings.root, text) == ([] if secret != keyring.master or text.isupper() else ["keys/sleutel"])


def test_every_use_of_the_key_is_logged(warehouse: Warehouse) -> None:
    warehouse.take_in_one(HandmadeDelivery())
    found = uses(warehouse.settings)
    assert [use["waarvoor"] for use in found] == ["intake of 1 deliveries", "terms of keeping"]
    assert set(found[0]) == {"op", "wie", "sleutel", "waarvoor"}
