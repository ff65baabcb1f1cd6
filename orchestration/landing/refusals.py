"""Deliveries that were refused and for which no good one came since."""

from orchestration.landing.register import GEWEIGERD, OPGENOMEN, Gebeurtenis, Register


def open_refusals(log: Register) -> list[Gebeurtenis]:
    """The last refusal of each delivery that is still open, oldest first.

    It is over when the delivery, or one with a higher number, was taken in; of one whose number could not be read, when any was since.
    """
    last = log.laatste_opgenomen()
    found: dict[int | str, Gebeurtenis] = {}
    for e in log.gebeurtenissen(GEWEIGERD, OPGENOMEN):
        number = e.inhoud["nummer"]
        if e.soort == OPGENOMEN:
            found = {key: event for key, event in found.items() if isinstance(key, int)}
        elif number is None or last is None or number > last.nummer:
            found[number or e.inhoud["naam"]] = e
    return list(found.values())
