"""The watch over what is due: deliveries of the registration, and that to CBS; each is told once, and again when it is there.

A delivery gives the state at the end of its peildatum and comes in the night after; it is late from seven in the morning on.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from orchestration.alarm import message, send
from orchestration.alarm.causes import TE_LAAT, WATCHED, CauseChanges
from orchestration.duck import TIME_ZONE
from orchestration.landing.due import AT_THE_LATEST, missing
from orchestration.language import say
from orchestration.outputs.cbs import due as cbs
from orchestration.register.register import Register, RegisterError
from orchestration.release import store
from orchestration.release.verdict import Uitkomst, Verdict
from orchestration.settings import Omgeving, Settings


def late(settings: Settings, now: datetime) -> list[date]:
    """The peildatums that are late at this moment; on a developer's machine none is ever due."""
    local = now.astimezone(ZoneInfo(TIME_ZONE))
    last = Register(settings).last_taken_in()
    if last is None or settings.omgeving is Omgeving.ONTWIKKELING:
        return []
    found = missing(last.peildatum, local.date(), settings.aanleverdagen)
    return found if local.time() >= AT_THE_LATEST else [d for d in found if (local.date() - d).days > 1]


def told(days: list[date]) -> dict[str, str]:
    """Cause → sentence on what is late. It is one cause, whatever comes due after it."""
    if not days:
        return {}
    text = say("The delivery of peildatum {first} is late; it was due at 7:00", first=days[0])
    if len(days) > 1:
        text = say(
            "{n} deliveries are late, of peildatum {first} to {last}; the last was due at 7:00", n=len(days), first=days[0], last=days[-1]
        )
    return {f"{TE_LAAT}:{days[0]}": text}


def due(settings: Settings, now: datetime) -> dict[str, str]:
    """Cause → sentence on all that is due at this moment."""
    return told(late(settings, now)) | cbs.due(settings, now)


def watch(settings: Settings, now: datetime, verdict: Verdict | None = None) -> list[str]:
    """Tell of what became late, or is there at last, since the last look. Returns the subjects sent.

    ``verdict`` is that of the night that ends now, where one does.
    """
    try:
        now_due = due(settings, now)
    except RegisterError:  # the verdict says it; nothing is known of deliveries
        return []
    before = send.remembered(settings)
    known = {c: s for c, s in before.items() if c.partition(":")[0] in WATCHED}
    difference = CauseChanges({c: s for c, s in now_due.items() if c not in known}, {c: s for c, s in known.items() if c not in now_due})
    if not difference:
        return []
    subject, body = message.write(verdict or _between_nights(settings, now_due), difference)
    refused = send.send(settings, subject, body)
    if len(refused) < len(settings.alarm_naar) or not settings.alarm_naar:
        send.remember(settings, {c: s for c, s in before.items() if c not in known} | now_due)
    send.complain(refused)
    return [subject] if settings.alarm_naar else []


def _between_nights(settings: Settings, due: dict[str, str]) -> Verdict:
    standing = store.current(settings)
    peildatum = store.read(settings, standing)["peildatum"] if standing else None
    return Verdict(Uitkomst.NIETS_NIEUWS, standing, standing, peildatum, signalen=due)
