"""Killed before each file that is put in place, renamed or removed, in all that changes the landing.

Nothing is lost, nothing is left behind, and the next run goes on.
"""

import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing import verify
from orchestration.landing.archive import PUT_BACK
from orchestration.register.register import Register
from orchestration.settings import Settings
from tests.landing.test_verify import figures
from tests.lib.dying import Dying
from tests.lib.handmade import BASIS, HandmadeDelivery, eleven_test, mutaties
from tests.lib.size import THOROUGH
from tests.lib.warehouse import Warehouse, warehouse_in

PLACED = ("os.rename", "os.link")
REMOVED = (*PLACED, "os.remove")
EVERY = 1 if THOROUGH else 3
"""By ``make thorough`` each of them, else every third."""

IMPORTS = """
import os, sys
from datetime import date, timedelta
from pathlib import Path
from orchestration.landing import reintake, takein, withdraw
from orchestration.privacy import forget, retention, rotate
from orchestration.settings import Settings
from tests.lib.warehouse import take_in
os.fsync = lambda handle: None
def settings(**more):
    return Settings(home=Path(sys.argv[1]), threads=1, **more)
quiet = lambda text: None
who = ("J. Voorbeeld", "reason")
"""


def casus(nummer: str, **fields: str) -> dict[str, str]:
    return BASIS["casussen"][0] | {"casus_nummer": nummer} | fields


def _bad(nummer: int) -> HandmadeDelivery:
    delivery = HandmadeDelivery(nummer)
    delivery.row("diensten")["soort"] = "onzin"
    delivery.row("betrokkenen")["geslacht"] = "?"
    return delivery


@dataclass(frozen=True)
class DyingCase:
    """What is done to a small landing, what lay in its inbox, and how it is done again after a death."""

    what: str
    code: str
    earlier: list[HandmadeDelivery] = field(default_factory=lambda: [_bad(1), mutaties(2, casussen=[casus("C3")])])
    inbox: Callable[[Path], Any] = lambda inbox: None
    again: bool = True
    """Done again by the person; else the next night finishes it by itself."""
    settings: dict[str, int] = field(default_factory=dict)
    events: tuple[str, ...] = PLACED
    steps: bool = False
    """More than one step, each whole by itself: between them stands neither the old state nor the new one."""
    afterwards: HandmadeDelivery | None = None
    """The delivery of the night after."""

    def __str__(self) -> str:
        return self.what


def _later(delivery: HandmadeDelivery) -> HandmadeDelivery:
    delivery.peildatum = "2025-06-01"
    return delivery


TAKE_IN = "take_in(settings())"


def _zip(*deliveries: HandmadeDelivery) -> Callable[[Path], Any]:
    return lambda inbox: [a.zip(inbox) for a in deliveries]


def _refused() -> HandmadeDelivery:
    return HandmadeDelivery(3, manifest={"soort": "alles"})


CASES = [
    DyingCase("a whole registration", TAKE_IN, inbox=_zip(HandmadeDelivery(3)), again=False),
    DyingCase("a folder", TAKE_IN, inbox=lambda inbox: HandmadeDelivery(3).map(inbox), again=False, events=REMOVED),
    DyingCase("a refusal", TAKE_IN, inbox=_zip(_refused(), mutaties(4, casussen=[])), again=False),
    DyingCase(
        "a gap that is filled from the archive",
        TAKE_IN,
        earlier=[_bad(1), mutaties(3, casussen=[casus("C4")]), mutaties(4, casussen=[casus("C5")])],
        inbox=_zip(mutaties(2, casussen=[casus("C3")])),
        again=False,
        steps=True,
    ),
    DyingCase("one that a person lets through", "takein.accept(settings(), 5000, *who)", earlier=[_bad(1), HandmadeDelivery(5000)]),
    DyingCase("forgetting a person", 'forget.forget(settings(), "persoon", "999990019", *who, quiet)'),
    DyingCase("forgetting a case", 'forget.forget(settings(), "casus", "C1", *who, quiet)'),
    DyingCase("a new key", "rotate.rotate(settings(), *who, quiet)", again=False),
    DyingCase("taking in anew", "reintake.take_in_again(settings(), 1, *who, quiet)"),
    DyingCase(
        "withdrawing",
        "withdraw.withdraw(settings(), 2, *who, quiet)",
        earlier=[_bad(1), mutaties(2, casussen=[casus("C3")]), HandmadeDelivery(3)],
    ),
    DyingCase(
        "raw lines that are past their term",
        "take_in(settings(quarantaine_dagen=0))",
        earlier=[_bad(1), HandmadeDelivery(2)],
        inbox=_zip(mutaties(3, casussen=[])),
        again=False,
        settings={"quarantaine_dagen": 0},
        events=REMOVED,
    ),
    DyingCase(
        "a case that is past its term",
        "take_in(settings(bewaar_jaren=1, vernietig_na_dagen=0))",
        inbox=lambda inbox: _later(mutaties(3, casussen=[casus("C2", geopend_op="2024-01-05", afgesloten_op="2024-03-01")])).zip(inbox),
        again=False,
        settings={"bewaar_jaren": 1, "vernietig_na_dagen": 0},
        steps=True,
        afterwards=_later(mutaties(4, casussen=[])),
    ),
]  # fmt: skip


