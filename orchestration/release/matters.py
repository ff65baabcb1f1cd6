"""What is still open from nights before, each with the next command: every verdict repeats it, and ``vt status`` shows it."""

from orchestration.landing import quarantine
from orchestration.landing.refusals import open_refusals
from orchestration.landing.register import Register
from orchestration.release import hold
from orchestration.release.verdict import refusal
from orchestration.settings import Settings


def still_open(settings: Settings) -> list[str]:
    """A sentence for each: refused deliveries, rows in quarantine, a release that waits, a pin.

    Raises ``RegisterFout`` and ``ReleaseFout`` when register or release cannot be read.
    """
    log = Register(settings)
    found = []
    for event in open_refusals(log):
        found.append(refusal(event.inhoud))  # the reason says what to do
    if any(t.get("quarantaine") for d in log.leveringen() for t in d.tellingen.values()) and (rows := quarantine.counts(settings)):
        by_entity: dict[str, int] = {}
        for entity, _, _, count, _ in rows:
            by_entity[entity] = by_entity.get(entity, 0) + count
        listed = ", ".join(f"{entity} {count}" for entity, count in by_entity.items())
        since = min(moment for *_, moment in rows)
        found.append(f"Rows in quarantine: {sum(by_entity.values())} ({listed}), the oldest since {since:%Y-%m-%d}. See vt quarantine list")
    return found + list(hold.standing(settings).values())
