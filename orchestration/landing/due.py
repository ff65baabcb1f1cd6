"""Which deliveries are due: a peildatum for every night, or for the nights after working days only."""

from datetime import date, timedelta
from typing import Literal

Aanleverdagen = Literal["elke_nacht", "werkdagen"]


def missing(laatste: date | None, vandaag: date, dagen: Aanleverdagen = "elke_nacht") -> list[date]:
    """The peildatums that should have been delivered by the morning of ``vandaag`` and were not, oldest first.

    ``laatste`` is the peildatum of the last delivery taken in; before the first delivery nothing is due. A delivery gives the state at the
    end of its peildatum and comes in the night after it, so yesterday's is due today. ``werkdagen`` leaves out Saturdays and Sundays.
    """
    if laatste is None:
        return []
    days = (laatste + timedelta(days=n) for n in range(1, (vandaag - laatste).days))
    return [d for d in days if dagen == "elke_nacht" or d.weekday() < 5]
