"""An intake to offer deliveries to, and a look at what came of it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration import duck
from orchestration.keys.use import open_key
from orchestration.landing.history import build_history
from orchestration.landing.takein import Outcome, take_in_waiting
from orchestration.privacy.retention import destroy_past
from orchestration.register.register import ANCHOR
from orchestration.settings import Settings
from tests.lib.handmade import HandmadeDelivery


def take_in(settings: Settings) -> list[Outcome]:
    """What the first step of a night does: deliveries in, and what is past its term out."""
    found = take_in_waiting(settings, lambda _: None)
    if any(u.uitkomst == "opgenomen" for u in found):
        destroy_past(settings, lambda _: None)
    return found


@dataclass
class Warehouse:
    """A data folder with an inbox."""

    settings: Settings

    def take_in(self, *deliveries: HandmadeDelivery) -> list[Outcome]:
        """Put the deliveries in the inbox and take in what is there."""
        for delivery in deliveries:
            delivery.zip(self.settings.inbox)
        return take_in(self.settings)

    def take_in_one(self, delivery: HandmadeDelivery) -> Outcome:
        """Offer one delivery; what became of it."""
        (outcome,) = self.take_in(delivery)
        return outcome

    def query(self, sql: str, tot: int | None = None) -> list[tuple[Any, ...]]:
        """Ask the history, made anew (tables in schema ``historie``)."""
        with duck.connect(self.settings) as con:
            con.execute("attach ':memory:' as veilig_thuis")
            build_history(self.settings, con, open_key(self.settings, "test"), tot)
            con.execute("use veilig_thuis.historie")
            return con.execute(sql).fetchall()

    def quarantined(self) -> list[tuple[Any, ...]]:
        """(levering, entiteit, regel, controle, veld, status) of every entry."""
        return self.query("select levering_nummer, entiteit, regel, controle, veld, status from quarantaine order by all")

    def files(self) -> dict[str, bytes]:
        """Everything on disk but the inbox, by path; the register's anchor, which each event replaces, left out."""
        root = self.settings.root
        skip = ("inbox", "tmp")
        found = [p for p in root.rglob("*") if p.is_file() and p.relative_to(root).parts[0] not in skip]
        found = [p for p in found if p != self.settings.landing / ANCHOR]
        return {str(p.relative_to(root)): p.read_bytes() for p in found}


def warehouse_in(home: Path, threads: int = 2) -> Warehouse:
    """An empty data folder at ``home``."""
    settings = Settings(home=home, threads=threads)
    settings.root.mkdir(parents=True)
    return Warehouse(settings)


def as_older_code_left_it(settings: Settings) -> None:
    """Make the landing and the register what they were when code took deliveries in that did not seal or anchor."""
    for path in settings.landing.rglob(ANCHOR):
        path.unlink()
    previous = b""
    for path in sorted(settings.register.glob("0*.json")):
        raw = json.loads(path.read_text())
        del raw["vorm"]
        for name in ("zegels", "archiefzegels"):
            raw["inhoud"].pop(name, None)
        raw["vorige"] = hashlib.sha256(previous).hexdigest()
        previous = json.dumps(raw).encode()
        path.write_bytes(previous)
