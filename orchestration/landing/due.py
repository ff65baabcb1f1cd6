"""Which deliveries are due: a peildatum for every night, or for the nights after working days only."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Literal
from zoneinfo import ZoneInfo

from orchestration.duck import TIME_ZONE

Aanleverdagen = Literal["elke_nacht", "werkdagen"]

AT_THE_LATEST = time(7)
"""Local time from which last night's delivery is late."""


def missing(last: date | None, today: date, due_days: Aanleverdagen = "elke_nacht") -> list[date]:
    """The peildatums that should have been delivered by the morning of ``today`` and were not, oldest first.

    ``last`` is the peildatum of the last delivery taken in; before the first delivery nothing is due. A delivery gives the state at the
    end of its peildatum and comes in the night after it, so yesterday's is due today. ``werkdagen`` leaves out Saturdays and Sundays.
    """
    if last is None:
        return []
    days = (last + timedelta(days=n) for n in range(1, (today - last).days))
    return [d for d in days if _is_due(d, due_days)]


def late_from(last: date, due_days: Aanleverdagen = "elke_nacht") -> datetime:
    """From when the delivery after that of peildatum ``last`` is late."""
    after = next(d for n in count(1) if _is_due(d := last + timedelta(days=n), due_days))
    return datetime.combine(after + timedelta(days=1), AT_THE_LATEST, ZoneInfo(TIME_ZONE))


def _is_due(peildatum: date, due_days: Aanleverdagen) -> bool:
    return due_days == "elke_nacht" or peildatum.weekday() < 5
