"""Writing deliveries of the landing anew: for another key, or without what must be forgotten. Nothing else ever changes a landing.

The new folders are written beside the old ones under a name of their own (``00000212.1``), and count from the event in the register on; the
old ones are removed after it. A process that is killed before the event leaves everything as it was.
"""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from orchestration import duck
from orchestration.files import make_folder, remove, sync, sync_folder
from orchestration.intake.delivery import HERKOMST
from orchestration.keys.keyring import Keyring
from orchestration.landing import store
from orchestration.register.register import ANCHOR, Levering, Register
from orchestration.register.seals import seal_folder
from orchestration.settings import Settings
from orchestration.sql import listed, text

SEALED = ("vault", "quarantine")
"""Folders whose Parquet files are encrypted, and the purpose of their key."""


class Rewriting:
    """One rewriting of some deliveries."""

    def __init__(self, settings: Settings, con: duckdb.DuckDBPyConnection, old: Keyring, new: Keyring) -> None:
        """The deliveries are read with the keyring ``old`` and written with ``new``, which may be the same."""
        self.settings, self.con = settings, con
        self._rows: dict[Path, int] = {}
        """By file written: its rows."""
        self.bases = {"landing": settings.landing, "vault": settings.vault, "quarantine": settings.quarantine}
        for purpose in SEALED:
            for name, keyring in ((f"{purpose}_oud", old), (f"{purpose}_nieuw", new)):
                con.execute(f"pragma add_parquet_key('{name}', '{base64.b64encode(keyring.derive(purpose)).decode()}')")

    def source(self, base: str, path: Path) -> str:
        """SQL that reads one file as it is now."""
        options = f", encryption_config = {{footer_key: '{base}_oud'}}" if base in SEALED else ""
        return f"read_parquet({text(path)}{options})"

    def write(self, base: str, path: Path, query: str) -> None:
        """Write one file anew."""
        make_folder(path.parent)
        options = f"compression snappy, encryption_config {{footer_key: '{base}_nieuw'}}" if base in SEALED else "compression zstd"
        self._rows[path] = duck.number(self.con, f"copy ({query}) to {text(path)} (format parquet, {options})")

    def deliver(self, levering: Levering, log: Register, change: Callable[[str, Path, str], str | None]) -> str:
        """Write every file of a delivery beside; returns the new name of its folder.

        ``change`` gets the folder (``landing``, ``vault``, ``quarantine``), the file's path within the delivery and the SQL that reads it,
        and returns the SQL of its new content, or None for a file that goes.
        """
        name = store.free_name(log, levering.nummer)
        for base, folder in self.bases.items():
            old, pending = folder / levering.map, folder / f"{store.PENDING}{name}"
            remove(pending)
            make_folder(pending)
            for path in sorted(old.rglob("*.parquet")):
                within = path.relative_to(old)
                query = change(base, within, f"select * from {self.source(base, path)}")
                if query is not None:
                    self.write(base, pending / within, query)
        self._narrow_origin(levering, name)
        return name

    def _narrow_origin(self, levering: Levering, name: str) -> None:
        """A row that went from the vault leaves no line in ``herkomst.parquet`` either: what has no line there was not delivered."""
        path = self.settings.landing / levering.map / f"{HERKOMST}.parquet"
        if not path.exists():
            return
        vaults = [(e, self.settings.vault / f"{store.PENDING}{name}" / f"{e}.parquet") for e in levering.bestanden]
        kept = [
            f"select '{e}' as entiteit, regel as op_regel from read_parquet({text(p)}, encryption_config = {{footer_key: 'vault_nieuw'}})"
            for e, p in vaults
            if p.exists()
        ]
        others = [e for e, p in vaults if not p.exists()]  # of these nothing identifies, and nothing is forgotten
        wanted = [f"(entiteit, op_regel) in ({' union all '.join(kept)})"] if kept else []
        wanted += [f"entiteit in ({listed(others)})"] if others else []
        query = f"select * from {self.source('landing', path)} where {' or '.join(wanted)} order by all"
        self.write("landing", self.settings.landing / f"{store.PENDING}{name}" / path.name, query)

    def seals(self, name: str) -> dict[str, dict[str, dict[str, Any]]]:
        """The seals of a delivery that was written beside, under its new name."""
        return {base: seal_folder(folder / f"{store.PENDING}{name}", self._rows) for base, folder in self.bases.items()}

    def place(self, names: list[str], log: Register) -> None:
        """Put the folders written in place, as the register's plan says; they count once an event says so."""
        anchor = log.position().as_bytes()
        for base, folder in self.bases.items():
            for name in names:
                pending = folder / f"{store.PENDING}{name}"
                if base == "landing":
                    (pending / ANCHOR).write_bytes(anchor)
                sync(pending)
                remove(folder / name)
                pending.rename(folder / name)
            sync_folder(folder)
