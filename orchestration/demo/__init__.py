"""Demonstration deliveries: a made-up registration of the real size that adds up to the published figures.

Nothing here is a record of a real person or event. The generator reads the published figures as targets; no model does.
"""

from collections.abc import Callable
from pathlib import Path

from orchestration.demo.corrections import add_corrections
from orchestration.demo.days import day
from orchestration.demo.errors import DemoError
from orchestration.demo.leveringen import Order, write_deliveries
from orchestration.demo.registration import make_registration
from orchestration.demo.targets import Targets
from orchestration.intake.contract import versions
from orchestration.landing.takein import accept
from orchestration.language import say
from orchestration.settings import Settings

FIRST, SECOND = day("2022-01-31"), day("2025-01-31")
SECOND_NUMBER = 2
"""The second whole registration."""
NIGHTS = 5

__all__ = ["DemoError", "let_through", "orders", "write_demo", "write_small"]


def orders() -> list[Order]:
    """The seven deliveries: two full ones, then five nights of changes. The first is of the first version of the contract."""
    first, *_, last = versions()
    nights = [Order(3 + k, "mutaties", SECOND + 1 + k, last) for k in range(NIGHTS)]
    return [Order(1, "volledig", FIRST, first), Order(SECOND_NUMBER, "volledig", SECOND, last), *nights]


def write_demo(
    inbox: Path, seed: int = 2024, published: Path | None = None, progress: Callable[[str], None] = lambda _: None, *, scale: float = 1.0
) -> list[Path]:
    """Write the demo deliveries as zips into ``inbox`` and return their paths, in order of number.

    The same ``seed`` and ``published`` (table of published figures; default the project's) give the same bytes. ``scale`` < 1 writes a
    registration of that fraction of the size, in which the published figures do not hold. Raises ``DemoError`` when the figures contradict
    each other or cannot be met.
    """
    targets = Targets(published, scale)
    registration = make_registration(targets, seed, SECOND + NIGHTS, progress)
    add_corrections(registration, FIRST, SECOND, NIGHTS)
    targets.verify_all_asked()
    return write_deliveries(registration, inbox, orders(), progress)


def let_through(settings: Settings) -> None:
    """Say the word that the second whole registration needs, waiting in this inbox: three years lie between it and the first."""
    accept(settings, SECOND_NUMBER, "vt demo", say("the demo holds two whole registrations, three years apart"))


def write_small(inbox: Path, seed: int = 2024, progress: Callable[[str], None] = lambda _: None) -> list[Path]:
    """The same seven deliveries with some hundreds of reports: for who needs the shape, not the figures."""
    return write_demo(inbox, seed, progress=progress, scale=0.008)