def _again(settings: Settings, case: DyingCase) -> Warehouse:
    """What the person, or the next night, does."""
    warehouse = Warehouse(Settings(home=settings.home, threads=1, **case.settings))  # type: ignore[arg-type]
    warehouse.take_in(*([case.afterwards] if case.afterwards else []))
    return warehouse


@pytest.mark.parametrize("case", CASES, ids=str)
def test_killed_before_each(case: DyingCase, tmp_path: Path) -> None:
    start = warehouse_in(tmp_path / "start", threads=1)
    for delivery in case.earlier:
        start.take_in_one(delivery)
    case.inbox(start.settings.inbox)
    with Dying(case.code, tmp_path, case.events, IMPORTS) as dying:

        def copy(name: str) -> Settings:
            shutil.copytree(start.settings.root, tmp_path / name, symlinks=True)
            return Settings(home=tmp_path / name, threads=1)

        whole = copy("whole")
        done = dying.run(str(whole.root))
        assert done.code == 0, done.err
        assert done.events >= 3
        expected = figures(_again(whole, case))
        before = figures(Warehouse(copy("before")))
        for n in range(1, done.events + 1, EVERY):
            settings = copy(str(n))
            died = dying.run(str(settings.root), n=n)
            assert died.code == -signal.SIGKILL, died.err
            # whatever stands is the old state or the new one
            now = figures(Warehouse(settings))
            assert case.steps or _content(now) in (_content(before), _content(expected)), n
            warehouse = _again(settings, case)
            if case.again:
                assert dying.run(str(settings.root)).code in {0, 1}  # done already, or done now
                warehouse = _again(settings, case)
            assert _content(figures(warehouse)) == _content(expected), n
            assert verify.look(settings, Register(settings), folders=("landing", "vault", "quarantine", "archive")) == []
            assert _nothing_left(settings), n
            shutil.rmtree(settings.root)


def _content(tables: list[list[tuple[Any, ...]]]) -> list[list[list[Any]]]:
    """What counts of them, in order of content: all but the numbers of the build, which are another key's, and the register's moments."""
    rows = tables[: len(BASIS)] + tables[len(BASIS) + 2 :]
    return [sorted(([v for v in row if not isinstance(v, int) or isinstance(v, bool)] for row in table), key=str) for table in rows]


def _nothing_left(settings: Settings) -> bool:
    """No half file anywhere, and nothing of a delivery in the inbox."""
    hidden = [p for p in settings.root.rglob(".*") if p.name != ".lock"]
    return not hidden and not list(settings.inbox.glob("*")) and not list(settings.inbox.glob(f"{PUT_BACK}*"))


def test_a_delivery_that_was_being_put_back_by_older_code_is_swept(tmp_path: Path) -> None:
    warehouse = warehouse_in(tmp_path / "vt", threads=1)
    warehouse.take_in_one(HandmadeDelivery(1))
    left = warehouse.settings.inbox / f".teruggezet-00000002-{eleven_test(5)[:3]}.tar"
    left.write_bytes(b"999990019")
    assert warehouse.take_in() == []
    assert not left.exists()
