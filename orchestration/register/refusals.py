"""Deliveries that were refused and for which no good one came since."""

from orchestration.errors import UserError, did_you_mean
from orchestration.language import say
from orchestration.register.register import ACCEPTED, REFUSED, SETTLED, TAKEN_IN, WITHDRAWN, Event, Register


def open_refusals(log: Register) -> list[Event]:
    """The last refusal of each delivery that is still open, oldest first.

    It is over when the delivery, or one with a higher number, was taken in, or a person settled it; of one whose number could not be read,
    when any was since.
    """
    last = log.last_taken_in()
    found: dict[int | str, Event] = {}
    for e in log.events(REFUSED, TAKEN_IN, SETTLED):
        number = e.inhoud["nummer"]
        if e.soort == TAKEN_IN:  # also when it was withdrawn since: that is another story
            found = {key: event for key, event in found.items() if isinstance(key, int) and key > number}
        elif e.soort == SETTLED:
            found.pop(number or e.inhoud["naam"], None)
        elif number is None or last is None or number > last.nummer:
            found[number or e.inhoud["naam"]] = e
    return list(found.values())


def settle(log: Register, which: str, door: str, reden: str) -> Event:
    """Close an open refusal for which no good delivery will come; ``which`` is its number, or the name of its file. Returns the refusal.

    Raises ``RefusalError`` when none of that number or name is open.
    """
    there = {str(e.inhoud["nummer"] or e.inhoud["naam"]): e for e in open_refusals(log)}
    if which not in there:
        raise RefusalError(say("No refusal of {which} is open.", which=which) + did_you_mean(which, there))
    refusal = there[which].inhoud
    log.record(SETTLED, {"nummer": refusal["nummer"], "naam": refusal["naam"], "door": door, "reden": reden})
    return there[which]


def settled(log: Register) -> list[Event]:
    """The refusals that a person closed, and that were not refused again since."""
    last: dict[int | str, Event] = {}
    found: dict[int | str, Event] = {}
    for e in log.events(REFUSED, SETTLED):
        key = e.inhoud["nummer"] or e.inhoud["naam"]
        if e.soort == REFUSED:
            last[key] = e
            found.pop(key, None)
        else:
            found[key] = last[key]
    return list(found.values())


class RefusalError(UserError):
    """No refusal of that number or name is open."""


def let_through(log: Register, refusal: Event) -> Event | None:
    """A person's word, since the refusal, on the contents that were refused: they wait for the next refresh, or are to be sent again."""
    number = refusal.inhoud["nummer"]
    words = [e for e in log.events(ACCEPTED, WITHDRAWN) if number and e.inhoud["nummer"] == number]
    last = words[-1] if words else None
    if last is None or last.soort != ACCEPTED or last.volgnummer < refusal.volgnummer:
        return None
    return last if last.inhoud["vingerafdruk"] == refusal.inhoud["vingerafdruk"] else None


def told(log: Register, refusal: Event) -> str:
    """The sentence on an open refusal: why, or that a person let it through since."""
    number, word = refusal.inhoud["nummer"], let_through(log, refusal)
    if word:
        return say(
            "Delivery {number} was refused, and let through on {day} by {person}: vt refresh takes it in. Is it not in the inbox any more, "
            "have it sent again",
            number=number,
            day=f"{word.op:%Y-%m-%d}",
            person=word.inhoud["door"],
        )
    return refused(number, refusal.inhoud["reden"])


def refused(number: int | None, reason: str) -> str:
    """The sentence on a delivery that was refused, as it can be sent on to whoever delivers."""
    if number is None:
        return say("A delivery was refused: {reason}", reason=reason)
    return say("Delivery {number} was refused: {reason}", number=number, reason=reason)
