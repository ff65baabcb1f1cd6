"""Taking a delivery out again that should not have been taken in: history goes on as if it had never come, and nothing is lost.

What came after it was judged by it. A ``mutaties`` delivery rests on the one before it, so those that follow go out too and wait in the
archive: they come in again by themselves once the missing number is there. From the next ``volledig`` delivery on, everything is taken in
anew as if it followed the delivery before.
"""

from dataclasses import dataclass

from orchestration.errors import UserError
from orchestration.keys.use import open_key
from orchestration.landing.process import Progress
from orchestration.landing.reintake import in_archive, redo
from orchestration.landing.sweep import sweep
from orchestration.language import say
from orchestration.register.disk import disk_errors
from orchestration.register.lock import only_intake
from orchestration.register.register import WITHDRAWN, Register
from orchestration.settings import Settings


class WithdrawError(UserError):
    """Nothing was taken out; the message says why."""


@dataclass(frozen=True)
class Withdrawal:
    """What became of the deliveries from the withdrawn one on, by number."""

    nummer: int
    waiting: tuple[int, ...]
    """Taken out with it; they wait in the archive for its number."""
    again: tuple[int, ...]
    """Taken in anew without it."""
    last: int | None
    """The last delivery that stands now."""


def withdraw(settings: Settings, nummer: int, door: str, reden: str, progress: Progress) -> Withdrawal:
    """Take delivery ``nummer`` out again. ``door`` and ``reden`` go to the register; the same contents do not come in again by themselves.

    It stays in the archive, and so does what goes out with it. Raises ``WithdrawError`` when it was never taken in, and ``ReintakeError``
    when the archive does not hold it, or what came after it, any more, or would refuse what is taken in anew; nothing changes then.
    """
    with only_intake(settings), disk_errors(say("Withdrawing")):
        log = Register(settings)
        deliveries = log.leveringen()
        onwards = [d for d in deliveries if d.nummer >= nummer]
        if not onwards or onwards[0].nummer != nummer:
            raise WithdrawError(say("Delivery {number} is not among those taken in; see vt deliveries list.", number=nummer))
        keyring = open_key(settings, say("withdrawing delivery {number}", number=nummer))
        sweep(settings, log)
        in_archive(settings, log, onwards)
        withdrawn, rest = onwards[0], onwards[1:]
        whole = next((i for i, d in enumerate(rest) if d.soort == "volledig"), len(rest))
        waiting, again = rest[:whole], rest[whole:]
        done = redo(settings, log, keyring, [d for d in deliveries if d.nummer < nummer], again, progress)
        first_names = {now: first for first, now in log.archives().items()}
        log.record(
            WITHDRAWN,
            {
                "nummer": nummer,
                "door": door,
                "reden": reden,
                "uit": [d.nummer for d in (withdrawn, *waiting)],
                "vingerafdrukken": {str(nummer): withdrawn.vingerafdruk},
                "wachtend": {str(d.nummer): first_names[d.archief or ""] for d in waiting},
                "leveringen": done.leveringen,
                "vergeetlijst": done.forget_list,
            },
        )
        sweep(settings, log)
        standing = log.last_taken_in()
        return Withdrawal(nummer, tuple(d.nummer for d in waiting), tuple(d.nummer for d in again), standing.nummer if standing else None)
