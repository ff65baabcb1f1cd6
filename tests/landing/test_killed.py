"""An intake that is killed in any of its phases: the landing stays whole and the next run goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.register.register import Register
from orchestration.settings import PROJECT
from tests.lib.handmade import HandmadeDelivery, mutaties
from tests.lib.warehouse import Warehouse

PHASES = [
    "gelezen",
    "nummers",
    "beoordeeld",
    "kluis",
    "quarantaine",
    "landing",
    "archief",
    "voorgenomen",
    "geplaatst",
    "vastgelegd",
    "opgeruimd",
    "geweigerd",
]

KILLER = """
import os, signal, sys
from pathlib import Path
from orchestration.landing import process, takein
from orchestration.settings import Settings

def die(name):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

process.phase = die
takein.take_in_waiting(Settings(home=Path(sys.argv[1])), lambda text: None)
"""


def _second(phase: str) -> HandmadeDelivery:
    second = HandmadeDelivery(2)
    second.row("diensten")["voortijdig"] = "overleden"
    second.row("overdrachten")["ontvanger"] = "onzin"
    if phase == "geweigerd":
        second.manifest["soort"] = "alles"
    return second


@pytest.mark.parametrize("phase", PHASES)
def test_killed(warehouse: Warehouse, phase: str, tmp_path: Path) -> None:
    warehouse.take_in_one(HandmadeDelivery(1))
    before = {k: v for k, v in warehouse.files().items() if not k.endswith(".jsonl")}
    _second(phase).zip(warehouse.settings.inbox)
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(warehouse.settings.root), phase],
        cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    # what was there is there, to the byte
    after = warehouse.files()
    assert {k: after.get(k) for k in before} == before
    committed = phase in {"vastgelegd", "opgeruimd"}
    assert [d.nummer for d in Register(warehouse.settings).leveringen()] == ([1, 2] if committed else [1])
    # the next run goes on: with what is left of the delivery in the inbox, and with a further one
    third = mutaties(3, casussen=[]) if phase != "geweigerd" else HandmadeDelivery(3)
    found = {u.nummer: u.uitkomst for u in warehouse.take_in(third)}
    second = {"vastgelegd": "al_opgenomen", "geweigerd": "geweigerd"}.get(phase, "opgenomen")
    assert found == ({} if phase == "opgeruimd" else {2: second}) | {3: "opgenomen"}
    assert warehouse.query("select count(*), max(_levering) from diensten where _is_actueel") == [(1, 1 if phase == "geweigerd" else 2)]
    names = {p.name for base in ("landing", "vault", "quarantine", "archive") for p in (warehouse.settings.root / base).iterdir()}
    assert not any(n.startswith(".") for n in names)
    events = {e.inhoud.get("archief") for e in Register(warehouse.settings).events()}
    assert {p.name for p in warehouse.settings.archive.iterdir()} == events - {None}
    assert not list(warehouse.settings.inbox.iterdir())
