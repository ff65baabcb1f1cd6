"""Taking archived deliveries in anew: after a change of rules, or to mend a landing that was damaged.

From one delivery on, all that followed it too: a delivery is judged against the state before it, so none can be redone alone. The new
folders stand beside the old ones and count together, from one event in the register on.
"""

from dataclasses import dataclass, field
from typing import Any

from orchestration import duck
from orchestration.errors import UserError
from orchestration.files import sha256
from orchestration.intake.checks import Counts
from orchestration.intake.delivery import RefusedError, read_manifest
from orchestration.keys.keyring import Keyring
from orchestration.keys.use import open_key
from orchestration.landing import archive, store, verify
from orchestration.landing.process import Processing, Progress
from orchestration.landing.sweep import sweep
from orchestration.language import later, say
from orchestration.register.disk import disk_errors
from orchestration.register.lock import only_intake
from orchestration.register.register import REWRITTEN, Event, Levering, Register, make_levering
from orchestration.settings import Settings

ANOTHER = later("archive/{file} holds another delivery than {number}. Put the right one back from a backup. Nothing was changed.")


class ReintakeError(UserError):
    """The deliveries were not taken in anew; everything is as it was."""


@dataclass(frozen=True)
class RecountedDelivery:
    """What became of one delivery, then and now."""

    nummer: int
    was: dict[str, dict[str, int]]
    """Counts by entity as they were (see ``intake.checks.Counts``)."""
    now: dict[str, Counts]


@dataclass(frozen=True)
class Reintake:
    """Deliveries taken in anew and put in place; they count once an event tells of ``leveringen``."""

    changes: list[RecountedDelivery] = field(default_factory=list)
    leveringen: dict[str, Any] = field(default_factory=dict)
    forget_list: dict[str, list[str]] = field(default_factory=dict)


def take_in_again(settings: Settings, vanaf: int, door: str, reden: str, progress: Progress) -> list[RecountedDelivery]:
    """Take delivery ``vanaf`` and all after it in anew from the archive, with the rules as they are now.

    ``door`` and ``reden`` go to the register. Raises ``ReintakeError`` when one of them is not in the archive any more, or would be refused
    now; nothing changes then.
    """
    with only_intake(settings), disk_errors(say("Taking in anew")):
        log = Register(settings)
        deliveries = log.leveringen()
        again = [d for d in deliveries if d.nummer >= vanaf]
        if not again or again[0].nummer != vanaf:
            raise ReintakeError(say("Delivery {number} was never taken in; see vt deliveries list.", number=vanaf))
        keyring = open_key(settings, say("taking {count} deliveries in anew from {number} on", count=len(again), number=vanaf))
        sweep(settings, log)
        in_archive(settings, log, again)
        before = [d for d in deliveries if d.nummer < vanaf]
        done = redo(settings, log, keyring, before, again, progress)
        log.record(
            REWRITTEN,
            {"waarom": "heropname", "door": door, "reden": reden, "leveringen": done.leveringen, "vergeetlijst": done.forget_list},
        )
        sweep(settings, log)
        return done.changes


def in_archive(settings: Settings, log: Register, leveringen: list[Levering]) -> None:
    """Raise ``ReintakeError`` when the archive does not hold one of these deliveries any more, as it was archived."""
    sealed = log.archive_seals()
    missing = [str(d.nummer) for d in leveringen if d.archief is None or not (settings.archive / d.archief).exists()]
    if missing:
        destroyed = log.unarchived_by_forgetting()
        by_word = [n for n in missing if int(n) in destroyed]
        forgotten = later("vt forget destroyed {numbers}, or kept it out: it holds who or what was forgotten.")
        needed = later(
            "All deliveries from {number} on are needed; start from a later one, or have a volledig delivery sent. Nothing was changed."
        )
        sentences = [say("Not in the archive any more: {numbers}.", numbers=", ".join(missing))]
        sentences += [say(forgotten, numbers=", ".join(by_word))] if by_word else []
        raise ReintakeError(" ".join([*sentences, say(needed, number=leveringen[0].nummer)]))
    names = [d.archief for d in leveringen if d.archief in sealed]
    other = [name for name in names if name and sha256(settings.archive / name) != sealed[name].sha256]
    if other:
        altered = later(
            "archive/{file} was altered: its checksum is not the one in the register. Put it back from a backup. Nothing was changed."
        )
        raise ReintakeError(say(altered, file=other[0]))


def redo(
    settings: Settings, log: Register, keyring: Keyring, before: list[Levering], again: list[Levering], progress: Progress
) -> Reintake:
    """Take the deliveries ``again`` in anew, one after the other, as if they followed ``before``; the caller writes the event.

    What they are judged by is held to the register first; they themselves may be damaged, or gone. Raises ``ReintakeError`` when one would
    be refused now.
    """
    verify.hold(settings, log, before)
    done, standing = Reintake(), list(before)
    names = {d.nummer: store.free_name(log, d.nummer) for d in again}
    log.plan(names.values())
    with duck.connect(settings) as con:
        work = Processing(settings, con, log, keyring, progress)
        for delivery in again:
            assert delivery.archief is not None
            try:
                with archive.opened(settings, keyring, delivery.archief) as source:
                    source.verify()
                    manifest = read_manifest(source, settings.organisatie)
                    if (manifest.nummer, manifest.vingerafdruk) != (delivery.nummer, delivery.vingerafdruk):
                        raise ReintakeError(say(ANOTHER, file=delivery.archief, number=delivery.nummer))
                    result = work.process(source, manifest, standing, names[delivery.nummer])
            except RefusedError as refused:
                now = later("Delivery {number} would be refused now: {reason}. Nothing was changed.")
                raise ReintakeError(say(now, number=delivery.nummer, reason=refused)) from None
            work.place(names[delivery.nummer])
            event = Event(0, "", delivery.verwerkt_op, "", delivery.code_versie, result.inhoud | {"archief": delivery.archief})
            standing.append(make_levering(event, delivery.poging))
            for kind, entries in result.inhoud.pop("vergeetlijst").items():
                done.forget_list.setdefault(kind, []).extend(entries)
            done.leveringen[str(delivery.nummer)] = result.inhoud
            done.changes.append(RecountedDelivery(delivery.nummer, delivery.tellingen, result.tellingen))
    return done
