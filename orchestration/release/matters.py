"""What is still open from nights before, each with the next command: every verdict repeats it, and ``vt status`` shows it."""

from datetime import UTC, datetime
from typing import Any

from orchestration.errors import UserError
from orchestration.intake.delivery import InboxError, inbox_fault
from orchestration.landing import quarantine, verify
from orchestration.landing.sweep import UnknownFilesError, hold_known
from orchestration.language import every, later, say
from orchestration.register.refusals import open_refusals, told
from orchestration.register.register import FORGOTTEN, REWRITTEN, WITHDRAWN, Register, RegisterError
from orchestration.release import hold, store
from orchestration.release.verdict import STORING, WAITS, Uitkomst
from orchestration.release.writer import TAKEN, at_work
from orchestration.settings import Settings
from orchestration.transform import steps

LOOKED_AT = {f.__name__ for f in (RegisterError, store.ReleaseError, InboxError, UnknownFilesError, verify.LandingError)}
"""What can have ended a night and can be looked at again without one."""


def still_open(settings: Settings) -> list[str]:
    """A sentence for each: refused deliveries, rows in quarantine, a release that waits, a pin.

    Raises ``RegisterError`` and ``ReleaseError`` when register or release cannot be read.
    """
    log = Register(settings)
    found = []
    for event in open_refusals(log):
        found.append(told(log, event))  # the reason says what to do
    if any(t.get("quarantaine") for d in log.leveringen() for t in d.tellingen.values()) and (rows := quarantine.counts(settings)):
        by_entity: dict[str, int] = {}
        for entity, _, _, count, _ in rows:
            by_entity[entity] = by_entity.get(entity, 0) + count
        listed = ", ".join(f"{entity} {count}" for entity, count in by_entity.items())
        since = min(moment for *_, moment in rows)
        found.append(
            say(
                "Rows in quarantine: {count} ({listed}), the oldest since {day}. See vt quarantine list",
                count=sum(by_entity.values()),
                listed=listed,
                day=f"{since:%Y-%m-%d}",
            )
        )
    return found + list(hold.standing(settings).values())


def left_of(settings: Settings, verdict: dict[str, Any]) -> list[str]:
    """What broke down or held back in a refresh (its verdict as ``logboek`` keeps it), as far as it is not known to be over.

    A release that waits and a refused delivery are left out: ``still_open`` knows how those stand now.
    """
    if verdict["uitkomst"] not in {Uitkomst.MISLUKT, Uitkomst.VASTGEHOUDEN}:
        return []
    stopped = steps.recorded(settings, STORING) or {}
    found = []
    for name, sentence in verdict["redenen"].items():
        if name.startswith(STORING) and sentence == stopped.get("zin") and stopped.get("fout") in LOOKED_AT:
            found += _what_the_night_looks_at(settings)
        elif sentence in every(TAKEN, folder=settings.root):
            found += [sentence] * at_work(settings)
        elif not name.startswith(f"{WAITS} "):
            found.append(say("{sentence} (as of the last night)", sentence=sentence))
    return found


CUT_OFF = later(
    "The refresh that began on {day} at {time} UTC was cut off: its process was killed, the machine stopped, or memory ran out. The next "
    "one goes on from there"
)


def was_cut_off(moment: datetime) -> str:
    """The sentence on a refresh that began at a moment (UTC) and came to no end, without a full stop."""
    return say(CUT_OFF, day=f"{moment:%Y-%m-%d}", time=f"{moment:%H:%M}")


def cut_off(settings: Settings, verdict: dict[str, Any] | None) -> list[str]:
    """Of a refresh that began after the last verdict, has none of its own and is not at work.

    Between the end of one that Dagster started and its verdict lies less than a minute.
    """
    begun = steps.folder(settings) / "begin.json"
    if not begun.exists() or at_work(settings):
        return []
    moment = datetime.fromtimestamp(int(begun.stat().st_mtime), UTC)  # a verdict has whole seconds; a quiet night begins and ends in one
    after = verdict is None or moment > datetime.fromisoformat(verdict["moment"])
    return [f"{was_cut_off(moment)}. " + say("If Dagster started it, its verdict comes within a minute")] if after else []


def _what_the_night_looks_at(settings: Settings) -> list[str]:
    """What the next refresh would end with, of all that it looks at before it takes anything in; nothing when all of it is in order."""
    log = Register(settings)
    try:
        store.hold_to_register(settings, log)
        store.hold_before_a_night(settings)
        if fault := inbox_fault(settings.inbox):
            return [f"{fault}."]
        hold_known(settings, log)
        verify.hold(settings, log)
    except UserError as error:
        return [str(error)]
    return []


def rewritten_since(settings: Settings) -> bool:
    """Whether deliveries were withdrawn, taken in anew or written anew since the newest release was made: the next refresh makes one."""
    made = [store.read(settings, r)["gemaakt_op"] for r in store.release_ids(settings)[-1:]]
    events = Register(settings).events(REWRITTEN, FORGOTTEN, WITHDRAWN)
    return any(e.op > datetime.fromisoformat(moment) for moment in made for e in events)
