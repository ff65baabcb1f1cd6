"""What the steps after intake ask of the run: as of when, by which deliveries, and which failures are known in it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from orchestration.defs.resources import Warehouse
from orchestration.quality import ledger
from orchestration.quality.ledger import KnownFailure
from orchestration.register.register import Register
from orchestration.transform import steps


def state(warehouse: Warehouse) -> tuple[date, tuple[int, ...]]:
    """The peildatum, and the deliveries that this run took in (the last one, when it took in none)."""
    last = Register(warehouse.settings).last_taken_in()
    assert last is not None, "the step before does not run without a delivery taken in"
    intake: dict[str, Any] = steps.recorded(warehouse.settings, "intake") or {"leveringen": []}
    taken: Iterable[int] = [u["nummer"] for u in intake["leveringen"] if u["uitkomst"] == "opgenomen"]
    return last.peildatum, tuple(taken) or (last.nummer,)


def known(warehouse: Warehouse) -> list[KnownFailure]:
    """The entries of the ledger that are about this run."""
    return ledger.within(ledger.load(warehouse.settings), state(warehouse)[1])
