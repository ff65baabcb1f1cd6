"""Numbers that identify become keyed hashes: HMAC-SHA-256, cut to 128 bits, computed by DuckDB.

One hash per distinct number and kind of number. The key comes in as a prepared parameter, so that it stands in no SQL text, log or error.
"""

import hashlib
import hmac
from uuid import UUID

import duckdb

_BLOCK = 64


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and outer block of HMAC (RFC 2104) for a key of at most 64 bytes."""
    block = key.ljust(_BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def hash_sql(soort: str, column: str) -> str:
    """SQL for the keyed hash (UUID) of the text in ``column`` as a number of kind ``soort``; wants parameters ``binnen`` and ``buiten``.

    Equal to the first 128 bits of HMAC-SHA-256 over ``<soort>:<text>`` in UTF-8, so that equal texts of two kinds differ.
    """
    inner = f"unhex(sha256($binnen::blob || encode('{soort}:' || {column})))"
    return f"cast(left(sha256($buiten::blob || {inner}), 32) as uuid)"


def keyed_id(key: bytes, soort: str, text: str) -> UUID:
    """The keyed hash of one number, the same as ``hash_sql`` makes of many."""
    return UUID(hmac.new(key, f"{soort}:{text}".encode(), hashlib.sha256).hexdigest()[:32])


def map_numbers(con: duckdb.DuckDBPyConnection, key: bytes, soort: str, sources: list[tuple[str, str]]) -> str:
    """Make the temporary table ``nummers_<soort>`` (``text``, ``id``) of every distinct number of that kind.

    ``sources``: tables and their columns that hold such numbers. Returns the table's name.
    """
    numbers_table = f"nummers_{soort}"
    if not sources:
        con.execute(f"create or replace table {numbers_table} (tekst varchar, id uuid)")
        return numbers_table
    texts = " union ".join(f"select distinct {column} as tekst from {table} where {column} is not null" for table, column in sources)
    inner, outer = pads(key)
    con.execute(
        f"create or replace table {numbers_table} as select tekst, {hash_sql(soort, 'tekst')} as id from ({texts})",
        {"binnen": inner, "buiten": outer},
    )
    return numbers_table
