"""The list of what was forgotten, so that it stays out when a later delivery brings it again.

It holds nothing but hashes, made with a key of its own: the forget key, which is drawn once, kept in the register sealed with the key of
the key file, and sealed anew when that changes. The numbers themselves are gone: their hashes could not be made again with another key.
"""

import base64
import os
import secrets

import duckdb
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from orchestration import duck
from orchestration.intake.numbers import normal_sql
from orchestration.intake.pseudonymise import hash_sql, keyed_id, pads
from orchestration.keys.keyring import LENGTH, Keyring
from orchestration.register.register import Register
from orchestration.sql import listed

PURPOSE = "vergeten"


def forget_key(log: Register, keyring: Keyring) -> bytes | None:
    """The forget key; None when nothing was ever forgotten."""
    sealed = [e.inhoud["vergeetsleutel"] for e in log.events() if e.inhoud.get("vergeetsleutel")]
    if not sealed:
        return None
    raw = base64.b64decode(sealed[-1])
    return AESGCM(keyring.derive(PURPOSE)).decrypt(raw[:12], raw[12:], PURPOSE.encode())


def draw() -> bytes:
    """A new forget key."""
    return secrets.token_bytes(LENGTH)


def seal(key: bytes, keyring: Keyring) -> str:
    """The forget key as the register keeps it."""
    nonce = os.urandom(12)
    return base64.b64encode(nonce + AESGCM(keyring.derive(PURPOSE)).encrypt(nonce, key, PURPOSE.encode())).decode()


def seal_anew(log: Register, old: Keyring, new: Keyring) -> str | None:
    """The forget key sealed with the new key; None when there is none."""
    key = forget_key(log, old)
    return seal(key, new) if key else None


def entry(key: bytes, soort: str, text: str) -> str:
    """What the list holds of one number: the same as ``pseudonymise.hash_sql`` makes, with the forget key."""
    return keyed_id(key, soort, text).hex


def mark(con: duckdb.DuckDBPyConnection, key: bytes, soort: str, entries: set[str], table: str = "vergeten") -> int:
    """Make ``<table>_<soort>`` (id): the numbers of ``nummers_<soort>`` that are on the list, whatever white space stands around them (as
    it can around a BSN). Returns how many.
    """
    inner, outer = pads(key)
    con.execute(
        f"create or replace table {table}_{soort} as select id from nummers_{soort} "
        f"where replace({hash_sql(soort, normal_sql('tekst'))}::varchar, '-', '') in ({listed(sorted(entries))})",
        {"binnen": inner, "buiten": outer},
    )
    return duck.number(con, f"select count(*) from {table}_{soort}")
