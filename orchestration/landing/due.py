"""Which deliveries are due: a peildatum for every night, or for the nights after working days only."""

from datetime import date, timedelta
from typing import Literal

Aanleverdagen = Literal["elke_nacht", "werkdagen"]


def missing(last: date | None, today: date, due_days: Aanleverdagen = "elke_nacht") -> list[date]:
    """The peildatums that should have been delivered by the morning of ``today`` and were not, oldest first.

    ``last`` is the peildatum of the last delivery taken in; before the first delivery nothing is due. A delivery gives the state at the
    end of its peildatum and comes in the night after it, so yesterday's is due today. ``werkdagen`` leaves out Saturdays and Sundays.
    """
    if last is None:
        return []
    days = (last + timedelta(days=n) for n in range(1, (today - last).days))
    return [d for d in days if due_days == "elke_nacht" or d.weekday() < 5]
