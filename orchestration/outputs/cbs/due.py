"""When a delivery to CBS is due: within three weeks of the end of its half-year (Uitvoeringsregeling Wmo 2015, bijlage A)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.duck import TIME_ZONE
from orchestration.language import say
from orchestration.outputs.cbs.half_year import HalfYear
from orchestration.register.register import CBS_HANDED_OVER, TAKEN_IN, Register
from orchestration.settings import Omgeving, Settings

TERM = timedelta(weeks=3)
AHEAD = timedelta(weeks=1)
"""So long before the last day it is told that nothing was handed over."""
CBS_DUE = "cbs"
"""The kind of cause that it is."""


def last_day(period: HalfYear) -> date:
    """The last day of the term: three weeks after the half-year."""
    return period.last + TERM


def due(settings: Settings, now: datetime) -> dict[str, str]:
    """Cause → sentence, where the delivery of the last half-year was not handed over and its term ends within a week, or ended.

    Empty on a developer's machine, and for a half-year that ended before the first delivery was taken in here.
    """
    if settings.omgeving is Omgeving.ONTWIKKELING:
        return {}
    today = now.astimezone(ZoneInfo(TIME_ZONE)).date()
    period = HalfYear.holding(today).before()
    if today < last_day(period) - AHEAD:
        return {}
    log = Register(settings)
    first = next(iter(log.events(TAKEN_IN)), None)
    if first is None or first.op.astimezone(ZoneInfo(TIME_ZONE)).date() > period.last:
        return {}
    if any(e.inhoud["halfjaar"] == str(period) for e in log.events(CBS_HANDED_OVER)):
        return {}
    ahead = say("The delivery to CBS of {period} is due on {day} and was not handed over yet", period=period, day=last_day(period))
    late = say("The delivery to CBS of {period} was due on {day} and was not handed over", period=period, day=last_day(period))
    return {f"{CBS_DUE}:{period}": late if today > last_day(period) else ahead}
