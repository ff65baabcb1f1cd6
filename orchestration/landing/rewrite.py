"""Writing deliveries of the landing anew: for another key, or without what must be forgotten. Nothing else ever changes a landing.

The new folders are written beside the old ones under a name of their own (``00000212.1``), and count from the event in the register on; the
old ones are removed after it. A process that is killed before the event leaves everything as it was.
"""

import base64
from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration.keys import Keyring
from orchestration.landing import store
from orchestration.landing.files import make_folder, remove, sync, sync_folder
from orchestration.landing.register import Levering
from orchestration.settings import Settings

SEALED = ("vault", "quarantine")
"""Folders whose Parquet files are encrypted, and the purpose of their key."""


class Herschrijving:
    """One rewriting of some deliveries."""

    def __init__(self, settings: Settings, con: duckdb.DuckDBPyConnection, oud: Keyring, nieuw: Keyring) -> None:
        """The deliveries are read with the keyring ``oud`` and written with ``nieuw``, which may be the same."""
        self.settings, self.con = settings, con
        self.bases = {"landing": settings.landing, "vault": settings.vault, "quarantine": settings.quarantine}
        for purpose in SEALED:
            for name, keyring in ((f"{purpose}_oud", oud), (f"{purpose}_nieuw", nieuw)):
                con.execute(f"pragma add_parquet_key('{name}', '{base64.b64encode(keyring.derive(purpose)).decode()}')")

    def source(self, base: str, path: Path) -> str:
        """SQL that reads one file as it is now."""
        options = f", encryption_config = {{footer_key: '{base}_oud'}}" if base in SEALED else ""
        return f"read_parquet('{_quoted(path)}'{options})"

    def write(self, base: str, path: Path, query: str) -> None:
        """Write one file anew."""
        make_folder(path.parent)
        options = f"compression snappy, encryption_config {{footer_key: '{base}_nieuw'}}" if base in SEALED else "compression zstd"
        self.con.execute(f"copy ({query}) to '{_quoted(path)}' (format parquet, {options})")

    def deliver(self, levering: Levering, change: Callable[[str, Path, str], str | None]) -> str:
        """Write every file of a delivery beside; returns the new name of its folder.

        ``change`` gets the folder (``landing``, ``vault``, ``quarantine``), the file's path within the delivery and the SQL that reads it,
        and returns the SQL of its new content, or None for a file that goes.
        """
        name = next_map(levering.map)
        for base, folder in self.bases.items():
            old, pending = folder / levering.map, folder / f"{store.PENDING}{name}"
            remove(pending)
            make_folder(pending)
            for path in sorted(old.rglob("*.parquet")):
                within = path.relative_to(old)
                query = change(base, within, f"select * from {self.source(base, path)}")
                if query is not None:
                    self.write(base, pending / within, query)
        return name

    def place(self, names: list[str]) -> None:
        """Put the folders written in place; they count once the register says so."""
        for folder in self.bases.values():
            for name in names:
                pending = folder / f"{store.PENDING}{name}"
                sync(pending)
                remove(folder / name)
                pending.rename(folder / name)
            sync_folder(folder)


def next_map(naam: str) -> str:
    """The name of the folder after ``naam``: 00000212, 00000212.1, 00000212.2."""
    stem, _, generation = naam.partition(".")
    return f"{stem}.{int(generation or 0) + 1}"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
