"""Demonstration deliveries: a made-up registration of the real size that adds up to the published figures.

Nothing here is a record of a real person or event. The generator reads the published figures as targets; no model does.
"""

from collections.abc import Callable
from pathlib import Path

from orchestration.demo.corrections import leg_correcties_aan
from orchestration.demo.days import dag
from orchestration.demo.errors import DemoFout
from orchestration.demo.leveringen import Opdracht, schrijf_leveringen
from orchestration.demo.registration import maak_registratie
from orchestration.demo.targets import Doelen
from orchestration.landing.takein import accept
from orchestration.settings import Settings

EERSTE, TWEEDE = dag("2022-01-31"), dag("2025-01-31")
TWEEDE_NUMMER = 2
"""The second whole registration."""
NACHTEN = 5

__all__ = ["DemoFout", "let_through", "opdrachten", "write_demo", "write_small"]


def opdrachten() -> list[Opdracht]:
    """The seven deliveries: two full ones, then five nights of changes."""
    nachten = [Opdracht(3 + k, "mutaties", TWEEDE + 1 + k) for k in range(NACHTEN)]
    return [Opdracht(1, "volledig", EERSTE), Opdracht(TWEEDE_NUMMER, "volledig", TWEEDE), *nachten]


def write_demo(
    inbox: Path, seed: int = 2024, published: Path | None = None, progress: Callable[[str], None] = lambda _: None, *, schaal: float = 1.0
) -> list[Path]:
    """Write the demo deliveries as zips into ``inbox`` and return their paths, in order of number.

    The same ``seed`` and ``published`` (table of published figures; default the project's) give the same bytes. ``schaal`` < 1 writes a
    registration of that fraction of the size, in which the published figures do not hold. Raises ``DemoFout`` when the figures contradict
    each other or cannot be met.
    """
    doelen = Doelen(published, schaal)
    registratie = maak_registratie(doelen, seed, TWEEDE + NACHTEN, progress)
    leg_correcties_aan(registratie, EERSTE, TWEEDE, NACHTEN)
    doelen.controleer_alles_gevraagd()
    return schrijf_leveringen(registratie, inbox, opdrachten(), progress)


def let_through(settings: Settings) -> None:
    """Say the word that the second whole registration needs, waiting in this inbox: three years lie between it and the first."""
    accept(settings, TWEEDE_NUMMER, "vt demo", "the demo holds two whole registrations, three years apart")


def write_small(inbox: Path, seed: int = 2024) -> list[Path]:
    """The same seven deliveries with some hundreds of reports: for tests that need the shape, not the figures."""
    return write_demo(inbox, seed, schaal=0.008)
